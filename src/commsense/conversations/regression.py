"""Logistic regressions over named features and the n-grams of some texts.

What conversations are judged by beyond rules: each subject has a module that says what is observed
(:mod:`commsense.conversations.answer_model`, :mod:`commsense.conversations.debate_model`) and
:mod:`commsense.training.conversations` fits it on threads of which the truth is known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Self, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit

from commsense.tagging.characters import fold
from commsense.tagging.lexicon import search_of, shipped_concepts, shipped_lexicon
from commsense.tagging.ngrams import Hashed, presence
from commsense.tagging.search import Search

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_BITS: Final = 15
_CHARS, _WORDS = (2, 3, 4), (1, 2)
_AT_ONCE: Final = 256  # rows; the concepts of their texts are a matrix

Row = TypeVar("Row")


@dataclass(frozen=True)
class Observed:
    """What is seen of some questions or threads.

    Attributes
    ----------
    named : array of float32, shape (rows, named features)
    grams : sparse matrix, shape (rows, texts * buckets)
        One for each n-gram of the first text, then of the next.
    """

    named: Floats
    grams: sparse.csr_matrix

    def weighted(self, rarity: Floats) -> sparse.csr_matrix:
        """Return the n-grams by their rarity, each text's as a vector of length one."""
        parts = [
            _unit((part @ sparse.diags(rare)).tocsr()) for part, rare in _parts(self.grams, rarity)
        ]
        stacked: sparse.csr_matrix = sparse.hstack(parts, format="csr")
        return stacked


@dataclass(frozen=True)
class Regression:
    """How likely something is true of what is observed.

    Attributes
    ----------
    names : tuple of str
        The named features.
    named_weights : array of float32, shape (named features,)
    gram_weights, rarity : array of float32, shape (texts * buckets,)
    intercept : float
    bar : float
        The probability from which on it counts as true.
    """

    names: tuple[str, ...]
    named_weights: Floats
    gram_weights: Floats
    rarity: Floats
    intercept: float
    bar: float

    def probabilities(self, seen: Observed) -> Floats:
        """Return the probability of each row, shape (rows,)."""
        odds = seen.named @ self.named_weights + seen.weighted(self.rarity) @ self.gram_weights
        likely: Floats = expit(odds + self.intercept).astype(np.float32)
        return likely

    def holds(self, seen: Observed) -> Flags:
        """Tell of each row whether it counts as true, shape (rows,)."""
        found: Flags = self.probabilities(seen) >= self.bar
        return found

    def save(self, path: Path) -> None:
        """Write the model, its weights as halves."""
        np.savez_compressed(
            path,
            names=np.frombuffer(json.dumps(self.names).encode(), dtype=np.uint8),
            named_weights=self.named_weights.astype(np.float16),
            gram_weights=self.gram_weights.astype(np.float16),
            rarity=self.rarity.astype(np.float16),
            intercept=np.float32(self.intercept),
            bar=np.float32(self.bar),
        )

    @classmethod
    def load(cls, path: Path, names: Sequence[str]) -> Self:
        """Read a model.

        Parameters
        ----------
        path : Path
        names : sequence of str
            The named features of today, in their order; those that the model does not know weigh
            nothing.
        """
        with np.load(path, allow_pickle=False) as stored:
            told = json.loads(stored["names"].tobytes())
            known = dict(zip(told, stored["named_weights"].tolist(), strict=True))
            return cls(
                tuple(names),
                np.array([known.get(name, 0.0) for name in names], dtype=np.float32),
                stored["gram_weights"].astype(np.float32),
                stored["rarity"].astype(np.float32),
                float(stored["intercept"]),
                float(stored["bar"]),
            )


def in_parts(
    model: Regression, rows: Sequence[Row], observe: Callable[[Sequence[Row]], Observed]
) -> Floats:
    """Return the probability of each row, however many there are, shape (rows,)."""
    parts = [
        model.probabilities(observe(rows[first : first + _AT_ONCE]))
        for first in range(0, len(rows), _AT_ONCE)
    ]
    return np.concatenate([np.zeros(0, dtype=np.float32), *parts])


def concepts_of(texts: Sequence[str]) -> Floats:
    """Return which of the tagger's concepts texts speak of, shape (texts, concepts)."""
    batch = fold(texts)
    _, found = _search().matches(batch)
    return shipped_concepts().present(batch, found)


@cache
def _search() -> Search:
    # Phrases are no sign here; but what looks for both is in memory once, for the tagger as well.
    return search_of(shipped_lexicon(), shipped_concepts())


def grams_of(*texts: Sequence[str]) -> sparse.csr_matrix:
    """Return which n-grams each row's texts hold, a block of columns a text."""
    blocks: sparse.csr_matrix = sparse.hstack([_grams(some) for some in texts], format="csr")
    return blocks


def _grams(texts: Sequence[str]) -> sparse.csr_matrix:
    held = presence(Hashed(fold(texts)), _CHARS, _WORDS, _BITS)
    ones = np.ones(len(held.buckets), dtype=np.float32)
    places = held.documents, held.buckets
    return sparse.csr_matrix((ones, places), shape=(held.texts, 1 << _BITS))


def _parts(grams: sparse.csr_matrix, rarity: Floats) -> Iterator[tuple[sparse.csr_matrix, Floats]]:
    """Yield the n-grams of each text that is read, and their rarity."""
    width = 1 << _BITS
    for first in range(0, grams.shape[1], width):
        yield grams[:, first : first + width], rarity[first : first + width]


def _unit(vectors: sparse.csr_matrix) -> sparse.csr_matrix:
    """Divide each row by its length; empty ones stay so."""
    lengths = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    scaled: sparse.csr_matrix = (
        sparse.diags(1 / np.maximum(lengths, np.finfo(float).tiny)) @ vectors
    )
    return scaled
