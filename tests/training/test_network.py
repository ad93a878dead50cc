"""Fitting the network: it learns what no sum can, the same each time, and is judged unseen."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from scipy import sparse

from commsense.errors import MissingExtraError
from commsense.training.network import RidgeAndNetwork, fit_network
from commsense.training.ridge import Blend, MixedRidge

CHANCE = np.random.default_rng(1)
# Two features of which exactly one makes the label: no sum of two weights tells that.
BITS = CHANCE.integers(0, 2, size=(3_000, 2))
VECTORS = sparse.csr_matrix(np.concatenate([BITS, 1 - BITS], axis=1).astype(np.float32))
WANTED = (BITS[:, :1] != BITS[:, 1:]).astype(np.float32)
WEIGHTS = np.ones(len(WANTED), dtype=np.float32)


def test_it_learns_what_no_sum_of_weights_can() -> None:
    pytest.importorskip("torch")
    network = fit_network(VECTORS, WANTED, WEIGHTS, units=16)
    found = network.scores(network.reached(VECTORS))
    assert found[WANTED > 0].min() > found[WANTED == 0].max()


def test_it_is_the_same_each_time() -> None:
    pytest.importorskip("torch")
    once, again = (fit_network(VECTORS[:300], WANTED[:300], WEIGHTS[:300], units=8) for _ in "ab")
    np.testing.assert_array_equal(once.codes, again.codes)


def test_texts_that_are_predicted_have_not_been_seen() -> None:
    pytest.importorskip("torch")
    # Each text has a feature of its own, which tells its label to whoever saw it.
    own = sparse.hstack([VECTORS, sparse.eye(len(WANTED), format="csr")], format="csr")
    lie = CHANCE.permutation(WANTED)
    ridge = MixedRidge.fit(own.astype(np.float32), lie, penalty=0.5, weights=WEIGHTS)
    model = RidgeAndNetwork.fit(Blend((ridge,)), units=8)
    rows = np.arange(0, len(WANTED), 2)
    unseen = model.without(rows)[:, 0]
    assert abs(np.corrcoef(unseen, lie[rows, 0])[0, 1]) < 0.1


def test_without_torch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match=r"commsense\[transformers\]"):
        fit_network(VECTORS, WANTED, WEIGHTS, units=2)
