from __future__ import annotations

import numpy as np
import pytest

from commsense.tagging.calibration import Calibration


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


def test_curves_survive_being_written() -> None:
    calibration = Calibration(np.array([1.5], np.float32), np.array([-0.25], np.float32))
    again = Calibration.from_dict(calibration.to_dict())
    assert (again.slope, again.offset) == (calibration.slope, calibration.offset)
