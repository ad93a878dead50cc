"""The nine dimensions and the standing: strengths against risks, from -1 to +1."""

from __future__ import annotations

import math

import numpy as np

from commsense.clients.assessment import DimensionAssessment, Estimate, PeriodValue
from commsense.clients.periods import Bools, Floats, Ints
from commsense.clients.shrinkage import balance
from commsense.clients.view import ClientView
from commsense.clients.windows import Windows
from commsense.taxonomy import Polarity

_NEUTRAL_STRENGTH = 2.0
"""Tags that "neither good nor bad" counts for before anything is known of a client."""
_BASELINE_STRENGTH = 4.0
"""Tags that the client's own baseline counts for in a later stretch."""
_Z90 = 1.645


class Scale:
    """Turns weighted strengths and risks of one subject into estimates.

    Parameters
    ----------
    strengths, risks : float array of shape (messages,)
    windows : Windows
    """

    def __init__(self, strengths: Floats, risks: Floats, windows: Windows) -> None:
        self._strengths, self._risks = strengths, risks
        past = windows.baseline
        self.baseline, self._past_spread = self._estimate(past, 0.0, _NEUTRAL_STRENGTH)
        self.now, self._now_spread = self._from_baseline(windows.now)

    def over(self, chosen: Bools) -> Estimate:
        """Estimate the balance over some messages, drawn towards the baseline."""
        return self._from_baseline(chosen)[0]

    def measured(self, chosen: Bools) -> Estimate:
        """Estimate the balance over some messages; NaN where none of them carries anything."""
        if any(self.carrying(chosen)):
            return self.over(chosen)
        return Estimate(math.nan, math.nan, math.nan, int(chosen.sum()))

    def carrying(self, chosen: Bools) -> tuple[int, int]:
        """Count the messages of some that carry a strength, and those that carry a risk."""
        return int((self._strengths[chosen] > 0).sum()), int((self._risks[chosen] > 0).sum())

    def change(self) -> tuple[float, float, float]:
        """Return now minus baseline with its 90 % interval."""
        change = self.now.value - self.baseline.value
        margin = _Z90 * math.hypot(self._past_spread, self._now_spread)
        return change, max(change - margin, -2.0), min(change + margin, 2.0)

    def _from_baseline(self, chosen: Bools) -> tuple[Estimate, float]:
        known = self.baseline.messages > 0
        strength = _BASELINE_STRENGTH if known else _NEUTRAL_STRENGTH
        return self._estimate(chosen, self.baseline.value, strength)

    def _estimate(self, chosen: Bools, prior: float, strength: float) -> tuple[Estimate, float]:
        value, low, high, spread = balance(
            float(self._strengths[chosen].sum()), float(self._risks[chosen].sum()), prior, strength
        )
        return Estimate(value, low, high, int(chosen.sum())), spread


def dimensions(view: ClientView, windows: Windows) -> list[DimensionAssessment]:
    """Assess each dimension that the client's weights do not switch off."""
    return [
        _dimension(view, windows, name)
        for name in view.taxonomy.dimensions
        if view.profile.weights.get(name, 1.0) > 0
    ]


def _dimension(view: ClientView, windows: Windows, name: str) -> DimensionAssessment:
    strengths = view.weighted(view.taxonomy.select(dimension=name, polarity=Polarity.STRENGTH))
    risks = view.weighted(view.taxonomy.select(dimension=name, polarity=Polarity.RISK))
    scale = Scale(strengths, risks, windows)
    now = scale.measured(windows.now)
    change, low, high = (math.nan,) * 3 if math.isnan(now.value) else scale.change()
    with_strengths, with_risks = scale.carrying(windows.reported)
    return DimensionAssessment(
        dimension=name,
        now=now,
        baseline=scale.baseline,
        change=change,
        change_low=low,
        change_high=high,
        client=scale.measured(windows.now & (view.sides == "client")),
        provider=scale.measured(windows.now & (view.sides == "provider")),
        periods=by_period(view, scale, windows),
        strengths=with_strengths,
        risks=with_risks,
    )


def overall(view: ClientView, windows: Windows) -> Scale:
    """Return the balance of all strengths and risks together."""
    return Scale(view.strengths, view.risks, windows)


def by_period(view: ClientView, scale: Scale, windows: Windows) -> list[PeriodValue]:
    """Return the estimates of the reported periods in which there are messages."""
    masks = [_mask(len(view), span.places) for span in windows.spans]
    return [
        PeriodValue(span.period, span.starts_on, scale.measured(mask), *scale.carrying(mask))
        for span, mask in zip(windows.spans, masks, strict=True)
    ]


def _mask(length: int, places: Ints) -> Bools:
    mask = np.zeros(length, dtype=np.bool_)
    mask[places] = True
    return mask
