"""How much each character of a text speaks for a label.

A score is a sum over what a text holds: n-grams, phrases, concepts. Each one's share is laid on the
characters that it covers. Where a network stands beside the weights, its units are on or off for a
text, and the sum is exact for that state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
        batch = seen.hashed.batch
        parts = [_ngrams(seen, features), *_signs(seen, features)]
        which, values, starts, ends = (np.concatenate(one) for one in zip(*parts, strict=True))
        document = batch.document[starts]
        order = np.argsort(document, kind="stable")
        texts = np.arange(batch.documents + 1)
        return cls(
            which[order],
            values[order],
            starts[order],
            ends[order],
            np.searchsorted(document[order], texts),
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


_Found = tuple[Indices, Floats, Indices, Indices]
"""Which features, their values, and where they start and end."""


def _ngrams(seen: Reading, features: Features) -> _Found:
    settings = features.settings
    orders = list(grams(seen.hashed, settings.chars, settings.words, settings.bits))
    places = features.places(np.concatenate([order.buckets for order in orders]))
    read = places >= 0
    starts = np.concatenate([order.starts for order in orders])[read]
    ends = np.concatenate([order.ends for order in orders])[read]
    return places[read].astype(np.int64), features.weights[places[read]], starts, ends


def _signs(seen: Reading, features: Features) -> Iterator[_Found]:
    """Yield the phrases, then the concepts, which are the last of the measured features."""
    measured = seen.measured.shape[1]
    concepts = measured - len(features.concepts.lists)
    phrases = concepts - len(features.lexicon.lists)
    for first, found in ((phrases, seen.phrases), (concepts, seen.concepts)):
        column = first + found.lists
        document = seen.hashed.batch.document[found.starts]
        values = seen.measured[document, column] * seen.lengths[document]
        yield len(features.buckets) + column, values, found.starts, found.ends
