from __future__ import annotations

import numpy as np
import pytest

from commsense.clients.changes import Signal, change_points, drop, has_baseline, probability_of

DAY_S = 86_400.0


def signal(values: list[tuple[float, float]]) -> Signal:
    found = np.array(values).reshape(-1, 2)
    return Signal(np.arange(len(values)) * DAY_S, found, found[:, 0] - found[:, 1])


def noisy(mean: tuple[float, float], count: int, seed: int) -> list[tuple[float, float]]:
    random = np.random.default_rng(seed)
    return [tuple(row) for row in random.normal(mean, 1.0, (count, 2))]


def test_a_clear_fall_is_found_where_it_is():
    (change,) = change_points(signal(noisy((1, -1), 40, 1) + noisy((-1, 1), 40, 2)))
    assert change.direction == "decline"
    assert abs((change.date - np.datetime64(40, "D").astype(object)).days) <= 4
    assert change.probability > 0.9


def test_a_fall_and_a_rise_are_two_changes():
    values = noisy((1, -1), 40, 1) + noisy((-1.5, 1.5), 40, 2) + noisy((1, -1), 40, 3)
    assert [change.direction for change in change_points(signal(values))] == ["decline", "recovery"]


def test_the_first_month_is_no_baseline():
    early = signal(noisy((1, -1), 25, 1) + noisy((-1, 1), 40, 2))
    assert change_points(early) == []
    slower = Signal(early.times * 2, early.values, early.net)
    assert [change.direction for change in change_points(slower)] == ["decline"]
    assert has_baseline(slower, 30 * DAY_S)
    assert not has_baseline(slower, 29 * DAY_S)


def test_noise_seldom_changes():
    found = [change_points(signal(noisy((0, 0), 80, seed))) for seed in range(20)]
    assert sum(map(bool, found)) <= 3


def test_short_histories_are_not_divided():
    assert change_points(signal(noisy((1, -1), 6, 1) + noisy((-1, 1), 6, 2))) == []
    assert change_points(signal([])) == []


def test_long_histories_are_averaged_and_still_dated():
    (change,) = change_points(signal(noisy((1, -1), 900, 1) + noisy((-1, 1), 900, 2)))
    assert abs((change.date - np.datetime64(900, "D").astype(object)).days) <= 40


def test_a_drop_is_measured_in_standard_errors():
    found = signal(noisy((1, -1), 40, 1) + noisy((-1, 1), 40, 2))
    recent = np.arange(80) >= 40
    assert drop(found, recent) > 3
    assert drop(found, ~recent) < 0
    assert drop(found, np.arange(80) >= 75) == 0


@pytest.mark.parametrize(("rarer", "commoner"), [(1e-6, 1e-3), (1e-3, 0.05), (0.05, 0.3)])
def test_rarer_by_chance_is_likelier_a_change(rarer, commoner):
    assert 0 < probability_of(commoner) < probability_of(rarer) < 1
