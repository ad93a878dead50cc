"""From probabilities to decisions: which labels hold.

A threshold a label would judge each label as if it were alone. But a false alarm is raised by a
text, on which nothing should have been found; once it is sure that a text says something, its
second and third label cost no further alarm. So two things are weighed: what speaks for the labels
together, and how likely the text is quiet, that is, carries no label at all (Chow, "On optimum
recognition error and reject tradeoff", 1970, for many labels at once).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from commsense.language import UNKNOWN
from commsense.tagging.calibration import Floats, floats, listed

Flags = npt.NDArray[np.bool_]

_SURE = 0.9  # a probability at which nine of ten texts have the label
_CERTAIN = 1e-4  # probabilities nearer to 0 and 1 say no more than this one


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """Which labels hold, by their probabilities.

    A label holds where its probability reaches its floor and the text speaks: where the
    probabilities exceed their floors by more, in sum, than ``price`` times the probability that
    the text is quiet. A label that is as good as sure leaves next to no room for that.

    Attributes
    ----------
    floors : array of float32, shape (labels,)
        The probability below which a label never holds.
    quiet_weights : array of float32, shape (labels,)
    quiet_register, quiet_offset : float
        The log-odds that a text is quiet are the offset, the weighted sum of the log-odds of its
        labels, and its register weighted.
    price : float
        Of an alarm, in languages that have no price of their own; 0 leaves the floors alone.
    prices : mapping of str to float
        By language.
    alone : frozenset of int
        Columns of labels that hold by their floor alone and do not speak for others: a user's own.
    """

    floors: Floats
    quiet_weights: Floats
    quiet_register: float
    quiet_offset: float
    price: float
    prices: Mapping[str, float] = field(default_factory=dict)
    alone: frozenset[int] = frozenset()

    @classmethod
    def by_floors(cls, floors: Floats) -> Self:
        """Return the rule by which each label holds from its floor on."""
        return cls(floors, np.zeros_like(floors), 0.0, 0.0, 0.0)

    def extended(self, floors: Sequence[float]) -> DecisionRule:
        """Return the rule with further labels, which hold by their floors alone."""
        count = len(self.floors)
        return replace(
            self,
            floors=np.concatenate([self.floors, np.array(floors, dtype=np.float32)]),
            quiet_weights=np.concatenate(
                [self.quiet_weights, np.zeros(len(floors), dtype=np.float32)]
            ),
            alone=self.alone | frozenset(range(count, count + len(floors))),
        )

    def odds(self, probabilities: Floats, register: Floats | None = None) -> Floats:
        """Return what speaks for the labels of each text, by how likely it is quiet; (texts,).

        It is compared with the price of an alarm.
        """
        excess = np.clip(probabilities - self.floors, 0, None)
        excess[:, sorted(self.alone)] = 0
        silent = log_odds(probabilities) @ self.quiet_weights + self.quiet_offset
        if register is not None:
            silent += self.quiet_register * register
        # A text cannot be likelier to be quiet than its likeliest label is to fail. Of what is
        # less than sure the curves alone know too little: held to it, too, the rule finds less.
        likeliest = np.where(excess > 0, probabilities, 0).max(axis=1, initial=0)
        quiet = np.minimum(expit(silent), np.where(likeliest >= _SURE, 1 - likeliest, 1))
        odds: Floats = excess.sum(axis=1) / np.maximum(quiet, _CERTAIN)
        return odds

    def decide(
        self,
        probabilities: Floats,
        languages: Sequence[str] | None,
        known: Sequence[str],
        register: Floats | None = None,
    ) -> Flags:
        """Return which labels hold.

        Parameters
        ----------
        probabilities : array, shape (texts, labels)
        languages : sequence of str, optional, one a text
            ``und`` or nothing for a language that could not be told.
        known : sequence of str
            Languages that the model was trained on; in any other it abstains.
        register : array, optional, shape (texts,)
            See :class:`commsense.tagging.calibration.Register`.

        Returns
        -------
        array of bool, shape (texts, labels)
        """
        prices: Floats = np.full(len(probabilities), self.price, dtype=np.float32)
        if languages is not None:
            prices = floats([self.prices.get(_primary(tag), self.price) for tag in languages])
        speaks = np.repeat(
            (self.odds(probabilities, register) >= prices)[:, None], len(self.floors), axis=1
        )
        speaks[:, sorted(self.alone)] = True
        holds: Flags = (probabilities >= self.floors) & speaks
        if languages is not None:
            holds[abstentions(languages, known)] = False
        return holds

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "floors": listed(self.floors),
            "quiet_weights": listed(self.quiet_weights),
            "quiet_register": self.quiet_register,
            "quiet_offset": self.quiet_offset,
            "price": self.price,
            "prices": dict(sorted(self.prices.items())),
            "alone": sorted(self.alone),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild what :meth:`to_dict` wrote."""
        return cls(
            floats(values["floors"]),
            floats(values["quiet_weights"]),
            float(values["quiet_register"]),
            float(values["quiet_offset"]),
            float(values["price"]),
            {tag: float(price) for tag, price in values["prices"].items()},
            frozenset(values["alone"]),
        )


def log_odds(probabilities: Floats) -> Floats:
    """Return the logarithm of the odds of each probability, bounded."""
    bounded: Floats = logit(np.clip(probabilities, _CERTAIN, 1 - _CERTAIN)).astype(np.float32)
    return bounded


def abstentions(languages: Sequence[str], known: Sequence[str]) -> Flags:
    """Return which texts are in a language that a model was not trained on, shape (texts,).

    ``und``, or nothing, is a language that could not be told: such a text is judged.
    """
    judged = {*known, UNKNOWN}
    return np.array([_primary(tag) not in judged for tag in languages], dtype=bool)


def _primary(language: object) -> str:
    """Return the primary subtag: ``fr`` of ``fr-CA``; what is no tag at all was not told."""
    if not isinstance(language, str) or not language:
        return UNKNOWN
    return language.partition("-")[0].lower()
