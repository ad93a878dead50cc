"""Threads of mail: who answers whom, by message ids first, by subject only with guards.

The links follow J. Zawinski's message threading (1997, https://www.jwz.org/doc/threading.html):
every id in References and In-Reply-To joins two messages, be they in the export or not. Unlike
it, subjects join only a reply that names no message at hand to an earlier one between the same
people.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from commsense.ingest.addresses import normalise_address
from commsense.ingest.fingerprint import fingerprint
from commsense.ingest.subjects import base_subject, is_reply, is_trivial

__all__ = ["base_subject", "link"]

MAX_GAP_S = 30 * 86_400.0
"""How long after a message an answer without ids is still joined to it by its subject."""

LINKS = ("references", "in_reply_to")
LINKING = (
    "id", "channel", "conversation_id", "sent_at", "author", "recipients", "subject", *LINKS,
)  # fmt: skip
"""Columns of :data:`commsense.schema.MESSAGES` that threads are told from."""

_MAX_CANDIDATES = 50  # earlier messages of the same subject that are looked at
_PREFIX = "thread-"  # of the ids made here; others were given with the input and are kept
_ID_DIGITS = 20
_MAX_REFERENCES = 200
_AROUND_IDS = "<>,; \t\r\n"


def link(messages: pd.DataFrame) -> pd.DataFrame:
    """Give every mail the id of its thread.

    Parameters
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`, in any order.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``conversation_id`` set for mail. The id is derived from the message
        that began the thread, whether the export has it or not, and does not depend on the order
        of rows. Calls, and mail whose thread was given with the input, keep theirs.
    """
    mails = messages[(messages["channel"] != "call").to_numpy(bool)]
    given = mails["conversation_id"].fillna("").astype(str)
    given = given.where(~given.str.startswith(_PREFIX), "")
    threads = _threads(_Mails.of(mails, given))
    linked = messages["conversation_id"].astype(object).copy()
    linked.loc[mails.index] = threads
    return messages.assign(conversation_id=linked)


@dataclass(frozen=True, slots=True, order=True)
class _Mail:
    """A mail as subjects join it; ordered by time in seconds, infinite if unknown, then id."""

    time: float
    id: str
    author: str
    recipients: Sequence[str] = field(compare=False)

    def people(self) -> frozenset[str]:
        """Return the addresses of author and recipients."""
        return frozenset(map(normalise_address, (self.author, *self.recipients))) - {""}


@dataclass(frozen=True, slots=True)
class _Mails:
    """What threading needs of all mails, column by column: an object each would be too much.

    Attributes
    ----------
    times : list of float
        Seconds, infinite if unknown.
    ids, authors, subjects, given : list of str
    recipients, references : list of sequences of str
    parents : list of str or None
    """

    times: list[float]
    ids: list[str]
    authors: list[str]
    subjects: list[str]
    given: list[str]
    recipients: list[Any]
    references: list[Any]
    parents: list[Any]

    @classmethod
    def of(cls, mails: pd.DataFrame, given: pd.Series[str]) -> _Mails:
        """Take the columns of a table."""
        times = pd.to_datetime(mails["sent_at"], utc=True)
        seconds = (times - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
        references, parents = (
            mails[name].tolist() if name in mails else [None] * len(mails) for name in LINKS
        )
        return cls(
            times=seconds.fillna(math.inf).tolist(),
            ids=_strings(mails["id"]),
            authors=_strings(mails["author"]),
            subjects=_strings(mails["subject"]),
            given=_strings(given),
            recipients=mails["recipients"].tolist(),
            references=references,
            parents=parents,
        )

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, place: int) -> _Mail:
        recipients = _list(self.recipients[place])
        return _Mail(self.times[place], self.ids[place], self.authors[place], recipients)

    def chains(self, known: Collection[str]) -> Iterator[tuple[str, ...]]:
        """Yield for each mail the ids of those before it, see :func:`_chain`."""
        for key, references, parent in zip(self.ids, self.references, self.parents, strict=True):
            yield _chain(key, references, parent, known)


def _strings(column: pd.Series[Any]) -> list[str]:
    """Return a column's strings, empty ones for what is none."""
    return [one if isinstance(one, str) else "" for one in column]


def _chain(key: str, references: object, parent: object, known: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the messages before this one, the thread's first one first.

    Of messages that are not at hand only ids with an @ are believed: stray commas and words in
    these headers would join strangers.
    """
    ids = _list(references)
    kept = [*ids[:1], *ids[1:][-_MAX_REFERENCES:], *([parent] if isinstance(parent, str) else [])]
    bare = (str(one).strip(_AROUND_IDS) for one in kept)
    return tuple(
        one for one in dict.fromkeys(bare) if one != key and (one in known or "@" in one.strip("@"))
    )


def _list(value: object) -> Sequence[str]:
    return value if isinstance(value, list | tuple) else ()


class _Sets:
    """Disjoint sets of strings; joining halves the paths (Tarjan and van Leeuwen, 1984)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def find(self, item: str) -> str:
        above = self._above
        above.setdefault(item, item)
        while above[item] != item:
            above[item] = item = above[above[item]]
        return item

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        self._above[second] = first


def _threads(mails: _Mails) -> list[str]:
    sets, origins, orphans = _Sets(), [], []
    known = frozenset(mails.ids)
    for place, chain in enumerate(mails.chains(known)):
        key, given = mails.ids[place], mails.given[place]
        for other in (*chain, *([_given_node(given)] if given else ())):
            sets.join(key, other)
        origins.append(chain[0] if chain else key)
        answers = mails.times[place] < math.inf and is_reply(mails.subjects[place])
        if answers and known.isdisjoint(chain):
            orphans.append(place)
    for reply, answered in _by_subject(mails, orphans):
        sets.join(reply.id, answered.id)
    names = _names(mails, origins, sets)
    return [
        given or names[sets.find(key)] for key, given in zip(mails.ids, mails.given, strict=True)
    ]


def _given_node(given: str) -> str:
    return f"\0{given}"  # can be no message id


def _names(mails: _Mails, origins: Sequence[str], sets: _Sets) -> dict[str, str]:
    """Name each set after a thread id that came with the input, else after its first message.

    Of the first message the name is that of its origin: the one that began the thread, as far as
    the message knows.
    """
    first: dict[str, tuple[float, str, str]] = {}
    given: dict[str, str] = {}
    for time, id_, origin, named in zip(mails.times, mails.ids, origins, mails.given, strict=True):
        key = sets.find(id_)
        this = (time, id_, origin)
        first[key] = min(first.get(key, this), this)
        if named:
            given[key] = min(given.get(key, named), named)
    return {key: given.get(key) or _thread_id(origin) for key, (_, _, origin) in first.items()}


def _thread_id(origin: str) -> str:
    return f"{_PREFIX}{fingerprint(origin)[:_ID_DIGITS]}"


def _by_subject(mails: _Mails, orphans: Sequence[int]) -> Iterator[tuple[_Mail, _Mail]]:
    """Yield replies that name no message at hand, each with the mail that it seems to answer."""
    bases = {base_subject(mails.subjects[place]) for place in orphans}
    groups: dict[str, list[int]] = defaultdict(list)
    for place, (subject, time) in enumerate(zip(mails.subjects, mails.times, strict=True)):
        base = base_subject(subject)
        if base in bases and time < math.inf and not is_trivial(base):
            groups[base].append(place)
    ids = {mails.ids[place] for place in orphans}
    for group in groups.values():
        yield from _answers(sorted(mails[place] for place in group), ids)


def _answers(group: list[_Mail], orphans: Collection[str]) -> Iterator[tuple[_Mail, _Mail]]:
    earlier: deque[_Mail] = deque(maxlen=_MAX_CANDIDATES)
    for mail in group:
        if mail.id in orphans:
            found = next((other for other in reversed(earlier) if _fits(mail, other)), None)
            if found is not None:
                yield mail, found
        earlier.append(mail)


def _fits(reply: _Mail, other: _Mail) -> bool:
    """Tell whether a reply may answer an earlier mail: near in time, between the same people.

    The answered author must be among the people of the reply and the answering one among those of
    the other mail: the owner of a mailbox alone is in every mail of it and proves nothing.
    """
    if reply.time - other.time > MAX_GAP_S:
        return False
    author, answered = normalise_address(reply.author), normalise_address(other.author)
    people, before = reply.people(), other.people()
    if author == answered:
        return bool((people & before) - {author})
    return answered in people and (author in before or before == {answered})
