"""A small network beside the linear weights: one hidden layer over the same features.

What several n-grams say together - "not" and "renew", praise and a complaint in one breath - no sum
of weights can tell. The hidden units can; what they find is added to the linear scores. For one
text each unit is either on or off, and with that known the network is linear too: a score is still
a sum over the text's n-grams, so its evidence stays exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]
Indices = npt.NDArray[np.integer[Any]]
Flags = npt.NDArray[np.bool_]

_PREFIX: Final = "network_"
_LARGEST: Final = 127  # of a signed byte
_REALS: Final = ("scales", "thresholds", "outputs", "offset")


@dataclass(frozen=True)
class Network:
    """Rectified units over some of the features.

    Attributes
    ----------
    rows : array of int32, shape (features,)
        The row of each feature among those that are read, -1 of the others.
    codes : array of int8, shape (read features, units)
    scales : array of float32, shape (read features,)
        The weights from features to units are codes times scales.
    thresholds : array of float32, shape (units,)
        Added to what reaches each unit.
    outputs : array of float32, shape (units, outputs)
        What each unit adds to the outputs of the model: the register, then the labels.
    offset : array of float32, shape (outputs,)
    """

    rows: Places
    codes: npt.NDArray[np.int8]
    scales: Floats
    thresholds: Floats
    outputs: Floats
    offset: Floats

    @classmethod
    def of(
        cls, rows: Places, weights: Floats, thresholds: Floats, outputs: Floats, offset: Floats
    ) -> Self:
        """Return a network whose weights are rounded to a byte each, as it is saved."""
        scales = np.maximum(np.abs(weights).max(axis=1), np.finfo(np.float32).tiny) / _LARGEST
        codes = np.rint(weights / scales[:, None]).astype(np.int8)
        return cls(rows, codes, scales.astype(np.float32), thresholds, outputs, offset)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self | None:
        """Rebuild what :meth:`to_arrays` gave; nothing where the arrays hold no network.

        Raises
        ------
        ValueError, TypeError
            Where arrays are missing or do not fit together.
        """
        own = {
            name.removeprefix(_PREFIX): array
            for name, array in arrays.items()
            if name.startswith(_PREFIX)
        }
        if not own:
            return None
        network = cls(**own)
        read, units = network.codes.shape
        fits = (
            network.scales.shape == (read,)
            and network.thresholds.shape == (units,)
            and network.outputs.shape == (units, *network.offset.shape)
            and network.rows.ndim == 1
            and int(network.rows.max(initial=-1)) < read
            and {network.rows.dtype.kind, network.codes.dtype.kind} == {"i"}
            and all(own[name].dtype.kind == "f" for name in _REALS)
        )
        if not fits:
            raise ValueError("the arrays of the network do not fit together")
        return network

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is saved."""
        return {
            f"{_PREFIX}{name}": getattr(self, name)
            for name in ("rows", "codes", "scales", "thresholds", "outputs", "offset")
        }

    @property
    def units(self) -> int:
        """How many hidden units there are."""
        return int(self.codes.shape[1])

    def weights(self, features: Indices) -> Floats:
        """Return the weights from some features to the units, shape (features, units).

        They are widened as they are needed: all of them would take four times the memory.
        """
        rows = self.rows[features]
        known = rows >= 0
        found = np.zeros((len(rows), self.units), dtype=np.float32)
        found[known] = self.codes[rows[known]] * self.scales[rows[known], None]
        return found

    def reached(self, vectors: sparse.csr_matrix) -> Floats:
        """Return what reaches each unit from the vectors of texts, shape (texts, units)."""
        read = np.flatnonzero(self.rows >= 0)
        return np.asarray(vectors[:, read] @ self.weights(read))

    def on(self, reached: Floats) -> Flags:
        """Tell which units are on."""
        found: Flags = reached + self.thresholds > 0
        return found

    def scores(self, reached: Floats) -> Floats:
        """Return what is added to the linear scores, shape (texts, outputs)."""
        units: Floats = np.maximum(reached + self.thresholds, 0)
        return units @ self.outputs + self.offset

    def slopes(self, features: Indices, on: Flags, columns: Indices) -> Floats:
        """Return what each feature adds to some outputs while some units are on.

        Parameters
        ----------
        features : array of int
        on : array of bool, shape (units,)
        columns : array of int
            The outputs.

        Returns
        -------
        array of float32, shape (features, columns)
        """
        rows = self.rows[features]
        codes = self.codes[np.maximum(rows, 0)].astype(np.float32)
        scales = self.scales[np.maximum(rows, 0)] * (rows >= 0)
        return np.asarray(codes @ (self.outputs[:, columns] * on[:, None]) * scales[:, None])

    def with_labels(self, count: int) -> Self:
        """Return the network with so many further labels, of which it knows nothing."""
        more = np.zeros((self.units, count), dtype=np.float32)
        return replace(
            self,
            outputs=np.concatenate([self.outputs, more], axis=1),
            offset=np.concatenate([self.offset, more[0]]),
        )
