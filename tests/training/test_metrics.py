from __future__ import annotations

import numpy as np
import pytest

from commsense.training.metrics import figures, reliability

WANTED = np.array([[1, 0], [1, 0], [0, 1], [0, 0], [0, 0]], np.float32)
HOLDS = np.array([[1, 0], [0, 0], [1, 1], [1, 0], [0, 0]], bool)
CHANCES = np.array([[0.9, 0.1], [0.4, 0.1], [0.8, 0.7], [0.6, 0.2], [0.1, 0.0]], np.float32)


def test_figures_are_what_can_be_counted_by_hand() -> None:
    found = figures(["x", "y"], WANTED, CHANCES, HOLDS)
    assert (found.texts, found.unlabelled) == (5, 2)
    assert found.micro_precision == pytest.approx(2 / 4)
    assert found.micro_recall == pytest.approx(2 / 3)
    assert found.micro_f1 == pytest.approx(4 / 7)
    assert found.false_alarms == pytest.approx(1 / 2)
    x = found.labels[0]
    assert (x.support, x.raised) == (2, 3)
    assert x.average_precision == pytest.approx((1 + 2 / 4) / 2)
    # Two positives are too few for a mean.
    assert found.macro_f1 is None


def test_intervals_hold_the_figure_and_shrink_with_more_texts() -> None:
    few = figures(["x", "y"], WANTED, CHANCES, HOLDS)
    many = figures(["x", "y"], *(np.tile(part, (40, 1)) for part in (WANTED, CHANCES, HOLDS)))
    assert few.micro_f1_interval is not None
    assert many.micro_f1_interval is not None
    low, high = many.micro_f1_interval
    assert low < 4 / 7 < high
    assert high - low < few.micro_f1_interval[1] - few.micro_f1_interval[0]


def test_where_there_is_nothing_to_divide_by_there_is_no_figure() -> None:
    none = figures(
        ["x"], np.zeros((3, 1), np.float32), np.zeros((3, 1), np.float32), np.zeros((3, 1), bool)
    )
    assert none.micro_f1 is None
    assert none.labels[0].average_precision is None
    assert none.false_alarms == 0


def test_honest_probabilities_have_no_calibration_error() -> None:
    random = np.random.default_rng(0)
    chances = random.random((20_000, 1)).astype(np.float32)
    wanted = (random.random(chances.shape) < chances).astype(np.float32)
    honest = figures(["x"], wanted, chances, chances > 0.5)
    boastful = figures(["x"], wanted, np.sqrt(chances), chances > 0.5)
    assert honest.calibration_error < 0.02 < boastful.calibration_error
    assert boastful.labels[0].calibration_error == pytest.approx(boastful.calibration_error)
    for one in reliability(wanted, chances):
        assert one["share"] == pytest.approx(one["probability"], abs=0.04)
