"""Text with speakers: "Name: text", with or without times, and headings with name and time.

Read are lines such as ``Sara Ali: hello``, ``00:01:02 Sara Ali: hello``, ``[00:01:02] Sara Ali:
hello``, ``Sara Ali (00:01:02): hello``, ``Sara Ali: [00:01:02] hello``, ``**Sara Ali:** hello``,
``10:01:02 From Sara Ali to Everyone: hello``; Otter's ``Sara Ali  1:02``, Zoom's ``[Sara Ali]
10:01:02``, ``00:01:02 Sara Ali`` and ``Sara Ali 01:02`` above the words, or the name alone; Google
Meet's lone times above a block of turns; and times with words of nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from commsense.ingest.reader import SourceFile
from commsense.ingest.transcripts.call import Call, Turn, decode, read_calls
from commsense.ingest.transcripts.dates import Start, find_start
from commsense.ingest.transcripts.headers import is_transcript_title, key_of, read_header
from commsense.ingest.transcripts.lines import (
    FOOTER,
    MAX_SPEAKERS,
    MIN_HEADINGS,
    MIN_TURNS_A_SPEAKER,
    Line,
    read_lines,
)
from commsense.ingest.transcripts.speakers import accepted, is_small
from commsense.ingest.transcripts.words import folded, words
from commsense.schema import Message, Rejected

_DAY = re.compile(r"\d{4}-\d\d-\d\d\s")
_ENDED = re.compile(r"(?<!\d)\d{1,2}:\d{2}:\d{2}(?!\d)")
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

_LINES_LOOKED_AT = 200
_WALL_CLOCK_S = 3_600.0  # a first time later than this is the time of day
_DAY_S = 86_400.0
_NO_TRANSCRIPT_ENDINGS = (".log", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".ics", ".vcf")

_MIN_TIMED = 2
_MIN_CLOCKS = 3
_MIN_TURNS = 3
_MANY_TURNS = 6
_MOST = 0.5
_SOME = 0.15
_FOOTER_LINES = 3  # in which Google Meet says when the transcript ended
_MAX_FIRST_S = 60.0  # a bare M:SS that begins later is a time of day, of a timetable
_MIN_SMALL_WORDS = 2  # in a turn, where labels in small letters could be keys of a list


class Plain:
    """Plain text with speakers."""

    name = "plain transcript"

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by several turns of few speakers who speak again and again."""
        text = decode(head)
        if "\x00" in text[:100] or source.name.lower().endswith(_NO_TRANSCRIPT_ENDINGS):
            return False
        lines = read_lines("\n".join(text.splitlines()[:_LINES_LOOKED_AT]))
        return _is_transcript(_told(lines))

    def read(self, source: SourceFile) -> Iterator[Message | Rejected]:
        """Yield the turns of the call."""
        return read_calls(source, lambda text: [parse(text)])


def _told(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that say something, without keys of a header."""
    return [line for line in lines if line.raw and not key_of(line.raw)[0]]


def _is_transcript(lines: Sequence[Line]) -> bool:
    return (
        _has_headings(lines)
        or _has_timed_turns(lines)
        or _has_clocks(lines)
        or _has_turns(lines)
        or _is_announced(lines)
    )


def _has_headings(lines: Sequence[Line]) -> bool:
    """Names with times, each above words; a timetable has no words below."""
    headed = [not below.heading for line, below in pairwise(lines) if line.heading]
    return len(headed) >= MIN_HEADINGS and sum(headed) >= _MOST * len(headed)


def _has_timed_turns(lines: Sequence[Line]) -> bool:
    timed = [line for line in lines if line.name and line.start_s is not None and not line.heading]
    if len(timed) < _MIN_TIMED:
        return False
    precise = all(line.raw.count(":") > 2 or line.raw[0] in "[(" for line in timed)
    return precise or _recur(timed)


def _has_clocks(lines: Sequence[Line]) -> bool:
    """Find times that only grow, though nobody is named: a transcript without speakers."""
    timed = [line for line in lines if line.start_s is not None]
    clocks = [line.start_s or 0.0 for line in timed]
    growing = all(before <= after for before, after in pairwise(clocks))
    if len(clocks) < _MIN_CLOCKS or not growing or len(clocks) < _MOST * len(lines):
        return False
    bare = timed[0].raw[:1].isdigit() and timed[0].raw.count(":") == 1
    return not (bare and clocks[0] >= _MAX_FIRST_S) and not _is_log(timed)


def _is_log(lines: Sequence[Line]) -> bool:
    first = [folded(line.rest.partition(" ")[0].strip("[]:")) for line in lines]
    return sum(word in words("labels", "no_speaker") for word in first) >= _MOST * len(lines)


def _has_turns(lines: Sequence[Line]) -> bool:
    turns = [line for line in lines if line.name]
    if len(turns) < _MIN_TURNS or not _recur(turns):
        return False
    if all(is_small(line.name) for line in turns) and not _are_said(turns):
        return False
    return len(turns) >= (_SOME if len(turns) >= _MANY_TURNS else _MOST) * len(lines)


def _are_said(turns: Sequence[Line]) -> bool:
    """Tell words from values: "first_name: Ann" is said by nobody."""
    return sum(len(line.said.split()) for line in turns) >= _MIN_SMALL_WORDS * len(turns)


def _is_announced(lines: Sequence[Line]) -> bool:
    """Names in a text that a program signed as a transcript."""
    signed = any(FOOTER.match(line.raw) or is_transcript_title(line.raw) for line in lines)
    return signed and sum(bool(line.name) for line in lines) >= _MIN_TIMED


def _recur(turns: Sequence[Line]) -> bool:
    counts = Counter(line.name for line in turns)
    speakers = accepted(counts, len(turns))
    said = sum(counts[name] for name in speakers)
    return (
        1 < len(speakers) <= MAX_SPEAKERS
        and said >= MIN_TURNS_A_SPEAKER * len(speakers)
        and said >= _MOST * len(turns)
    )


def parse(text: str) -> Call:
    """Read a call from text with speakers or times; a call without turns from any other text."""
    lines = read_lines(text)
    listed = read_header((line.raw for line in lines), titled=False).participants
    speakers = _speakers(lines, listed)
    first = _first_turn(lines, speakers)
    header = read_header((line.raw for line in lines[:first]), titled=True)
    talks = speakers or _has_clocks(_told(lines[:_LINES_LOOKED_AT]))
    turns = list(_turns(_without_footer(lines[first:]), speakers)) if talks else []
    clock = _to_offsets(turns)
    start = header.start or _chat_start(lines[first : first + 1])
    return Call(turns, header.title, start, header.participants, "", "\n", clock)


def _chat_start(lines: Sequence[Line]) -> Start | None:
    """Return the day that stands before the first time of a chat."""
    return next((find_start(line.raw) for line in lines if _DAY.match(line.raw)), None)


def _without_footer(lines: list[Line]) -> list[Line]:
    """Leave out that the transcript ended, and when, which Google Meet says in many languages."""
    if not any(map(_is_block, lines)):
        return lines
    filled = [place for place, line in enumerate(lines) if line.raw]
    for place in filled[-_FOOTER_LINES:]:
        if not lines[place].name and lines[place].rest and _ENDED.search(lines[place].raw):
            return lines[:place]
    return lines


def _is_block(line: Line) -> bool:
    """Tell a time that stands alone above a block of turns."""
    return line.start_s is not None and not line.rest and not line.heading


def _speakers(lines: Sequence[Line], listed: Sequence[str]) -> frozenset[str]:
    """Return the names that are speakers; where names stand in headings, no others are."""
    headings = Counter(line.name for line in lines if line.heading)
    if headings.total() >= MIN_HEADINGS:
        return frozenset(headings)
    names = Counter(line.name for line in lines if line.name and not _is_key(line))
    shared = frozenset(filter(_is_presentation, names))
    timed = sum(line.start_s is not None and line.rest != "" for line in lines)
    filled = sum(bool(line.raw) for line in lines)
    return accepted(names, timed or filled, listed) | shared


def _is_key(line: Line) -> bool:
    return line.start_s is None and key_of(line.raw)[0] != ""


def _first_turn(lines: Sequence[Line], speakers: frozenset[str]) -> int:
    counts = Counter(line.name for line in lines)
    for i, line in enumerate(lines):
        below = lines[i + 1].raw if i + 1 < len(lines) else ""
        is_title = counts[line.name] == 1 and (not below or key_of(below)[0] != "")
        if line.start_s is not None or (line.name in speakers and not (is_title and i == 0)):
            return i
    return len(lines)


def _turns(lines: Sequence[Line], speakers: frozenset[str]) -> Iterator[Turn]:
    current: Turn | None = None
    parts: list[str] = []
    block: float | None = None  # the time that stands above a block of turns
    for line in _spoken(lines):
        if _is_block(line):
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


def _spoken(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        if FOOTER.match(line.raw):
            return
        if line.raw and not _STARTED.match(line.raw):
            yield line


def _closed(turn: Turn | None, parts: list[str]) -> Iterator[Turn]:
    if turn is not None:
        turn.text = "\n".join(part for part in parts if part)
        yield turn


def _speaker(name: str) -> str:
    """Return the speaker; what a shared screen says is nobody's."""
    return "" if _is_presentation(name) else name


def _is_presentation(name: str) -> bool:
    parts = name.split()
    ends = {folded(part) for part in (*parts[:1], *parts[-1:])}
    return len(parts) > 1 and bool(ends & words("labels", "presentation"))


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
