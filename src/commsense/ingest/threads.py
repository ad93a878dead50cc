"""Threads of mail: who answers whom, by message ids first, by subject only with guards.

The links follow J. Zawinski's message threading (1997, https://www.jwz.org/doc/threading.html):
every id in References and In-Reply-To joins two messages, be they in the export or not. Unlike
it, subjects join only a reply that names no message at hand to an earlier one between the same
people.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from commsense.ingest.addresses import normalise_address
from commsense.ingest.fingerprint import fingerprint
from commsense.ingest.subjects import base_subject, is_reply, is_trivial

__all__ = ["base_subject", "link"]

MAX_GAP_S = 30 * 86_400.0
"""How long after a message an answer without ids is still joined to it by its subject."""

_LINKS = ("in_reply_to", "references")

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
    threads = _threads(list(_mails(mails, given)))
    linked = messages["conversation_id"].astype(object).copy()
    linked.loc[mails.index] = threads
    return messages.assign(conversation_id=linked)


@dataclass(frozen=True, slots=True, order=True)
class _Mail:
    """What threading needs of a mail; ordered by time in seconds, infinite if unknown, then id."""

    time: float
    id: str
    chain: tuple[str, ...]
    author: str
    recipients: Sequence[str] = field(compare=False)
    subject: str = field(compare=False)
    given: str = field(compare=False)

    @property
    def origin(self) -> str:
        """Id of the message that began the thread, as far as this one knows."""
        return self.chain[0] if self.chain else self.id

    def people(self) -> frozenset[str]:
        """Return the addresses of author and recipients."""
        return frozenset(map(normalise_address, (self.author, *self.recipients))) - {""}


def _mails(mails: pd.DataFrame, given: pd.Series[str]) -> Iterator[_Mail]:
    times = pd.to_datetime(mails["sent_at"], utc=True)
    seconds = ((times - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)).fillna(math.inf)
    texts = [mails[name].fillna("").astype(str) for name in ("id", "author", "subject")]
    known = frozenset(texts[0])
    links = [mails[name] if name in mails else [()] * len(mails) for name in _LINKS]
    for time, key, author, subject, recipients, parent, references, thread in zip(
        seconds, *texts, mails["recipients"], *links, given, strict=True
    ):
        chain = _chain(key, references, parent, known)
        yield _Mail(time, key, chain, author, _list(recipients), subject, thread)


def _chain(key: str, references: object, parent: object, known: frozenset[str]) -> tuple[str, ...]:
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


def _threads(mails: Sequence[_Mail]) -> list[str]:
    sets = _Sets()
    known = {mail.id for mail in mails}
    for mail in mails:
        for other in (*mail.chain, *([_given_node(mail.given)] if mail.given else ())):
            sets.join(mail.id, other)
    for reply, answered in _by_subject(mails, known):
        sets.join(reply.id, answered.id)
    names = _names(mails, sets)
    return [mail.given or names[sets.find(mail.id)] for mail in mails]


def _given_node(given: str) -> str:
    return f"\0{given}"  # can be no message id


def _names(mails: Iterable[_Mail], sets: _Sets) -> dict[str, str]:
    """Name each set after a thread id that came with the input, else after its first message."""
    first: dict[str, _Mail] = {}
    given: dict[str, str] = {}
    for mail in mails:
        key = sets.find(mail.id)
        if key not in first or mail < first[key]:
            first[key] = mail
        if mail.given:
            given[key] = min(given.get(key, mail.given), mail.given)
    return {key: given.get(key) or _thread_id(mail.origin) for key, mail in first.items()}


def _thread_id(origin: str) -> str:
    return f"{_PREFIX}{fingerprint(origin)[:_ID_DIGITS]}"


def _by_subject(mails: Sequence[_Mail], known: set[str]) -> Iterator[tuple[_Mail, _Mail]]:
    """Yield replies that name no message at hand, each with the mail that it seems to answer."""
    orphans = {
        mail.id
        for mail in mails
        if is_reply(mail.subject) and known.isdisjoint(mail.chain) and mail.time < math.inf
    }
    bases = {base_subject(mail.subject) for mail in mails if mail.id in orphans}
    groups: dict[str, list[_Mail]] = defaultdict(list)
    for mail in mails:
        base = base_subject(mail.subject)
        if base in bases and mail.time < math.inf and not is_trivial(base):
            groups[base].append(mail)
    for group in groups.values():
        yield from _answers(sorted(group), orphans)


def _answers(group: list[_Mail], orphans: set[str]) -> Iterator[tuple[_Mail, _Mail]]:
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
