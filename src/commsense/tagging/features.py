"""Texts to numbers: hashed n-grams, weighted and normalised, beside form, phrases and concepts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from commsense.tagging import structure
from commsense.tagging.characters import Batch, fold
from commsense.tagging.lexicon import Lexicon, search_of, shipped_concepts, shipped_lexicon
from commsense.tagging.ngrams import Hashed, Presence, presence
from commsense.tagging.search import Matches, Search

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]

MIN_DOCUMENTS = 2  # an n-gram seen in one text only cannot be told from noise
_RAREST = 15_000  # of so many texts one must hold an n-gram; rarer ones would fill the model
_CLIP = 3.0  # standard deviations; hostile texts measure anything
_LEAST_LENGTH = 8.0  # of a vector of concepts, some two of them: few words make no strong sign


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """What is counted.

    Attributes
    ----------
    bits : int
        N-grams are hashed into ``2**bits`` buckets.
    chars, words : tuple of int
        Lengths of the n-grams of characters and of words.
    measured_weight : float
        Weight of the measured features beside the n-grams, whose vector has length one.
    lexicon_weight : float
        Weight of the logarithm of one more than the phrases of a list that a text holds.
    concept_weight : float
        Length of the vector of concepts, beside the n-grams, whose vector has length one.
    """

    bits: int = 21
    chars: tuple[int, ...] = (2, 3, 4)
    words: tuple[int, ...] = (1, 2)
    measured_weight: float = 0.1
    lexicon_weight: float = 0.1
    concept_weight: float = 0.5

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> FeatureSettings:
        """Rebuild settings that :meth:`to_dict` wrote."""
        lengths = {name: tuple(values[name]) for name in ("chars", "words")}
        return cls(**{**values, **lengths})

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reading:
    """Texts as a model sees them.

    Attributes
    ----------
    hashed : Hashed
        Their folded characters.
    places, documents : array of int32, shape (n-grams of texts,)
        The n-grams that each text holds, each once; by n-gram, then by text.
    lengths : array of float32, shape (texts,)
        Of each text's vector of weighted n-grams. It is not divided by them: a product with it can
        be, at less cost.
    phrases, concepts : Matches
        Where they stand.
    measured : array of float32, shape (texts, measured features)
        Form, centred and scaled, then phrases, then concepts, weighted.
    """

    hashed: Hashed
    places: Places
    documents: Places
    lengths: Floats
    phrases: Matches
    concepts: Matches
    measured: Floats

    def parts(self, most: int) -> Iterator[tuple[Places, sparse.csc_matrix]]:
        """Yield the n-grams, so many at most, and which text holds which of them.

        Yields
        ------
        array of int32, shape (some n-grams,)
        sparse matrix of ones, shape (texts, some n-grams)
        """
        begins = np.flatnonzero(np.diff(self.places, prepend=-1))
        for first in range(0, len(begins), most):
            bounds = np.append(begins, len(self.places))[first : first + most + 1]
            documents = self.documents[bounds[0] : bounds[-1]]
            ones = np.ones(len(documents), dtype=np.float32)
            shape = (len(self.lengths), len(bounds) - 1)
            holds = sparse.csc_matrix((ones, documents, bounds - bounds[0]), shape=shape)
            yield self.places[bounds[:-1]], holds


@dataclass(slots=True)
class Features:
    """Turns texts into vectors; what is learnt from the training texts are weights and scales.

    Attributes
    ----------
    settings : FeatureSettings
    lexicon : Lexicon
        Phrases, a list a label.
    concepts : Lexicon
        Words, a list a meaning.
    buckets : array of int32, shape (n-grams,)
        The buckets that are read, ascending; an n-gram in any other is passed over.
    weights : array of float32, shape (n-grams,)
        Inverse document frequency of each (Spärck Jones, 1972).
    concept_weights : array of float32, shape (concepts,)
        Inverse document frequency of each.
    centre, scale : array of float32, shape (marks of form,)
    """

    settings: FeatureSettings
    lexicon: Lexicon = field(default_factory=shipped_lexicon)
    concepts: Lexicon = field(default_factory=shipped_concepts)
    buckets: Places = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    weights: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    concept_weights: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    centre: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    scale: Floats = field(default_factory=lambda: np.ones(0, dtype=np.float32))
    _places: Places | None = None
    _search: Search | None = None

    def fit(self, texts: Sequence[str]) -> Features:
        """Learn weights and scales from training texts."""
        hashed = Hashed(fold(texts))
        documents = np.bincount(self._presence(hashed).buckets, minlength=1 << self.settings.bits)
        least = max(MIN_DOCUMENTS, math.ceil(len(texts) / _RAREST))
        self.buckets = np.flatnonzero(documents >= least).astype(np.int32)
        self.weights = _rarity(len(texts), documents[self.buckets])
        self._places = None
        _, concepts = self.search.matches(hashed.batch)
        held = self.concepts.present(hashed.batch, concepts).sum(axis=0)
        self.concept_weights = _rarity(len(texts), held)
        measured = structure.structure(texts)
        self.centre = measured.mean(axis=0)
        self.scale = np.maximum(measured.std(axis=0), np.float32(1e-3))
        return self

    @property
    def measured_count(self) -> int:
        """How many measured features there are: of form, phrases and concepts."""
        return len(structure.NAMES) + len(self.lexicon.lists) + len(self.concepts.lists)

    @property
    def search(self) -> Search:
        """What looks for phrases and concepts."""
        if self._search is None:
            self._search = search_of(self.lexicon, self.concepts)
        return self._search

    def places(self, buckets: npt.NDArray[np.integer[Any]]) -> Places:
        """Return the place of each bucket among those that are read, -1 for the others."""
        if self._places is None:
            # Filled before it is seen: another thread may ask at the same time.
            table = np.full(1 << self.settings.bits, -1, dtype=np.int32)
            table[self.buckets] = np.arange(len(self.buckets), dtype=np.int32)
            self._places = table
        found: Places = self._places[buckets]
        return found

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the features of texts."""
        hashed = Hashed(fold(texts))
        found = self._presence(hashed)
        places = self.places(found.buckets)
        read = places >= 0
        places, documents = places[read], found.documents[read]
        squares = np.bincount(documents, self.weights[places] ** 2, minlength=len(texts))
        lengths = np.sqrt(np.maximum(squares, 1.0)).astype(np.float32)
        phrases, concepts = self.search.matches(hashed.batch)
        measured = self._measured(texts, hashed.batch, phrases, concepts)
        return Reading(hashed, places, documents, lengths, phrases, concepts, measured)

    def vectors(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the features of each text, shape (texts, n-grams + measured features)."""
        seen = self.read(texts)
        weighted = self.weights[seen.places] / seen.lengths[seen.documents]
        shape = (len(texts), len(self.buckets))
        ngrams = sparse.csr_matrix((weighted, (seen.documents, seen.places)), shape=shape)
        measured = sparse.csr_matrix(seen.measured)
        stacked: sparse.csr_matrix = sparse.hstack([ngrams, measured], format="csr")
        return stacked

    def phrase_values(self, counts: Floats) -> Floats:
        """Return the features of so many phrases of each list, shape (texts, lists)."""
        return (np.log1p(counts) * self.settings.lexicon_weight).astype(np.float32)

    def concept_values(self, present: Floats) -> Floats:
        """Return the features of the concepts that are present, shape (texts, concepts)."""
        weighted = present * self.concept_weights
        lengths = np.linalg.norm(weighted, axis=1, keepdims=True)
        scaled: Floats = weighted / np.maximum(lengths, _LEAST_LENGTH)
        return scaled * np.float32(self.settings.concept_weight)

    def _measured(
        self, texts: Sequence[str], batch: Batch, phrases: Matches, concepts: Matches
    ) -> Floats:
        standard = (structure.structure(texts) - self.centre) / self.scale
        form = np.clip(standard, -_CLIP, _CLIP) * self.settings.measured_weight
        of_phrases = self.phrase_values(self.lexicon.counted(batch, phrases))
        of_concepts = self.concept_values(self.concepts.present(batch, concepts))
        return np.concatenate([form, of_phrases, of_concepts], axis=1, dtype=np.float32)

    def _presence(self, hashed: Hashed) -> Presence:
        settings = self.settings
        return presence(hashed, settings.chars, settings.words, settings.bits)


def _rarity(texts: int, holding: npt.NDArray[np.number[Any]]) -> Floats:
    """Return the inverse document frequency, rounded as it is saved: scores are then the same."""
    rarity = np.log(texts / np.maximum(holding, 1)).astype(np.float16)
    return np.asarray(rarity, dtype=np.float32)
