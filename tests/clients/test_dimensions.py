"""What no message tells is not measured."""

from __future__ import annotations

import numpy as np

from .conftest import alternating

YEAR = np.linspace(0, 360, 120).tolist()


def attitude(found):
    return next(one for one in found.dimensions if one.dimension == "attitude")


def test_a_month_without_a_tag_has_no_value(tables, one):
    quiet = alternating(YEAR, lambda _i, day: [] if 121 <= day < 152 else ["courtesy"])
    values = [np.isnan(period.estimate.value) for period in one(tables(quiet)).timeline]
    assert sum(values) == 1
    assert len(values) == 12


def test_a_dimension_that_nothing_speaks_of_now_has_no_value_now(tables, one):
    found = attitude(
        one(tables(alternating(YEAR, lambda _i, day: ["positive_attitude"][day > 180 :])))
    )
    assert np.isnan(found.now.value)
    assert np.isnan(found.change)
    assert found.baseline.value > 0
    assert found.now.messages > 0


def test_a_side_that_says_nothing_of_a_dimension_has_no_value(tables, one):
    rows = alternating(YEAR, lambda i, _day: ["positive_attitude"][i % 2 :])
    found = attitude(one(tables(rows)))
    assert found.client.value > 0
    assert np.isnan(found.provider.value)
