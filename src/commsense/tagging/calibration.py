"""From scores to probabilities.

The curves are fitted on predictions for texts of sources that the model had not seen: fitted on
the training texts they would promise what no new mailbox keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, xlogy

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """One logistic curve a label (Platt, 1999).

    Attributes
    ----------
    slope, offset : array of float32, shape (labels,)
        Probability is ``1 / (1 + exp(-(slope * score + offset)))``.
    """

    slope: Floats
    offset: Floats

    @classmethod
    def fit(cls, scores: Floats, targets: Floats, weights: Floats) -> Calibration:
        """Fit a curve to each column.

        Parameters
        ----------
        scores, targets : array, shape (texts, labels)
            Scores that the model gave without having seen the texts, and whether the label holds.
        weights : array, shape (texts,)
        """
        curves = [
            _platt(scores[:, column], targets[:, column], weights)
            for column in range(scores.shape[1])
        ]
        slope, offset = np.array(curves, dtype=np.float32).reshape(-1, 2).T
        return cls(slope, offset)

    def __call__(self, scores: Floats) -> Floats:
        """Return the probability of each score, shape (texts, labels)."""
        probabilities: Floats = expit(scores * self.slope + self.offset).astype(np.float32)
        return probabilities

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"slope": listed(self.slope), "offset": listed(self.offset)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Calibration:
        """Rebuild what :meth:`to_dict` wrote."""
        return cls(floats(values["slope"]), floats(values["offset"]))


def _platt(scores: Floats, targets: Floats, weights: Floats) -> tuple[float, float]:
    """Fit slope and offset by weighted maximum likelihood with Platt's smoothed targets."""
    positives = float(weights[targets > 0].sum())
    negatives = float(weights[targets <= 0].sum())
    high, low = (positives + 1) / (positives + 2), 1 / (negatives + 2)
    wanted = np.where(targets > 0, high, low).astype(np.float64)
    # Scores are brought to unit variance, so that one starting point suits every model.
    centre, spread = float(scores.mean()), float(scores.std()) or 1.0
    standard = (scores.astype(np.float64) - centre) / spread
    base_rate = (positives + 1) / (positives + negatives + 2)
    start = np.array([1.0, np.log(base_rate / (1 - base_rate))])
    found = minimize(
        _log_loss, start, args=(standard, wanted, weights.astype(np.float64)), jac=True
    ).x
    # A falling curve would raise the alarm for the least likely texts: the label is left flat.
    slope = max(float(found[0]), 0.0)
    return slope / spread, float(found[1]) - slope * centre / spread


def _log_loss(
    curve: Doubles, scores: Doubles, wanted: Doubles, weights: Doubles
) -> tuple[float, Doubles]:
    fitted = np.clip(expit(curve[0] * scores + curve[1]), 1e-12, 1 - 1e-12)
    loss = -(weights * (xlogy(wanted, fitted) + xlogy(1 - wanted, 1 - fitted))).sum()
    slope_of_loss = weights * (fitted - wanted)
    total = weights.sum()
    return float(loss / total), np.array(
        [(slope_of_loss * scores).sum(), slope_of_loss.sum()]
    ) / total


def listed(values: Floats) -> list[float]:
    """Return plain values for JSON."""
    return [float(value) for value in values]


def floats(values: Sequence[float]) -> Floats:
    """Rebuild what :func:`listed` gave."""
    return np.array(values, dtype=np.float32)
