"""Threads of mail: who answers whom, by message ids first, by subject only with guards.

The links follow J. Zawinski's message threading (1997, https://www.jwz.org/doc/threading.html):
every id in References and In-Reply-To joins two messages, be they in the export or not. Unlike
it, subjects join only a reply that names no message at hand to an earlier one between the same
people.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from commsense.ingest.addresses import normalise_address
from commsense.ingest.fingerprint import fingerprint
from commsense.ingest.subjects import base_subject, is_reply, is_trivial

__all__ = ["base_subject", "link"]

MAX_GAP_S = 30 * 86_400.0
"""How long after a message an answer without ids is still joined to it by its subject."""

Codes = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Strings = npt.NDArray[np.object_]

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
    is_mail = (messages["channel"] != "call").to_numpy(bool)
    linked = messages["conversation_id"].to_numpy(object, copy=True)
    linked[is_mail] = _threads(messages[is_mail], linked[is_mail])
    return messages.assign(conversation_id=pd.Series(linked, index=messages.index, dtype=object))


def _threads(mails: pd.DataFrame, before: Strings) -> Strings:
    """Return the id of each mail's thread; those that came with the input are kept."""
    links = _Links.of(mails)
    times = _seconds(mails["sent_at"])
    given, given_names = pd.factorize(np.array([_given(one) for one in before], dtype=object))
    told = np.flatnonzero(given >= 0)
    replies, answered = _by_subject(mails, times, links.answers_known(len(mails)))
    edges = (
        (links.ids[links.row], links.other),
        (links.ids[told], len(links.strings) + given[told]),
        (links.ids[replies], links.ids[answered]),
    )
    sets = _sets(edges, len(links.strings) + len(given_names))[links.ids]
    names = _names(sets, times, links)
    for place in sorted(told, key=before.__getitem__, reverse=True):  # of several the least
        names[sets[place]] = before[place]
    threads: Strings = names[sets]
    threads[told] = before[told]
    return threads


def _given(thread: object) -> str | None:
    """Return a thread's id that came with the input; those made here are made anew."""
    return thread if isinstance(thread, str) and thread and not thread.startswith(_PREFIX) else None


@dataclass(frozen=True, slots=True)
class _Links:
    """Which ids each mail refers to, as numbers: a million mails have some million ids.

    Attributes
    ----------
    strings : pyarrow.Array
        Each different id.
    ids : int array, shape (mails,)
        Number of each mail's own id.
    row, other : int arrays, shape (links,)
        A mail and the id that it refers to, by mail, the thread's first one first.
    known : bool array, shape (ids,)
        Which ids are those of mails at hand.
    """

    strings: pa.StringArray
    ids: Codes
    row: Codes
    other: Codes
    known: Flags

    @classmethod
    def of(cls, mails: pd.DataFrame) -> _Links:
        """Read the links off the columns ``id``, ``references`` and ``in_reply_to``.

        Of messages that are not at hand only ids with an @ are believed: stray commas and words
        in these headers would join strangers.
        """
        own, parents = (_arrow(mails[name], pa.string()) for name in ("id", "in_reply_to"))
        lists = _arrow(mails["references"], pa.list_(pa.string()))
        lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0), dtype=np.int64)
        raw, strings, bare = _numbered([own, pc.list_flatten(lists), parents])
        ids, other = raw[: len(mails)], bare[len(mails) :]
        row = np.repeat(np.arange(len(mails)), lengths)
        place = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        kept = (place == 0) | (place >= lengths[row] - _MAX_REFERENCES)
        kept = np.concatenate([kept, np.ones(len(mails), dtype=bool)])
        row = np.concatenate([row, np.arange(len(mails))])
        known = np.zeros(len(strings) + 1, dtype=bool)  # the last is of no id at all
        known[ids] = True
        named = pc.match_substring(pc.utf8_trim(strings, "@"), "@")
        believed = known | np.append(np.asarray(named, dtype=bool), False)
        used = np.flatnonzero(kept & believed[other] & (other != ids[row]))
        used = used[np.argsort(row[used], kind="stable")]
        return cls(strings, ids, row[used], other[used], known)

    def answers_known(self, count: int) -> Flags:
        """Tell which mails refer to one that is at hand, shape (mails,)."""
        answers = np.zeros(count, dtype=bool)
        answers[self.row[self.known[self.other]]] = True
        return answers


def _arrow(column: pd.Series[Any], type_: pa.DataType) -> pa.ChunkedArray:
    found = pa.array(column, type=type_, from_pandas=True)
    return found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found], type_)


def _numbered(columns: Sequence[pa.ChunkedArray]) -> tuple[Codes, pa.StringArray, Codes]:
    """Return numbers of strings: as they are, and without the brackets that stand around ids.

    Returns
    -------
    int array
        The number of each string, -1 for none; the columns one after the other.
    pyarrow.Array
        Each different string of either kind.
    int array
        The number of each string without brackets.
    """
    whole = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    encoded = whole.dictionary_encode()  # one dictionary for all its chunks
    dictionary = encoded.chunk(0).dictionary if encoded.num_chunks else pa.array([], pa.string())
    both = pa.concat_arrays([dictionary, pc.utf8_trim(dictionary, _AROUND_IDS)])
    numbered = both.dictionary_encode()
    of = np.append(np.asarray(numbered.indices, dtype=np.int64), -1)
    codes = np.concatenate(
        [np.asarray(pc.fill_null(part.indices, -1), np.int64) for part in encoded.chunks]
        or [np.zeros(0, dtype=np.int64)]
    )
    size = len(dictionary)
    bare = np.where(codes < 0, -1, codes + size)
    return of[codes], numbered.dictionary, of[bare]


def _seconds(times: pd.Series[Any]) -> Doubles:
    """Return seconds since 1970, infinite where the time is not known."""
    known = pd.to_datetime(times, utc=True)
    seconds = (known - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
    return np.asarray(seconds.fillna(math.inf), dtype=np.float64)


def _sets(edges: Sequence[tuple[Codes, Codes]], size: int) -> Codes:
    """Return the number of the connected set that each node belongs to."""
    left, right = (np.concatenate(ends) for ends in zip(*edges, strict=True))
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    _, found = connected_components(graph, directed=False)
    return np.asarray(found, dtype=np.int64)


def _names(sets: Codes, times: Doubles, links: _Links) -> Strings:
    """Name each set after the message that began it, as far as its first mail knows."""
    names = np.full(int(sets.max(initial=-1)) + 1, None, dtype=object)
    rank = np.asarray(pc.rank(links.strings), dtype=np.int64)
    order = np.lexsort((rank[links.ids], times))
    found, first = np.unique(sets[order], return_index=True)
    origin = links.ids.copy()
    rows, start = np.unique(links.row, return_index=True)
    origin[rows] = links.other[start]
    began = links.strings.take(pa.array(origin[order[first]])).to_pylist()
    names[found] = [_thread_id(one) for one in began]
    return names


def _thread_id(origin: str) -> str:
    return f"{_PREFIX}{fingerprint(origin)[:_ID_DIGITS]}"


@dataclass(frozen=True, slots=True, order=True)
class _Mail:
    """A mail of whose subject there are several; ordered by time in seconds, then id."""

    time: float
    id: str
    place: int
    author: str = field(compare=False)
    recipients: Sequence[str] = field(compare=False)

    def people(self) -> frozenset[str]:
        """Return the addresses of author and recipients."""
        return frozenset(map(normalise_address, (self.author, *self.recipients))) - {""}


def _by_subject(mails: pd.DataFrame, times: Doubles, answers_known: Flags) -> tuple[Codes, Codes]:
    """Return replies that name no message at hand, and the mails that they seem to answer.

    Returns
    -------
    two int arrays, shape (pairs,)
        Places of the mails.
    """
    codes, subjects = pd.factorize(mails["subject"].fillna("").astype(str))
    base_of, bases = pd.factorize(np.array([*map(base_subject, subjects)], dtype=object))
    replying = np.fromiter(map(is_reply, subjects), bool, len(subjects))
    base = base_of[codes]
    orphans = replying[codes] & ~answers_known & np.isfinite(times)
    joining = np.zeros(len(bases), dtype=bool)
    joining[base[orphans]] = True
    joining &= ~np.fromiter(map(is_trivial, bases), bool, len(bases))
    groups: dict[int, list[_Mail]] = defaultdict(list)
    places = np.flatnonzero(joining[base] & np.isfinite(times))
    columns = (mails[name].iloc[places].tolist() for name in ("id", "author", "recipients"))
    for place, key, author, recipients in zip(places.tolist(), *columns, strict=True):
        one = _Mail(times[place], key, place, str(author or ""), _list(recipients))
        groups[base[place]].append(one)
    pairs = [pair for group in groups.values() for pair in _answers(sorted(group), orphans)]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _list(value: object) -> Sequence[str]:
    return value if isinstance(value, list | tuple) else ()


def _answers(group: list[_Mail], orphans: Flags) -> Iterator[tuple[int, int]]:
    """Yield the places of replies and of what they answer, among mails of one subject."""
    earlier: deque[_Mail] = deque(maxlen=_MAX_CANDIDATES)
    for mail in group:
        if orphans[mail.place]:
            found = next((other for other in reversed(earlier) if _fits(mail, other)), None)
            if found is not None:
                yield mail.place, found.place
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
