"""Text with speakers: "Name: text", with or without times, and headings with name and time.

Read are lines such as ``Sara Ali: hello``, ``00:01:02 Sara Ali: hello``, ``[00:01:02] Sara Ali:
hello``, ``Sara Ali (00:01:02): hello``, ``**Sara Ali:** hello``; Otter's ``Sara Ali  1:02`` and
Zoom's ``[Sara Ali] 10:01:02`` above the words; and Google Meet's lone times above a block of turns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from commsense.ingest.reader import SourceFile
from commsense.ingest.transcripts.call import Call, Turn, decode, read_calls
from commsense.ingest.transcripts.clock import CLOCK, seconds
from commsense.ingest.transcripts.headers import is_transcript_title, key_of, read_header
from commsense.ingest.transcripts.speakers import accepted, plain, plausible, split_label
from commsense.schema import Message, Rejected

_TIMED = re.compile(
    rf"(?P<open>[\[(])?(?P<start>{CLOCK})[\])]?(?:\s*(?:-->|-|–|—|to)\s*[\[(]?(?P<end>{CLOCK})[\])]?)?"
    r"(?:\s+[-–—|]?\s*|[:|]\s*|\s*$|(?<=[\])]))(?P<rest>.*)"
)
_HEADING = re.compile(
    rf"(?P<name>\S.{{0,59}}?)(?:\s{{2,}}|\t\s*|\s+[-–—|]\s+)(?P<start>{CLOCK})\s*$"
)
_BRACKETED_HEADING = re.compile(rf"\[(?P<name>[^\[\]]{{1,60}})\]\s+(?P<start>{CLOCK})\s*$")
_NAME_TIME = re.compile(
    rf"(?P<name>[^\[\](:：]{{1,60}})[\[(](?P<start>{CLOCK})[\])]\s*[:：]?\s*(?P<rest>.*)$"
)
_PRESENTATION = re.compile(r"(?:'s|’s) presentation$", re.IGNORECASE)
_FOOTER = re.compile(
    r"transcribed by https?://|transcription ended after|this editable transcript was computer",
    re.IGNORECASE,
)
# Teams notes who switched the transcription on and off, in the language of the meeting.
_STARTED = re.compile(
    r".{1,60}(?: (?:started|stopped) transcription"
    r"| a (?:démarré|commencé|lancé|arrêté) la transcription"
    r"| hat die Transkription (?:gestartet|begonnen|beendet)"
    r"| (?:inició|ha iniciado|detuvo|ha detenido) la transcripción"
    r"| iniciou a transcrição| interrompeu a transcrição"
    r"|님이 (?:기록|대화 내용 기록|전사)(?:을|를) (?:시작|중지)했습니다\.?"
    r"| ?(?:เริ่ม|หยุด)(?:การถอดความ|การถอดเสียง|การถอดข้อความ)(?:แล้ว)?"
    r"| (?:بدأ|بدأت|أوقف|أوقفت) (?:النسخ|التدوين|النص المكتوب))$"
    r"|^(?:بدأ|بدأت|أوقف|أوقفت) .{1,60} (?:النسخ|التدوين)$",
    re.IGNORECASE,
)

_MAX_LINE = 20_000  # of a line that is looked at for a name
_LINES_LOOKED_AT = 200
_WALL_CLOCK_S = 3_600.0  # a first time later than this is the time of day
_DAY_S = 86_400.0
_NO_TRANSCRIPT_ENDINGS = (".log", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".ics", ".vcf")

_MIN_HEADINGS = 2
_MIN_TIMED = 2
_MIN_CLOCKS = 3
_MIN_TURNS = 3
_MANY_TURNS = 6
_MOST = 0.5
_SOME = 0.15
_MAX_SPEAKERS = 12
_MIN_TURNS_A_SPEAKER = 1.5


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: who seems to speak, since when, and what is said.

    ``rest`` is the line without its time, ``said`` also without the name; ``heading`` marks a name
    with a time and nothing else.
    """

    raw: str
    name: str = ""
    start_s: float | None = None
    end_s: float | None = None
    said: str = ""
    rest: str = ""
    heading: bool = False


class Plain:
    """Plain text with speakers."""

    name = "plain transcript"

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by several turns of few speakers who speak again and again."""
        if b"\x00" in head[:100] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return False
        if source.name.lower().endswith(_NO_TRANSCRIPT_ENDINGS):
            return False
        lines = _lines(decode(head))[:_LINES_LOOKED_AT]
        return _is_transcript([line for line in lines if line.raw and not key_of(line.raw)[0]])

    def read(self, source: SourceFile) -> Iterator[Message | Rejected]:
        """Yield the turns of the call."""
        return read_calls(source, lambda text: [parse(text)])


def _lines(text: str) -> list[_Line]:
    return [_line(raw) for raw in text.splitlines()]


def _line(raw: str) -> _Line:
    line = plain(raw).lstrip("#").strip()
    if not line or len(line) > _MAX_LINE:
        return _Line(line, rest=line)
    return _heading(line) or _timed(line) or _named(line)


def _heading(line: str) -> _Line | None:
    found = _BRACKETED_HEADING.match(line) or _HEADING.match(line)
    if found is None or not plausible(found["name"]):
        return None
    return _Line(line, found["name"].strip(), seconds(found["start"]), heading=True)


def _timed(line: str) -> _Line | None:
    found = _TIMED.match(line)
    if found is None:
        return None
    start, end = seconds(found["start"]), seconds(found["end"]) if found["end"] else None
    split = split_label(found["rest"])
    name, said = split or ("", "")
    return _Line(line, name, start, end, said, found["rest"].strip())


def _named(line: str) -> _Line:
    found = _NAME_TIME.match(line)
    if found and plausible(found["name"].strip()):
        said = found["rest"]
        start = seconds(found["start"])
        return _Line(line, found["name"].strip(), start, None, said, said, heading=not said)
    name, said = split_label(line) or ("", "")
    return _Line(line, name, said=said, rest=line)


def _is_transcript(lines: Sequence[_Line]) -> bool:
    return (
        _has_headings(lines)
        or _has_timed_turns(lines)
        or _has_clocks(lines)
        or _has_turns(lines)
        or _is_announced(lines)
    )


def _has_headings(lines: Sequence[_Line]) -> bool:
    """Names with times, each above words; a timetable has no words below."""
    headed = [not below.heading for line, below in pairwise(lines) if line.heading]
    return len(headed) >= _MIN_HEADINGS and sum(headed) >= _MOST * len(headed)


def _has_timed_turns(lines: Sequence[_Line]) -> bool:
    timed = [line for line in lines if line.name and line.start_s is not None and not line.heading]
    if len(timed) < _MIN_TIMED:
        return False
    precise = all(line.raw.count(":") > 2 or line.raw[0] in "[(" for line in timed)
    return precise or _recur(timed)


def _has_clocks(lines: Sequence[_Line]) -> bool:
    """Find times that only grow, though nobody is named: a transcript without speakers."""
    clocks = [line.start_s for line in lines if line.start_s is not None]
    growing = all(before <= after for before, after in pairwise(clocks))
    return len(clocks) >= _MIN_CLOCKS and growing and len(clocks) >= _MOST * len(lines)


def _has_turns(lines: Sequence[_Line]) -> bool:
    turns = [line for line in lines if line.name]
    if len(turns) < _MIN_TURNS or not _recur(turns):
        return False
    return len(turns) >= (_SOME if len(turns) >= _MANY_TURNS else _MOST) * len(lines)


def _is_announced(lines: Sequence[_Line]) -> bool:
    """Names in a text that a program signed as a transcript."""
    signed = any(_FOOTER.match(line.raw) or is_transcript_title(line.raw) for line in lines)
    return signed and sum(bool(line.name) for line in lines) >= _MIN_TIMED


def _recur(turns: Sequence[_Line]) -> bool:
    counts = Counter(line.name for line in turns)
    speakers = accepted(counts, len(turns))
    said = sum(counts[name] for name in speakers)
    return (
        1 < len(speakers) <= _MAX_SPEAKERS
        and said >= _MIN_TURNS_A_SPEAKER * len(speakers)
        and said >= _MOST * len(turns)
    )


def parse(text: str) -> Call:
    """Read a call from text with speakers."""
    lines = _lines(text)
    listed = read_header((line.raw for line in lines), titled=False).participants
    speakers = _speakers(lines, listed)
    first = _first_turn(lines, speakers)
    header = read_header((line.raw for line in lines[:first]), titled=True)
    turns = list(_turns(lines[first:], speakers))
    clock = _to_offsets(turns)
    return Call(turns, header.title, header.start, header.participants, "", "\n", clock)


def _speakers(lines: Sequence[_Line], listed: Sequence[str]) -> frozenset[str]:
    """Return the names that are speakers; where names stand in headings, no others are."""
    headings = Counter(line.name for line in lines if line.heading)
    if headings.total() >= _MIN_HEADINGS:
        return frozenset(headings)
    names = Counter(line.name for line in lines if line.name and not _is_key(line))
    timed = sum(line.start_s is not None and line.rest != "" for line in lines)
    filled = sum(bool(line.raw) for line in lines)
    return accepted(names, timed or filled, listed)


def _is_key(line: _Line) -> bool:
    return line.start_s is None and key_of(line.raw)[0] != ""


def _first_turn(lines: Sequence[_Line], speakers: frozenset[str]) -> int:
    counts = Counter(line.name for line in lines)
    for i, line in enumerate(lines):
        below = lines[i + 1].raw if i + 1 < len(lines) else ""
        is_title = counts[line.name] == 1 and (not below or key_of(below)[0] != "")
        if line.start_s is not None or (line.name in speakers and not (is_title and i == 0)):
            return i
    return len(lines)


def _turns(lines: Sequence[_Line], speakers: frozenset[str]) -> Iterator[Turn]:
    current: Turn | None = None
    parts: list[str] = []
    block: float | None = None  # the time that stands above a block of turns
    for line in _spoken(lines):
        if line.start_s is not None and not line.rest and not line.heading:
            block = line.start_s
            continue
        named = line.heading or line.name in speakers
        if named or line.start_s is not None or current is None:
            yield from _closed(current, parts)
            parts = []
            speaker = _speaker(line.name) if named else current.speaker if current else ""
            start = block if line.start_s is None else line.start_s
            current = Turn(speaker, "", start, line.end_s)
        parts.append(line.said if named else line.rest)
    yield from _closed(current, parts)


def _spoken(lines: Sequence[_Line]) -> Iterator[_Line]:
    for line in lines:
        if _FOOTER.match(line.raw):
            return
        if line.raw and not _STARTED.match(line.raw):
            yield line


def _closed(turn: Turn | None, parts: list[str]) -> Iterator[Turn]:
    if turn is not None:
        turn.text = "\n".join(part for part in parts if part)
        yield turn


def _speaker(name: str) -> str:
    """Return the speaker; what a shared screen says is nobody's."""
    return "" if _PRESENTATION.search(name) else name


def _to_offsets(turns: Sequence[Turn]) -> float | None:
    """Turn times of day into offsets, in place; return the first one, None if they were offsets."""
    first = next((turn.start_s for turn in turns if turn.start_s is not None), None)
    if first is None or first < _WALL_CLOCK_S:
        return None
    for turn in turns:
        turn.start_s = _offset(turn.start_s, first)
        turn.end_s = _offset(turn.end_s, first)
    return first


def _offset(clock: float | None, first: float) -> float | None:
    # A clock that runs back has passed midnight.
    return None if clock is None else (clock - first) % _DAY_S
