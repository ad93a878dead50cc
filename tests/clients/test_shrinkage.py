from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.clients.shrinkage import COVERAGE, balance, interval, portfolio_prior


def test_intervals_cover_what_they_promise():
    random = np.random.default_rng(0)
    rates = random.beta(3.0, 20.0, 4_000)
    counts = random.binomial(40, rates)
    low, high = interval(3.0 + counts, 20.0 + 40 - counts)
    assert ((low <= rates) & (rates <= high)).mean() == pytest.approx(COVERAGE, abs=0.02)


def test_clients_that_differ_share_little():
    totals = np.full(6, 200.0)
    alike = portfolio_prior(np.full(6, 20.0), totals)
    apart = portfolio_prior(np.array([2.0, 4.0, 10.0, 30.0, 60.0, 90.0]), totals)
    assert alike[1] > 10 * apart[1]
    assert alike[0] == pytest.approx(0.1, abs=0.01)


def test_nothing_known_is_a_mean_of_a_half():
    assert portfolio_prior(np.zeros(0), np.zeros(0))[0] == 0.5


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(-1, 1), st.floats(0, 100))
def test_balances_stay_between_minus_one_and_one(strengths, risks, prior, strength):
    value, low, high, spread = balance(strengths, risks, prior, strength)
    assert -1 <= low <= high <= 1
    assert -1 <= value <= 1
    assert spread >= 0


def test_more_messages_narrow_the_interval_and_outweigh_the_prior():
    _, few_low, few_high, _ = balance(3, 1, -1.0, 4.0)
    value, low, high, _ = balance(300, 100, -1.0, 4.0)
    assert high - low < few_high - few_low
    assert value == pytest.approx(0.5, abs=0.03)
