"""Threads of mail: who answers whom, by message ids first, by subject only with guards.

The links follow J. Zawinski's message threading (1997, https://www.jwz.org/doc/threading.html):
every id in References and In-Reply-To joins two messages, be they in the export or not. Unlike
it, subjects join only a reply that names no message at hand to an earlier one between the same
people; a subject that many mails have, only where nobody else takes part and it was days ago.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from commsense.ingest.addresses import normalise_address
from commsense.ingest.fingerprint import Hashes, hashes
from commsense.ingest.heads import Flags, Heads, is_mail, mails
from commsense.ingest.subjects import base_subject, is_reply, is_trivial
from commsense.memory import release_unused

Places = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

MAX_GAP_S = 30 * 86_400.0
"""How long after a message an answer without ids is still joined to it by its subject."""

MAX_TRIVIAL_GAP_S = 7 * 86_400.0
"""The same for subjects that many unrelated mails have."""

_MAX_CANDIDATES = 50  # earlier messages of the same subject that are looked at
_PREFIX = "thread-"  # of the ids made here; others were given with the input and are kept
_MAX_REFERENCES = 200
_AROUND_IDS = "<>,; \t\r\n"
_MICROSECONDS = 1_000_000
_NO_SUBJECT: Final = -1
_PEOPLE: Final = ("id", "author", "recipients")


def thread_ids(heads: Heads) -> pa.Array:
    """Return the id of each message's thread.

    Parameters
    ----------
    heads : Heads
        Messages in any order. Columns are read as they are needed, and of ids and subjects hashes
        stay: so many strings would take several times the memory.

    Returns
    -------
    pyarrow.Array of string
        Derived from the message that began the thread, whether the export has it or not; it does
        not depend on the order of rows. Calls, and mail whose thread was given with the input,
        keep theirs.
    """
    told = pa.concat_tables([_NOTHING_TOLD, *heads.tables(_NOTHING_TOLD.column_names)])
    mail = is_mail(told)
    given = told["conversation_id"].combine_chunks()
    if mail.all():
        return _threads(heads, given)
    names = _threads(heads, given.filter(pa.array(mail)))
    places = np.where(mail, np.cumsum(mail) - 1, len(names) + np.arange(len(mail)))
    return pa.concat_arrays([names, given]).take(pa.array(places))


_NOTHING_TOLD: Final = pa.table(
    {name: pa.array([], pa.string()) for name in ("channel", "conversation_id")}
)


def _joined(parts: Sequence[npt.NDArray[Any]], kind: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *parts]).astype(kind, copy=False)


def _threads(heads: Heads, conversations: pa.Array) -> pa.Array:
    ids, times, given = _Ids.of(heads), _times(heads), _given(conversations)
    release_unused()  # strings of which the hashes are there
    subjects = _Subjects.of(heads)
    orphans = subjects.is_reply & ~ids.answers_known & np.isfinite(times)
    joined = list(_by_subject(heads, times, subjects, orphans))
    groups = ids.groups(given.indices, len(given.dictionary), joined)
    first = _first_in_group(groups, times, ids)
    names = np.array([_thread_id(origin) for origin in ids.origin[first].tolist()], dtype=object)
    owner, title = groups[given.rows], given.dictionary[given.indices[given.rows]]
    for place in np.argsort(title, kind="stable")[::-1].tolist():
        names[owner[place]] = title[place]
    result = names[groups]
    result[given.rows] = title
    return pa.array(result, pa.string())


@dataclass(frozen=True, slots=True)
class _Ids:
    """Message ids as hashes, and which of them each mail names as coming before it.

    Attributes
    ----------
    own, origin : uint64 array of shape (mails,)
        Of each mail the id, and that of the message that began the thread, as far as the mail
        knows.
    mail : int array of shape (links,)
    before : uint64 array of shape (links,)
        A mail, and an id that it names.
    answers_known : bool array of shape (mails,)
        Whether it names a message at hand.
    """

    own: Hashes
    origin: Hashes
    mail: Places
    before: Hashes
    answers_known: Flags

    @classmethod
    def of(cls, heads: Heads) -> _Ids:
        """Read ids, references and parents.

        Of messages that are not at hand only ids with an @ are believed: stray commas and words
        in these headers would join strangers.
        """
        ids, named, size = [], [], 0
        for table in mails(heads, "id", "references", "in_reply_to"):
            ids.append(hashes(table["id"]))
            named.append(_Named.of(table, size))
            size += table.num_rows
        own = _joined(ids, np.uint64)
        mail = _joined([one.mail for one in named], np.int32)
        before = _joined([one.before for one in named], np.uint64)
        known = pd.Series(before).isin(own).to_numpy()
        meant = known | _joined([one.is_id for one in named], np.bool_)
        meant &= before != own[mail]
        mail, before, known = mail[meant], before[meant], known[meant]
        answers_known = np.zeros(size, dtype=bool)
        answers_known[mail[known]] = True
        origin = own.copy()
        first = np.flatnonzero(np.diff(mail, prepend=-1))
        origin[mail[first]] = before[first]
        return cls(own, origin, mail, before, answers_known)

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

        numbers, names = pd.factorize(np.concatenate([self.own, self.before]))
        codes, size = numbers.astype(np.int32), len(names)
        own, before = codes[: len(self.own)], codes[len(self.own) :]
        titled = np.flatnonzero(given >= 0)
        pairs = np.array(joined, dtype=np.int64).reshape(-1, 2)
        ends = (
            (own[self.mail], before),
            (own[titled], (size + given[titled]).astype(np.int32)),
            (own[pairs[:, 0]], own[pairs[:, 1]]),
        )
        one, other = (np.concatenate(side) for side in zip(*ends, strict=True))
        links = coo_array(
            (np.ones(len(one), dtype=np.int8), (one, other)), shape=(size + titles,) * 2
        )
        found = connected_components(links, directed=False)[1][own]
        return np.unique(found, return_inverse=True)[1]


@dataclass(frozen=True, slots=True)
class _Named:
    """What some mails name: the references in their order, then the parent.

    Attributes
    ----------
    mail : int array of shape (named,)
        Ascending.
    before : uint64 array of shape (named,)
    is_id : bool array of shape (named,)
        Whether it looks like the id of a message.
    """

    mail: Places
    before: Hashes
    is_id: Flags

    @classmethod
    def of(cls, mails: pa.Table, first: int) -> _Named:
        """Read some mails, of which the first has a number; of many references the middle goes."""
        size = mails.num_rows
        lists = mails["references"].combine_chunks()
        lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0), dtype=np.int64)
        mail = np.repeat(np.arange(size, dtype=np.int32), lengths)
        place = np.arange(len(mail)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        near = (place == 0) | (place >= np.repeat(lengths, lengths) - _MAX_REFERENCES)
        parents = mails["in_reply_to"].combine_chunks()
        written = pa.concat_arrays([lists.flatten().filter(pa.array(near)), parents])
        mail = np.concatenate([mail[near], np.arange(size, dtype=np.int32)])
        bare = pc.utf8_trim(written, _AROUND_IDS)
        inner = pc.match_substring(pc.utf8_trim(bare, "@"), "@")
        order = np.argsort(mail, kind="stable")
        order = order[np.asarray(written.is_valid())[order]]
        is_id = np.asarray(pc.fill_null(inner, fill_value=False), dtype=bool)
        return cls(first + mail[order], hashes(bare)[order], is_id[order])


@dataclass(frozen=True, slots=True)
class _Subjects:
    """Subjects as numbers of their base, -1 where that is empty."""

    base: Places
    is_reply: Flags
    is_trivial: Flags

    @classmethod
    def of(cls, heads: Heads) -> _Subjects:
        """Read each different subject of a table once."""
        bases, replies, trivial = [], [], []
        for table in mails(heads, "subject"):
            encoded = pc.fill_null(table["subject"].combine_chunks(), "").dictionary_encode()
            subjects, codes = encoded.dictionary.to_pylist(), np.asarray(encoded.indices)
            told = [base_subject(subject) for subject in subjects]
            numbers = (hashes(pa.array(told, pa.string())) >> np.uint64(1)).astype(np.int64)
            numbers[np.array([not base for base in told], dtype=bool)] = _NO_SUBJECT
            bases.append(numbers[codes])
            trivial.append(np.array([is_trivial(base) for base in told], dtype=bool)[codes])
            replies.append(np.array([is_reply(subject) for subject in subjects], dtype=bool)[codes])
        flags = (_joined(told, np.bool_) for told in (replies, trivial))
        return cls(_joined(bases, np.int64), *flags)


@dataclass(frozen=True, slots=True)
class _Given:
    """Threads that came with the input: which mails have one, and which each has, else -1."""

    rows: Places
    indices: Places
    dictionary: npt.NDArray[np.object_]


def _given(conversations: pa.Array) -> _Given:
    column = pc.fill_null(conversations, "")
    ours = pc.or_(pc.equal(column, ""), pc.starts_with(column, _PREFIX))
    encoded = pc.if_else(ours, None, column).dictionary_encode()
    indices = np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64)
    titles = np.array(encoded.dictionary.to_pylist(), dtype=object)
    return _Given(np.flatnonzero(indices >= 0), indices, titles)


def _times(heads: Heads) -> npt.NDArray[np.float64]:
    """Return when mails were sent, in seconds, infinite if unknown."""
    found = []
    for table in mails(heads, "sent_at"):
        column = table["sent_at"].combine_chunks()
        seconds = np.asarray(pc.fill_null(column.cast(pa.int64()), 0)) / _MICROSECONDS
        seconds[np.asarray(column.is_null())] = math.inf
        found.append(seconds)
    return _joined(found, np.float64)


def _first_in_group(
    groups: npt.NDArray[np.int64], times: npt.NDArray[np.float64], ids: _Ids
) -> Places:
    """Return of each group the mail that was sent first; among equals the ids decide."""
    order = np.lexsort((ids.origin, ids.own, times, groups))
    return order[np.unique(groups[order], return_index=True)[1]]


def _thread_id(origin: int) -> str:
    return f"{_PREFIX}{origin:016x}"


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


def _by_subject(
    heads: Heads, times: npt.NDArray[np.float64], subjects: _Subjects, orphans: Flags
) -> Iterator[tuple[int, int]]:
    """Yield replies that name no message at hand, each with the mail that it seems to answer."""
    bases = np.unique(subjects.base[orphans])
    wanted = np.isin(subjects.base, bases[bases != _NO_SUBJECT]) & np.isfinite(times)
    if not wanted.any():
        return
    known = _taken(heads, times, wanted)
    base = subjects.base[wanted]
    order = np.argsort(base, kind="stable")
    starts = np.flatnonzero(base[order][1:] != base[order][:-1]) + 1
    for group in np.split(order, starts):
        of_one_base = [known[place] for place in group.tolist()]
        lonely = {mail.row for mail in of_one_base if orphans[mail.row]}
        if not subjects.is_trivial[of_one_base[0].row]:
            yield from _answers(sorted(of_one_base), lonely, MAX_GAP_S)
            continue
        for among_the_same in _by_people(of_one_base):
            yield from _answers(sorted(among_the_same), lonely, MAX_TRIVIAL_GAP_S)


def _taken(heads: Heads, times: npt.NDArray[np.float64], wanted: Flags) -> list[_Mail]:
    """Return some mails."""
    found, start = [], 0
    for table in mails(heads, *_PEOPLE):
        rows = np.flatnonzero(wanted[start : start + table.num_rows])
        columns = [table[name].take(pa.array(rows)).to_pylist() for name in _PEOPLE]
        places = rows + start
        found += [
            _Mail(time, key or "", author or "", recipients or (), place)
            for time, key, author, recipients, place in zip(
                times[places].tolist(), *columns, places.tolist(), strict=True
            )
        ]
        start += table.num_rows
    return found


def _by_people(mails: Iterable[_Mail]) -> Iterable[list[_Mail]]:
    """Part mails by who takes part in them."""
    parted: defaultdict[frozenset[str], list[_Mail]] = defaultdict(list)
    for mail in mails:
        parted[mail.people()].append(mail)
    return parted.values()


def _answers(
    group: list[_Mail], orphans: Collection[int], max_gap_s: float
) -> Iterator[tuple[int, int]]:
    earlier: deque[_Mail] = deque(maxlen=_MAX_CANDIDATES)
    for mail in group:
        if mail.row in orphans:
            near = (one for one in reversed(earlier) if mail.time - one.time <= max_gap_s)
            found = next((other for other in near if _fits(mail, other)), None)
            if found is not None:
                yield mail.row, found.row
        earlier.append(mail)


def _fits(reply: _Mail, other: _Mail) -> bool:
    """Tell whether a reply may answer an earlier mail: it is between the same people.

    The answered author must be among the people of the reply and the answering one among those of
    the other mail: the owner of a mailbox alone is in every mail of it and proves nothing.
    """
    author, answered = normalise_address(reply.author), normalise_address(other.author)
    people, before = reply.people(), other.people()
    if author == answered:
        return bool((people & before) - {author})
    return answered in people and (author in before or before == {answered})
