"""Recognise the warnings that mail servers set above a body: "External email", say."""

from __future__ import annotations

from collections.abc import Sequence

from commsense.ingest.zones.folding import lower
from commsense.ingest.zones.model import Zone
from commsense.ingest.zones.patterns import Vocabulary, lowered, table

_MIN_LINE, _MAX_LINE = 4, 300
_MAX_LINES = 5  # of banners, one below the other or wrapped
_MIN_WRAPPED = 50  # a line that was wrapped is at least as long
_ENDS = ".!>)]。"
_EDGES = " *_-—>#:.!"

_TABLE = table("signatures")["banners"]
_STARTS = lowered(_TABLE["starts"])
_PHRASES = Vocabulary(_TABLE["phrases"])
_TAGS = lowered(_TABLE["tags"])
_TERMS = Vocabulary(_TABLE["terms"])


def mark_banners(bare: Sequence[str], zones: list[Zone]) -> None:
    """Assign the warnings of mail servers above the first new words to the signature.

    Parameters
    ----------
    bare : sequence of str
        Lines, visible and stripped.
    zones : list of Zone
        Where each line belongs; changed in place.
    """
    marked = 0
    wrapped = False
    for index, line in enumerate(bare):
        if not line:
            wrapped = False
            continue
        if zones[index] != Zone.TEXT or marked == _MAX_LINES:
            return
        if not (wrapped and line[0].islower()) and not is_banner(line):
            return
        zones[index] = Zone.SIGNATURE
        marked += 1
        wrapped = len(line) >= _MIN_WRAPPED and line[-1] not in _ENDS


def is_banner(line: str) -> bool:
    """Tell whether a stripped line is a mail server's warning about the sender."""
    if not _MIN_LINE <= len(line) <= _MAX_LINE:
        return False
    low = lower(line).lstrip(_EDGES)
    if low.startswith(_STARTS) or _PHRASES.any_in(low):
        return True
    return low.startswith(_TAGS) and (low.rstrip(_EDGES) in _TAGS or _TERMS.any_in(low))
