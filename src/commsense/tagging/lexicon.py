"""Lists of phrases that are signs of a label, counted in texts.

The lists are data, a file a language (``phrases/``). They decide nothing by themselves: what a list
is worth is learnt, and since one list holds phrases of every language, what is learnt in one helps
in the others. A phrase is compared with folded text (small letters, no accents, no Arabic vowel
marks, digits as 0); in Latin script it begins a word, in the other scripts it may stand anywhere;
its end is open, so that endings need not be listed. All phrases are looked for in one pass (Aho and
Corasick, 1975).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final, Self

import ahocorasick
import numpy as np
import numpy.typing as npt

from commsense.tagging.characters import Batch, fold, is_word

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

_MOST: Final = 3  # different phrases of a list in one text; more say no more
_HALVES: Final = 2
_LARGEST: Final = 0xFFFD  # stands for all rarer characters, which no phrase has
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
    automaton : ahocorasick.Automaton
        Gives the number of a needle.
    lengths : array of int64, shape (needles,)
    anywhere : array of bool, shape (needles,)
        Whether it may stand inside a word.
    first : array of int64, shape (needles + 1,)
        Where the entries of each needle begin.
    lists, phrases : array of int64, shape (entries,)
    """

    automaton: ahocorasick.Automaton
    lengths: Places
    anywhere: Flags
    first: Places
    lists: Places
    phrases: Places

    @classmethod
    def of(cls, lists: Iterable[Sequence[str]]) -> Self:
        entries: dict[str, list[tuple[int, int]]] = {}
        for name, phrases in enumerate(lists):
            for number, needle in enumerate(_folded(phrases)):
                entries.setdefault(needle, []).append((name, number))
        automaton = ahocorasick.Automaton()
        for place, needle in enumerate(entries):
            codes = np.frombuffer(needle.encode("utf-32-le"), dtype="<u4")
            automaton.add_word(_halves(codes), place)
        automaton.make_automaton()
        holders = np.array([one for found in entries.values() for one in found], dtype=np.int64)
        return cls(
            automaton,
            np.array([len(needle) for needle in entries], dtype=np.int64),
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
    """

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)

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

    def matches(self, batch: Batch) -> Matches:
        """Return the phrases found; in Latin script only where a word begins.

        A phrase within a longer one is passed over: "renew" says nothing in "not renew".
        """
        if not any(self.lists.values()):
            none = np.zeros(0, dtype=np.int64)
            return Matches(none, none, none, none)
        needles, inside = self._needles, is_word(batch.codes)
        found = needles.automaton.iter(_halves(batch.codes))
        last, which = np.array(list(found), dtype=np.int64).reshape(-1, 2).T
        whole = last % _HALVES == 1  # others begin in the middle of a character
        ends, which = last[whole] // _HALVES + 1, which[whole]
        starts = ends - needles.lengths[which]
        stands = needles.anywhere[which] | ~inside[starts - 1] | ~inside[starts]
        ends, which, starts = ends[stands], which[stands], starts[stands]
        widest = _widest(starts, ends)
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
    """Return the lists that come with commsense."""
    lists: dict[str, dict[str, None]] = {}
    folder = files("commsense.tagging").joinpath("phrases")
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        for name, phrases in tomllib.loads(path.read_text(encoding="utf-8")).items():
            lists.setdefault(name, {}).update(dict.fromkeys(phrases))
    return Lexicon({name: tuple(lists[name]) for name in sorted(lists)})


def _widest(starts: Places, ends: Places) -> Places:
    """Return the places of the spans that lie in no other, by where they start."""
    order = np.lexsort((-ends, starts))
    reached = np.maximum.accumulate(ends[order])
    lies_within = np.zeros(len(order), dtype=bool)
    lies_within[1:] = ends[order][1:] <= reached[:-1]
    widest: Places = order[~lies_within]
    return widest


def _halves(codes: npt.NDArray[Any]) -> str:
    """Return code points as two characters below 256 each.

    The automaton looks through a state's characters one by one; of whole ones, Chinese and Korean
    among them, its first state would have thousands.
    """
    halves: bytes = np.minimum(codes, _LARGEST).astype(">u2").tobytes()
    return halves.decode("latin-1")


def _folded(phrases: Sequence[str]) -> list[str]:
    """Fold phrases as texts are; a space at an end is kept, for there a word must end."""
    batch = fold(phrases)
    text = batch.codes.astype("<u4").tobytes().decode("utf-32-le")
    ends = np.searchsorted(batch.document, np.arange(len(phrases)), side="right").tolist()
    folded = [text[start:end].strip() for start, end in pairwise([0, *ends])]
    return [
        f"{needle} " if phrase.endswith(" ") else needle
        for phrase, needle in zip(phrases, folded, strict=True)
    ]
