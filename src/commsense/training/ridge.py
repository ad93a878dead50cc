"""Ridge regression by its texts: one inverse gives the weights and all leave-out predictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from commsense.tagging.base import Floats

# Rows of what is inverted at once: on some processors OpenBLAS ends the process where a matrix
# takes more than 2 GiB, 16,384 rows; products of quarters keep below that up to 30,000 texts.
_LARGEST = 8_000

Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

# Of what a family of texts has of its own, beside what all share. Stronger ones gain little on
# families never seen and lose on sources like those seen (docs/evaluation.md).
_OWN_WEIGHTS: Final = 0.5
_OWN_INTERCEPT: Final = 0.05


def inverted_system(
    vectors: sparse.csr_matrix,
    penalty: float,
    weights: Floats | Doubles,
    families: Sequence[str] = (),
) -> Doubles:
    """Return ``inverse(K + penalty / weights)``, shape (texts, texts).

    ``K`` is ``X @ X.T``. Where families are given, two texts of one family have more in common than
    others: each family has weights and an intercept of its own beside the shared ones.

    Parameters
    ----------
    vectors : sparse matrix, shape (texts, features)
        As :meth:`commsense.tagging.LinearTagger.vectors` gives them.
    penalty : float
        On the squared weights of the features.
    weights : array, shape (texts,)
        How much each text counts.
    families : sequence of str
        Of each text; empty where there are none.
    """
    system: Doubles = (vectors @ vectors.T).toarray().astype(np.float64)
    for _, rows in groups_of(families):
        own = np.ix_(rows, rows)
        system[own] = system[own] * (1 + _OWN_WEIGHTS) + _OWN_INTERCEPT
    system[np.diag_indices_from(system)] += penalty / weights
    return _inverse(system)


def _inverse(system: Doubles) -> Doubles:
    """Invert a symmetric positive definite matrix by its quarters where it is large."""
    size = len(system)
    if size <= _LARGEST:
        small: Doubles = linalg.inv(system, overwrite_a=True, check_finite=False)
        return small
    half = size // 2
    first, mixed, second = (
        np.ascontiguousarray(block)
        for block in (system[:half, :half], system[:half, half:], system[half:, half:])
    )
    first = _inverse(first)
    ratio = first @ mixed
    second -= mixed.T @ ratio
    del mixed
    second = _inverse(second)
    cross = ratio @ second
    first += cross @ ratio.T
    return np.block([[first, -cross], [-cross.T, second]])


def _product(matrix: Doubles, columns: Doubles) -> Doubles:
    """Multiply a large matrix some rows at a time."""
    starts = range(0, len(matrix), _LARGEST)
    return np.concatenate([matrix[start : start + _LARGEST] @ columns for start in starts])


@dataclass(frozen=True, slots=True)
class MixedRidge:
    """Ridge regression with weights that all texts share and weights of each family's own.

    A kind of text has its habits: nearly every review praises or complains, and a word means there
    what it means nowhere else. What is learnt of one family alone is kept apart while the shared
    weights are learnt, and left out of predictions, which are of texts from anywhere (mixed
    effects: Laird and Ware, 1982; as features: Daumé, "Frustratingly easy domain adaptation",
    2007).

    Attributes
    ----------
    vectors : sparse matrix, shape (texts, features)
    wanted : array, shape (texts, labels)
    weights : array, shape (texts,)
    inverse : array, shape (texts, texts)
    """

    vectors: sparse.csr_matrix
    wanted: Floats
    weights: Floats
    inverse: Doubles
    _solved: Doubles  # inverse @ [wanted, 1], from which the solution for any intercept follows

    @classmethod
    def fit(
        cls,
        vectors: sparse.csr_matrix,
        wanted: Floats,
        *,
        penalty: float,
        weights: Floats,
        families: Sequence[str] = (),
    ) -> Self:
        """Solve for all labels at once; parameters as of :func:`inverted_system`."""
        inverse = inverted_system(vectors, penalty, weights, families)
        with_one = np.column_stack([wanted, np.ones(len(wanted))])
        return cls(vectors, wanted, weights, inverse, _product(inverse, with_one))

    @property
    def mean(self) -> Doubles:
        """The intercept, shape (labels,): the weighted share of texts with each label."""
        return self._mean(np.arange(len(self.wanted)))

    @property
    def coefficients(self) -> Doubles:
        """The shared weights, shape (features, labels)."""
        return np.asarray(self.vectors.T @ self._solution(self.mean))

    def without(self, rows: Rows) -> Floats:
        """Predict some texts by the shared weights and intercept of a model fitted without them.

        The model follows from the inverse of all texts: its own is a Schur complement of that.
        """
        others = np.setdiff1d(np.arange(len(self.wanted)), rows)
        mean = self._mean(others)
        solution = self._solution(mean)
        own = np.linalg.solve(self.inverse[np.ix_(rows, rows)], solution[rows])
        solution = solution[others] - self.inverse[np.ix_(others, rows)] @ own
        coefficients = self.vectors[others].T @ solution
        scores: Floats = (self.vectors[rows] @ coefficients + mean).astype(np.float32)
        return scores

    def _mean(self, rows: Rows) -> Doubles:
        weights = self.weights[rows].astype(np.float64)
        return np.average(self.wanted[rows].astype(np.float64), axis=0, weights=weights)

    def _solution(self, mean: Doubles) -> Doubles:
        """Return how much each text adds to the weights, shape (texts, labels)."""
        return self._solved[:, :-1] - self._solved[:, -1:] * mean


@dataclass(frozen=True, slots=True)
class Blend:
    """The average of a ridge that learns from all texts alike and one that is mixed.

    The first is better on sources of a family that was seen, the second on families that were not
    and on other authors; their average loses little on either side (docs/evaluation.md).

    Attributes
    ----------
    parts : tuple of MixedRidge
        Of the same texts and labels.
    """

    parts: tuple[MixedRidge, ...]

    @property
    def wanted(self) -> Floats:
        """What was learnt, shape (texts, labels)."""
        return self.parts[0].wanted

    @property
    def mean(self) -> Doubles:
        """The intercept, shape (labels,)."""
        return self.parts[0].mean

    @property
    def coefficients(self) -> Doubles:
        """The weights, shape (features, labels)."""
        average: Doubles = np.mean([part.coefficients for part in self.parts], axis=0)
        return average

    def without(self, rows: Rows) -> Floats:
        """Predict some texts by a model fitted without them."""
        average: Floats = np.mean([part.without(rows) for part in self.parts], axis=0)
        return average


def groups_of(names: Sequence[str]) -> Iterator[tuple[str, Rows]]:
    """Yield each name with the places where it stands."""
    array = np.asarray(names)
    for name in np.unique(array):
        yield str(name), np.flatnonzero(array == name)
