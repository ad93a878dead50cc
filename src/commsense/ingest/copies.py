"""A message that is in the exports and was forwarded as well is one message.

What was forwarded has no id to compare: its author and its words tell, and its time roughly, for
that is written for people, without zone and seconds.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from commsense.ingest.duplicates import Flags, letters
from commsense.ingest.fingerprint import fingerprint
from commsense.ingest.mail.forwarded import MARK
from commsense.ingest.spool import Spool

_NEAR_S: Final = 2 * 86_400.0
_MICROSECONDS: Final = 1_000_000
_SAID: Final = ("text", "signature")


class _Sent(NamedTuple):
    """A message that may have been forwarded, or was taken out of a forward."""

    place: int
    author: str
    time: float | None
    is_forwarded: bool


class _Times:
    """When messages were sent, in seconds; of some it may be unknown."""

    def __init__(self) -> None:
        self._known: list[float] = []
        self._some_unknown = False

    def add(self, time: float | None) -> None:
        if time is None:
            self._some_unknown = True
        else:
            insort(self._known, time)

    def near(self, time: float | None) -> bool:
        """Tell whether one of the messages may have been sent at about a time."""
        if self._some_unknown or (time is None and self._known):
            return True
        place = bisect_left(self._known, (time or 0.0) - _NEAR_S)
        return place < len(self._known) and self._known[place] <= (time or 0.0) + _NEAR_S


def copies(ids: pa.ChunkedArray, spool: Spool, keep: Flags) -> Flags:
    """Tell which messages were taken out of forwards and are there in another copy too.

    The original stays; of several forwards of a mail that is missing the first one does.

    Parameters
    ----------
    ids : pyarrow.ChunkedArray of string
        Of all messages, as they were written. Where none names a forward, nothing else is read.
    spool : Spool
    keep : bool array of shape (messages,)
        Those that are no duplicates anyway.

    Returns
    -------
    bool array of shape (messages,)
    """
    found = np.zeros(len(keep), dtype=bool)
    marked = pc.fill_null(pc.match_substring(ids, MARK), fill_value=False)
    forwarded = np.asarray(marked.combine_chunks(), dtype=bool) & keep
    if not forwarded.any():
        return found
    sent = _near(_by_authors(spool, forwarded, keep))
    originals: dict[str, _Times] = defaultdict(_Times)
    waiting: list[tuple[_Sent, list[str]]] = []
    for one, said in zip(sent, _said(spool, [one.place for one in sent]), strict=True):
        keys = [fingerprint(one.author, words) for words in said]
        if one.is_forwarded:
            waiting.append((one, keys))
        else:
            _note(originals, one, keys)
    for one, keys in waiting:
        if any(key in originals and originals[key].near(one.time) for key in keys):
            found[one.place] = True
        else:
            _note(originals, one, keys)
    return found


def _note(times: dict[str, _Times], one: _Sent, keys: Sequence[str]) -> None:
    for key in keys:
        times[key].add(one.time)


def _by_authors(spool: Spool, forwarded: Flags, keep: Flags) -> list[_Sent]:
    """Return what the authors of forwarded messages sent, in its order."""
    heads = pa.concat_tables(spool.heads(["author", "sent_at"]))
    authors = heads["author"].combine_chunks()
    wanted = pc.is_in(authors, value_set=pc.unique(authors.filter(pa.array(forwarded))))
    places = np.flatnonzero(np.asarray(wanted) & keep)
    rows = pa.array(places)
    moments = heads["sent_at"].combine_chunks().take(rows).cast(pa.int64()).to_pylist()
    return [
        _Sent(place, author, None if moment is None else moment / _MICROSECONDS, is_forwarded)
        for place, author, moment, is_forwarded in zip(
            places.tolist(),
            authors.take(rows).to_pylist(),
            moments,
            forwarded[places].tolist(),
            strict=True,
        )
    ]


def _near(sent: list[_Sent]) -> list[_Sent]:
    """Leave out what was sent at another time than everything that was forwarded."""
    times: dict[str, _Times] = defaultdict(_Times)
    for one in sent:
        if one.is_forwarded:
            _note(times, one, [one.author])
    return [one for one in sent if times[one.author].near(one.time)]


def _said(spool: Spool, places: list[int]) -> Iterator[tuple[str, str]]:
    """Yield what messages say in letters, without and with what was cut off as signature."""
    wanted = np.array(places, dtype=np.int64)
    start = 0
    for table in spool.tables(_SAID):
        end = start + table.num_rows
        here = wanted[np.searchsorted(wanted, start) : np.searchsorted(wanted, end)] - start
        for row in table.take(pa.array(here)).to_pylist():
            text, signature = (letters(row[zone] or "") for zone in _SAID)
            yield text, f"{text}{signature}"
        start = end
