"""WebVTT, as Zoom, Teams, Stream, Meet and the subtitle tools write it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commsense.ingest.reader import SourceFile
from commsense.ingest.transcripts.call import Call, decode, read_calls
from commsense.ingest.transcripts.captions import cues, turns
from commsense.ingest.transcripts.headers import read_header
from commsense.schema import Message, Rejected

_REMARKS = ("NOTE", "STYLE", "REGION", "STYLE:", "REGION:")
_SIGNATURE = re.compile(r"\ufeff?WEBVTT(?=[ \t\r\n-]|$)")
_FILE_TITLE = re.compile(r"\s*[-–—]\s*(.+)")


class Vtt:
    """The WebVTT format."""

    name = "webvtt"

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by the signature in the first line."""
        return _SIGNATURE.match(decode(head).lstrip()) is not None

    def read(self, source: SourceFile) -> Iterator[Message | Rejected]:
        """Yield the turns of the call."""
        return read_calls(source, lambda text: [_parse(text)])


def _parse(text: str) -> Call:
    first, *lines = text.lstrip().splitlines() or [""]
    found, remarks = cues(lines, _REMARKS)
    notes = [line.removeprefix("NOTE") for line in remarks]
    header = read_header(notes, titled=False)
    title = _FILE_TITLE.match(first.removeprefix("WEBVTT"))
    return Call(
        turns=turns(found),
        title=header.title or (title[1].strip() if title else ""),
        start=header.start,
        participants=header.participants,
    )
