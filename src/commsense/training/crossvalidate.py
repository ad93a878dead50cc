"""Predictions for texts of authors and sources that the model has not seen.

Every group of texts - a real source, a part of the written corpus - is predicted by a model that
was fitted without it. All those models follow from one inverse, see
:meth:`commsense.training.ridge.MixedRidge.without`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from commsense.progress import Progress, silent
from commsense.tagging.base import Flags, Floats
from commsense.training.decisions import Decisions
from commsense.training.ridge import Blend, MixedRidge, groups_of


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Predictions of models that had not seen the source or author.

    Attributes
    ----------
    scores : array of float32, shape (texts, labels)
        Uncalibrated.
    probabilities, holds : array, shape (texts, labels)
        Calibrated and decided by curves and thresholds that had not seen the group either.
    """

    scores: Floats
    probabilities: Floats
    holds: Flags


def held_out_scores(ridge: MixedRidge | Blend, groups: Sequence[str]) -> Floats:
    """Predict each group by a model fitted without it.

    Parameters
    ----------
    ridge : MixedRidge or Blend
        Fitted on all texts. The n-gram weights, which know no labels, are those of all texts too.
    groups : sequence of str
        Which group each text belongs to.

    Returns
    -------
    array of float32, shape (texts, labels)
    """
    scores = np.zeros(ridge.wanted.shape, dtype=np.float32)
    for _, rows in groups_of(groups):
        scores[rows] = ridge.without(rows)
    return scores


def held_out(
    corpus: pd.DataFrame,
    scores: Floats,
    wanted: Floats,
    *,
    progress: Progress = silent,
) -> HeldOut:
    """Calibrate and decide the held-out scores of each group without looking at that group.

    Parameters
    ----------
    corpus : pandas.DataFrame
        Columns ``lang``, ``kind`` and ``part``.
    scores : array, shape (texts, labels)
        As :func:`held_out_scores` gives them.
    wanted : array, shape (texts, labels)
    progress : Progress
    """
    probabilities = np.zeros_like(scores)
    holds = np.zeros(scores.shape, dtype=bool)
    parts = corpus["part"].to_numpy(dtype=object)
    names = sorted(set(parts))
    for done, name in enumerate(names, start=1):
        inside = parts == name
        decisions = Decisions.fit(corpus[~inside], scores[~inside], wanted[~inside])
        probabilities[inside] = decisions.calibration(scores[inside])
        languages = corpus["lang"][inside].tolist()
        holds[inside] = decisions.thresholds.decide(probabilities[inside], languages, languages)
        progress("held-out parts", done, len(names))
    return HeldOut(scores, probabilities, holds)
