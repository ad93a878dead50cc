"""Lists of phrases and words, counted in texts.

There are two sorts, both data, a file a language. ``phrases/`` has a list a label: phrases that are
signs of it. ``concepts/`` has a list a meaning: the words of every language for "late", "refund",
"not". They decide nothing by themselves: what a list is worth is learnt, and since one list holds
entries of every language, what is learnt in one helps in the others. How entries are compared with
texts is told in :mod:`commsense.tagging.search`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from commsense.tagging.characters import Batch, fold
from commsense.tagging.search import Matches, Search

Floats = npt.NDArray[np.float32]

_MOST: Final = 3  # different phrases of a list in one text; more say no more


@dataclass(frozen=True)
class Lexicon:
    """Named lists of phrases.

    Attributes
    ----------
    lists : mapping of str to sequence of str
        The phrases of each list, in all languages together.
    stems : bool
        Whether a phrase is found where a longer one begins with it, as the stem of a word is.
    """

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stems: bool = False

    def counts(self, texts: Sequence[str]) -> Floats:
        """Return how many phrases of each list a text holds, shape (texts, lists).

        Each phrase counts once, and at most three of a list count.
        """
        batch = fold(texts)
        (found,) = search_of(self).matches(batch)
        return self.counted(batch, found)

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


def search_of(*lexicons: Lexicon) -> Search:
    """Return what looks for the phrases of several lexicons at once."""
    return Search(
        tuple(tuple(map(tuple, one.lists.values())) for one in lexicons),
        tuple(one.stems for one in lexicons),
    )


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
