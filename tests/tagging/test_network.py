"""The small network beside the linear weights."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from commsense.tagging.network import Network

CHANCE = np.random.default_rng(3)
ROWS = np.array([0, -1, 1, 2], dtype=np.int32)
WEIGHTS = CHANCE.normal(size=(3, 4)).astype(np.float32)
THRESHOLDS = CHANCE.normal(size=4).astype(np.float32)
OUTPUTS = CHANCE.normal(size=(4, 2)).astype(np.float32)
OFFSET = np.array([0.5, -0.5], dtype=np.float32)
NETWORK = Network.of(ROWS, WEIGHTS, THRESHOLDS, OUTPUTS, OFFSET)
TEXTS = np.array([[1, 5, 0, 2], [0, 3, 0, 0], [0, 0, -1, 1]], dtype=np.float32)


def scores(network: Network, texts: np.ndarray = TEXTS) -> np.ndarray:
    return network.scores(network.reached(sparse.csr_matrix(texts)))


def test_scores_are_those_of_one_hidden_layer_over_what_is_read() -> None:
    units = np.maximum(TEXTS[:, ROWS >= 0] @ WEIGHTS + THRESHOLDS, 0)
    # A byte holds two digits of each weight.
    np.testing.assert_allclose(scores(NETWORK), units @ OUTPUTS + OFFSET, atol=0.1)


def test_a_feature_that_is_not_read_weighs_nothing() -> None:
    weights = NETWORK.weights(np.array([1, 3, 0]))
    assert not weights[0].any()
    np.testing.assert_allclose(weights[1:], WEIGHTS[[2, 0]], atol=0.02)


def test_a_score_is_the_sum_of_what_its_features_add() -> None:
    reached = NETWORK.reached(sparse.csr_matrix(TEXTS))
    for text, scored, on in zip(TEXTS, scores(NETWORK), NETWORK.on(reached), strict=True):
        slopes = NETWORK.slopes(np.arange(4), on, np.array([1, 0]))
        constant = np.where(on, THRESHOLDS, 0) @ OUTPUTS + OFFSET
        np.testing.assert_allclose((text @ slopes)[::-1] + constant, scored, rtol=1e-4)


def test_what_is_saved_scores_the_same() -> None:
    arrays = NETWORK.to_arrays()
    assert arrays["network_codes"].dtype == np.int8
    again = Network.from_arrays({**arrays, "buckets": ROWS})
    assert again is not None
    np.testing.assert_array_equal(scores(again), scores(NETWORK))
    assert Network.from_arrays({"buckets": ROWS}) is None


@pytest.mark.parametrize("name", ["codes", "scales", "thresholds", "outputs", "offset", "rows"])
def test_arrays_that_do_not_fit_are_refused(name: str) -> None:
    arrays = NETWORK.to_arrays()
    arrays[f"network_{name}"] = np.concatenate([arrays[f"network_{name}"]] * 2) + 1
    with pytest.raises(ValueError, match="do not fit"):
        Network.from_arrays(arrays)


def test_of_a_label_that_is_added_it_says_nothing() -> None:
    more = scores(NETWORK.with_labels(2))
    np.testing.assert_array_equal(more[:, :2], scores(NETWORK))
    assert (more[:, 2:] == 0).all()
