"""Lists of phrases and words, counted in texts.

There are two sorts, both data, a file a language. ``phrases/`` has a list a label: phrases that are
signs of it. ``concepts/`` has a list a meaning: the words of every language for "late", "refund",
"not". They decide nothing by themselves: what a list is worth is learnt, and since one list holds
entries of every language, what is learnt in one helps in the others. An entry is compared with
folded text (small letters, no accents, no Arabic vowel marks, digits as 0); in Latin script it
begins a word, in the other scripts it may stand anywhere; its end is open, so that endings need not
be listed. All entries are looked for in one pass (Aho and Corasick, 1975).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final, Self

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from commsense.tagging.characters import Batch, fold, is_word

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

_MOST: Final = 3  # different phrases of a list in one text; more say no more
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
        The folded characters that each spans.
    """

    lists: Places
    phrases: Places
    starts: Places
    ends: Places


@dataclass(frozen=True, slots=True)
class _Needles:
    """What is looked for: folded phrases, and the lists that hold each of them.

    Attributes
    ----------
    automaton : ahocorasick_rs.AhoCorasick
        Gives the number of a needle, and where it begins and ends.
    anywhere : array of bool, shape (needles,)
        Whether it may stand inside a word.
    first : array of int64, shape (needles + 1,)
        Where the entries of each needle begin.
    lists, phrases : array of int64, shape (entries,)
    """

    automaton: ahocorasick_rs.AhoCorasick
    anywhere: Flags
    first: Places
    lists: Places
    phrases: Places

    @classmethod
    def of(cls, lists: Iterable[Sequence[str]]) -> Self:
        entries: dict[str, list[tuple[int, int]]] = {}
        for name, phrases in enumerate(lists):
            for number, needle in enumerate(_folded(phrases)):
                if needle:  # what folds to nothing would be found everywhere
                    entries.setdefault(needle, []).append((name, number))
        # Small, and quickly built; the others are three times as large.
        compact = ahocorasick_rs.Implementation.ContiguousNFA
        automaton = ahocorasick_rs.AhoCorasick(
            list(entries), implementation=compact, store_patterns=False
        )
        holders = np.array([one for found in entries.values() for one in found], dtype=np.int64)
        return cls(
            automaton,
            np.array([ord(needle[0]) >= _LATIN_END for needle in entries], dtype=bool),
            np.cumsum([0, *map(len, entries.values())]),
            *holders.T,
        )


@dataclass(frozen=True)
class Lexicon:
    """Named lists of phrases.

    Attributes
    ----------
    lists : mapping of str to sequence of str
        The phrases of each list, in all languages together.
    stems : bool
        Whether a phrase is found where a longer one begins with it, as the stem of a word is; else
        it is passed over, as it is anywhere else within a longer one.
    """

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stems: bool = False

    def counts(self, texts: Sequence[str]) -> Floats:
        """Return how many phrases of each list a text holds, shape (texts, lists).

        Each phrase counts once, and at most three of a list count.
        """
        batch = fold(texts)
        return self.counted(batch, self.matches(batch))

    def counted(self, batch: Batch, found: Matches) -> Floats:
        """Return the counts of the phrases found in a batch, see :meth:`counts`."""
        counts = np.zeros((batch.documents, len(self.lists)), dtype=np.float32)
        once = np.unique(
            np.stack([batch.document[found.starts], found.lists, found.phrases]), axis=1
        )
        np.add.at(counts, (once[0], once[1]), 1)
        return np.minimum(counts, _MOST)

    def present(self, batch: Batch, found: Matches) -> Floats:
        """Return 1 for the lists of which a text holds anything, 0 for others; (texts, lists)."""
        held = np.zeros((batch.documents, len(self.lists)), dtype=np.float32)
        held[batch.document[found.starts], found.lists] = 1
        return held

    def matches(self, batch: Batch) -> Matches:
        """Return the phrases found; in Latin script only where a word begins.

        A phrase within a longer one is passed over: "renew" says nothing in "not renew"; but for
        one that stands at its beginning, where ``stems`` are wanted.
        """
        if not any(self.lists.values()):
            none = np.zeros(0, dtype=np.int64)
            return Matches(none, none, none, none)
        needles, inside = self._needles, is_word(batch.codes)
        found = needles.automaton.find_matches_as_indexes(_text(batch.codes), overlapping=True)
        which, starts, ends = np.array(found, dtype=np.int64).reshape(-1, 3).T
        stands = needles.anywhere[which] | ~inside[starts - 1] | ~inside[starts]
        ends, which, starts = ends[stands], which[stands], starts[stands]
        widest = _widest(starts, ends, stems=self.stems)
        ends, which, starts = ends[widest], which[widest], starts[widest]
        # A phrase that several lists hold is a match of each.
        copies = needles.first[which + 1] - needles.first[which]
        nth = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
        entries = np.repeat(needles.first[which], copies) + nth
        return Matches(
            needles.lists[entries],
            needles.phrases[entries],
            np.repeat(starts, copies),
            np.repeat(ends, copies),
        )

    @cached_property
    def _needles(self) -> _Needles:
        return _Needles.of(self.lists.values())


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """Return the lists of phrases, one a label, that come with commsense."""
    return Lexicon(_shipped("phrases"))


@lru_cache(maxsize=1)
def shipped_concepts() -> Lexicon:
    """Return the lists of words, one a meaning, that come with commsense."""
    return Lexicon(_shipped("concepts"), stems=True)


def _shipped(folder: str) -> dict[str, tuple[str, ...]]:
    lists: dict[str, dict[str, None]] = {}
    files_of = files("commsense.tagging").joinpath(folder).iterdir()
    for path in sorted(files_of, key=lambda path: path.name):
        for name, phrases in tomllib.loads(path.read_text(encoding="utf-8")).items():
            lists.setdefault(name, {}).update(dict.fromkeys(phrases))
    return {name: tuple(lists[name]) for name in sorted(lists)}


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
        f"{needle} " if phrase.endswith(" ") else needle
        for phrase, needle in zip(phrases, folded, strict=True)
    ]
