"""SubRip captions, as Whisper, WhisperX and the subtitle tools write them, and SubViewer's."""

from __future__ import annotations

from collections.abc import Iterator

from commsense.ingest.reader import SourceFile
from commsense.ingest.transcripts.call import Call, decode, read_calls
from commsense.ingest.transcripts.captions import cues, timing, turns
from commsense.ingest.transcripts.headers import read_header
from commsense.schema import Message, Rejected

_LINES_LOOKED_AT = 40


class Srt:
    """The SubRip format."""

    name = "subrip"

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by a timing line that stands first, or below a number or a few header lines."""
        lines = [line for line in decode(head).splitlines()[:_LINES_LOOKED_AT] if line.strip()]
        first = next((i for i, line in enumerate(lines) if timing(line)), None)
        if first is None or lines[0].startswith("WEBVTT"):
            return False
        return first == 0 or lines[first - 1].strip("\ufeff \t").isdecimal() or first == 1

    def read(self, source: SourceFile) -> Iterator[Message | Rejected]:
        """Yield the turns of the call."""
        return read_calls(source, lambda text: [_parse(text)])


def _parse(text: str) -> Call:
    found, remarks = cues(text.splitlines())
    header = read_header(remarks, titled=False)
    return Call(
        turns=turns(found),
        title=header.title,
        start=header.start,
        participants=header.participants,
    )
