"""Recognise the lines between new words and what is quoted or forwarded below."""

from __future__ import annotations

import re

from commsense.ingest.zones.folding import fold, lower
from commsense.ingest.zones.patterns import Vocabulary, pooled

_MARKS = "-_=*~—–─ >"
_MAX_LENGTH = 120
_MAX_HEADING = 60
_HEADING_MARKS = 4  # at each end of a heading in a language that no table has
_ANSWER_EDGES = _MARKS + "#"
_TITLE_MARKS = _MARKS + ".:：[]【】"
_MAX_NOTES, _MAX_STAMP = 200, 40
_CLOCK = re.compile(r"\d:\d\d")
_RULE = re.compile(r"[-_=*~—–─\s]{5,}\Z")
_RULED = frozenset(phrase.strip(" .:") for phrase in pooled("separators", "ruled"))
_BARE = frozenset(pooled("separators", "bare"))
_ANSWER_MARK = "##-"  # opens Zendesk's line, whatever the language
_ANSWER_LINES = tuple(pooled("separators", "above"))
_ANSWER_HINTS = Vocabulary(pooled("separators", "hints"))
_INLINE = Vocabulary(pooled("separators", "inline"))


def is_rule(line: str) -> bool:
    """Tell whether a line is a drawn line: dashes, underscores, equals signs."""
    return _RULE.match(line) is not None


def is_heading(line: str) -> bool:
    """Tell whether a stripped line is short words between dashes, in whatever language."""
    inner = line.strip(_MARKS)
    if not 0 < len(inner) <= _MAX_HEADING:
        return False
    ends = line[:_HEADING_MARKS] + line[-_HEADING_MARKS:]
    return len(ends) == 2 * _HEADING_MARKS and not ends.strip(_MARKS)


def is_title(line: str) -> bool:
    """Tell whether a stripped line names the original or forwarded message, dashes or not."""
    return len(line) <= _MAX_HEADING and fold(line).strip(_TITLE_MARKS) in _RULED


def may_hold_answer_line(text: str) -> bool:
    """Tell at little cost whether a visible text may hold an answer line."""
    # "ABOVE THIS LINE" is written in English alone.
    return _ANSWER_MARK in text or _ANSWER_HINTS.any_in(text.lower() if text.isascii() else text)


def is_answer_line(line: str) -> bool:
    """Tell whether a stripped line is a helpdesk's "Please type your reply above this line"."""
    if len(line) > _MAX_LENGTH:
        return False
    if line.startswith(_ANSWER_MARK) and line.endswith(_ANSWER_MARK[::-1]):
        return True
    return fold(line.strip(_ANSWER_EDGES)).startswith(_ANSWER_LINES)


def announces_answers(text: str) -> bool:
    """Tell whether new words say that answers stand between the quotations further down."""
    return _INLINE.any_in(lower(text))


def is_separator(line: str) -> bool:
    """Tell whether a stripped line announces an original or forwarded message."""
    if _is_of_notes(line):
        return True
    if len(line) > _MAX_LENGTH:
        return False
    inner = line.strip(_MARKS)
    if not inner:
        return False
    if line[-1] in ":：":
        return fold(inner.rstrip(" :：")) in _BARE or _is_ruled(line.rstrip(" :："), inner)
    return _is_ruled(line, inner)


def _is_of_notes(line: str) -> bool:
    """Judge HCL Notes' "Nora Field ---3.4.2023 10:11:12---Hello Ben, here is the"."""
    author, _, rest = line[:_MAX_NOTES].partition("---")
    stamp, closed, _ = rest.partition("---")
    dated = stamp[:1].isdigit() and len(stamp) <= _MAX_STAMP
    return bool(author and closed) and dated and _CLOCK.search(stamp) is not None


def _is_ruled(line: str, inner: str) -> bool:
    ruled = line[:2].strip(_MARKS) == "" and line[-2:].strip(_MARKS) == ""
    return ruled and len(line) > len(inner) + 3 and fold(inner).strip(" .:：") in _RULED
