"""Texts to numbers: hashed n-grams, weighted and normalised, beside form, phrases and concepts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from commsense.tagging import structure
from commsense.tagging.characters import Batch, fold
from commsense.tagging.lexicon import Lexicon, Matches, shipped_concepts, shipped_lexicon
from commsense.tagging.ngrams import Hashed, presence

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
class Signs:
    """Phrases and words found in a batch."""

    batch: Batch
    phrases: Matches
    concepts: Matches


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

    def fit(self, texts: Sequence[str]) -> Features:
        """Learn weights and scales from training texts."""
        found = self._presence(texts)
        documents = np.bincount(found.col, minlength=found.shape[1])
        least = max(MIN_DOCUMENTS, math.ceil(len(texts) / _RAREST))
        self.buckets = np.flatnonzero(documents >= least).astype(np.int32)
        self.weights = _rarity(len(texts), documents[self.buckets])
        self._places = None
        self.concept_weights = _rarity(len(texts), self._texts_with_concepts(texts))
        measured = structure.structure(texts)
        self.centre = measured.mean(axis=0)
        self.scale = np.maximum(measured.std(axis=0), np.float32(1e-3))
        return self

    def places(self, buckets: npt.NDArray[np.integer[Any]]) -> Places:
        """Return the place of each bucket among those that are read, -1 for the others."""
        if self._places is None:
            # Filled before it is seen: another thread may ask at the same time.
            table = np.full(1 << self.settings.bits, -1, dtype=np.int32)
            table[self.buckets] = np.arange(len(self.buckets), dtype=np.int32)
            self._places = table
        found: Places = self._places[buckets]
        return found

    def ngrams(self, texts: Sequence[str]) -> tuple[sparse.coo_matrix, Floats]:
        """Return the weighted n-grams of each text and the length of each vector.

        The vectors are not divided by their lengths: a product with them can be, at less cost.
        """
        found = self._presence(texts)
        places = self.places(found.col)
        read = places >= 0
        places, documents = places[read], found.row[read]
        weights = self.weights[places]
        shape = (len(texts), len(self.buckets))
        weighted = sparse.coo_matrix((weights, (documents, places)), shape=shape)
        squares = np.bincount(documents, weights=weights**2, minlength=len(texts))
        return weighted, np.sqrt(np.maximum(squares, 1.0)).astype(np.float32)

    def signs(self, batch: Batch) -> Signs:
        """Return the phrases and words found in a batch."""
        return Signs(batch, self.lexicon.matches(batch), self.concepts.matches(batch))

    def measured(self, texts: Sequence[str], signs: Signs | None = None) -> Floats:
        """Return the measured features, weighted: form, centred and scaled, phrases, concepts.

        Parameters
        ----------
        texts : sequence of str
        signs : Signs, optional
            Of the texts, where they are known already.
        """
        signs = signs or self.signs(fold(texts))
        standard = (structure.structure(texts) - self.centre) / self.scale
        form = np.clip(standard, -_CLIP, _CLIP) * self.settings.measured_weight
        phrases = self.phrase_values(self.lexicon.counted(signs.batch, signs.phrases))
        concepts = self.concept_values(self.concepts.present(signs.batch, signs.concepts))
        return np.concatenate([form, phrases, concepts], axis=1, dtype=np.float32)

    def phrase_values(self, counts: Floats) -> Floats:
        """Return the features of so many phrases of each list, shape (texts, lists)."""
        return (np.log1p(counts) * self.settings.lexicon_weight).astype(np.float32)

    def concept_values(self, present: Floats) -> Floats:
        """Return the features of the concepts that are present, shape (texts, concepts)."""
        weighted = present * self.concept_weights
        lengths = np.linalg.norm(weighted, axis=1, keepdims=True)
        scaled: Floats = weighted / np.maximum(lengths, _LEAST_LENGTH)
        return scaled * np.float32(self.settings.concept_weight)

    def _texts_with_concepts(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return how many texts hold each concept."""
        batch = fold(texts)
        found = self.concepts.matches(batch)
        once = np.unique(np.stack([batch.document[found.starts], found.lists]), axis=1)
        return np.bincount(once[1], minlength=len(self.concepts.lists))

    def _presence(self, texts: Sequence[str]) -> sparse.coo_matrix:
        settings = self.settings
        return presence(Hashed(fold(texts)), settings.chars, settings.words, settings.bits)


def _rarity(texts: int, holding: npt.NDArray[np.integer[Any]]) -> Floats:
    """Return the inverse document frequency, rounded as it is saved: scores are then the same."""
    rarity = np.log(texts / np.maximum(holding, 1)).astype(np.float16)
    return np.asarray(rarity, dtype=np.float32)
