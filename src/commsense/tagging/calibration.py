"""From scores to probabilities.

The curves are fitted on predictions for texts of sources that the model had not seen: fitted on
the training texts they would promise what no new mailbox keeps. How likely a label is depends on
the register too: in a message of a client relation most labels are far more frequent than in a
review, a meeting or a chat, at the same score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, xlogy

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Of a register's log-odds. What is unlike a message of a client relation may be so in many ways,
# and how much says nothing of its labels. Above, all but one text in twenty is such a message: more
# says no more.
_LEAST_ALIKE, _MOST_ALIKE = -1.0, 3.0
_CURVE = ("slope", "shift", "offset")


@dataclass(frozen=True, slots=True)
class Register:
    """How like the messages of a client relation a text reads, rather than texts of other kinds.

    Attributes
    ----------
    slope, offset : float
        The log-odds are ``slope * score + offset``, bounded.
    """

    slope: float = 0.0
    offset: float = 0.0

    @classmethod
    def fit(cls, scores: Floats, alike: Flags) -> Register:
        """Fit the curve; where all texts are of one sort there is none.

        Parameters
        ----------
        scores : array, shape (texts,)
            Of models that had not seen the texts.
        alike : array of bool, shape (texts,)
            Which texts are messages of client relations.
        """
        if alike.all() or not alike.any():
            return cls()
        ones = np.ones(len(scores), dtype=np.float32)
        slope, _, offset = _platt(scores, alike.astype(np.float32), ones, 0 * ones)
        return cls(slope, offset)

    def __call__(self, scores: Floats) -> Floats:
        """Return the log-odds, shape (texts,)."""
        odds = np.clip(self.slope * scores + self.offset, _LEAST_ALIKE, _MOST_ALIKE)
        return np.asarray(odds, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Calibration:
    """One logistic curve a label (Platt, 1999), moved by the text's register.

    Attributes
    ----------
    slope, shift, offset : array of float32, shape (labels,)
        Probability is ``1 / (1 + exp(-(slope * score + shift * register + offset)))``.
    """

    slope: Floats
    shift: Floats
    offset: Floats

    @classmethod
    def fit(
        cls, scores: Floats, targets: Floats, weights: Floats, register: Floats | None = None
    ) -> Calibration:
        """Fit a curve to each column.

        Parameters
        ----------
        scores, targets : array, shape (texts, labels)
            Scores that the model gave without having seen the texts, and whether the label holds.
        weights : array, shape (texts,)
        register : array, optional, shape (texts,)
            As :class:`Register` gives it.
        """
        if register is None:
            register = np.zeros(len(scores), dtype=np.float32)
        curves = [
            _platt(scores[:, column], targets[:, column], weights, register)
            for column in range(scores.shape[1])
        ]
        return cls(*np.array(curves, dtype=np.float32).reshape(-1, 3).T)

    @classmethod
    def plain(cls, labels: int) -> Calibration:
        """Return the logistic curve itself for so many labels."""
        none = np.zeros(labels, dtype=np.float32)
        return cls(none + 1, none, none)

    def __call__(self, scores: Floats, register: Floats | None = None) -> Floats:
        """Return the probability of each score, shape (texts, labels)."""
        odds = scores * self.slope + self.offset
        if register is not None:
            odds += register[:, None] * self.shift
        probabilities: Floats = expit(odds).astype(np.float32)
        return probabilities

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {name: listed(getattr(self, name)) for name in _CURVE}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Calibration:
        """Rebuild what :meth:`to_dict` wrote."""
        return cls(*(floats(values[name]) for name in _CURVE))


def _platt(
    scores: Floats, targets: Floats, weights: Floats, register: Floats
) -> tuple[float, float, float]:
    """Fit slope, shift and offset by weighted maximum likelihood with Platt's smoothed targets."""
    # Imported here: loading it takes a third of a second, which tagging need not wait for.
    from scipy.optimize import minimize

    positives = float(weights[targets > 0].sum())
    negatives = float(weights[targets <= 0].sum())
    high, low = (positives + 1) / (positives + 2), 1 / (negatives + 2)
    wanted = np.where(targets > 0, high, low).astype(np.float64)
    # Scores are brought to unit variance, so that one starting point suits every model.
    centre, spread = float(scores.mean()), float(scores.std()) or 1.0
    standard = (scores.astype(np.float64) - centre) / spread
    base_rate = (positives + 1) / (positives + negatives + 2)
    start = np.array([1.0, 0.0, np.log(base_rate / (1 - base_rate))])
    terms = np.stack([standard, register, np.ones_like(standard)])
    found = minimize(_log_loss, start, args=(terms, wanted, weights.astype(np.float64)), jac=True).x
    slope, shift, offset = found.tolist()
    # A falling curve would raise the alarm for the least likely texts: the label is left flat.
    if slope <= 0:
        return 0.0, 0.0, float(start[-1])
    return slope / spread, shift, offset - slope * centre / spread


def _log_loss(
    curve: Doubles, terms: Doubles, wanted: Doubles, weights: Doubles
) -> tuple[float, Doubles]:
    fitted = np.clip(expit(curve @ terms), 1e-12, 1 - 1e-12)
    loss = -(weights * (xlogy(wanted, fitted) + xlogy(1 - wanted, 1 - fitted))).sum()
    total = weights.sum()
    return float(loss / total), terms @ (weights * (fitted - wanted)) / total


def listed(values: Floats) -> list[float]:
    """Return plain values for JSON."""
    return [float(value) for value in values]


def floats(values: Sequence[float]) -> Floats:
    """Rebuild what :func:`listed` gave."""
    return np.array(values, dtype=np.float32)
