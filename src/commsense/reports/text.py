"""Make hostile text fit to be shown: harmless characters, bounded quotes, marked words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

QUOTE_LENGTH = 420
"""Characters of a quoted message that are shown: some four to six lines, enough to judge."""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_WORD_SEARCH = 24  # characters searched for a gap between words; longer words are cut
_MARK_SEARCH = 8  # combining marks kept with their letter; more is a prank
_SPACE = re.compile(r"\s+")

_KEPT_CONTROLS = {0x09, 0x0A}
_SHOWN: dict[int, str | None] = {
    code: _REPLACEMENT
    for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))
    if code not in _KEPT_CONTROLS
}
_SHOWN |= {0x0D: "\n", 0x2028: "\n", 0x2029: "\n"}
# Embeddings, overrides and isolates can make a sentence read otherwise than it was written.
_SHOWN |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of a message; ``marked`` are the deciding words, empty where none are known."""

    before: str
    marked: str
    after: str

    @property
    def text(self) -> str:
        """The whole piece, without the marking."""
        return self.before + self.marked + self.after


def clean(text: str) -> str:
    """Return a text without characters that steer a terminal or turn the reading direction.

    Control characters and lone surrogates become U+FFFD, bidirectional overrides are dropped.
    """
    return text.translate(_SHOWN)


def one_line(text: str) -> str:
    """Return a clean text on one line, runs of white space as one space."""
    return _SPACE.sub(" ", clean(text)).strip()


def shorten(text: str, limit: int) -> str:
    """Return a clean text on one line, cut between words where it is longer than the limit."""
    return quote(text, 0, 0, limit).text


def quote(text: str, start: int, end: int, limit: int = QUOTE_LENGTH) -> Quote:
    """Cut the part of a text around its deciding words.

    Parameters
    ----------
    text : str
        The whole message.
    start, end : int
        Character offsets of the deciding words; an impossible span marks nothing.
    limit : int
        Characters to show, the ellipses not counted.

    Returns
    -------
    Quote
        On one line, with an ellipsis where something was left out.
    """
    if not 0 <= start < end <= len(text):
        start = end = 0
    shown_end = min(end, start + limit)
    left, right = _window(len(text), start, shown_end, limit)
    left, right = _snap_left(text, left, start), _snap_right(text, right, shown_end)
    before = (_ELLIPSIS if left > 0 else "") + _flat(text[left:start]).lstrip()
    marked = _flat(text[start:shown_end]) + (_ELLIPSIS if shown_end < end else "")
    after = _flat(text[shown_end:right]).rstrip() + (_ELLIPSIS if right < len(text) else "")
    if shown_end < end:
        after = ""
    return Quote(before if start else "", marked, after if marked else after.lstrip())


def _window(length: int, start: int, end: int, limit: int) -> tuple[int, int]:
    """Spread the room that the deciding words leave over both sides."""
    room = max(limit - (end - start), 0)
    left = max(start - room // 2, 0)
    right = min(end + room - (start - left), length)
    return max(min(left, right - limit), 0), right


def _snap_left(text: str, left: int, start: int) -> int:
    if left == 0:
        return 0
    gap = _SPACE.search(text, left - 1, min(left + _WORD_SEARCH, start))
    if gap:
        return gap.end()
    stop = min(left + _MARK_SEARCH, start)
    while left < stop and unicodedata.category(text[left]).startswith("M"):
        left += 1
    return left


def _snap_right(text: str, right: int, end: int) -> int:
    if right == len(text):
        return right
    lowest = max(right - _WORD_SEARCH, end)
    for place in range(right, lowest, -1):
        if text[place].isspace():
            return place
    stop = min(right + _MARK_SEARCH, len(text))
    while right < stop and unicodedata.category(text[right]).startswith("M"):
        right += 1
    return right


def _flat(piece: str) -> str:
    return _SPACE.sub(" ", clean(piece))
