"""Find what is personal in a text: addresses, numbers, names.

Names are found by three kinds of signs: people that the export itself names (:class:`People`),
words beside which names stand (titles, greetings, closings), and lists of common given names, all
of them data in ``personal.toml``. Where a word may be a name or not, only the signs decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from commsense.privacy.names import People, find_names
from commsense.privacy.numbers import find_numbers
from commsense.privacy.unspaced import find_korean_names, find_thai_names

Kind = Literal["name", "address", "phone", "account"]

_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")


@dataclass(frozen=True, slots=True)
class Personal:
    """A piece of a text that tells of a person: half-open range of characters, and its kind."""

    start: int
    end: int
    kind: Kind


def find_personal(text: str, people: People) -> list[Personal]:
    """Find personal data in a text.

    Parameters
    ----------
    text : str
    people : People
        Who takes part, in this message and in the whole export.

    Returns
    -------
    list of Personal
        In the text's order, none overlapping.
    """
    found = [Personal(*match.span(), "address") for match in _ADDRESS.finditer(text)]
    found += [Personal(*number) for number in find_numbers(text)]
    found += [Personal(start, end, "name") for start, end in _names(text, people)]
    return _without_overlaps(found)


def _names(text: str, people: People) -> Iterator[tuple[int, int]]:
    yield from find_names(text, people)
    yield from people.glued(text)
    yield from find_korean_names(text)
    yield from find_thai_names(text)


def _without_overlaps(found: Iterable[Personal]) -> list[Personal]:
    kept: list[Personal] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def pieces(text: str, found: Iterable[Personal]) -> Iterator[tuple[str, Kind | None]]:
    """Yield the text cut at its personal pieces: each part, and its kind or None."""
    cuts = [0, *(edge for one in found for edge in (one.start, one.end)), len(text)]
    kinds = {one.start: one.kind for one in found}
    for start, end in pairwise(cuts):
        if start < end:
            yield text[start:end], kinds.get(start)
