"""Ridge regression over tens of thousands of texts, and what it predicts for texts left out.

It is solved by the texts (one number each and label) and not by the features, which are many more:
``solution = inverse(K + penalty / weights) @ (wanted - mean)``, where ``K = X @ X.T``. The matrix
is never formed: conjugate gradients need only its products (Hestenes and Stiefel, 1952), for all
labels at once. A model without some texts starts from the solution of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from commsense.tagging.base import Floats

Rows = npt.NDArray[np.int64]

# Of what a family of texts has of its own, beside what all share. Stronger ones gain little on
# families never seen and lose on sources like those seen (docs/evaluation.md).
_OWN_WEIGHTS: Final = 0.5
_OWN_INTERCEPT: Final = 0.05

_TOLERANCE = 1e-2  # what is left of each column; held-out scores then err by 1 % of their spread
_MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class _System:
    """The matrix ``K + penalty / weights`` of some texts, as its products.

    Two texts of one family have more in common than others: each family has weights and an
    intercept of its own beside the shared ones.
    """

    vectors: sparse.csr_matrix
    transposed: sparse.csr_matrix
    diagonal: Floats
    families: tuple[tuple[Rows, sparse.csr_matrix, sparse.csr_matrix], ...]

    @classmethod
    def of(cls, vectors: sparse.csr_matrix, diagonal: Floats, families: Sequence[str]) -> Self:
        apart = []
        for _, rows in groups_of(families):
            own = vectors[rows]
            own = own[:, np.unique(own.indices)]  # most features are not of this family
            apart.append((rows, own, own.T.tocsr()))
        return cls(vectors, vectors.T.tocsr(), diagonal, tuple(apart))

    def __matmul__(self, columns: Floats) -> Floats:
        product: Floats = self.vectors @ (self.transposed @ columns)
        product += self.diagonal[:, None] * columns
        for rows, vectors, transposed in self.families:
            of = columns[rows]
            product[rows] += _OWN_WEIGHTS * (vectors @ (transposed @ of))
            product[rows] += _OWN_INTERCEPT * of.sum(axis=0)
        return product

    def solved(self, wanted: Floats, start: Floats) -> Floats:
        """Solve for all columns, preconditioned by the diagonal (Jacobi)."""
        scale = (1 / (1 + self.diagonal))[:, None]
        enough = _TOLERANCE * np.linalg.norm(wanted, axis=0)
        solution = start.copy()
        rest = wanted - self @ solution
        scaled = scale * rest
        direction, size = scaled, (rest * scaled).sum(axis=0)
        for _ in range(_MOST_STEPS):
            if (np.linalg.norm(rest, axis=0) <= enough).all():
                break
            product = self @ direction
            step = size / np.maximum((direction * product).sum(axis=0), np.finfo(np.float32).tiny)
            solution += step * direction
            rest -= step * product
            scaled = scale * rest
            before, size = size, (rest * scaled).sum(axis=0)
            direction = scaled + size / np.maximum(before, np.finfo(np.float32).tiny) * direction
        return solution


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
        As :meth:`commsense.tagging.LinearTagger.vectors` gives them.
    wanted : array, shape (texts, outputs)
    weights : array, shape (texts,)
        How much each text counts.
    families : sequence of str
        Of each text; empty where there are none.
    penalty : float
        On the squared weights of the features.
    solution : array, shape (texts, outputs)
        How much each text adds to the weights.
    """

    vectors: sparse.csr_matrix
    wanted: Floats
    weights: Floats
    families: Sequence[str]
    penalty: float
    solution: Floats

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
        """Solve for all labels at once; parameters are the attributes of those names."""
        none = np.zeros(wanted.shape, dtype=np.float32)
        ridge = cls(vectors, wanted, weights, families, penalty, none)
        return cls(
            vectors, wanted, weights, families, penalty, ridge._solved(np.arange(len(wanted)))
        )

    @property
    def mean(self) -> Floats:
        """The intercept, shape (outputs,): the weighted share of texts with each label."""
        return self._mean(np.arange(len(self.wanted)))

    @property
    def coefficients(self) -> Floats:
        """The shared weights, shape (features, labels)."""
        return np.asarray(self.vectors.T @ self.solution)

    def without(self, rows: Rows) -> Floats:
        """Predict some texts by the shared weights and intercept of a model fitted without them."""
        others = np.setdiff1d(np.arange(len(self.wanted)), rows)
        coefficients = self.vectors[others].T @ self._solved(others)
        scores: Floats = np.asarray(self.vectors[rows] @ coefficients + self._mean(others))
        return scores

    def _solved(self, rows: Rows) -> Floats:
        """Return the solution for some texts, found from the one for all."""
        families = [self.families[row] for row in rows] if len(self.families) else []
        diagonal = (self.penalty / self.weights[rows]).astype(np.float32)
        system = _System.of(self.vectors[rows], diagonal, families)
        return system.solved(self.wanted[rows] - self._mean(rows), self.solution[rows])

    def _mean(self, rows: Rows) -> Floats:
        mean: Floats = np.average(self.wanted[rows], axis=0, weights=self.weights[rows])
        return mean.astype(np.float32)


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
        """What was learnt, shape (texts, outputs)."""
        return self.parts[0].wanted

    @property
    def mean(self) -> Floats:
        """The intercept, shape (outputs,)."""
        return self.parts[0].mean

    @property
    def coefficients(self) -> Floats:
        """The weights, shape (features, labels)."""
        average: Floats = np.mean([part.coefficients for part in self.parts], axis=0)
        return average

    def without(self, rows: Rows) -> Floats:
        """Predict some texts by a model fitted without them."""
        average: Floats = np.mean([part.without(rows) for part in self.parts], axis=0)
        return average


def groups_of(names: Sequence[str]) -> Iterator[tuple[str, Rows]]:
    """Yield each name with the places where it stands; an empty one names no group."""
    array = np.asarray(names, dtype=str)
    for name in np.unique(array[array != ""]):
        yield str(name), np.flatnonzero(array == name)
