"""Predictions for texts of authors and sources that the model has not seen.

The parts of a corpus - a real source, one author's written texts - are spread over folds; the texts
of a fold are predicted by a model that was fitted without any of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import pandas as pd

from commsense.progress import Progress, silent
from commsense.tagging.base import Flags, Floats
from commsense.training.decisions import Decisions
from commsense.training.ridge import Rows, groups_of

FOLDS: Final = 10
"""A model that judges lacks a tenth of what the shipped one has."""


class LeavesOut(Protocol):
    """What can be fitted anew without some of its texts: a ridge, a blend, a network beside it."""

    @property
    def wanted(self) -> Floats:
        """What was learnt, shape (texts, outputs)."""
        ...

    def without(self, rows: Rows) -> Floats:
        """Predict some texts by a model fitted without them."""
        ...


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Predictions of models that had not seen the source or author.

    Attributes
    ----------
    scores : array of float32, shape (texts, labels)
        Uncalibrated.
    probabilities, holds : array, shape (texts, labels)
        Calibrated and decided by curves and a rule that had not seen the fold either.
    """

    scores: Floats
    probabilities: Floats
    holds: Flags


def folds_of(corpus: pd.DataFrame, count: int = FOLDS) -> list[str]:
    """Return the fold of each text; a part lies in one fold as a whole.

    The parts of a language are spread as evenly as they can be, so that a model that lacks a fold
    lacks as little else of the language as possible.

    Parameters
    ----------
    corpus : pandas.DataFrame
        Columns ``part`` and ``lang``.
    count : int
        Of folds, at most.
    """
    language_of = {part: of.value_counts().index[0] for part, of in corpus.groupby("part")["lang"]}
    sizes = {part: len(of) for part, of in corpus.groupby("part")}
    totals = pd.DataFrame(0, index=range(count), columns=sorted(set(language_of.values())))
    chosen = {}
    for part in sorted(sizes, key=lambda part: (-sizes[part], str(part))):
        language = language_of[part]
        ranked = zip(totals[language], totals.sum(axis=1), totals.index, strict=True)
        chosen[part] = min(ranked)[-1]
        totals.loc[chosen[part], language] += sizes[part]
    return [f"fold {chosen[part]}" for part in corpus["part"]]


def held_out_scores(
    model: LeavesOut, groups: Sequence[str], *, progress: Progress = silent
) -> Floats:
    """Predict each group by a model fitted without it.

    Parameters
    ----------
    model : LeavesOut
        Fitted on all texts. The n-gram weights, which know no labels, are those of all texts too.
    groups : sequence of str
        Which group each text belongs to; those of no group, an empty name, are not predicted.
    progress : Progress

    Returns
    -------
    array of float32, shape (texts, outputs)
    """
    scores = np.zeros(model.wanted.shape, dtype=np.float32)
    places = [rows for _, rows in groups_of(groups)]
    # SciPy and torch release the interpreter's lock, so threads share the work.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done, (rows, found) in enumerate(
            zip(places, pool.map(model.without, places), strict=True), start=1
        ):
            scores[rows] = found
            progress("held-out parts", done, len(places))
    return scores


def held_out(
    corpus: pd.DataFrame,
    scores: Floats,
    wanted: Floats,
    groups: Sequence[str],
    register: Floats | None = None,
) -> HeldOut:
    """Calibrate and decide the held-out scores of each group without looking at that group.

    Parameters
    ----------
    corpus : pandas.DataFrame
        Columns ``lang`` and ``kind``.
    scores : array, shape (texts, labels)
        As :func:`held_out_scores` gives them.
    wanted : array, shape (texts, labels)
    groups : sequence of str
        Which group each text belongs to; those of no group, an empty name, are not decided.
    register : array, optional, shape (texts,)
        Held-out scores for being written; left out, no register is told.
    """
    probabilities = np.zeros_like(scores)
    holds = np.zeros(scores.shape, dtype=bool)
    for _, rows in groups_of(groups):
        others = np.setdiff1d(np.arange(len(scores)), rows)
        of_others, of_rows = (
            None if register is None else register[some] for some in (others, rows)
        )
        decisions = Decisions.fit(corpus.iloc[others], scores[others], wanted[others], of_others)
        languages = corpus["lang"].iloc[rows].tolist()
        probabilities[rows], holds[rows] = decisions.judge(scores[rows], of_rows, languages)
    return HeldOut(scores, probabilities, holds)
