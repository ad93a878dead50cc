"""Curves and thresholds, chosen so that real text without a label seldom raises an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from commsense.tagging.base import Flags, Floats
from commsense.tagging.calibration import Calibration, Thresholds
from commsense.training.corpus import REAL

FALSE_ALARMS: Final = 0.10
"""Share of real texts without a label that may raise any: who cries wolf is switched off."""

# Real texts are what the model is for; written ones are many and have every label evenly.
_REAL_WEIGHT = 3.0
# Of a label found in a written text, beside one found in a real text. At 1.0, labels that real
# texts seldom have are found more often (macro-F1 of other authors' written texts 0.36 instead of
# 0.32), the common ones less (micro-F1 of real sources never seen 0.31 instead of 0.35); alarms
# stay the same.
_WRITTEN_WORTH = 0.3
# Thresholds look better on the texts that chose them than on others: with 7,857 real texts, sources
# that had no part in the choice raised 0.08 at an allowance of 0.06 (micro-F1 0.35), 0.10 at one of
# 0.08 (0.40).
_ALLOWANCE = 0.08
_GRID: Final = np.round(np.arange(0.08, 0.95, 0.04), 2)  # thresholds that are tried
# How many places of the grid a threshold moves down at a time. It does not leap over a wide gap in
# which nothing was found: the few high scores below it are chance (held out, alarms 0.13 with any
# leap allowed).
_LEAPS: Final = (1, 2, 4)
_WORST_ODDS = 0.5  # right labels for each wrong one below which a step is not worth taking
_PRICE = 0.3  # of a wrong label, in right ones
_FREE = 1e-4  # share of alarms that counts as none

_Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What turns scores into labels."""

    calibration: Calibration
    thresholds: Thresholds

    @classmethod
    def fit(cls, corpus: pd.DataFrame, scores: Floats, wanted: Floats) -> Decisions:
        """Fit curves, then choose thresholds.

        Parameters
        ----------
        corpus : pandas.DataFrame
            Columns ``lang`` and ``kind``.
        scores : array, shape (texts, labels)
            Of models that had not seen the texts.
        wanted : array, shape (texts, labels)
        """
        real = (corpus["kind"] == REAL).to_numpy()
        weights = np.where(real, _REAL_WEIGHT, 1.0).astype(np.float32)
        calibration = Calibration.fit(scores, wanted, weights)
        probabilities = calibration(scores)
        return cls(calibration, choose_thresholds(corpus, probabilities, wanted))


def choose_thresholds(corpus: pd.DataFrame, probabilities: Floats, wanted: Floats) -> Thresholds:
    """Choose one probability a label.

    All begin at the strictest. Then step by step that threshold is lowered which finds most labels
    for the alarms that it raises on real texts without a label, until their share reaches what is
    allowed. So a label that seldom errs becomes easy to raise, one that errs often stays hard.
    Every language's quiet texts count the same. Where no text is real, the written ones decide.

    One threshold for all labels of a language was tried and found less for more alarms on sources
    that had no part in the choice (micro-F1 0.36 against 0.39, alarms 0.15 against 0.10, with 4,007
    real texts).

    Parameters
    ----------
    corpus : pandas.DataFrame
        Columns ``lang`` and ``kind``.
    probabilities, wanted : array, shape (texts, labels)
    """
    real = (corpus["kind"] == REAL).to_numpy()
    positives: Flags = wanted > 0
    quiet: Flags = ~positives.any(axis=1) & (real if real.any() else ~real)
    descent = _Descent(
        probabilities,
        positives,
        worth=np.where(real | ~real.any(), 1.0, _WRITTEN_WORTH),
        loudness=_evenly(quiet, corpus["lang"].to_numpy(dtype=object)),
    )
    while (step := descent.best_step()) is not None and descent.can_afford(step):
        descent.take(step)
    return Thresholds(descent.thresholds)


def _evenly(quiet: Flags, languages: npt.NDArray[np.object_]) -> _Doubles:
    """Return the share of each quiet text in all alarms, the same in total for each language."""
    spoken = sorted(set(languages[quiet]))
    shares = np.zeros(len(quiet))
    for language in spoken:
        own = quiet & (languages == language)
        shares[own] = 1 / (own.sum() * len(spoken))
    return shares


@dataclass(frozen=True, slots=True)
class _Step:
    """One threshold lowered."""

    label: int
    place: int
    alarms: float
    value: float


class _Descent:
    """Thresholds on their way down."""

    def __init__(
        self, probabilities: Floats, positives: Flags, *, worth: _Doubles, loudness: _Doubles
    ) -> None:
        self._probabilities, self._positives = probabilities, positives
        self._worth, self._loudness = worth, loudness
        self._places = np.full(positives.shape[1], len(_GRID) - 1)
        self._holds: Flags = probabilities >= _GRID[-1]

    @property
    def thresholds(self) -> Floats:
        """The probability of each label."""
        chosen: Floats = _GRID[self._places].astype(np.float32)
        return chosen

    def best_step(self) -> _Step | None:
        """Return the step that finds most for its alarms; None where none is worth it."""
        silent = self._loudness * ~self._holds.any(axis=1)
        steps = [
            step
            for label, place in enumerate(self._places)
            for leap in _LEAPS
            if leap <= place and (step := self._step(label, place - leap, silent)) is not None
        ]
        return max(steps, key=lambda step: step.value, default=None)

    def can_afford(self, step: _Step) -> bool:
        """Tell whether the alarms stay within what is allowed."""
        spent = float((self._loudness * self._holds.any(axis=1)).sum())
        return spent + step.alarms <= _ALLOWANCE

    def take(self, step: _Step) -> None:
        """Lower the threshold."""
        self._places[step.label] = step.place
        self._holds[:, step.label] = self._probabilities[:, step.label] >= _GRID[step.place]

    def _step(self, label: int, place: int, silent: _Doubles) -> _Step | None:
        raised = (self._probabilities[:, label] >= _GRID[place]) & ~self._holds[:, label]
        right = raised & self._positives[:, label]
        found = float(self._worth[right].sum())
        wrong = float(self._worth[raised & ~right].sum())
        if found <= _WORST_ODDS * wrong:
            return None
        alarms = float(silent[raised].sum())
        # A step without any alarm is weighed by what it finds alone.
        return _Step(label, place, alarms, (found - _PRICE * wrong) / (alarms + _FREE))
