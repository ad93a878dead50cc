"""Find the entries of several lists of phrases in one pass (Aho and Corasick, 1975).

An entry is compared with folded text (small letters, no accents, no Arabic vowel marks, digits as
0); in Latin script it begins a word, in the other scripts it may stand anywhere; its end is open,
so that endings need not be listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from threading import Lock
from typing import Any, Final, Self

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from commsense.tagging.characters import Batch, fold, is_word

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Lists = tuple[tuple[str, ...], ...]

_BUILDING: Final = Lock()
_SURROGATES: Final = (0xD800, 0xE000)  # halves of characters, which no text may hold
_UNREADABLE: Final = 0xFFFD  # stands for them
_LATIN_END: Final = 0x0250  # below it, scripts that part words by spaces and have no prefixes


@dataclass(frozen=True, slots=True)
class Matches:
    """Phrases found in a batch.

    Attributes
    ----------
    lists, phrases : array of int64, shape (matches,)
        Which list's each is, and which phrase of the list.
    starts, ends : array of int64, shape (matches,)
        The folded characters that each spans; ascending by where they start.
    """

    lists: Places
    phrases: Places
    starts: Places
    ends: Places


@dataclass(frozen=True)
class Search:
    """Looks for the phrases of several sets of lists at once.

    Attributes
    ----------
    sets : tuple of tuple of tuple of str
        Each set's lists of phrases.
    stems : tuple of bool
        Of each set, whether a phrase is found where a longer one of the set begins with it, as the
        stem of a word is. Anywhere else within a longer one it is passed over: "renew" says
        nothing in "not renew".
    """

    sets: tuple[Lists, ...]
    stems: tuple[bool, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        """Tell how a copy is made: what it is searched by cannot be written down, but built."""
        return type(self), (self.sets, self.stems)

    def matches(self, batch: Batch) -> tuple[Matches, ...]:
        """Return what is found of each set; in Latin script only where a word begins."""
        needles, inside = self._needles, is_word(batch.codes)
        found = needles.automaton.find_matches_as_indexes(_text(batch.codes), overlapping=True)
        flat = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=3 * len(found))
        which, starts, ends = flat.reshape(-1, 3).T
        stands = needles.anywhere[which] | ~inside[starts - 1] | ~inside[starts]
        spans = which[stands], starts[stands], ends[stands]
        return tuple(
            entries.of(*spans, stems=stems)
            for entries, stems in zip(needles.entries, self.stems, strict=True)
        )

    @cached_property
    def _needles(self) -> _Needles:
        with _BUILDING:  # by one thread; another would build the same
            return _needles_of(self.sets)


@dataclass(frozen=True, slots=True)
class _Entries:
    """Which entries of one set each needle is.

    Attributes
    ----------
    first : array of int64, shape (needles + 1,)
        Where the entries of each needle begin.
    lists, phrases : array of int64, shape (entries,)
    """

    first: Places
    lists: Places
    phrases: Places

    @classmethod
    def by_needle(cls, which: Places, lists: Places, phrases: Places, needles: int) -> Self:
        """Sort entries by the needle that each is."""
        order = np.argsort(which, kind="stable")
        first = np.searchsorted(which[order], np.arange(needles + 1))
        return cls(first, lists[order], phrases[order])

    def of(self, which: Places, starts: Places, ends: Places, *, stems: bool) -> Matches:
        """Return the entries of needles that were found."""
        own = self.first[which + 1] > self.first[which]
        which, starts, ends = which[own], starts[own], ends[own]
        widest = _widest(starts, ends, stems=stems)
        which, starts, ends = which[widest], starts[widest], ends[widest]
        # A phrase that several lists hold is a match of each.
        copies = self.first[which + 1] - self.first[which]
        nth = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
        entries = np.repeat(self.first[which], copies) + nth
        return Matches(
            self.lists[entries],
            self.phrases[entries],
            np.repeat(starts, copies),
            np.repeat(ends, copies),
        )


@dataclass(frozen=True, slots=True)
class _Needles:
    """What is looked for: the folded phrases of all sets, each once.

    Attributes
    ----------
    automaton : ahocorasick_rs.AhoCorasick
        Gives the number of a needle, and where it begins and ends.
    anywhere : array of bool, shape (needles,)
        Whether it may stand inside a word.
    entries : tuple of _Entries
        One a set.
    """

    automaton: ahocorasick_rs.AhoCorasick
    anywhere: Flags
    entries: tuple[_Entries, ...]


@lru_cache(maxsize=2)  # a model's lists and those of what judges answers are mostly the same
def _needles_of(sets: tuple[Lists, ...]) -> _Needles:
    numbers: dict[str, int] = {}
    entries = [_numbered(lists, numbers) for lists in sets]
    # Small, and quickly built; the others are three times as large.
    compact = ahocorasick_rs.Implementation.ContiguousNFA
    automaton = ahocorasick_rs.AhoCorasick(
        list(numbers), implementation=compact, store_patterns=False
    )
    anywhere = np.array([ord(needle[0]) >= _LATIN_END for needle in numbers], dtype=bool)
    return _Needles(
        automaton, anywhere, tuple(_Entries.by_needle(*one, len(numbers)) for one in entries)
    )


def _numbered(lists: Lists, numbers: dict[str, int]) -> tuple[Places, Places, Places]:
    """Return of each phrase the number of its needle, its list and its place there.

    Needles that have no number yet are given the next ones.
    """
    sizes = np.array([len(of) for of in lists], dtype=np.int64)
    # All at once: to fold a thousand lists one by one takes twice as long.
    needles = _folded([phrase for of in lists for phrase in of])
    # What folds to nothing would be found everywhere.
    told = [numbers.setdefault(needle, len(numbers)) if needle else -1 for needle in needles]
    which = np.array(told, dtype=np.int64)
    names = np.repeat(np.arange(len(lists)), sizes)
    places = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    some = which >= 0
    return which[some], names[some], places[some]


def _widest(starts: Places, ends: Places, *, stems: bool) -> Places:
    """Return the places of the spans that lie in no other, by where they start.

    With ``stems`` a span that starts where the longer one does is kept.
    """
    order = np.lexsort((-ends, starts))
    begins, finishes = starts[order], ends[order]
    before = np.searchsorted(begins, begins) if stems else np.arange(len(order))
    reached = np.maximum.accumulate(finishes)
    lies_within = (before > 0) & (finishes <= reached[np.maximum(before - 1, 0)])
    widest: Places = order[~lies_within]
    return widest


def _text(codes: npt.NDArray[Any]) -> str:
    """Return code points as text."""
    first, after = _SURROGATES
    readable = np.where((codes >= first) & (codes < after), _UNREADABLE, codes)
    return readable.astype("<u4").tobytes().decode("utf-32-le")


def _folded(phrases: Sequence[str]) -> list[str]:
    """Fold phrases as texts are; a space at an end is kept, for there a word must end."""
    batch = fold(phrases)
    text = _text(batch.codes)
    ends = np.searchsorted(batch.document, np.arange(len(phrases)), side="right").tolist()
    folded = [text[start:end].strip() for start, end in pairwise([0, *ends])]
    return [
        f"{needle} " if needle and phrase.endswith(" ") else needle
        for phrase, needle in zip(phrases, folded, strict=True)
    ]
