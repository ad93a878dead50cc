"""Tell how likely a question is not answered in its thread.

A logistic regression over the signs of :mod:`commsense.conversations.signs`, over what question
and replies speak of (the concepts of the tagger) and over the n-grams of what is said next.
:mod:`commsense.training.answers` fits it on threads whose open questions are known. It has read
five languages; in others it goes by signs and concepts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit

from commsense.conversations.signs import SIGNS, Asked, signs
from commsense.tagging.characters import fold
from commsense.tagging.lexicon import search_of, shipped_concepts, shipped_lexicon
from commsense.tagging.ngrams import Hashed, presence
from commsense.tagging.search import Search

Floats = npt.NDArray[np.float32]

MODEL_FILE: Final = "answers.npz"
_BITS = 15
_CHARS, _WORDS = (2, 3, 4), (1, 2)
_TEXTS: Final = 2  # whose n-grams are read: what is said next, and the sentence that is nearest
_REPLY_CHARACTERS = 1_500
_SENTENCES_READ = 40  # of the replies to one question
_AT_ONCE = 256  # questions; the concepts of their sentences are a matrix
_NEARNESS = ("nearest", "is_near", "question_has_concepts")


@dataclass(frozen=True)
class Observed:
    """What is seen of some questions.

    Attributes
    ----------
    named : array of float32, shape (questions, named features)
        In the order of :func:`named_features`.
    grams : sparse matrix, shape (questions, buckets)
        One for each n-gram of what is said next, then of the sentence nearest to the question.
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
class AnswerModel:
    """How likely a question stays open.

    Attributes
    ----------
    named_weights : array of float32, shape (named features,)
    gram_weights, rarity : array of float32, shape (buckets,)
    intercept : float
    bar : float
        The probability from which on a question counts as open.
    """

    named_weights: Floats
    gram_weights: Floats
    rarity: Floats
    intercept: float
    bar: float

    def probabilities(self, asked: Sequence[Asked]) -> Floats:
        """Return the probability that each question stays open, shape (questions,)."""
        parts = [
            self._probabilities(asked[first : first + _AT_ONCE])
            for first in range(0, len(asked), _AT_ONCE)
        ]
        return np.concatenate([np.zeros(0, dtype=np.float32), *parts], dtype=np.float32)

    def _probabilities(self, asked: Sequence[Asked]) -> Floats:
        seen = observe(asked)
        odds = seen.named @ self.named_weights + seen.weighted(self.rarity) @ self.gram_weights
        likely: Floats = expit(odds + self.intercept)
        return likely

    def save(self, path: Path) -> None:
        """Write the model, its weights as halves."""
        np.savez_compressed(
            path,
            names=np.frombuffer(json.dumps(named_features()).encode(), dtype=np.uint8),
            named_weights=self.named_weights.astype(np.float16),
            gram_weights=self.gram_weights.astype(np.float16),
            rarity=self.rarity.astype(np.float16),
            intercept=np.float32(self.intercept),
            bar=np.float32(self.bar),
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a model; signs and concepts that it does not know weigh nothing."""
        with np.load(path, allow_pickle=False) as stored:
            names = json.loads(stored["names"].tobytes())
            known = dict(zip(names, stored["named_weights"].tolist(), strict=True))
            return cls(
                np.array([known.get(name, 0.0) for name in named_features()], dtype=np.float32),
                stored["gram_weights"].astype(np.float32),
                stored["rarity"].astype(np.float32),
                float(stored["intercept"]),
                float(stored["bar"]),
            )


@lru_cache(maxsize=1)
def shipped_answer_model() -> AnswerModel:
    """Return the model that comes with commsense."""
    return AnswerModel.load(Path(str(files("commsense.conversations").joinpath(MODEL_FILE))))


def named_features() -> list[str]:
    """Return the names of the features beside the n-grams: signs, then concepts."""
    concepts = list(shipped_concepts().lists)
    return [
        *SIGNS,
        *_NEARNESS,
        *(f"replies speak of {name}" for name in concepts),
        *(f"question speaks of {name}" for name in concepts),
    ]


def observe(asked: Sequence[Asked]) -> Observed:
    """Return what some questions are judged by."""
    sentences = [one.sentences[:_SENTENCES_READ] for one in asked]
    of_questions = _concepts([one.question.text for one in asked])
    of_sentences = _concepts([sentence for some in sentences for sentence in some])
    held = np.split(of_sentences, np.cumsum([len(some) for some in sentences])[:-1])
    near = [_nearness(own, said) for own, said in zip(of_questions, held, strict=True)]
    nearest = [
        some[int(np.argmax(close))] if some else ""
        for some, close in zip(sentences, near, strict=True)
    ]
    read = [
        [*signs(one).values(), close.max(initial=0), close.any(), own.any()]
        for one, close, own in zip(asked, near, of_questions, strict=True)
    ]
    spoken = [said.max(axis=0, initial=0) for said in held]
    next_said = [one.replies[0].text[:_REPLY_CHARACTERS] if one.replies else "" for one in asked]
    return Observed(
        np.concatenate([read, spoken, of_questions], axis=1, dtype=np.float32),
        sparse.hstack([_grams(next_said), _grams(nearest)], format="csr"),
    )


def _nearness(own: Floats, said: Floats) -> Floats:
    """Return the share of concepts that each sentence has in common with a question (Jaccard)."""
    both = np.minimum(said, own).sum(axis=1)
    either = np.maximum(said, own).sum(axis=1)
    near: Floats = both / np.maximum(either, 1)
    return near


def _concepts(texts: Sequence[str]) -> Floats:
    batch = fold(texts)
    _, found = _search().matches(batch)
    return shipped_concepts().present(batch, found)


@cache
def _search() -> Search:
    # Phrases are no sign here; but what looks for both is in memory once, for the tagger as well.
    return search_of(shipped_lexicon(), shipped_concepts())


def _grams(texts: Sequence[str]) -> sparse.csr_matrix:
    held = presence(Hashed(fold(texts)), _CHARS, _WORDS, _BITS)
    ones = np.ones(len(held.buckets), dtype=np.float32)
    places = held.documents, held.buckets
    return sparse.csr_matrix((ones, places), shape=(held.texts, 1 << _BITS))


def _parts(grams: sparse.csr_matrix, rarity: Floats) -> Iterator[tuple[sparse.csr_matrix, Floats]]:
    """Yield the n-grams of each text that is read, and their rarity."""
    width = grams.shape[1] // _TEXTS
    for first in range(0, grams.shape[1], width):
        yield grams[:, first : first + width], rarity[first : first + width]


def _unit(vectors: sparse.csr_matrix) -> sparse.csr_matrix:
    """Divide each row by its length; empty ones stay so."""
    lengths = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    scaled: sparse.csr_matrix = (
        sparse.diags(1 / np.maximum(lengths, np.finfo(float).tiny)) @ vectors
    )
    return scaled
