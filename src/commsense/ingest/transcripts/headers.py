"""What stands above the first turn: title, date, participants."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from commsense.ingest.transcripts.dates import Start, find_start, without_date
from commsense.ingest.transcripts.words import folded, header_kind, words

_KEY = re.compile(r"\s*([^:：\n]{1,30}?)\s*[:：]\s*(.*)")
_LIST = re.compile(r"[;,،、]\s*|\s{3,}|\t")
_MAX_TITLE = 200
_MAX_PARTICIPANTS = 200
_DASH = re.compile(r"\s*\\?[-–—]\s*")  # Markdown escapes it


@dataclass(slots=True)
class Header:
    """What the lines above the first turn tell."""

    title: str = ""
    start: Start | None = None
    participants: list[str] = field(default_factory=list)


def key_of(line: str) -> tuple[str, str]:
    """Return what a ``"Key: value"`` line announces and the value; ("", "") for other lines."""
    found = _KEY.match(line)
    kind = header_kind(found[1]) if found else ""
    return (kind, found[2].strip()) if found and kind else ("", "")


def is_transcript_title(line: str) -> bool:
    """Tell whether a line says that a transcript follows."""
    return _announced(line) is not None


def _announced(line: str) -> str | None:
    """Return the title of a line that announces a transcript, None for any other line."""
    dashes = list(_DASH.finditer(line[-_MAX_TITLE:]))
    *_, last = _DASH.split(line[-_MAX_TITLE:])
    if folded(last.lstrip("# ")) not in words("titles", "transcript"):
        return None
    return line[: len(line) - len(line[-_MAX_TITLE:]) + dashes[-1].start()] if dashes else ""


def read_header(lines: Iterable[str], *, titled: bool) -> Header:
    """Read header lines.

    Parameters
    ----------
    lines : iterable of str
        Lines above the first turn.
    titled : bool
        Whether the first line without a key is the title.
    """
    header = Header()
    listing = False  # the names of participants stand one a line
    for line in lines:
        kind, value = key_of(line)
        bare = line.strip()
        if kind:
            _take(header, kind, value)
        if kind or header_kind(bare):
            listing = "participants" in (kind, header_kind(bare)) and not value
        elif listing and bare and not is_transcript_title(bare):
            _take(header, "participants", bare)
        elif bare:
            listing = False
            if titled:
                _take_line(header, bare)
    return header


def _take(header: Header, kind: str, value: str) -> None:
    if kind == "date":
        header.start = header.start or find_start(value)
    elif kind == "title":
        header.title = header.title or value[:_MAX_TITLE]
    elif kind == "participants":
        names = [name.strip() for name in _LIST.split(value) if name.strip()]
        header.participants = (header.participants + names)[:_MAX_PARTICIPANTS]


def _take_line(header: Header, line: str) -> None:
    """Take a line without a key: the first one is the title, any may hold the date."""
    header.start = header.start or find_start(line)
    announced = _announced(line)
    title = (line if announced is None else announced).lstrip("# ").strip().replace("\\", "")
    says = any(map(str.isalpha, without_date(title)))
    if title and says and (announced or not header.title):
        header.title = title[:_MAX_TITLE]
