"""Rates from small counts: Beta-binomial shrinkage and its intervals.

A rate is drawn towards what was known before: a period towards the client's own past, the past
towards the portfolio. See Gelman et al., *Bayesian Data Analysis*, 3rd ed., chapter 5.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import betaincinv

from commsense.clients.periods import Floats

COVERAGE = 0.9
PAST_STRENGTH = 20.0
"""Messages that a client's past counts for at most, so that a new period can speak up."""
PORTFOLIO_STRENGTH = 10.0
"""Messages that the portfolio's rate counts for in a client's past where clients differ too
little, or are too few, to learn it."""
_MOST_STRENGTH = 200.0
_FEWEST_CLIENTS = 5


def interval(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return the central 90 % interval of Beta distributions."""
    tail = (1 - COVERAGE) / 2
    return np.asarray(betaincinv(a, b, tail)), np.asarray(betaincinv(a, b, 1 - tail))


def portfolio_prior(counts: Floats, totals: Floats) -> tuple[float, float]:
    """Return mean and strength of the Beta distribution that the clients' rates come from.

    Parameters
    ----------
    counts, totals : array of shape (clients,)
        Messages with the label, and messages.

    Returns
    -------
    mean, strength : float
        By the method of moments; the mean of no data at all is half a message in one.
    """
    total = float(totals.sum())
    mean = (float(counts.sum()) + 0.5) / (total + 1.0)
    if (totals > 0).sum() < _FEWEST_CLIENTS:
        return mean, PORTFOLIO_STRENGTH
    rates = counts[totals > 0] / totals[totals > 0]
    weights = totals[totals > 0] / total
    spread = float((weights * (rates - mean) ** 2).sum())
    sampling = mean * (1 - mean) * float((weights / totals[totals > 0]).sum())
    between = spread - sampling
    if between <= 0:
        return mean, _MOST_STRENGTH
    strength = mean * (1 - mean) / between - 1
    return mean, float(np.clip(strength, 1.0, _MOST_STRENGTH))


def balance(
    strengths: float, risks: float, prior: float, strength: float
) -> tuple[float, float, float, float]:
    """Return the balance of strengths against risks, from -1 to +1.

    Parameters
    ----------
    strengths, risks : float
        Weighted counts.
    prior : float
        Balance expected beforehand.
    strength : float
        Tags that the prior counts for.

    Returns
    -------
    value, low, high, spread : float
        Mean, 90 % interval and standard deviation of twice the share of strengths, less one.
    """
    share = (prior + 1) / 2
    a = strengths + strength * share
    b = risks + strength * (1 - share)
    a, b = max(a, _LEAST), max(b, _LEAST)
    tail = (1 - COVERAGE) / 2
    low, high = float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail))
    mean = a / (a + b)
    spread = 2 * math.sqrt(mean * (1 - mean) / (a + b + 1))
    return 2 * mean - 1, 2 * low - 1, 2 * high - 1, spread


_LEAST = 0.05
"""Keeps the Beta distribution proper where a prior is wholly one-sided."""
