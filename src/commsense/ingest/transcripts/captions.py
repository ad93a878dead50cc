"""Cues with times, as WebVTT, SubRip and SubViewer write them, and the turns that they hold."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from commsense.ingest.transcripts.call import Turn
from commsense.ingest.transcripts.clock import CLOCK, seconds
from commsense.ingest.transcripts.speakers import accepted, plain, split_label

_TIMING = re.compile(rf"\s*({CLOCK})(?:\s*-->\s*|,)({CLOCK})(?:\s.*)?$")
_TIMING_LIKE = re.compile(r"\s*\d[\w:.,]{0,30}\s*-->")  # a damaged time still begins a cue
_CUE_ID = re.compile(r"[\w./:#{}-]{1,80}")
_BARE_ID = re.compile(r"\d{1,7}|[\w-]{8,60}/\d[\d-]{0,12}")  # a number, or as Teams writes them
_NAMED_ID = re.compile(r'\d{1,7} "([^"]{1,200})"(?: \(\d{1,20}\))?')  # as Webex writes them
_DASH = re.compile(r"[-–—]\s*")  # before each speaker, where a cue has several
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,80})?\s+([^<>]{1,200})>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:c|i|b|u|s|v|ruby|rt|lang|font|span)(?:[.\s][^<>]*)?/?>|<[\d:.]{1,20}>", re.IGNORECASE
)
_STYLE = re.compile(r"\{\\[^{}\n]{0,100}\}|\{[biu]\}")
_CONTIGUOUS_S = 0.2  # rolling captions follow each other without a pause
_ROLLING = 0.2  # share of cues that repeat the one before, from which repeats are not speech
_MAX_LINES = 4  # that a rolling caption shows at once


@dataclass(slots=True)
class Cue:
    """One caption: its times in seconds, None where damaged, its lines, who speaks if told."""

    start_s: float | None
    end_s: float | None
    lines: list[str] = field(default_factory=list)
    speaker: str | None = None


@dataclass(slots=True)
class _Piece:
    """A cue's lines by one voice; ``speaker`` is None where the cue does not tell."""

    speaker: str | None
    start_s: float | None
    end_s: float | None
    lines: list[str]


def timing(line: str) -> tuple[float, float] | None:
    """Return the start and end that a timing line gives, None for any other line."""
    found = _TIMING.match(line)
    return (seconds(found[1]), seconds(found[2])) if found else None


def cues(lines: Iterable[str], comments: tuple[str, ...] = ()) -> tuple[list[Cue], list[str]]:
    """Read cues; what belongs to none is returned beside them.

    Lines before the first cue, and blocks that begin with a word of ``comments``, are remarks.
    Other text between cues belongs to the cue before it: some programs write blank lines into
    captions, and times get damaged.

    Returns
    -------
    list of Cue, list of str
        The cues, and the lines of remarks.
    """
    reader = _CueReader(comments)
    for line in lines:
        times = timing(line)
        if times or _TIMING_LIKE.match(line):
            reader.open_cue(times)
        elif line.strip():
            reader.block.append(line)
        else:
            reader.end_block()
    reader.end_block()
    return reader.cues, reader.remarks


def turns(found: Iterable[Cue]) -> list[Turn]:
    """Return the turns of cues: voices told apart, entities decoded, repeats removed."""
    pieces = [piece for cue in found for piece in _voices(cue)]
    if not any(piece.speaker for piece in pieces):
        pieces = _named_inline(pieces)
    return [
        Turn(piece.speaker or "", " ".join(piece.lines), piece.start_s, piece.end_s)
        for piece in _unrolled(pieces)
    ]


class _CueReader:
    """Sorts blocks of lines into cues and remarks."""

    def __init__(self, comments: tuple[str, ...]) -> None:
        self.cues: list[Cue] = []
        self.remarks: list[str] = []
        self.block: list[str] = []  # lines since the last blank line or timing line
        self._in_cue = False  # the block follows a timing line directly
        self._comments = comments

    def open_cue(self, times: tuple[float, float] | None) -> None:
        above = ""
        if self.block and self._is_id(self.block[-1].strip()):
            above = self.block.pop().strip()
        self.end_block()
        named = _NAMED_ID.fullmatch(above)
        start, end = times or (None, None)
        self.cues.append(Cue(start, end, speaker=named[1] if named else None))
        self._in_cue = True

    def end_block(self) -> None:
        block, self.block = self.block, []
        if not block:
            self._in_cue = False
        elif self.cues and (self._in_cue or not self._is_remark(block[0])):
            self.cues[-1].lines.extend(block)
        else:
            self.remarks.extend(block)
        self._in_cue = False

    def _is_id(self, line: str) -> bool:
        if self._in_cue:  # no blank line before it: text, unless it can hardly be
            return _BARE_ID.fullmatch(line) is not None
        return (len(self.block) == 1 and not self._is_remark(line)) or bool(_CUE_ID.fullmatch(line))

    def _is_remark(self, line: str) -> bool:
        return line.split(maxsplit=1)[0] in self._comments


def _voices(cue: Cue) -> Iterator[_Piece]:
    """Split a cue at its voice tags."""
    parts = _VOICE.split(_spoken("\n".join(cue.lines)))
    for speaker, text in zip([cue.speaker, *parts[1::2]], parts[::2], strict=True):
        lines = [line for raw in text.split("\n") if (line := _text(raw))]
        if lines:
            name = plain(html.unescape(speaker)) if speaker else None
            yield _Piece(name, cue.start_s, cue.end_s, lines)


def _spoken(text: str) -> str:
    """Return the words of a cue, which Teams may wrap in JSON."""
    if not text.startswith("{") or '"spokenText"' not in text:
        return text
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return text
    speaker, said = (html.escape(str(told.get(key) or "")) for key in ("speakerName", "spokenText"))
    return f"<v {speaker}>{said}" if speaker else said


def _text(line: str) -> str:
    """Return a caption line without markup."""
    return plain(html.unescape(_STYLE.sub("", _TAG.sub("", line))).replace("\xa0", " "))


def _named_inline(pieces: list[_Piece]) -> list[_Piece]:
    """Read ``Name: text``; a cue without a name is still the last speaker's."""
    splits = [[split_label(_undashed(line)) for line in piece.lines] for piece in pieces]
    labels = Counter(split[0] for lines in splits for split in lines if split)
    speakers = accepted(labels, len(pieces))
    named: list[_Piece] = []
    speaker: str | None = None
    for piece, lines in zip(pieces, splits, strict=True):
        current: _Piece | None = None
        for line, split in zip(piece.lines, lines, strict=True):
            if split and split[0] in speakers:
                speaker, line = split
                current = None
            if current is None:
                current = _Piece(speaker, piece.start_s, piece.end_s, [])
                named.append(current)
            current.lines.append(line)
    return named


def _undashed(line: str) -> str:
    dash = _DASH.match(line)
    return line[dash.end() :] if dash else line


def _unrolled(pieces: list[_Piece]) -> list[_Piece]:
    """Take out of each cue what the one before showed already, where captions roll."""
    fresh = [None, *(_fresh_text(before, piece) for before, piece in pairwise(pieces))]
    if sum(text is not None for text in fresh) < max(1.0, _ROLLING * len(pieces)):
        return pieces
    return [
        piece if text is None else replace(piece, lines=[text])
        for piece, text in zip(pieces, fresh, strict=False)
    ]


def _fresh_text(before: _Piece, piece: _Piece) -> str | None:
    """Return what a cue adds to the one before, None where it repeats nothing of it."""
    if before.speaker != piece.speaker or not _contiguous(before, piece):
        return None
    for count in range(min(len(before.lines), len(piece.lines), _MAX_LINES), 0, -1):
        if before.lines[-count:] == piece.lines[:count]:
            return " ".join(piece.lines[count:])
    shown, text = " ".join(before.lines), " ".join(piece.lines)
    return text[len(shown) :].strip() if shown and text.startswith(f"{shown} ") else None


def _contiguous(before: _Piece, piece: _Piece) -> bool:
    if before.end_s is None or piece.start_s is None:
        return True
    return piece.start_s - before.end_s <= _CONTIGUOUS_S
