"""Curves and thresholds, chosen so that real text without a label seldom raises an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from commsense.tagging.base import Flags, Floats
from commsense.tagging.calibration import Calibration, Thresholds
from commsense.training.corpus import REAL

FALSE_ALARMS: Final = 0.10
"""Share of real texts without a label that may raise any: who cries wolf is switched off."""

# Real texts are what the model is for; written ones are many and have every label evenly.
_REAL_WEIGHT = 3.0
_MIN_UNLABELLED = 60  # real unlabelled texts of one language from which on it has its own threshold
_GRID: Final = np.round(np.arange(0.15, 0.96, 0.01), 2)  # thresholds that are tried


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
    """Choose one probability a language, the same for all labels.

    It is the one with the best micro-F1 on real texts among those with which few of the real
    texts without a label raise an alarm (:data:`FALSE_ALARMS`). Probabilities are calibrated, so
    one threshold for all labels loses little; thresholds for each label were tried and raised
    twice as many false alarms on sources that had no part in choosing them. A language
    with few real texts, and a text of unknown language, are judged by those of all languages;
    where no text is real, by the written ones.

    Parameters
    ----------
    corpus : pandas.DataFrame
        Columns ``lang`` and ``kind``.
    probabilities, wanted : array, shape (texts, labels)
    """
    languages = corpus["lang"].to_numpy(dtype=object)
    real = (corpus["kind"] == REAL).to_numpy()
    judged = real if real.any() else np.ones(len(corpus), dtype=bool)
    positives: Flags = wanted > 0
    unlabelled: Flags = ~np.any(positives, axis=1)
    chosen: dict[str, Floats] = {}
    for language in sorted(set(languages)):
        own = judged & (languages == language)
        if (own & unlabelled).sum() >= _MIN_UNLABELLED:
            chosen[language] = _best(probabilities[own], positives[own])
    return Thresholds(_best(probabilities[judged], positives[judged]), chosen)


def _best(probabilities: Floats, positives: Flags) -> Floats:
    """Return the best allowed threshold, once for each label."""
    unlabelled: Flags = ~np.any(positives, axis=1)
    figures = [_at(threshold, probabilities, positives, unlabelled) for threshold in _GRID]
    allowed = [place for place, (alarms, _) in enumerate(figures) if alarms <= FALSE_ALARMS]
    best = max(allowed, key=lambda place: figures[place][1], default=len(_GRID) - 1)
    return np.full(positives.shape[1], _GRID[best], dtype=np.float32)


def _at(
    threshold: float, probabilities: Floats, positives: Flags, unlabelled: Flags
) -> tuple[float, float]:
    """Return the share of false alarms and the micro-F1 at a threshold."""
    holds = probabilities >= threshold
    alarms = float(holds[unlabelled].any(axis=1).mean()) if unlabelled.any() else 0.0
    hits = int((holds & positives).sum())
    return alarms, 2 * hits / max(int(holds.sum() + positives.sum()), 1)
