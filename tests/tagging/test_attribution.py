"""What is laid on a text's characters is what its features add to a score."""

from __future__ import annotations

import numpy as np
import pytest

from commsense.tagging.attribution import Occurrences
from commsense.tagging.features import Features, FeatureSettings
from commsense.tagging.lexicon import Lexicon

TEXTS = ["Late again, and late.", "", "not paid", "Merci, c'est payé."]
FORM = 30


@pytest.fixture
def features() -> Features:
    phrases = Lexicon({"bad": ("late again",), "good": ("merci",)})
    concepts = Lexicon({"late": ("late",), "not": ("not ",), "paid": ("paid", "paye")}, stems=True)
    return Features(FeatureSettings(bits=12), phrases, concepts).fit(TEXTS * 2)


def test_values_are_those_of_the_vector_that_is_scored(features: Features) -> None:
    seen = features.read(TEXTS)
    occurrences = Occurrences.of(seen, features)
    vectors = features.vectors(TEXTS).toarray() * seen.lengths[:, None]
    count = len(features.buckets)
    vectors[:, count : count + FORM] = 0  # form stands nowhere in particular
    for row, vector in enumerate(vectors):
        here = slice(*occurrences.bounds[row : row + 2])
        held = np.zeros_like(vector)
        held[occurrences.features[here]] = occurrences.values[here]
        np.testing.assert_allclose(held, vector, rtol=1e-5)


def test_a_features_weight_is_shared_by_the_places_where_it_stands(features: Features) -> None:
    text = TEXTS[0]
    seen = features.read([text])
    late = len(features.buckets) + seen.measured.shape[1] - 3

    def slopes(which: np.ndarray) -> np.ndarray:
        return (which == late)[:, None].astype(np.float32)

    laid = Occurrences.of(seen, features).laid(0, len(text), slopes)[:, 0]
    assert set(np.flatnonzero(laid).tolist()) == {0, 1, 2, 3, 16, 17, 18, 19}
    assert laid.sum() == pytest.approx(seen.measured[0, -3] * seen.lengths[0], rel=1e-5)
    assert laid[0] == pytest.approx(laid[16])
