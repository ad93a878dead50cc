"""Curves and the decision rule, chosen so that real text without a label seldom raises an alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from commsense.tagging.base import Flags, Floats
from commsense.tagging.calibration import Calibration, Register
from commsense.tagging.decision import DecisionRule, log_odds
from commsense.training.corpus import REAL

FALSE_ALARMS: Final = 0.10
"""Share of real texts without a label that may raise any: who cries wolf is switched off."""

# Of a real text, in the curves. Real ones are two thirds and have most labels seldom; the more they
# weigh, the more a rare label is held back in a business mail too.
_REAL_WEIGHT = 0.5
# A rule looks better on the texts that chose it than on others: with 46,318 real texts, sources
# that had no part in the choice raised 0.086 at an allowance of 0.08, 0.10 in the worst language.
_ALLOWANCE = 0.08
# Below it a label is wrong three times as often as right.
_FLOOR = 0.25
# How quiet a written text without a label is. At 1 it is as quiet as a real one; below, the rule is
# bolder where a text is like the written ones, and finds more of what real ones seldom have.
_WRITTEN_QUIET = 0.1
_FEWEST = 100  # quiet texts for a price of a language's own
_REGULARISATION = 0.1  # of the logistic regression for quiet texts; it has a weight a label

_Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What turns scores into labels."""

    register: Register
    calibration: Calibration
    rule: DecisionRule

    @classmethod
    def fit(
        cls, corpus: pd.DataFrame, scores: Floats, wanted: Floats, register: Floats | None = None
    ) -> Decisions:
        """Fit curves, then the rule.

        Parameters
        ----------
        corpus : pandas.DataFrame
            Columns ``lang`` and ``kind``.
        scores : array, shape (texts, labels)
            Of models that had not seen the texts.
        wanted : array, shape (texts, labels)
        register : array, optional, shape (texts,)
            Scores for being written, of the same models; left out, no register is told.
        """
        real = (corpus["kind"] == REAL).to_numpy()
        weights = np.where(real, _REAL_WEIGHT, 1.0).astype(np.float32)
        curve = Register() if register is None else Register.fit(register, ~real)
        alike = curve(np.zeros(len(scores), np.float32) if register is None else register)
        calibration = Calibration.fit(scores, wanted, weights, alike)
        rule = fit_rule(corpus, calibration(scores, alike), wanted, alike)
        return cls(curve, calibration, rule)

    def judge(
        self, scores: Floats, register: Floats | None, languages: Sequence[str]
    ) -> tuple[Floats, Flags]:
        """Return probabilities and which labels hold, shapes (texts, labels), in any language."""
        alike = None if register is None else self.register(register)
        probabilities = self.calibration(scores, alike)
        return probabilities, self.rule.decide(probabilities, languages, languages, alike)


def fit_rule(
    corpus: pd.DataFrame, probabilities: Floats, wanted: Floats, register: Floats
) -> DecisionRule:
    """Fit the decision rule: how to tell a quiet text, and the price of an alarm.

    The price is the lowest at which as few quiet texts as allowed raise an alarm: in each language
    with enough real ones, and in all of them together for texts whose language is not told. A
    language that has written texts alone pays what lets as many of its quiet ones raise an alarm as
    of the written ones elsewhere. Where no text is real, the written ones decide.

    Parameters
    ----------
    corpus : pandas.DataFrame
        Columns ``lang`` and ``kind``.
    probabilities, wanted : array, shape (texts, labels)
    register : array, shape (texts,)
        As :class:`commsense.tagging.calibration.Register` gives it.
    """
    real = (corpus["kind"] == REAL).to_numpy()
    silent: Flags = ~np.any(wanted > 0, axis=1)
    counted = real if real.any() else ~real
    quietness = np.where(counted, 1.0, _WRITTEN_QUIET) * silent
    signs = np.column_stack([log_odds(probabilities), register])
    weights, offset = _quiet(signs, quietness)
    floors = np.full(wanted.shape[1], _FLOOR, dtype=np.float32)
    rule = DecisionRule(floors, weights[:-1], float(weights[-1]), offset, price=0.0)
    quiet = pd.DataFrame(
        {
            "odds": rule.odds(probabilities[silent], register[silent]),
            "lang": corpus["lang"].to_numpy()[silent],
            "counted": counted[silent],
        }
    )
    judged = quiet[quiet["counted"]]
    return replace(rule, price=_price(judged["odds"], _ALLOWANCE), prices=_prices(quiet))


def _prices(quiet: pd.DataFrame) -> dict[str, float]:
    """Return the price in each language with enough quiet texts."""
    judged = _by_language(quiet[quiet["counted"]])
    prices = {language: _price(odds, _ALLOWANCE) for language, odds in judged.items()}
    written = _by_language(quiet[~quiet["counted"]])
    alike = [(written[one] >= prices[one]).mean() for one in prices if one in written]
    if alike:
        share = float(np.mean(alike))
        prices |= {
            language: _price(odds, share)
            for language, odds in written.items()
            if language not in prices
        }
    return prices


def _by_language(quiet: pd.DataFrame) -> dict[str, pd.Series]:
    groups = {str(language): of["odds"] for language, of in quiet.groupby("lang")}
    return {language: odds for language, odds in groups.items() if len(odds) >= _FEWEST}


def _price(odds: pd.Series, share: float) -> float:
    """Return what no more than a share of quiet texts can pay."""
    if odds.empty:
        return 0.0
    dearest = float(np.quantile(odds, 1 - share, method="higher"))
    return float(np.nextafter(np.float32(dearest), np.float32(np.inf)))


def _quiet(features: Floats, quietness: _Doubles) -> tuple[Floats, float]:
    """Fit the log-odds of being quiet; a text that is partly quiet stands on both sides."""
    # Imported here: loading scikit-learn takes a second that reading mail need not wait for.
    from sklearn.linear_model import LogisticRegression

    weights = np.concatenate([quietness, 1 - quietness])
    sides = np.repeat([1, 0], len(quietness))[weights > 0]
    if len(set(sides.tolist())) == 1:
        return np.zeros(features.shape[1], dtype=np.float32), 0.0
    model = LogisticRegression(C=_REGULARISATION, max_iter=1_000)
    model.fit(np.tile(features, (2, 1))[weights > 0], sides, weights[weights > 0])
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])
