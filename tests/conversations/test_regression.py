"""Regressions over named features and n-grams."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from commsense.conversations.regression import Observed, Regression, concepts_of, grams_of

NAMES = ("is long", "is late")


@pytest.fixture
def model() -> Regression:
    buckets = grams_of([""], [""]).shape[1]
    weights = np.zeros(buckets, dtype=np.float32)
    weights[grams_of(["overdue"], [""]).indices] = 1.0
    return Regression(
        NAMES,
        np.array([0.55, -2.0], dtype=np.float32),
        weights,
        np.ones(buckets, dtype=np.float32),
        intercept=-1.0,
        bar=0.25,
    )


def observed(*texts: str) -> Observed:
    named = np.array([[1.0, 0.0]] * len(texts), dtype=np.float32)
    return Observed(named, grams_of(texts, [""] * len(texts)))


def test_odds_are_the_sum_of_what_weighs(model: Regression) -> None:
    nothing = Observed(
        np.zeros((1, 2), dtype=np.float32), sparse.csr_matrix((1, len(model.rarity)))
    )
    assert model.probabilities(nothing)[0] == pytest.approx(1 / (1 + np.e))
    assert model.probabilities(observed("."))[0] == pytest.approx(1 / (1 + np.exp(0.45)))


def test_n_grams_count_in_the_text_that_they_were_learnt_in(model: Regression) -> None:
    here, elsewhere = (
        observed("overdue"),
        Observed(np.array([[1.0, 0.0]], dtype=np.float32), grams_of([""], ["overdue"])),
    )
    assert model.holds(here).all()
    assert model.probabilities(elsewhere)[0] == pytest.approx(1 / (1 + np.exp(0.45)))


def test_a_saved_model_says_the_same(model: Regression, tmp_path: Path) -> None:
    model.save(tmp_path / "m.npz")
    again = Regression.load(tmp_path / "m.npz", NAMES)
    seen = observed("overdue", "in time")
    assert np.allclose(again.probabilities(seen), model.probabilities(seen), atol=1e-3)
    assert again.bar == model.bar


def test_what_a_model_does_not_know_weighs_nothing(model: Regression, tmp_path: Path) -> None:
    model.save(tmp_path / "m.npz")
    grown = Regression.load(tmp_path / "m.npz", ("a sign of tomorrow", *NAMES))
    assert grown.named_weights.tolist() == pytest.approx([0.0, 0.55, -2.0], abs=1e-3)


def test_an_empty_text_has_no_n_grams_and_no_concepts() -> None:
    assert grams_of([""], [""]).nnz == 0
    assert not concepts_of([""]).any()
