"""Threads of mail: who answers whom, by message ids first, by subject only with guards.

The links follow J. Zawinski's message threading (1997, https://www.jwz.org/doc/threading.html):
every id in References and In-Reply-To joins two messages, be they in the export or not. Unlike
it, subjects join only a reply that names no message at hand to an earlier one between the same
people.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from commsense.ingest.addresses import normalise_address
from commsense.ingest.fingerprint import fingerprint
from commsense.ingest.subjects import base_subject, is_reply, is_trivial
from commsense.schema import MESSAGES, to_arrow

__all__ = ["base_subject", "link", "thread_ids"]

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

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
_MICROSECONDS = 1_000_000


def link(messages: pd.DataFrame) -> pd.DataFrame:
    """Give every mail the id of its thread, see :func:`thread_ids`.

    Parameters
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`, in any order.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``conversation_id`` set for mail.
    """
    known = pa.schema([MESSAGES.field(name) for name in LINKING])
    there = messages.reindex(columns=list(LINKING))
    threads = thread_ids(to_arrow(known, there))
    return messages.assign(
        conversation_id=pd.Series(threads.to_pylist(), index=messages.index, dtype=object)
    )


def thread_ids(messages: pa.Table) -> pa.Array:
    """Return the id of each message's thread.

    Parameters
    ----------
    messages : pyarrow.Table
        Columns :data:`LINKING`, in any order.

    Returns
    -------
    pyarrow.Array of string
        Derived from the message that began the thread, whether the export has it or not; it does
        not depend on the order of rows. Calls, and mail whose thread was given with the input,
        keep theirs.
    """
    # Ids are numbers from here on: as strings they would take several times the memory.
    is_call = pc.fill_null(pc.equal(messages["channel"], "call"), fill_value=False)
    is_mail = np.asarray(pc.invert(is_call))
    if is_mail.all():
        return _threads(messages)
    names = _threads(messages.filter(pa.array(is_mail)))
    places = np.where(is_mail, np.cumsum(is_mail) - 1, len(names) + np.arange(len(is_mail)))
    kept = messages["conversation_id"].combine_chunks()
    return pa.concat_arrays([names, kept]).take(pa.array(places))


def _threads(mails: pa.Table) -> pa.Array:
    ids = _Ids.of(mails)
    times, subjects = _times(mails), _Subjects.of(mails)
    given = _given(mails)
    orphans = subjects.is_reply & ~ids.answers_known & np.isfinite(times)
    joined = list(_by_subject(_Rows(mails, times), subjects, orphans))
    groups = ids.groups(given.indices, len(given.dictionary), joined)
    first = _first_in_group(groups, times, ids)
    origins = ids.names.take(pa.array(ids.origin[first]))
    names = np.array([_thread_id(origin) for origin in origins.to_pylist()], dtype=object)
    owner, title = groups[given.rows], given.dictionary[given.indices[given.rows]]
    for place in np.argsort(title, kind="stable")[::-1].tolist():
        names[owner[place]] = title[place]
    result = names[groups]
    result[given.rows] = title
    return pa.array(result, pa.string())


@dataclass(frozen=True, slots=True)
class _Ids:
    """Message ids as numbers, and which of them each mail names as coming before it.

    Attributes
    ----------
    names : pyarrow.Array of string
        The ids; all else are places in it.
    own, origin : int array of shape (mails,)
        Of each mail the id, and that of the message that began the thread, as far as the mail
        knows.
    mail, before : int array of shape (links,)
        A mail, and an id that it names.
    answers_known : bool array of shape (mails,)
        Whether it names a message at hand.
    """

    names: pa.Array
    own: Places
    origin: Places
    mail: Places
    before: Places
    answers_known: Flags

    @classmethod
    def of(cls, mails: pa.Table) -> _Ids:
        """Read ids, references and parents.

        Of messages that are not at hand only ids with an @ are believed: stray commas and words
        in these headers would join strangers.
        """
        names, own_codes, (mail, before) = _encoded(mails)
        size = len(own_codes)
        known = np.zeros(len(names), dtype=bool)
        known[own_codes] = True
        written = np.asarray(pc.match_substring(pc.utf8_trim(names, "@"), "@"))
        meant = (known | written)[before] & (before != own_codes[mail])
        mail, before = mail[meant], before[meant]
        answers_known = np.zeros(size, dtype=bool)
        answers_known[mail[known[before]]] = True
        origin = own_codes.copy()
        some, first = np.unique(mail, return_index=True)
        origin[some] = before[first]
        return cls(names, own_codes, origin, mail, before, answers_known)

    def groups(
        self, given: Places, titles: int, joined: Sequence[tuple[int, int]]
    ) -> npt.NDArray[np.int64]:
        """Return a number for each mail, the same one for mails that are joined.

        Parameters
        ----------
        given : int array of shape (mails,)
            Number of the thread that came with the input, -1 for none.
        titles : int
            How many of these there are.
        joined : sequence of (int, int)
            Pairs of mails that belong together besides.
        """
        # Imported here: loading it takes a quarter of a second, which who only reads need not wait.
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        size = len(self.names)
        titled = np.flatnonzero(given >= 0)
        pairs = np.array(joined, dtype=np.int64).reshape(-1, 2)
        ends = (
            (self.own[self.mail], self.before),
            (self.own[titled], size + given[titled]),
            (self.own[pairs[:, 0]], self.own[pairs[:, 1]]),
        )
        one, other = (np.concatenate(side).astype(np.int32) for side in zip(*ends, strict=True))
        links = coo_array(
            (np.ones(len(one), dtype=np.int8), (one, other)), shape=(size + titles,) * 2
        )
        found = connected_components(links, directed=False)[1][self.own]
        return np.unique(found, return_inverse=True)[1]


def _encoded(mails: pa.Table) -> tuple[pa.Array, Places, tuple[Places, Places]]:
    """Return the different ids, those of the mails, and what each mail names, as places in them.

    A mail names its references in their order, then its parent.
    """
    flat = [chunk.flatten() for chunk in mails["references"].chunks]
    columns = [*pc.fill_null(mails["id"], "").chunks, *flat, *mails["in_reply_to"].chunks]
    encoded = pa.chunked_array(columns, pa.string()).dictionary_encode().combine_chunks()
    names, bare = _bare(pc.fill_null(encoded.dictionary, ""))
    codes = np.asarray(pc.fill_null(encoded.indices, -1))
    size = mails.num_rows
    end = len(codes) - size
    lengths = np.asarray(pc.fill_null(pc.list_value_length(mails["references"]), 0))
    mail = np.repeat(np.arange(size, dtype=np.int32), lengths)
    place = np.arange(len(mail)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    near = (place == 0) | (place >= np.repeat(lengths, lengths) - _MAX_REFERENCES)
    mail = np.concatenate([mail[near], np.arange(size, dtype=np.int32)])
    before = np.concatenate([codes[size:end][near], codes[end:]])
    order = np.argsort(mail, kind="stable")
    order = order[before[order] >= 0]
    return names, codes[:size], (mail[order], bare[before[order]])


def _bare(written: pa.Array) -> tuple[pa.Array, Places]:
    """Return strings with their bare forms, and the place of the bare form of each."""
    bare = pc.utf8_trim(written, _AROUND_IDS)
    if bare.equals(written):
        return written, np.arange(len(written))
    encoded = pa.chunked_array([written, bare]).dictionary_encode().combine_chunks()
    return encoded.dictionary, np.asarray(encoded.indices)[len(written) :]


@dataclass(frozen=True, slots=True)
class _Subjects:
    """Subjects as numbers of their base, -1 where that says nothing."""

    base: Places
    is_reply: Flags

    @classmethod
    def of(cls, mails: pa.Table) -> _Subjects:
        """Read each different subject once."""
        encoded = pc.fill_null(mails["subject"].combine_chunks(), "").dictionary_encode()
        numbers: dict[str, int] = {}
        bases, replies = [], []
        for subject in encoded.dictionary.to_pylist():
            base = base_subject(subject)
            bases.append(-1 if is_trivial(base) else numbers.setdefault(base, len(numbers)))
            replies.append(is_reply(subject))
        codes = np.asarray(encoded.indices)
        return cls(np.array(bases, np.int64)[codes], np.array(replies, bool)[codes])


@dataclass(frozen=True, slots=True)
class _Given:
    """Threads that came with the input: which mails have one, and which each has, else -1."""

    rows: Places
    indices: Places
    dictionary: npt.NDArray[np.object_]


def _given(mails: pa.Table) -> _Given:
    column = pc.fill_null(mails["conversation_id"].combine_chunks(), "")
    ours = pc.or_(pc.equal(column, ""), pc.starts_with(column, _PREFIX))
    encoded = pc.if_else(ours, None, column).dictionary_encode()
    indices = np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64)
    titles = np.array(encoded.dictionary.to_pylist(), dtype=object)
    return _Given(np.flatnonzero(indices >= 0), indices, titles)


def _times(mails: pa.Table) -> npt.NDArray[np.float64]:
    """Return when mails were sent, in seconds, infinite if unknown."""
    column = mails["sent_at"].combine_chunks()
    seconds = np.asarray(pc.fill_null(column.cast(pa.int64()), 0)) / _MICROSECONDS
    seconds[np.asarray(column.is_null())] = math.inf
    return np.asarray(seconds, dtype=np.float64)


def _first_in_group(
    groups: npt.NDArray[np.int64], times: npt.NDArray[np.float64], ids: _Ids
) -> Places:
    """Return of each group the mail that was sent first; among equals the ids decide."""
    rank = np.empty(len(ids.names), dtype=np.int64)
    rank[np.asarray(pc.sort_indices(ids.names))] = np.arange(len(rank))
    order = np.lexsort((rank[ids.origin], rank[ids.own], times, groups))
    return order[np.unique(groups[order], return_index=True)[1]]


def _thread_id(origin: str) -> str:
    return f"{_PREFIX}{fingerprint(origin)[:_ID_DIGITS]}"


@dataclass(frozen=True, slots=True, order=True)
class _Mail:
    """A mail as subjects join it; ordered by time in seconds, then id."""

    time: float
    id: str
    author: str
    recipients: Sequence[str] = field(compare=False)
    row: int = field(compare=False)

    def people(self) -> frozenset[str]:
        """Return the addresses of author and recipients."""
        return frozenset(map(normalise_address, (self.author, *self.recipients))) - {""}


@dataclass(frozen=True, slots=True)
class _Rows:
    """Mails, of which only some are ever looked at as a whole."""

    mails: pa.Table
    times: npt.NDArray[np.float64]

    def take(self, rows: Places) -> list[_Mail]:
        """Return some mails."""
        names = ("id", "author", "recipients")
        columns = (self.mails[name].take(pa.array(rows)).to_pylist() for name in names)
        return [
            _Mail(time, key or "", author or "", recipients or (), row)
            for time, key, author, recipients, row in zip(
                self.times[rows].tolist(), *columns, rows.tolist(), strict=True
            )
        ]


def _by_subject(rows: _Rows, subjects: _Subjects, orphans: Flags) -> Iterator[tuple[int, int]]:
    """Yield replies that name no message at hand, each with the mail that it seems to answer."""
    bases = np.unique(subjects.base[orphans])
    wanted = np.isin(subjects.base, bases[bases >= 0]) & np.isfinite(rows.times)
    places = np.flatnonzero(wanted)
    order = places[np.argsort(subjects.base[places], kind="stable")]
    starts = np.flatnonzero(np.diff(subjects.base[order], prepend=-1))
    for group in np.split(order, starts[1:]):
        mails = rows.take(group)
        lonely = {mail.row for mail in mails if orphans[mail.row]}
        yield from _answers(sorted(mails), lonely)


def _answers(group: list[_Mail], orphans: Collection[int]) -> Iterator[tuple[int, int]]:
    earlier: deque[_Mail] = deque(maxlen=_MAX_CANDIDATES)
    for mail in group:
        if mail.row in orphans:
            found = next((other for other in reversed(earlier) if _fits(mail, other)), None)
            if found is not None:
                yield mail.row, found.row
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
