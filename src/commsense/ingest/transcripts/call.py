"""What all transcript formats share: a call of turns, and the messages made of it."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import PurePath

from commsense.ingest import charsets
from commsense.ingest.reader import SourceFile
from commsense.ingest.transcripts.dates import Start, find_start
from commsense.language import UNKNOWN, detect
from commsense.schema import Message, Rejected, Side

MAX_BYTES = 64 * 1024 * 1024
"""A day of speech is about 1 MB of captions and 50 MB of JSON with every word's time."""

MERGE_GAP_S = 5.0
"""Cues of one speaker with at most this silence between them are one turn."""

PAUSE_S = 1.0
"""Words with more silence between them are two stretches of talk, where nothing names speakers."""

_STOPS = (".", "?", "!", "…", "。", "？", "！", "؟", "۔")
_QUOTES = "\"'”’»)] "
_MAX_TURN_CHARS = 2_000  # a monologue is cut here, so that evidence stays readable
_SURE_WORDS = 30  # a shorter call may be word for word another; its date tells them apart
_SURE_LETTERS = 25  # shorter turns take a language that longer turns of the call have
_LOOKED_AT = 1_000  # bytes by which an encoding is told
_ASCII = bytes(range(0x80))
_ASCII_LETTERS = [bytes([sign]) for sign in _ASCII if chr(sign).isalpha()]
_MAX_STRAY_NULS = 0.2  # a few letters have a NUL on the other side
_MIN_NULS = 0.02  # of the bytes are NUL in UTF-16, whatever the script
_MAX_START_S = 10 * 365 * 86_400.0  # offsets beyond ten years are damage, not times


@dataclass(slots=True)
class Turn:
    """What one speaker says without a break.

    Attributes
    ----------
    speaker : str
        Label as the transcript writes it, empty where it gives none.
    text : str
        The words.
    start_s, end_s : float or None
        Offsets from the beginning of the call in seconds.
    side : {"client", "provider"} or None
        Where the transcript itself says it.
    """

    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None
    side: Side | None = None


@dataclass(slots=True)
class Call:
    """One transcript.

    Attributes
    ----------
    turns : list of Turn
        In order.
    title : str
        Empty where the transcript has none.
    start : Start or None
        Where the transcript tells it.
    participants : list of str
        Names or addresses of those who were there, where the transcript lists them.
    place : str
        Where in the source the call stands, for sources with several calls.
    joint : str
        What to put between cues of one turn.
    clock_s : float or None
        Time of day of the first turn in seconds, where the transcript tells it.
    made : Start or None
        When the transcript was made, for calls that nothing else dates.
    """

    turns: list[Turn]
    title: str = ""
    start: Start | None = None
    participants: list[str] = field(default_factory=list)
    place: str = ""
    joint: str = " "
    clock_s: float | None = None
    made: Start | None = None


def read_calls(
    source: SourceFile, parse: Callable[[str], Iterable[Call]]
) -> Iterator[Message | Rejected]:
    """Yield the turns of every call of a source as messages.

    Parameters
    ----------
    source : SourceFile
        A transcript.
    parse : callable
        Turns the decoded text into calls.
    """
    with source.open() as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        yield Rejected(
            source.name,
            f"a transcript of more than {MAX_BYTES} bytes; expected one call a file; "
            "mend: split it",
        )
        return
    for call in parse(decode(data)):
        yield from messages(source.name, call)


def decode(data: bytes) -> str:
    """Decode a text file by its byte-order mark, as UTF-8, as UTF-16 or by a guess."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if utf16 := _unmarked_utf16(data):
        return data.decode(utf16, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A head that was read for recognition may end within a character.
        if error.start >= len(data) - 3:
            return data[: error.start].decode("utf-8-sig")
        return _guessed(data)


@lru_cache(maxsize=2)  # the head of a file, and the whole
def _guessed(data: bytes) -> str:
    """Guess once for all formats that look at a file in turn.

    Latin letters with a few accents tell too little for a guess, and what holds NUL is no text.
    """
    looked_at = data[:_LOOKED_AT]
    accents = len(looked_at.translate(None, _ASCII))
    letters = sum(map(looked_at.count, _ASCII_LETTERS))
    if b"\x00" in data or accents < letters:
        return data.decode("cp1252", errors="replace")
    return charsets.decode(data)


def _unmarked_utf16(data: bytes) -> str | None:
    """Tell UTF-16 by its spaces, digits and line ends, which have their NULs on the same side."""
    looked_at = data[:_LOOKED_AT]
    first, second = looked_at[::2].count(0), looked_at[1::2].count(0)
    fewer, more = sorted((first, second))
    if not more or more < _MIN_NULS * len(looked_at) or fewer > _MAX_STRAY_NULS * more:
        return None
    return "utf-16-le" if more == second else "utf-16-be"


def messages(source: str, call: Call) -> Iterator[Message | Rejected]:
    """Yield a call's turns as messages, or one Rejected where nothing is said.

    Turns of one speaker with little silence between them become one; where nobody is named, what is
    said until the end of a sentence or a pause. Ids depend on who says what
    alone, so the same call from two exports gives the same messages.
    """
    place = f"{source}#{call.place}" if call.place else source
    turns = _merged(_clean(call.turns), call.joint)
    if turns:
        yield from _rows(place, turns, call, source)
    else:
        yield _no_speech(place)


def file_title(source: str) -> str:
    """Return the name of a file, or of an archive's member, without folders and ending."""
    return PurePath(re.split(r"[!/\\]", source)[-1]).stem


def _no_speech(place: str) -> Rejected:
    return Rejected(
        place, "a transcript in which nothing is said; expected turns; mend: export it again"
    )


def _clean(turns: Iterable[Turn]) -> list[Turn]:
    """Drop empty turns, order them by time where all have one, fill in times that are missing."""
    spoken = [
        replace(turn, text=text, start_s=_time(turn.start_s), end_s=_time(turn.end_s))
        for turn in turns
        if (text := turn.text.replace("\x00", "").strip())
    ]
    known = next((turn.start_s for turn in spoken if turn.start_s is not None), None)
    if known is None:
        return spoken
    for turn in spoken:
        known = turn.start_s = known if turn.start_s is None else turn.start_s
        if turn.end_s is not None and turn.end_s < turn.start_s:
            turn.end_s = None
    return sorted(spoken, key=lambda turn: turn.start_s or 0.0)


def _time(seconds: float | None) -> float | None:
    if seconds is None or not math.isfinite(seconds) or not 0 <= seconds <= _MAX_START_S:
        return None
    return round(float(seconds), 3)


def _merged(turns: list[Turn], joint: str) -> list[Turn]:
    merged: list[Turn] = []
    parts: list[str] = []
    length = 0
    for turn in turns:
        if merged and length < _MAX_TURN_CHARS and _goes_on(merged[-1], parts[-1], turn):
            merged[-1].end_s = turn.end_s if turn.end_s is not None else merged[-1].end_s
        else:
            _close(merged, parts, joint)
            merged.append(turn)
            parts, length = [], 0
        parts.append(turn.text)
        length += len(turn.text)
    _close(merged, parts, joint)
    return merged


def _close(merged: list[Turn], parts: list[str], joint: str) -> None:
    if merged:
        merged[-1].text = joint.join(parts)


def _goes_on(turn: Turn, last: str, following: Turn) -> bool:
    """Tell whether a turn, of which the last words are given, goes on in the following one."""
    if (turn.speaker, turn.side) != (following.speaker, following.side):
        return False
    known = bool(turn.speaker or turn.side)
    if not known and last.rstrip(_QUOTES).endswith(_STOPS):
        return False
    if turn.end_s is None or following.start_s is None:
        return True
    return following.start_s - turn.end_s <= (MERGE_GAP_S if known else PAUSE_S)


def _rows(place: str, turns: list[Turn], call: Call, source: str) -> Iterator[Message]:
    start = call.start or find_start(file_title(source)) or call.made
    if start and call.clock_s is not None:
        start = start.at_clock(call.clock_s)
    key = _call_id(turns, start)
    title = call.title or file_title(source)
    languages = _languages([turn.text for turn in turns])
    for number, (turn, language) in enumerate(zip(turns, languages, strict=True), 1):
        yield Message(
            id=f"{key}.{number}",
            text=turn.text,
            source=f"{place}#{number}" if place == source else f"{place}.{number}",
            channel="call",
            conversation_id=key,
            sent_at=_moment(start, turn.start_s),
            start_s=turn.start_s,
            end_s=turn.end_s,
            author=turn.speaker,
            author_name=turn.speaker,
            recipients=list(call.participants),
            side=turn.side,
            subject=title,
            language=language,
        )


def _moment(start: Start | None, offset: float | None) -> datetime | None:
    if start is None:
        return None
    try:
        return start.at + timedelta(seconds=offset or 0.0)
    except OverflowError:
        return None


def _call_id(turns: list[Turn], start: Start | None) -> str:
    """Derive the call's id from who says which words, however they are cut into turns."""
    said: list[str] = []
    speaker = None
    for turn in turns:
        if turn.speaker != speaker:
            speaker = turn.speaker
            said.append(f"\n{speaker.casefold()}:")
        said.append("".join(filter(str.isalnum, turn.text.casefold())))
    words = sum(len(turn.text.split()) for turn in turns)
    day = f"{start.at:%Y-%m-%d}" if start and words < _SURE_WORDS else ""
    digest = hashlib.sha1((day + "".join(said)).encode("utf-8", "replace"), usedforsecurity=False)
    return f"call-{digest.hexdigest()[:20]}"


def _languages(texts: list[str]) -> list[str]:
    """Detect the language of each turn; short ones only take a language of the longer ones."""
    found = [detect(text) for text in texts]
    weights: Counter[str] = Counter()
    for text, language in zip(texts, found, strict=True):
        if len(text) >= _SURE_LETTERS and language != UNKNOWN:
            weights[language] += len(text)
    if not weights:
        return found
    usual = weights.most_common(1)[0][0]
    return [
        language if len(text) >= _SURE_LETTERS or language in weights else usual
        for text, language in zip(texts, found, strict=True)
    ]
