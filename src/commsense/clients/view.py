"""One client's messages as arrays: times, sides and which labels hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from commsense.clients.periods import Bools, Floats, Ints
from commsense.profiles import ClientProfile
from commsense.taxonomy import Kind, Label, Polarity, Taxonomy

Strings = npt.NDArray[np.object_]

LIKELY: Final = 0.3
"""Probability from which on a label counts in a client's rates, whether or not it was raised: the
floor of the shipped model's decisions.

A label is raised on a single message only where it seldom cries wolf. A rate is judged against the
client's own past, in which the same mistakes were made; there, missing half of what was said costs
more than a label too many. Chosen while looking at the sample stories.
"""


@dataclass(frozen=True)
class Tags:
    """The messages that count, with a row of labels each.

    Attributes
    ----------
    messages : pandas.DataFrame
        Messages by people of known clients, by client and time, a fresh index.
    labels : tuple of str
        The taxonomy's labels, then any others that were seen.
    holds : bool array of shape (messages, labels)
        Which labels count: raised, or likely, or shown by the thread.
    raised : bool array of shape (messages, labels)
        Those of them that can be shown: raised, or shown by the thread.
    scores : float array of shape (messages, labels)
        Scores of the labels that count, otherwise 0.
    unjudged : bool array of shape (messages,)
        Messages on which the model abstained: it does not know their language.
    automatic : pandas.Series
        Automatic messages by client.
    """

    messages: pd.DataFrame
    labels: tuple[str, ...]
    holds: Bools
    raised: Bools
    scores: npt.NDArray[np.float32]
    unjudged: Bools
    automatic: pd.Series

    @cached_property
    def column(self) -> dict[str, int]:
        """Place of each label."""
        return {label: i for i, label in enumerate(self.labels)}


def tags(
    messages: pd.DataFrame, labels: pd.DataFrame, conversations: pd.DataFrame, taxonomy: Taxonomy
) -> Tags:
    """Join messages with the labels that count.

    Parameters
    ----------
    messages, labels, conversations : pandas.DataFrame
        Tables of :mod:`commsense.schema`.
    taxonomy : Taxonomy
    """
    known = messages[messages["client"].notna()]
    automatic = known["automatic"].fillna(False).astype(bool)
    people = known[~automatic].sort_values(["client", "sent_at", "start_s"], kind="stable")
    people = people.reset_index(drop=True)
    holding = labels[_counts(labels)]
    extra = sorted(set(holding["label"].dropna()) - set(taxonomy.ids))
    names = (*taxonomy.ids, *extra)
    rows = pd.Index(people["id"]).drop_duplicates().get_indexer(holding["message_id"])
    columns = pd.Index(names).get_indexer(holding["label"])
    inside = (rows >= 0) & (columns >= 0)
    holds = np.zeros((len(people), len(names)), dtype=np.bool_)
    raised = np.zeros_like(holds)
    scores = np.zeros((len(people), len(names)), dtype=np.float32)
    holds[rows[inside], columns[inside]] = True
    raised[rows[inside], columns[inside]] = _raised(holding)[inside]
    scores[rows[inside], columns[inside]] = holding["score"].to_numpy(np.float32)[inside]
    abstained = labels.loc[labels["holds"].isna(), "message_id"]
    unjudged = people["id"].isin(set(abstained)).to_numpy(np.bool_)
    by_client = known.loc[automatic, "client"].value_counts()
    found = Tags(people, names, holds, raised, scores, unjudged, by_client)
    _correct_by_thread(found, conversations)
    return found


def that_count(labels: pa.Table) -> pa.Table:
    """Return the labels that a verdict looks at: those that count, and those of no judgement.

    Parameters
    ----------
    labels : pyarrow.Table
        Columns of :data:`commsense.schema.LABELS`.
    """
    likely = pc.greater_equal(labels["score"], LIKELY)
    return labels.filter(pc.or_(pc.fill_null(labels["holds"], True), pc.fill_null(likely, False)))


def _counts(labels: pd.DataFrame) -> Bools:
    """Return which labels count; none where the model abstained."""
    judged = labels["holds"].notna().to_numpy()
    likely: Bools = judged & (labels["score"].to_numpy(dtype=np.float32) >= LIKELY)
    return _raised(labels) | likely


def _raised(labels: pd.DataFrame) -> Bools:
    return labels["holds"].fillna(False).to_numpy(dtype=np.bool_)


def _correct_by_thread(found: Tags, conversations: pd.DataFrame) -> None:
    """Let the thread overrule the message: a settled debate is no risk, an open one counts once."""
    place = {key: i for i, key in enumerate(found.messages["id"])}
    debate, withheld = found.column["unresolved_debate"], found.column["withheld_opinion"]
    debates = conversations[conversations["had_debate"].astype(bool)]
    for keys, is_open in zip(debates["debate_messages"], debates["unresolved_debate"], strict=True):
        positions = [place[key] for key in keys if key in place]
        for decided in (found.holds, found.raised):
            decided[positions, debate] = False
            decided[positions[-1:] if is_open else [], debate] = True
    for keys in conversations["withheld_messages"]:
        positions = [place[key] for key in keys if key in place]
        for decided in (found.holds, found.raised):
            decided[positions, withheld] = True


@dataclass(frozen=True)
class ClientView:
    """One client's messages, by time, and what is known of its threads.

    Attributes
    ----------
    times : float array of shape (messages,)
        Seconds since 1970, NaN where unknown.
    sides : array of shape (messages,)
        ``"client"``, ``"provider"`` or None.
    end : float
        Last second that is known of any client: what counts as today.
    automatic : int
        Automatic messages, which count for nothing but the relationship type.
    usual : mapping of str to float
        Each label's rate over the whole portfolio.
    """

    client: str
    profile: ClientProfile
    messages: pd.DataFrame
    times: Floats
    sides: Strings
    holds: Bools
    raised: Bools
    scores: npt.NDArray[np.float32]
    unjudged: Bools
    labels: tuple[str, ...]
    taxonomy: Taxonomy
    conversations: pd.DataFrame
    end: float
    automatic: int = 0
    usual: Mapping[str, float] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.messages)

    @cached_property
    def column(self) -> dict[str, int]:
        """Place of each label."""
        return {label: i for i, label in enumerate(self.labels)}

    @cached_property
    def ids(self) -> Strings:
        """Message ids."""
        return self.messages["id"].to_numpy(object)

    @cached_property
    def place(self) -> dict[str, int]:
        """Place of each message."""
        return {str(key): i for i, key in enumerate(self.ids)}

    @cached_property
    def calls(self) -> Bools:
        """Which messages are turns of a call."""
        return (self.messages["channel"] == "call").to_numpy(np.bool_)

    def carrying(self, label: str) -> Bools:
        """Tell which messages carry a label."""
        return self.holds[:, self.column[label]]

    @cached_property
    def telling(self) -> Bools:
        """Which messages show a risk that can be pointed at."""
        risks = _of_polarity(self.taxonomy, Polarity.RISK)
        columns = [self.column[label.id] for label in risks if self.weight(label) > 0]
        return self.raised[:, columns].any(axis=1) & (self.risks > 0)

    def weight(self, label: Label) -> float:
        """Return the user's factor for a label: its own times its dimension's.

        The dimension ``reporting`` and its strength have one name; its weight counts once.
        """
        weights = self.profile.weights
        names = {label.id, label.dimension or ""}
        return math.prod(weights.get(name, 1.0) for name in names)

    @cached_property
    def strengths(self) -> Floats:
        """Weighted strengths of each message."""
        return self.weighted(_of_polarity(self.taxonomy, Polarity.STRENGTH))

    @cached_property
    def risks(self) -> Floats:
        """Weighted risks of each message."""
        return self.weighted(_of_polarity(self.taxonomy, Polarity.RISK))

    def weighted(self, labels: Sequence[Label]) -> Floats:
        """Return the sum of the given labels' weights in each message."""
        total = np.zeros(len(self), dtype=np.float64)
        for label in labels:
            held = self._swears_in_anger if label.id == VULGAR else self.carrying(label.id)
            total += self.weight(label) * importance(label) * held
        return total

    @cached_property
    def _swears_in_anger(self) -> Bools:
        """Swear words beside another risk; without one they are this pair's own banter."""
        risks = [
            self.column[label.id]
            for label in self.taxonomy.select(polarity=Polarity.RISK)
            if label.id != VULGAR
        ]
        return self.carrying(VULGAR) & self.holds[:, risks].any(axis=1)


VULGAR = "vulgar_language"
_IMPORTANCE = {"dissolution": 2.0}
_GESTURE_IMPORTANCE = 0.5


def importance(label: Label) -> float:
    """Return how much a label counts before the user's weights.

    Leaving outweighs any single trait; a gesture mostly comes with the trait it shows.
    """
    return _IMPORTANCE.get(label.id, _GESTURE_IMPORTANCE if label.kind == Kind.GESTURE else 1.0)


def _of_polarity(taxonomy: Taxonomy, polarity: Polarity) -> list[Label]:
    return [label for label in taxonomy if label.polarity == polarity]


def views(
    found: Tags,
    conversations: pd.DataFrame,
    taxonomy: Taxonomy,
    profiles: Sequence[ClientProfile],
    until: float,
) -> Iterator[ClientView]:
    """Yield each client's view, messages after ``until`` left out.

    Parameters
    ----------
    until : float
        Seconds since 1970; infinite where everything counts.
    """
    times = _seconds(found.messages["sent_at"])
    kept = ~(times > until)
    end = float(np.nanmax(times[kept], initial=np.nan)) if kept.any() else np.nan
    by_client = dict(iter(conversations.groupby("client", sort=False)))
    profile_of = {profile.client: profile for profile in profiles}
    usual = _usual(found, kept)
    for client, rows in _rows_by_client(found.messages["client"], kept):
        yield ClientView(
            client=client,
            profile=profile_of.get(client, ClientProfile(client, client)),
            messages=found.messages.iloc[rows],
            times=times[rows],
            sides=_sides(found.messages, rows),
            holds=found.holds[rows],
            raised=found.raised[rows],
            scores=found.scores[rows],
            unjudged=found.unjudged[rows],
            labels=found.labels,
            taxonomy=taxonomy,
            conversations=by_client.get(client, conversations.iloc[:0]),
            end=end,
            automatic=int(found.automatic.get(client, 0)),
            usual=usual,
        )


def _sides(messages: pd.DataFrame, rows: Ints) -> Strings:
    sides = messages["side"].iloc[rows]
    return sides.astype(object).where(sides.notna(), None).to_numpy(object)


def _seconds(times: pd.Series) -> Floats:
    stamps = times.astype("datetime64[us, UTC]")
    since = (stamps - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    return np.asarray(since, dtype=np.float64)


def _rows_by_client(clients: pd.Series, kept: Bools) -> Iterator[tuple[str, Ints]]:
    codes, names = pd.factorize(clients)
    codes = np.where(kept, codes, -1)
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
    for i, name in enumerate(names):
        rows = order[bounds[i] : bounds[i + 1]]
        if len(rows):
            yield str(name), rows


def _usual(found: Tags, kept: Bools) -> dict[str, float]:
    """Return each label's rate over the whole portfolio, drawn towards a rare tag's rate."""
    counts = found.holds[kept].sum(axis=0)
    total = kept.sum() + _PRIOR_MESSAGES
    rates = (counts + _PRIOR_MESSAGES * _PRIOR_RATE) / total
    return dict(zip(found.labels, rates.tolist(), strict=True))


_PRIOR_MESSAGES = 50.0
_PRIOR_RATE = 0.04
"""A label of the taxonomy holds in some 2 to 8 % of business messages; it steadies the rates of
portfolios of a few dozen messages."""
