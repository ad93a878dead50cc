"""Lines of text with speakers: who seems to speak, since when, and what is said.

A line is first read by itself. Names that stand alone, with a time or without, are headings only
where the whole text is written so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from commsense.ingest.transcripts.clock import CLOCK, seconds
from commsense.ingest.transcripts.speakers import plain, plausible, split_label

FOOTER = re.compile(
    r"transcribed by https?://|transcription ended after|this editable transcript was computer",
    re.IGNORECASE,
)
"""What programs write below a transcript."""

MIN_HEADINGS = 2
MAX_SPEAKERS = 12
"""In a text that nothing else marks as a transcript."""

MIN_TURNS_A_SPEAKER = 1.5
"""Names that recur less often on average are no speakers."""

_TIMED = re.compile(
    rf"(?P<open>[\[(])?(?P<start>{CLOCK})[\])]?(?:\s*(?:-->|-|–|—|to)\s*[\[(]?(?P<end>{CLOCK})[\])]?)?"
    r"(?:\s+[-–—|]?\s*|[:|]\s*|\s*$|(?<=[\])]))(?P<rest>.*)"
)
_HEADING = re.compile(
    rf"(?P<name>\S.{{0,59}}?)(?:\s{{2,}}|\t\s*|\s+[-–—|@]\s+)(?P<start>{CLOCK})\s*$"
)
_LOOSE_HEADING = re.compile(rf"(?P<name>\S.{{0,59}}?),?\s(?P<start>{CLOCK})$")
_BRACKETED_HEADING = re.compile(rf"\[(?P<name>[^\[\]]{{1,60}})\]\s+(?P<start>{CLOCK})\s*$")
_NAME_TIME = re.compile(
    rf"(?P<name>[^\[\](:：]{{1,60}})[\[(](?P<start>{CLOCK})[\])]\s*[:：]?\s*(?P<rest>.*)$"
)
_SAID_AT = re.compile(rf"[\[(](?P<start>{CLOCK})[\])]\s*(?P<rest>.*)")
# Zoom's saved chat; since version 5 with the day, and the words below.
_CHAT = re.compile(
    rf"(?:\d{{4}}-\d\d-\d\d\s)?(?P<start>{CLOCK})\s{{1,4}}From\s{{1,4}}(?P<name>[^:\n]{{1,60}}?)"
    r"(?:\s{1,4}to\s{1,4}[^:\n]{1,80}?)?\s?:\s*(?P<rest>.*)"
)
_CELL = re.compile(r"\t|\s\|\s")
_BULLET = re.compile(r"[-–—*•]\s+")
_MAX_LINE = 20_000  # of a line that is looked at for a name
_MIN_UNSIGNED = 6  # names alone above the words, where no program signed the text
_MOST = 0.5
_NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """One line: who seems to speak, since when, and what is said.

    ``rest`` is the line without its time, ``said`` also without the name; ``heading`` marks a name
    with a time and nothing else. ``loose`` is a name beside a time, ``loose_s``, which makes a
    heading only where the whole text is written so.
    """

    raw: str
    name: str = ""
    start_s: float | None = None
    end_s: float | None = None
    said: str = ""
    rest: str = ""
    heading: bool = False
    loose: str = ""
    loose_s: float | None = None


def read_lines(text: str) -> list[Line]:
    """Read the lines of a text, empty ones too."""
    return _with_headings([_line(raw) for raw in text.splitlines()])


def _line(raw: str) -> Line:
    line = plain(raw).lstrip("#").strip()
    if not line or len(line) > _MAX_LINE:
        return Line(line, rest=line)
    return _heading(line) or _chat(line) or _timed(line) or _named(line)


def _heading(line: str) -> Line | None:
    found = _BRACKETED_HEADING.match(line) or _HEADING.match(line)
    if found is None or not plausible(found["name"]):
        return None
    return Line(line, found["name"].strip(), seconds(found["start"]), heading=True)


def _chat(line: str) -> Line | None:
    found = _CHAT.match(line)
    if found is None:
        return None
    name, said = found["name"].strip(), found["rest"]
    return Line(line, name, seconds(found["start"]), said=said, rest=said or name)


def _timed(line: str) -> Line | None:
    found = _TIMED.match(line)
    if found is None:
        return None
    start, end = seconds(found["start"]), seconds(found["end"]) if found["end"] else None
    rest = found["rest"].strip()
    name, said = _in_cells(rest) or split_label(rest) or ("", "")
    loose = rest if not name and plausible(rest) else ""
    return Line(line, name, start, end, said, rest, loose=loose, loose_s=start)


def _in_cells(rest: str) -> tuple[str, str] | None:
    """Split a name from the words behind a tab or a bar."""
    cell = _CELL.search(rest)
    if cell is None or not plausible(rest[: cell.start()].strip()):
        return None
    return rest[: cell.start()].strip(), rest[cell.end() :].strip()


def _named(line: str) -> Line:
    bullet = _BULLET.match(line)
    found = _NAME_TIME.match(line, bullet.end() if bullet else 0)
    if found and plausible(found["name"].strip()):
        said = found["rest"]
        start = seconds(found["start"])
        return Line(line, found["name"].strip(), start, None, said, said, heading=not said)
    name, said = split_label(line) or ("", "")
    timed = _SAID_AT.match(said)
    if timed:
        return Line(line, name, seconds(timed["start"]), said=timed["rest"], rest=timed["rest"])
    below = _LOOSE_HEADING.match(line)
    if below and plausible(below["name"].strip()):
        loose, loose_s = below["name"].strip(), seconds(below["start"])
        return Line(line, name, said=said, rest=line, loose=loose, loose_s=loose_s)
    return Line(line, name, said=said, rest=line)


def _with_headings(lines: list[Line]) -> list[Line]:
    """Make headings of names that stand alone above the words, where the text is written so."""
    filled = [place for place, line in enumerate(lines) if line.raw]
    timed = [place for place in filled if lines[place].start_s is not None or lines[place].loose]
    above = [
        place
        for place, below in pairwise(filled)
        if lines[place].loose and lines[below].start_s is None and not lines[below].loose
    ]
    if len(above) >= max(MIN_HEADINGS, _NEARLY_ALL * len(timed)) and _are_names(
        [lines[place].loose for place in above]
    ):
        return _promoted(lines, {place: lines[place].loose for place in above})
    return lines if timed else _promoted(lines, _names_above(lines))


def _are_names(found: Sequence[str]) -> bool:
    return len(found) >= MIN_TURNS_A_SPEAKER * len(set(found))


def _promoted(lines: list[Line], names: dict[int, str]) -> list[Line]:
    return [
        Line(line.raw, names[place], line.loose_s, line.end_s, heading=True)
        if place in names
        else line
        for place, line in enumerate(lines)
    ]


def _names_above(lines: Sequence[Line]) -> dict[int, str]:
    """Find names without a time that begin nearly all blocks of lines, as Otter may write them."""
    begins = [
        place
        for place, line in enumerate(lines)
        if line.raw and (place == 0 or not lines[place - 1].raw)
    ]
    names = {
        place: lines[place].raw
        for place in begins
        if not lines[place].name
        and plausible(lines[place].raw)
        and place + 1 < len(lines)
        and lines[place + 1].raw
    }
    signed = any(FOOTER.match(line.raw) for line in lines)
    least = MIN_HEADINGS if signed else _MIN_UNSIGNED
    share = _MOST if signed else _NEARLY_ALL
    several = 1 < len(set(names.values())) <= MAX_SPEAKERS
    enough = len(names) >= max(least, share * len(begins))
    return names if several and enough and _are_names(list(names.values())) else {}
