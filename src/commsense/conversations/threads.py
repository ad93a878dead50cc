"""Threads and calls as the rules see them: turns in order, each by one party."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from commsense.conversations.audience import Sides
from commsense.conversations.questions import Question
from commsense.conversations.terms import terms
from commsense.conversations.texts import normalise, sentences
from commsense.ingest.collecting import authors_of
from commsense.schema import Channel, Side
from commsense.taxonomy import load_taxonomy

Floats = npt.NDArray[np.float32]

LABELS_READ: Final = tuple(load_taxonomy().text_ids)
"""The labels whose probabilities are looked at."""
NO_LABELS: frozenset[str] = frozenset()
_NONE: Final = np.zeros(len(LABELS_READ), dtype=np.float32)
_LEAST: Final = 1e-3
"""A probability; what is less is as good as none."""
NO_ODDS: Final = np.full(len(LABELS_READ), np.log(_LEAST / (1 - _LEAST)), dtype=np.float32)
"""Log-odds of the labels where nobody speaks."""


@dataclass(frozen=True, eq=False)
class Turn:
    """One message of a conversation; two turns are equal only if they are the same object.

    Attributes
    ----------
    party : str
        The side where it is known, otherwise the author.
    time : float
        Seconds since 1970, NaN where unknown.
    labels : frozenset of str
        Ids of the labels that hold.
    inward : bool
        Whether it went to the author's own side alone.
    probabilities : array of float32, shape (labels,)
        Of :data:`LABELS_READ`, whether they hold or not; 0 where the model abstained.
    """

    id: str
    conversation_id: str
    client: str | None
    channel: Channel
    party: str
    side: Side | None
    author: str
    time: float
    start_s: float
    end_s: float
    subject: str
    text: str
    labels: frozenset[str] = NO_LABELS
    probabilities: Floats = field(default_factory=lambda: _NONE)
    inward: bool = False

    @cached_property
    def normalised(self) -> str:
        """The text without case and punctuation."""
        return normalise(self.text)

    @cached_property
    def sentences(self) -> list[str]:
        """The text's sentences."""
        return sentences(self.text)

    @cached_property
    def terms(self) -> frozenset[str]:
        """The text's content words."""
        return terms(self.normalised)

    @cached_property
    def words(self) -> int:
        """Words of the text; Thai letters count by the length of a usual word."""
        return _words(self.text)

    def forget(self) -> None:
        """Drop what was computed of the text, to be computed anew if it is asked for again."""
        for name in ("normalised", "sentences"):
            self.__dict__.pop(name, None)

    def holds(self, label: str) -> bool:
        """Tell whether a label holds."""
        return label in self.labels

    @cached_property
    def odds(self) -> Floats:
        """The labels' log-odds, shape (labels,)."""
        within = np.clip(self.probabilities, _LEAST, 1 - _LEAST)
        odds: Floats = np.log(within / (1 - within))
        return odds

    def probability(self, label: str) -> float:
        """Return the probability of one of :data:`LABELS_READ`."""
        return float(self.probabilities[LABELS_READ.index(label)])


_THAI_LETTERS_A_WORD = 5
_THAI = re.compile("[\u0e00-\u0e7f]+")


def _words(text: str) -> int:
    thai = 0 if text.isascii() else sum(map(len, _THAI.findall(text)))
    return len(text.split()) + thai // _THAI_LETTERS_A_WORD


@dataclass(frozen=True)
class Thread:
    """A thread of mail, or a call, its turns in order of time.

    Attributes
    ----------
    id : str
    turns : list of Turn
    questions : mapping of Turn to list of Question
        What each turn asks, of a thread that
        :func:`commsense.conversations.question_model.with_questions` has read.
    """

    id: str
    turns: list[Turn] = field(default_factory=list)
    questions: Mapping[Turn, list[Question]] = field(default_factory=dict)

    @cached_property
    def client(self) -> str | None:
        """The client that most turns belong to."""
        named = Counter(turn.client for turn in self.turns if turn.client is not None)
        return named.most_common(1)[0][0] if named else None

    @property
    def channel(self) -> Channel:
        """The channel of the first turn."""
        return self.turns[0].channel

    @cached_property
    def parties(self) -> frozenset[str]:
        """Everybody who takes a turn, by side where known."""
        return frozenset(turn.party for turn in self.turns)

    def replies(self, position: int, most: int) -> list[Turn]:
        """Return the next turns of other parties, as far as the asker heard them."""
        asker = self.turns[position].party
        heard = (turn for turn in self._later(position) if turn.party != asker and not turn.inward)
        return list(islice(heard, most))

    def own_later(self, position: int) -> Iterator[Turn]:
        """Yield the same party's later turns."""
        asker = self.turns[position].party
        return (turn for turn in self._later(position) if turn.party == asker)

    def _later(self, position: int) -> Iterator[Turn]:
        return islice(self.turns, position + 1, None)


def threads(
    messages: pd.DataFrame, labels: pd.DataFrame, authors: pd.DataFrame | None = None
) -> Iterator[Thread]:
    """Yield the conversations of a messages table, automatic messages left out.

    Parameters
    ----------
    messages, labels : pandas.DataFrame
        Tables of :mod:`commsense.schema`.
    authors : pandas.DataFrame, optional
        Who writes for which side, see :func:`commsense.ingest.collecting.authors_of`; those of the
        messages where left out.
    """
    known = authors_of(messages) if authors is None else authors
    ordered = ordered_messages(messages)
    current: Thread | None = None
    for turn in _turns(ordered, labels, Sides.of(known)):
        if current is None or turn.conversation_id != current.id:
            if current is not None:
                yield current
            current = Thread(turn.conversation_id)
        current.turns.append(turn)
    if current is not None:
        yield current


def ordered_messages(messages: pd.DataFrame) -> pd.DataFrame:
    """Return the messages that people wrote, by conversation and time.

    A message without a conversation is one of its own. Rows without a time keep their order.
    """
    people = messages[~messages["automatic"].fillna(False).astype(bool)]
    known = people["conversation_id"].fillna("").astype(str)
    people = people.assign(conversation_id=known.where(known != "", people["id"]))
    return people.sort_values(["conversation_id", "sent_at", "start_s"], kind="stable")


def _held(labels: pd.DataFrame) -> dict[str, frozenset[str]]:
    holding = labels[labels["holds"].fillna(False).astype(bool)]
    found: dict[str, set[str]] = {}
    for message_id, label in zip(holding["message_id"], holding["label"], strict=True):
        found.setdefault(message_id, set()).add(label)
    return {message_id: frozenset(names) for message_id, names in found.items()}


def _scores(labels: pd.DataFrame) -> dict[str, Floats]:
    """Return the probabilities of :data:`LABELS_READ` by message."""
    judged = labels[labels["holds"].notna()]
    columns = pd.Index(LABELS_READ).get_indexer(pd.Index(judged["label"]))
    rows, ids = pd.factorize(judged["message_id"])
    known = columns >= 0
    table = np.zeros((len(ids), len(LABELS_READ)), dtype=np.float32)
    table[rows[known], columns[known]] = judged["score"].to_numpy(np.float32)[known]
    return dict(zip(ids, table, strict=True))


def _turns(ordered: pd.DataFrame, labels: pd.DataFrame, sides: Sides) -> Iterator[Turn]:
    held = _held(labels)
    scores = _scores(labels)
    times = ordered["sent_at"].astype("datetime64[us, UTC]")
    seconds = (times - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    columns = [
        ordered[name].astype(object).where(ordered[name].notna(), None)
        for name in (
            "id",
            "conversation_id",
            "client",
            "channel",
            "side",
            "author",
            "subject",
            "text",
        )
    ]
    offsets = [ordered[name].astype("float64") for name in ("start_s", "end_s")]
    inward = _inward(ordered, sides)
    rows = zip(zip(*columns, strict=True), inward, seconds, *offsets, strict=True)
    for row, own, time, start, end in rows:
        key, conversation, client, channel, side, author, subject, text = row
        yield Turn(
            id=key,
            conversation_id=conversation,
            client=client,
            channel="call" if channel == "call" else "email",
            party=side or f"author:{author or ''}",
            side=side,
            author=author or "",
            time=time,
            start_s=start,
            end_s=end,
            subject=subject or "",
            text=text or "",
            labels=held.get(key, NO_LABELS),
            probabilities=scores.get(key, _NONE),
            inward=own,
        )


def _inward(messages: pd.DataFrame, sides: Sides) -> list[bool]:
    """Tell which mails stayed within one side; in a call everybody hears everybody."""
    columns = ("channel", "author", "side", "recipients")
    return [
        channel != "call" and isinstance(side, str) and sides.keep(str(author), side, recipients)
        for channel, author, side, recipients in zip(
            *(messages[name] for name in columns), strict=True
        )
    ]
