"""Find when a relationship turned, and how surely.

The sequence of a client's messages (a call counts as one message a side) carries two numbers:
weighted strengths and weighted risks. Changes of their means are found by exact penalised least
squares (PELT; Killick, Fearnhead and Eckley 2012, as implemented in ``ruptures``) and each is then
tested against random orders of the same messages. The p-value becomes a probability by the bound
of Sellke, Bayarri and Berger (2001): at best odds of ``-1 / (e p ln p)``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from commsense.clients.assessment import ChangePoint, Direction
from commsense.clients.periods import DAY_S, Bools, Floats, Ints, day, seconds
from commsense.clients.view import ClientView

MIN_PROBABILITY = 0.8
"""Changes less sure than this are not reported."""
_PRIOR_ODDS = 0.5
"""Before looking, a change at some time in a client's history is half as likely as none."""
_BASELINE_DAYS = 30
"""What changes sooner after the first message has no baseline: people are getting acquainted."""
_SHORTEST = 10
"""Messages on either side of a change."""
_MAX_BINS = 120
"""Longer histories are averaged into so many equal stretches."""
_PENALTY = 5.0
"""Gain that a change must bring to be tested at all; low, as the test decides."""
_ORDERS = 199
_TOP = 3.0
"""Tags that one message or call side counts for at most."""


@dataclass(frozen=True)
class Signal:
    """What carries the changes: one row a mail or call side, in order of time.

    Attributes
    ----------
    times : float array of shape (units,)
    values : float array of shape (units, 2)
        Strengths and risks, in standard deviations around the channel's mean.
    net : float array of shape (units,)
        Strengths less risks, in tags, around the channel's mean.
    """

    times: Floats
    values: Floats
    net: Floats

    def __len__(self) -> int:
        return len(self.times)


def signal(view: ClientView) -> Signal:
    """Return a client's sequence of strengths and risks; messages without a time are left out."""
    dated = ~np.isnan(view.times)
    values = np.column_stack([view.strengths, view.risks])[dated]
    times, calls = view.times[dated], view.calls[dated]
    unit, first = _units(view, dated, calls)
    sums = np.zeros((len(first), 2))
    np.add.at(sums, unit, values)
    sums = np.minimum(sums, _TOP)
    is_call = calls[first]
    net = sums[:, 0] - sums[:, 1]
    for channel in (is_call, ~is_call):
        sums[channel] = _standardised(sums[channel])
        net[channel] -= net[channel].mean() if channel.any() else 0.0
    order = np.argsort(times[first], kind="stable")
    return Signal(times[first][order], sums[order], net[order])


def _units(view: ClientView, dated: Bools, calls: Bools) -> tuple[Ints, Ints]:
    """Return each message's unit, and each unit's first message."""
    rows = view.messages[dated]
    keys = rows["id"].astype(str).to_numpy(object)
    talk = rows["conversation_id"].fillna("").astype(str).to_numpy(object)
    sides = view.sides[dated]
    named = [(talk[i], sides[i]) if calls[i] else (keys[i], None) for i in range(len(rows))]
    place: dict[tuple[str, str | None], int] = {}
    unit = np.array([place.setdefault(name, len(place)) for name in named], dtype=np.int64)
    first = np.unique(unit, return_index=True)[1] if len(unit) else unit
    return unit, first


def _standardised(values: Floats) -> Floats:
    """Centre values and scale each column by its short-term spread, which changes barely touch."""
    if len(values) < 2:
        return np.zeros_like(values)
    spread = np.sqrt((np.diff(values, axis=0) ** 2).mean(axis=0) / 2)
    scaled: Floats = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return scaled


def change_points(found: Signal) -> list[ChangePoint]:
    """Return the changes of a sequence that are at least :data:`MIN_PROBABILITY` sure, by date."""
    width = max(1, math.ceil(len(found) / _MAX_BINS))
    if len(found) < 2 * _SHORTEST:
        return []
    bins = _binned(found.values, width)
    shortest = max(2, math.ceil(_SHORTEST / width))
    breaks = _kept(bins, _breaks(bins, shortest), shortest)
    points = [_point(found, bins, breaks, j, width) for j in range(len(breaks))]
    return [point for point in points if has_baseline(found, seconds(point.date))]


def has_baseline(found: Signal, start: float) -> bool:
    """Tell whether a client was known for long enough before a time (seconds since 1970)."""
    return start - float(found.times[0]) >= _BASELINE_DAYS * DAY_S


def _binned(values: Floats, width: int) -> Floats:
    """Average stretches of equal length; the earliest rest is left out."""
    used = values[len(values) % width :]
    means = used.reshape(-1, width, values.shape[1]).mean(axis=1)
    return _standardised(means) if width > 1 else means


def _breaks(bins: Floats, shortest: int) -> list[int]:
    if len(bins) < 2 * shortest:
        return []
    # Imported here: loading it takes half a second that reading mail need not wait for.
    import ruptures

    search = ruptures.KernelCPD(kernel="linear", min_size=shortest).fit(bins)
    return [int(end) for end in search.predict(pen=_PENALTY)[:-1]]


@dataclass(frozen=True)
class _Break:
    at: int
    probability: float


def _kept(bins: Floats, breaks: list[int], shortest: int) -> list[_Break]:
    """Drop the least sure break until all that are left are sure enough."""
    while breaks:
        edges = [0, *breaks, len(bins)]
        tested = [
            _Break(at, _probability(bins[edges[j] : edges[j + 2]], shortest))
            for j, at in enumerate(breaks)
        ]
        worst = min(tested, key=lambda tried: tried.probability)
        if worst.probability >= MIN_PROBABILITY:
            return tested
        breaks = [at for at in breaks if at != worst.at]
    return []


def _probability(stretch: Floats, shortest: int) -> float:
    """Return the probability of a change somewhere within a stretch."""
    random = np.random.default_rng(0)
    orders = np.argsort(random.random((_ORDERS, len(stretch))), axis=1)
    gains = _best_gain(stretch[orders], shortest)
    observed = float(_best_gain(stretch[None], shortest)[0])
    return probability_of(_tail(observed, gains))


def _best_gain(stretches: Floats, shortest: int) -> Floats:
    """Return the largest drop of squared error by one split, for each of many sequences."""
    n = stretches.shape[1]
    sums = np.cumsum(stretches, axis=1)
    left = np.arange(shortest, n - shortest + 1)
    head = sums[:, left - 1, :]
    total = sums[:, -1:, :]
    weight = (left * (n - left) / n)[None, :, None]
    shift = head / left[None, :, None] - (total - head) / (n - left)[None, :, None]
    gains: Floats = (weight * shift**2).sum(axis=2).max(axis=1)
    return gains


def _tail(observed: float, gains: Floats) -> float:
    """Return how often chance gains as much, by a Gumbel tail beyond what was sampled."""
    beyond = (gains >= observed).mean()
    if beyond > _COUNTED:
        return float(beyond)
    scale = max(float(gains.std()) * math.sqrt(6) / math.pi, 1e-9)
    mode = float(gains.mean()) - np.euler_gamma * scale
    return float(-np.expm1(-math.exp(-(observed - mode) / scale)))


_COUNTED = 0.05
"""Below this share of the orders sampled, counting is too coarse."""


def probability_of(p: float) -> float:
    """Return the probability of a change from a p-value (Sellke, Bayarri and Berger 2001)."""
    p = max(p, 1e-12)
    if p >= 1 / math.e:
        return _PRIOR_ODDS / (1 + _PRIOR_ODDS)
    odds = _PRIOR_ODDS / (-math.e * p * math.log(p))
    return odds / (1 + odds)


def _point(found: Signal, bins: Floats, breaks: list[_Break], j: int, width: int) -> ChangePoint:
    edges = [0, *(kept.at for kept in breaks), len(bins)]
    before = bins[edges[j] : edges[j + 1]].mean(axis=0)
    after = bins[edges[j + 1] : edges[j + 2]].mean(axis=0)
    start = len(found) % width + breaks[j].at * width
    moment = day(float(found.times[start]))
    if moment is None:
        raise AssertionError("a signal has only dated units")
    return ChangePoint(
        date=moment,
        direction=_direction(before, after),
        probability=breaks[j].probability,
        messages=(edges[j + 2] - edges[j + 1]) * width,
    )


def _direction(before: Floats, after: Floats) -> Direction:
    """Return whether strengths less risks went down or up."""
    net = (after[0] - after[1]) - (before[0] - before[1])
    return "decline" if net < 0 else "recovery"


def drop(found: Signal, recent: Bools) -> float:
    """Return by how many standard errors recent messages are worse than earlier ones.

    Parameters
    ----------
    found : Signal
    recent : bool array of shape (units,)

    Returns
    -------
    float
        How far strengths less risks fell; negative where things improved, 0 where either part is
        shorter than ten messages.
    """
    now, past = found.net[recent], found.net[~recent]
    if min(len(now), len(past)) < _SHORTEST:
        return 0.0
    # The spread of the past alone: a few recent messages cannot tell their own.
    variance = max(float(past.var()), _LEAST_VARIANCE)
    error = math.sqrt(variance / len(now) + variance / len(past))
    return float(past.mean() - now.mean()) / error


_LEAST_VARIANCE = 1e-3
