"""Recognise the lines between new words and what is quoted or forwarded below."""

from __future__ import annotations

import re

from commsense.ingest.zones.folding import fold
from commsense.ingest.zones.patterns import pooled

_MARKS = "-_=*~—–─ >"
_MAX_LENGTH = 120
_MAX_HEADING = 60
_HEADING_MARKS = 4  # at each end of a heading in a language that no table has
_RULE = re.compile(r"[-_=*~—–─\s]{5,}\Z")
_RULED = frozenset(phrase.strip(" .:") for phrase in pooled("separators", "ruled"))
_BARE = frozenset(pooled("separators", "bare"))


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


def is_separator(line: str) -> bool:
    """Tell whether a stripped line announces an original or forwarded message."""
    if len(line) > _MAX_LENGTH:
        return False
    inner = line.strip(_MARKS)
    if not inner:
        return False
    if line[-1] in ":：":
        return fold(inner.rstrip(" :：")) in _BARE or _is_ruled(line.rstrip(" :："), inner)
    return _is_ruled(line, inner)


def _is_ruled(line: str, inner: str) -> bool:
    ruled = line[:2].strip(_MARKS) == "" and line[-2:].strip(_MARKS) == ""
    return ruled and len(line) > len(inner) + 3 and fold(inner).strip(" .:：") in _RULED
