from __future__ import annotations

import numpy as np
import pytest

from commsense.tagging.calibration import Calibration, Register


def test_probabilities_are_what_holds() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(size=(4_000, 1)).astype(np.float32)
    truth = 1 / (1 + np.exp(-(2 * scores - 1)))
    targets = (random.random(truth.shape) < truth).astype(np.float32)
    fitted = Calibration.fit(scores, targets, np.ones(len(scores), np.float32))
    assert np.abs(fitted(scores) - truth).max() < 0.05


def test_a_label_never_seen_stays_unlikely() -> None:
    scores = np.linspace(-1, 1, 50, dtype=np.float32)[:, None]
    fitted = Calibration.fit(scores, np.zeros_like(scores), np.ones(50, np.float32))
    assert fitted(scores).max() < 0.1


def test_a_score_that_points_the_wrong_way_is_made_flat() -> None:
    scores = np.linspace(-1, 1, 100, dtype=np.float32)[:, None]
    fitted = Calibration.fit(scores, (scores < 0).astype(np.float32), np.ones(100, np.float32))
    assert np.ptp(fitted(scores)) == pytest.approx(0, abs=1e-6)


def test_a_flat_label_is_as_likely_as_it_is_frequent_in_every_register() -> None:
    random = np.random.default_rng(1)
    scores = random.normal(size=(2_000, 1)).astype(np.float32)
    register = np.repeat([-1.0, 3.0], 1_000).astype(np.float32)
    targets = ((scores[:, 0] < -0.5) & (random.random(2_000) < 0.7)).astype(np.float32)[:, None]
    fitted = Calibration.fit(scores, targets, np.ones(2_000, np.float32), register)
    np.testing.assert_allclose(fitted(scores, register), targets.mean(), atol=0.002)


def test_curves_survive_being_written() -> None:
    calibration = Calibration(*np.array([[1.5], [0.5], [-0.25]], np.float32))
    again = Calibration.from_dict(calibration.to_dict())
    assert again.to_dict() == calibration.to_dict()
    assert (again.slope, again.shift, again.offset) == (1.5, 0.5, -0.25)


def test_the_register_moves_the_curve_of_a_label_that_it_knows() -> None:
    random = np.random.default_rng(0)
    scores = random.normal(size=(6_000, 2)).astype(np.float32)
    register = random.uniform(-3, 3, 6_000).astype(np.float32)
    shift = np.array([1.0, 0.0])
    truth = 1 / (1 + np.exp(-(2 * scores + register[:, None] * shift - 1)))
    targets = (random.random(truth.shape) < truth).astype(np.float32)
    fitted = Calibration.fit(scores, targets, np.ones(6_000, np.float32), register)
    np.testing.assert_allclose(fitted.shift, shift, atol=0.15)
    assert np.abs(fitted(scores, register) - truth).max() < 0.06


def test_the_register_is_bounded_log_odds_and_nothing_where_all_texts_are_of_one_sort() -> None:
    random = np.random.default_rng(0)
    alike = np.repeat([True, False], 500)
    scores = (alike + random.normal(size=1_000)).astype(np.float32)
    register = Register.fit(scores, alike)
    odds = register(np.array([-100, 0.5, 100], np.float32))
    np.testing.assert_allclose(odds, [-1, 0, 3], atol=0.2)
    assert Register.fit(scores, alike | True) == Register.fit(scores, alike & False) == Register()
    assert not Register()(scores).any()
