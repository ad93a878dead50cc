"""Fit the small network that stands beside the ridge, and predict texts left out by both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from scipy import sparse
from scipy.special import logit

from commsense.tagging.base import Floats
from commsense.tagging.network import Network
from commsense.tagging.transformer import import_torch
from commsense.training.ridge import Blend, Rows

if TYPE_CHECKING:
    from torch import Generator, Tensor
    from torch.nn import EmbeddingBag

# What a feature of fewer texts would teach the units is chance; with all of them the network has
# three times the size and finds no more on sources never seen.
FEWEST_TEXTS: Final = 10
# Of the network's log-odds, beside ridge scores, which lie about 0 and 1. From 0.03 to 0.1 held-out
# precision hardly moves.
_SHARE: Final = 0.04
_EPOCHS: Final = 6
_BATCH: Final = 256
_RATE: Final = 0.02  # of the weights from features; a fifth of it for the others; falls to nothing
_SLOWER: Final = 5
_DROPPED: Final = 0.5  # of the units, at random, at each step
_SPREAD: Final = 0.05  # of the weights at the start
_SEED: Final = 7


def fit_network(
    vectors: sparse.csr_matrix, wanted: Floats, weights: Floats, *, units: int
) -> Network:
    """Fit a network by stochastic gradients (Adam: Kingma and Ba, 2015), with dropout.

    Parameters
    ----------
    vectors : sparse matrix, shape (texts, features)
        As :meth:`commsense.tagging.LinearTagger.vectors` gives them.
    wanted : array, shape (texts, outputs)
        One where the label holds.
    weights : array, shape (texts,)
        How much each text counts.
    units : int
        Hidden units.

    Raises
    ------
    MissingExtraError
        Where torch is not installed.
    """
    texts_with = np.bincount(vectors.indices, minlength=vectors.shape[1])
    read = np.flatnonzero(texts_with >= min(FEWEST_TEXTS, len(wanted)))
    rows = np.full(vectors.shape[1], -1, dtype=np.int32)
    rows[read] = np.arange(len(read), dtype=np.int32)
    rate = (wanted * weights[:, None]).sum(axis=0) + 1
    base = logit(rate / (weights.sum() + 2)).astype(np.float32)
    fitting = _Fitting.begin(len(read), units, base)
    fitting.run(vectors[:, read].tocsr(), wanted, weights)
    embedded, thresholds, outputs, offset = fitting.arrays()
    return Network.of(rows, embedded, thresholds, _SHARE * outputs, _SHARE * (offset - base))


@dataclass(frozen=True, slots=True)
class RidgeAndNetwork:
    """A blend of ridges and a network of the same texts; its scores are the sum of both.

    Attributes
    ----------
    ridge : Blend
    network : Network
        Fitted on all texts.
    """

    ridge: Blend
    network: Network

    @classmethod
    def fit(cls, ridge: Blend, *, units: int) -> Self:
        """Fit the network on the texts of the ridge; errors as of :func:`fit_network`."""
        return cls(ridge, fit_network(*_texts(ridge), units=units))

    @property
    def wanted(self) -> Floats:
        """What was learnt, shape (texts, outputs)."""
        return self.ridge.wanted

    def without(self, rows: Rows) -> Floats:
        """Predict some texts by a model fitted without them."""
        vectors, wanted, weights = _texts(self.ridge)
        others = np.setdiff1d(np.arange(len(wanted)), rows)
        network = fit_network(
            vectors[others], wanted[others], weights[others], units=self.network.units
        )
        added = network.scores(network.reached(vectors[rows]))
        return self.ridge.without(rows) + added


def _texts(ridge: Blend) -> tuple[sparse.csr_matrix, Floats, Floats]:
    first = ridge.parts[0]
    return first.vectors, first.wanted, first.weights


@dataclass(frozen=True, slots=True)
class _Fitting:
    """The weights while they are fitted, and what draws at random."""

    embeddings: EmbeddingBag
    thresholds: Tensor
    outputs: Tensor
    offset: Tensor
    chance: Generator

    @classmethod
    def begin(cls, features: int, units: int, base: Floats) -> Self:
        torch = import_torch()
        chance = torch.Generator().manual_seed(_SEED)

        def drawn(*shape: int, spread: float) -> Tensor:
            return (spread * torch.randn(shape, generator=chance)).requires_grad_()

        bag = torch.nn.EmbeddingBag.from_pretrained(
            drawn(features, units, spread=_SPREAD).detach(), freeze=False, mode="sum", sparse=True
        )
        return cls(
            bag,
            torch.zeros(units, requires_grad=True),
            drawn(units, len(base), spread=units**-0.5),
            torch.tensor(base, requires_grad=True),
            chance,
        )

    def run(self, vectors: sparse.csr_matrix, wanted: Floats, weights: Floats) -> None:
        torch = import_torch()
        sparse_steps = torch.optim.SparseAdam(self.embeddings.parameters(), lr=_RATE)
        other_steps = torch.optim.Adam(
            [self.thresholds, self.outputs, self.offset], lr=_RATE / _SLOWER
        )
        batches = -(-len(wanted) // _BATCH)
        slowing = [
            torch.optim.lr_scheduler.LinearLR(steps, 1.0, 0.0, total_iters=_EPOCHS * batches)
            for steps in (sparse_steps, other_steps)
        ]
        order = np.random.default_rng(_SEED)
        for _ in range(_EPOCHS):
            for rows in np.array_split(order.permutation(len(wanted)), batches):
                loss = self._loss(vectors[rows], wanted[rows], weights[rows])
                sparse_steps.zero_grad()
                other_steps.zero_grad()
                loss.backward()
                for steps in (sparse_steps, other_steps, *slowing):
                    steps.step()

    def _loss(self, vectors: sparse.csr_matrix, wanted: Floats, weights: Floats) -> Tensor:
        torch = import_torch()
        reached = self.embeddings(
            torch.from_numpy(vectors.indices.astype(np.int64)),
            torch.from_numpy(vectors.indptr[:-1].astype(np.int64)),
            per_sample_weights=torch.from_numpy(vectors.data.astype(np.float32)),
        )
        units = torch.relu(reached + self.thresholds)
        # Not by torch's own dropout, whose chance all threads share: a fit is the same each time.
        kept = torch.rand(units.shape, generator=self.chance) >= _DROPPED
        odds = (units * kept / (1 - _DROPPED)) @ self.outputs + self.offset
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            odds, torch.from_numpy(wanted.astype(np.float32)), reduction="none"
        )
        loss: Tensor = (losses.sum(dim=1) * torch.from_numpy(weights)).mean()
        return loss

    def arrays(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return weights, thresholds, outputs and offset."""
        kept = (self.embeddings.weight, self.thresholds, self.outputs, self.offset)
        weights, thresholds, outputs, offset = (one.detach().numpy() for one in kept)
        return weights, thresholds, outputs, offset
