"""Figures of one set of predictions against labels, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64] | npt.NDArray[np.bool_]
Interval = tuple[float, float]

MIN_SUPPORT: Final = 5  # positives below which a label's figure is chance and enters no mean

_RESAMPLES = 500  # bootstrap draws: the ends of a 90 % interval are then stable to one hundredth
_INTERVAL = (5.0, 95.0)
_SEED = 20_241  # any; fixed, so that the same predictions give the same intervals
_BINS = 10  # of the reliability curve


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """How well one label is found.

    Attributes
    ----------
    support : int
        Texts that carry the label.
    raised : int
        Texts that the model gave it to.
    precision, recall, f1, average_precision : float or None
        None where there is nothing to divide by.
    calibration_error : float
        Expected calibration error, see :class:`Figures`.
    """

    label: str
    support: int
    raised: int
    precision: float | None
    recall: float | None
    f1: float | None
    average_precision: float | None
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Figures:
    """How well all labels are found in one set of texts.

    Attributes
    ----------
    texts, unlabelled : int
        Number of texts, and of those that carry no label.
    micro_precision, micro_recall, micro_f1 : float or None
        Over all decisions.
    macro_f1, mean_average_precision : float or None
        Means over the labels with at least :data:`MIN_SUPPORT` positives.
    false_alarms : float or None
        Share of the unlabelled texts for which any label was raised.
    calibration_error : float
        Expected calibration error over all probabilities (Naeini et al., 2015), ten bins.
    micro_f1_interval, false_alarms_interval : pair of float or None
        90 % bootstrap intervals over texts.
    labels : tuple of LabelFigures
    """

    texts: int
    unlabelled: int
    micro_precision: float | None
    micro_recall: float | None
    micro_f1: float | None
    micro_f1_interval: Interval | None
    macro_f1: float | None
    mean_average_precision: float | None
    false_alarms: float | None
    false_alarms_interval: Interval | None
    calibration_error: float
    labels: tuple[LabelFigures, ...]


def figures(labels: Sequence[str], targets: Floats, probabilities: Floats, holds: Flags) -> Figures:
    """Compare predictions with labels.

    Parameters
    ----------
    labels : sequence of str
        Names of the columns.
    targets, probabilities, holds : array, shape (texts, labels)
        What holds, how likely the model finds it, and what it decided.
    """
    wanted = targets > 0
    each = tuple(
        _label(name, wanted[:, column], probabilities[:, column], holds[:, column])
        for column, name in enumerate(labels)
    )
    enough = [one for one in each if one.support >= MIN_SUPPORT]
    unlabelled: Flags = ~np.any(wanted, axis=1)
    alarms: Flags = np.any(holds[unlabelled], axis=1)
    hits = (wanted & holds).sum(axis=1)
    raised, due = holds.sum(axis=1), wanted.sum(axis=1)
    return Figures(
        texts=len(targets),
        unlabelled=int(unlabelled.sum()),
        micro_precision=_ratio(hits.sum(), raised.sum()),
        micro_recall=_ratio(hits.sum(), due.sum()),
        micro_f1=_ratio(2 * hits.sum(), raised.sum() + due.sum()),
        micro_f1_interval=_bootstrap(
            len(targets), lambda drawn: f1(hits[drawn], raised[drawn], due[drawn])
        ),
        macro_f1=_mean([one.f1 or 0.0 for one in enough]),
        mean_average_precision=_mean([one.average_precision or 0.0 for one in enough]),
        false_alarms=_ratio(alarms.sum(), len(alarms)),
        false_alarms_interval=_bootstrap(len(alarms), lambda drawn: float(alarms[drawn].mean())),
        calibration_error=_calibration_error(wanted, probabilities),
        labels=each,
    )


def average_precision(wanted: Flags, scores: Floats) -> float | None:
    """Return the mean of the precisions at each positive, by falling score; None without any."""
    if not wanted.any():
        return None
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(wanted, scores))


def reliability(targets: Floats, probabilities: Floats) -> list[dict[str, Any]]:
    """Return the reliability curve: for each bin its count, mean probability and share held."""
    bins = _bins(probabilities)
    curve = []
    for index in range(_BINS):
        inside = bins == index
        if inside.any():
            curve.append(
                {
                    "count": int(inside.sum()),
                    "probability": round(float(probabilities[inside].mean()), 4),
                    "share": round(float((targets[inside] > 0).mean()), 4),
                }
            )
    return curve


def _label(name: str, wanted: Flags, probabilities: Floats, holds: Flags) -> LabelFigures:
    hits, raised, support = int((wanted & holds).sum()), int(holds.sum()), int(wanted.sum())
    return LabelFigures(
        label=name,
        support=support,
        raised=raised,
        precision=_ratio(hits, raised),
        recall=_ratio(hits, support),
        f1=_ratio(2 * hits, raised + support),
        average_precision=average_precision(wanted, probabilities),
        calibration_error=_calibration_error(wanted, probabilities),
    )


def _calibration_error(wanted: Flags, probabilities: Floats) -> float:
    bins = _bins(probabilities)
    error = 0.0
    for index in range(_BINS):
        inside = bins == index
        if inside.any():
            gap = abs(float(probabilities[inside].mean()) - float(wanted[inside].mean()))
            error += gap * float(inside.mean())
    return error


def _bins(probabilities: Floats) -> npt.NDArray[np.int64]:
    return np.minimum((probabilities * _BINS).astype(np.int64), _BINS - 1)


def _bootstrap(count: int, statistic: Callable[[npt.NDArray[np.int64]], float]) -> Interval | None:
    if count == 0:
        return None
    random = np.random.default_rng(_SEED)
    values = [statistic(random.integers(0, count, count)) for _ in range(_RESAMPLES)]
    low, high = np.percentile(values, _INTERVAL)
    return float(low), float(high)


def f1(hits: Counts, raised: Counts, due: Counts) -> float:
    """Return the harmonic mean of precision and recall over all texts, 0 where nothing is due.

    Parameters
    ----------
    hits, raised, due : array of bool or int, shape (texts,)
        How many labels of each text were rightly raised, were raised, and hold.
    """
    return float(2 * hits.sum() / max(int(raised.sum() + due.sum()), 1))


def _ratio(part: float, whole: float) -> float | None:
    return float(part) / float(whole) if whole else None


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
