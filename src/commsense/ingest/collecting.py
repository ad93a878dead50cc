"""The messages of exports, all of them together: without duplicates, threaded, put on a side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from commsense.ingest.copies import copies
from commsense.ingest.duplicates import Flags, nameless, repeated, unique
from commsense.ingest.joining import join
from commsense.ingest.reading import Batch, read_files
from commsense.ingest.sources import check, walk
from commsense.ingest.spool import HEAD, Spool
from commsense.ingest.tables import messages_of
from commsense.memory import release_unused
from commsense.profiles import ClientProfile
from commsense.progress import Progress, silent
from commsense.schema import (
    MESSAGES,
    REJECTED,
    Rejected,
    frame,
    to_arrow,
    to_pandas,
)
from commsense.workers import Processes, Workers


@dataclass(frozen=True, slots=True)
class Ingested:
    """What was found in some exports.

    Attributes
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`; ids are unique.
    rejected : pandas.DataFrame
        Columns of :data:`commsense.schema.REJECTED`.
    found : int
        Messages and rejected pieces in these exports: new messages + duplicates + rejected.
    duplicates : int
        Messages that were in these exports twice.
    sources : list of str
        What was read.
    """

    messages: pd.DataFrame
    rejected: pd.DataFrame
    found: int
    duplicates: int
    sources: list[str]


def ingest(
    sources: Sequence[str] | pd.DataFrame,
    *,
    us: Sequence[str] = (),
    profiles: Sequence[ClientProfile] = (),
    progress: Progress = silent,
    workers: Workers | None = None,
) -> Ingested:
    """Read exports into the neutral message format.

    Parameters
    ----------
    sources : sequence of str, or DataFrame
        Files, folders and archives, or messages that are in a table already.
    us : sequence of str
        Domains and addresses of the provider; guessed from who sends most where empty.
    profiles : sequence of ClientProfile
        What the user told about clients.
    progress : Progress
        Told how many messages were found.
    workers : Workers, optional
        Who reads mail; processes of this machine where left out.

    Raises
    ------
    InputError
        Where a source does not exist, or a table has no column ``text``.
    """
    with stream(sources, us=us, profiles=profiles, progress=progress, workers=workers) as found:
        return Ingested(
            messages=found.messages(),
            rejected=frame(REJECTED, found.rejected),
            found=found.found,
            duplicates=found.duplicates,
            sources=[] if isinstance(sources, pd.DataFrame) else list(sources),
        )


@contextmanager
def merged(
    known: Iterable[pa.Table],
    new: pd.DataFrame,
    *,
    us: Sequence[str] = (),
    profiles: Sequence[ClientProfile] = (),
) -> Iterator[Stream]:
    """Put new messages below known ones: no duplicates, threads joined, sides and clients set.

    Parameters
    ----------
    known : iterable of pyarrow.Table
        Columns of :data:`commsense.schema.MESSAGES`.
    new : pandas.DataFrame
        The same columns.
    us, profiles
        As in :func:`ingest`.
    """
    with Spool() as spool:
        for table in (*known, to_arrow(MESSAGES, new)):
            spool.add(table)
        yield Stream.of(spool, us, profiles, found=len(new), rejected=[])


@dataclass(frozen=True, slots=True)
class Stream:
    """Messages of which only what joins them is in memory, for one walk through them.

    Attributes
    ----------
    found : int
        Messages and rejected pieces in these exports, as in :class:`Ingested`.
    count, duplicates : int
        Messages that are kept, and those that are not.
    rejected : list of Rejected
    joined : pyarrow.Table
        Of each message that is kept: ``id``, ``conversation_id``, ``side``, ``client``.
    authors : pandas.DataFrame
        Everybody who writes for a side: ``author`` and ``side``, each pair once.
    """

    found: int
    count: int
    duplicates: int
    rejected: list[Rejected]
    joined: pa.Table
    authors: pd.DataFrame
    _spool: Spool
    _keep: Flags

    @classmethod
    def of(
        cls,
        spool: Spool,
        us: Sequence[str],
        profiles: Sequence[ClientProfile],
        *,
        found: int,
        rejected: list[Rejected],
    ) -> Stream:
        """Join the messages of a spool: duplicates, threads, sides and clients."""
        written = _column(spool, "id")
        ids, keep = unique(written, spool.rows(repeated(written)))
        keep &= ~copies(written, spool, keep)
        keep &= ~nameless(written, spool, keep)
        release_unused()  # for threads and people are told by a process beside this one
        told = join(_kept(spool.heads(), ids, keep), us, profiles)
        joined = told.add_column(0, MESSAGES.field("id"), ids.filter(keep))
        return cls(
            found=found,
            count=len(joined),
            duplicates=len(keep) - len(joined),
            rejected=rejected,
            joined=joined,
            authors=authors_of(_pairs(_column(spool, "author").filter(keep), joined["side"])),
            _spool=spool,
            _keep=keep,
        )

    def tables(self) -> Iterator[pa.Table]:
        """Yield the messages, columns of :data:`commsense.schema.MESSAGES`, some at a time."""
        seen = given = 0
        for table in self._spool.tables():
            kept = table.filter(pa.array(self._keep[seen : seen + table.num_rows]))
            joined = self.joined.slice(given, kept.num_rows)
            for name in self.joined.column_names:
                kept = kept.set_column(MESSAGES.get_field_index(name), name, joined[name])
            seen += table.num_rows
            given += kept.num_rows
            yield kept

    def messages(self) -> pd.DataFrame:
        """Return all messages at once."""
        return to_pandas(pa.concat_tables([MESSAGES.empty_table(), *self.tables()]))


def _column(spool: Spool, name: str) -> pa.ChunkedArray:
    return pa.chunked_array(
        [table[name].combine_chunks() for table in spool.heads([name])], pa.string()
    )


def _kept(heads: Iterable[pa.Table], ids: pa.ChunkedArray, keep: Flags) -> Iterator[pa.Table]:
    """Yield heads without duplicates, under the ids that they were given."""
    start, place = 0, HEAD.get_field_index("id")
    for table in heads:
        here = slice(start, start + table.num_rows)
        start = here.stop
        named = table.set_column(place, HEAD.field(place), ids.slice(here.start, table.num_rows))
        yield named.filter(pa.array(keep[here]))


def _pairs(authors: pa.ChunkedArray, sides: pa.ChunkedArray) -> pd.DataFrame:
    """Return the different pairs, in the order in which they come first."""
    pairs = pa.table({"author": authors, "side": sides}).group_by(
        ["author", "side"], use_threads=False
    )
    return to_pandas(pairs.aggregate([]))


def authors_of(messages: pd.DataFrame) -> pd.DataFrame:
    """Return everybody who writes for a side: columns ``author`` and ``side``, each pair once."""
    known = messages.loc[messages["side"].notna(), ["author", "side"]]
    return known.drop_duplicates(ignore_index=True)


@contextmanager
def stream(
    sources: Sequence[str] | pd.DataFrame,
    *,
    us: Sequence[str] = (),
    profiles: Sequence[ClientProfile] = (),
    known: Iterable[pa.Table] = (),
    progress: Progress = silent,
    workers: Workers | None = None,
) -> Iterator[Stream]:
    """Read exports as :func:`ingest` does, without ever holding all texts in memory.

    The stream is used within a ``with`` block and gone with it; parameters and errors are those of
    :func:`ingest`, but ``known`` comes as Arrow tables, some messages at a time, and ``workers``
    may read on other machines.
    """
    rejected: list[Rejected] = []
    fresh = 0
    with Spool() as spool:
        for table in known:
            spool.add(table)
        for batch in _batches(sources, progress, workers or Processes()):
            spool.add(batch.messages)
            fresh += batch.messages.num_rows
            rejected += batch.rejected
        yield Stream.of(spool, us, profiles, found=fresh + len(rejected), rejected=rejected)


def _batches(
    sources: Sequence[str] | pd.DataFrame, progress: Progress, workers: Workers
) -> Iterable[Batch]:
    if not isinstance(sources, pd.DataFrame):
        check(sources)
        return read_files(walk(sources), progress, workers)
    return [Batch.of(messages_of(sources))]
