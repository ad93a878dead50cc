"""Counts and shrunken rates by client, period, label and side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from commsense.clients.assessment import Grain
from commsense.clients.periods import periods
from commsense.clients.shrinkage import PAST_STRENGTH, interval, portfolio_prior
from commsense.clients.view import Tags, tags
from commsense.schema import CLIENTS, frame, to_arrow, to_pandas
from commsense.taxonomy import Taxonomy, load_taxonomy

COUNTS: Final = pa.schema([CLIENTS.field(name) for name in CLIENTS.names[:7]])
"""The columns of :data:`commsense.schema.CLIENTS` as far as ``count``."""

_SIDES = ("client", "provider", "both")


def aggregate(
    messages: pd.DataFrame,
    labels: pd.DataFrame,
    conversations: pd.DataFrame,
    *,
    by: Grain = "month",
    taxonomy: Taxonomy | None = None,
) -> pd.DataFrame:
    """Count each label by client, period and side, with shrunken rates.

    Messages without a client, without a time or by an automatic sender are left out. A label that
    exists on one channel alone is counted over that channel's messages.

    Parameters
    ----------
    messages, labels, conversations : pandas.DataFrame
        Tables of :mod:`commsense.schema`.
    by : {"month", "week", "quarter"}
    taxonomy : Taxonomy, optional
        The built-in one where left out.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`commsense.schema.CLIENTS`, by client, side, label and period.
    """
    counts = count(messages, labels, conversations, by=by, taxonomy=taxonomy)
    return next(rates(lambda: [counts]), frame(CLIENTS, []))


def count(
    messages: pd.DataFrame,
    labels: pd.DataFrame,
    conversations: pd.DataFrame,
    *,
    by: Grain = "month",
    taxonomy: Taxonomy | None = None,
) -> pa.Table:
    """Count each label by client, period and side; parameters as :func:`aggregate` has them.

    Returns
    -------
    pyarrow.Table
        Columns :data:`COUNTS`.
    """
    taxonomy = taxonomy or load_taxonomy()
    found = tags(messages, labels, conversations, taxonomy)
    return to_arrow(COUNTS, pd.concat(list(_counts(found, taxonomy, by)), ignore_index=True))


def rates(counts: Callable[[], Iterable[pa.Table]]) -> Iterator[pd.DataFrame]:
    """Add the shrunken rates to counts.

    Parameters
    ----------
    counts : callable
        Gives, as often as it is called, what :func:`count` gave for some messages each; a
        client's are all in one of these tables.

    Yields
    ------
    pandas.DataFrame
        For each table with rows, as :func:`aggregate` gives it; the clients of all serve as
        portfolio.
    """
    priors = _priors(to_pandas(table) for table in counts() if table.num_rows)
    for table in counts():
        if table.num_rows:
            order = [(name, "ascending") for name in ("client", "side", "label", "starts_at")]
            rated = to_pandas(table.sort_by(order))
            _add_rates(rated, priors)
            yield rated.loc[:, list(CLIENTS.names)]


def _counts(found: Tags, taxonomy: Taxonomy, by: Grain) -> Iterator[pd.DataFrame]:
    """Yield for each side one row a client, period and label in which there are messages."""
    dated = found.messages["sent_at"].notna().to_numpy()
    rows = found.messages[dated]
    keys = pd.concat([rows["client"], periods(rows["sent_at"], by)], axis=1)
    call_only = [label in taxonomy and taxonomy[label].channel == "call" for label in found.labels]
    calls = (rows["channel"] == "call").to_numpy()
    for side in _SIDES:
        chosen = np.full(len(rows), True) if side == "both" else (rows["side"] == side).to_numpy()
        exposure = np.where(np.array(call_only)[None, :], calls[:, None], True) & chosen[:, None]
        held = found.holds[dated] & exposure
        yield _grouped(keys[chosen], held[chosen], exposure[chosen], found.labels, side)


def _grouped(
    keys: pd.DataFrame, held: np.ndarray, exposure: np.ndarray, labels: tuple[str, ...], side: str
) -> pd.DataFrame:
    groups = keys.groupby(["client", "period", "starts_at"], sort=False)
    codes = groups.ngroup().to_numpy()
    index = keys.drop_duplicates().reset_index(drop=True)
    sums = np.zeros((2, len(index), len(labels)), dtype=np.int32)
    np.add.at(sums[0], codes, exposure)
    np.add.at(sums[1], codes, held)
    table = index.loc[np.repeat(index.index, len(labels))].reset_index(drop=True)
    table["label"] = np.tile(np.array(labels, dtype=object), len(index))
    table["side"] = side
    table["messages"], table["count"] = sums[0].ravel(), sums[1].ravel()
    return table[table["messages"] > 0]


def _add_rates(counts: pd.DataFrame, priors: pd.DataFrame) -> None:
    """Add the rates, in place: portfolio towards the client's past, the past towards the period."""
    groups = counts.groupby(["client", "side", "label"], sort=False)
    past_n = (groups["messages"].cumsum() - counts["messages"]).to_numpy(np.float64)
    past_k = (groups["count"].cumsum() - counts["count"]).to_numpy(np.float64)
    own = priors.loc[pd.MultiIndex.from_frame(counts[["side", "label"]])]
    mean, strength = own["mean"].to_numpy(np.float64), own["strength"].to_numpy(np.float64)
    baseline = (past_k + strength * mean) / (past_n + strength)
    held = np.minimum(past_n + strength, PAST_STRENGTH)
    k, n = counts["count"].to_numpy(np.float64), counts["messages"].to_numpy(np.float64)
    a, b = held * baseline + k, held * (1 - baseline) + n - k
    low, high = interval(a, b)
    rate = a / (a + b)
    counts["rate"], counts["baseline"], counts["change"] = rate, baseline, rate - baseline
    # Where nearly all of a distribution lies at 0, its mean lies above its central part.
    counts["low"], counts["high"] = np.minimum(low, rate), np.maximum(high, rate)


def _priors(counts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return prior mean and strength by side and label, learnt from all clients."""
    by = ["side", "label"]
    totals = [
        part.groupby([*by, "client"], sort=False)[["count", "messages"]].sum().reset_index()
        for part in counts
    ]
    groups = pd.concat(totals).groupby(by, sort=False) if totals else ()
    learnt = {
        key: portfolio_prior(
            group["count"].to_numpy(np.float64), group["messages"].to_numpy(np.float64)
        )
        for key, group in groups
    }
    index = pd.MultiIndex.from_tuples(list(learnt), names=by)
    return pd.DataFrame(list(learnt.values()), index=index, columns=["mean", "strength"])
