"""How much each character of a text speaks for a label.

A score is a sum over what a text holds: n-grams, phrases, concepts. Each one's share is laid on the
characters that it covers. Where a network stands beside the weights, its units are on or off for a
text, and the sum is exact for that state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from commsense.tagging.evidence import lay_on_characters
from commsense.tagging.features import Features, Reading
from commsense.tagging.ngrams import grams

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.integer[Any]]

# How much each of some features adds to some labels' scores, shape (features, labels).
Slopes = Callable[[Numbers], Floats]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Everything in a batch of texts that adds to scores, text by text.

    Attributes
    ----------
    features : array of int64, shape (occurrences,)
        Which weights each has.
    values : array of float32, shape (occurrences,)
        What the weights are multiplied by, times the length of the text's vector of n-grams. It is
        the n-gram's whole weight here: :meth:`laid` divides it among all its occurrences.
    starts, ends : array of int64, shape (occurrences,)
        The folded characters that each spans.
    bounds : array of int64, shape (texts + 1,)
        Where each text's begin.
    characters : array of int64, shape (texts + 1,)
        Where each text's folded characters begin.
    origin : array of int64, shape (characters,)
        Where each stands in its own text.
    """

    features: Indices
    values: Floats
    starts: Indices
    ends: Indices
    bounds: Indices
    characters: Indices
    origin: Indices

    @classmethod
    def of(cls, seen: Reading, features: Features) -> Self:
        """Find again where the features of texts stand."""
        batch, settings = seen.hashed.batch, features.settings
        orders = list(grams(seen.hashed, settings.chars, settings.words, settings.bits))
        places = features.places(np.concatenate([order.buckets for order in orders]))
        read = places >= 0
        ngrams = (
            places[read].astype(np.int64),
            features.weights[places[read]],
            np.concatenate([order.starts for order in orders])[read],
            np.concatenate([order.ends for order in orders])[read],
        )
        end = len(features.buckets) + seen.measured.shape[1]
        first_concept = end - len(features.concepts.lists)
        first_phrase = first_concept - len(features.lexicon.lists)
        signs = [
            (first + found.lists, document, found)
            for first, found in ((first_phrase, seen.phrases), (first_concept, seen.concepts))
            for document in [batch.document[found.starts]]
        ]
        parts = [ngrams] + [
            (
                which,
                seen.measured[document, which - len(features.buckets)] * seen.lengths[document],
                found.starts,
                found.ends,
            )
            for which, document, found in signs
        ]
        which, values, starts, ends = (np.concatenate(one) for one in zip(*parts, strict=True))
        order = np.argsort(batch.document[starts], kind="stable")
        texts = np.arange(batch.documents + 1)
        return cls(
            which[order],
            values[order],
            starts[order],
            ends[order],
            np.searchsorted(batch.document[starts[order]], texts),
            np.searchsorted(batch.document, texts),
            batch.origin,
        )

    def laid(self, text: int, length: int, slopes: Slopes) -> Floats:
        """Return how much each character of a text speaks for each label, shape (length, labels).

        Parameters
        ----------
        text : int
            Its place in the batch.
        length : int
            Of the text, in characters.
        slopes : callable
        """
        here = slice(*self.bounds[text : text + 2])
        features = self.features[here]
        # A text holds a feature or not, so all its occurrences share one weight.
        which, where, times = np.unique(features, return_inverse=True, return_counts=True)
        shares = self.values[here] / times[where]
        weights = slopes(which)[where] * shares[:, None].astype(np.float32)
        first, after = self.characters[text : text + 2].tolist()
        starts, ends = self.starts[here] - first, self.ends[here] - first
        folded = lay_on_characters(after - first, starts, ends, weights)
        laid = np.zeros((length + 1, weights.shape[1]), dtype=np.float32)
        # The frame of spaces lies outside of the text; its weight goes to no character.
        laid[self.origin[first + 1 : after - 1]] = folded[1:-1]
        return laid[:length]
