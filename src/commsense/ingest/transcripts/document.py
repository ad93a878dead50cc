"""What the JSON transcripts share: loading once, and reading what may be missing or mistyped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from commsense.ingest.reader import SourceFile
from commsense.ingest.transcripts.call import MAX_BYTES, PAUSE_S, Call, Turn, decode, messages
from commsense.schema import Message, Rejected
from commsense.surrogates import whole_json

MILLISECONDS = 0.001
"""To be given to :func:`number` where times are in milliseconds."""


@dataclass(slots=True)
class JsonFormat:
    """A transcript format in JSON.

    Attributes
    ----------
    name : str
    recognise : callable
        Tells from a document, a dict, whether it is of this format.
    calls : callable
        Returns the calls of such a document.
    """

    name: str
    recognise: Callable[[dict[str, Any]], bool]
    calls: Callable[[dict[str, Any]], Iterable[Call]]

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by the keys of the document."""
        if not decode(head).lstrip().startswith("{") or _is_lines(head):
            return False
        document = load(source)
        return document is not None and self.recognise(document)

    def read(self, source: SourceFile) -> Iterator[Message | Rejected]:
        """Yield the turns of every call of the document."""
        document = load(source)
        if document is None or not self.recognise(document):
            yield Rejected(
                source.name, f"no JSON document; expected a {self.name} transcript; mend: export it"
            )
            return
        for call in self.calls(document):
            yield from messages(source.name, call)


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word with its speaker and times in seconds."""

    text: str
    speaker: str
    start_s: float | None = None
    end_s: float | None = None


def load(source: SourceFile) -> dict[str, Any] | None:
    """Return the JSON object that a source holds, None where it holds none or is too large."""
    changed = source.path.stat().st_mtime_ns if source.path else 0
    return _load(source, changed)


def get(value: object, *path: str | int) -> object:
    """Return what stands at a path of keys and positions, None where the path ends early."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def dicts(value: object) -> list[dict[str, Any]]:
    """Return the dicts in a list, an empty list for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def string(value: object) -> str:
    """Return a text, or a number as a text, "" for anything else."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def number(value: object, scale: float = 1.0) -> float | None:
    """Return a number times a scale, be it written ``1.5``, ``"1.5"`` or ``"1.5s"``."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value.rstrip("s") if isinstance(value, str) else value) * scale
    except (ValueError, OverflowError):
        return None


def numbered(kind: str, value: object) -> str:
    """Return the label of a speaker that is known by number only, "" where there is none."""
    label = string(value)
    return f"{kind} {label}" if label else ""


def attach(words: list[Word], mark: str) -> None:
    """Put a punctuation mark behind the last word, in place."""
    if words:
        words[-1] = replace(words[-1], text=words[-1].text + mark)


def from_words(words: Iterable[Word]) -> list[Turn]:
    """Return one turn for each run of words of one speaker; words of nobody stay apart."""
    turns: list[Turn] = []
    for speaker, run in groupby(words, key=lambda word: word.speaker):
        said = list(run)
        turns.extend([_turn(said)] if speaker else [_turn([word]) for word in said])
    return turns


def from_channels(channels: Iterable[Iterable[Word]]) -> list[Turn]:
    """Return the turns of channels that were recorded apart, each cut where it pauses."""
    return [_turn(stretch) for channel in channels for stretch in _stretches(channel)]


def _stretches(words: Iterable[Word]) -> Iterator[list[Word]]:
    stretch: list[Word] = []
    for word in words:
        if stretch and _is_pause(stretch[-1], word):
            yield stretch
            stretch = []
        stretch.append(word)
    if stretch:
        yield stretch


def _is_pause(before: Word, word: Word) -> bool:
    if before.speaker != word.speaker:
        return True
    if before.end_s is None or word.start_s is None:
        return False
    return word.start_s - before.end_s > PAUSE_S


def _turn(said: Sequence[Word]) -> Turn:
    starts = [word.start_s for word in said if word.start_s is not None]
    ends = [word.end_s for word in said if word.end_s is not None]
    return Turn(
        said[0].speaker,
        " ".join(word.text for word in said),
        starts[0] if starts else None,
        ends[-1] if ends else None,
    )


def _is_lines(head: bytes) -> bool:
    """Tell whether there is a JSON object on the first line alone: a table, no document."""
    first, _, rest = decode(head).strip().partition("\n")
    try:
        return bool(rest.strip()) and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


@lru_cache(maxsize=1)
def _load(source: SourceFile, changed: int) -> dict[str, Any] | None:
    """Load a document once for all formats that look at it in turn."""
    with source.open() as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        return None
    try:
        text = decode(data)
        document = whole_json(json.loads(text), text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
