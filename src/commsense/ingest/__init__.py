"""Exports to messages: files are found, read, freed of duplicates, threaded, put on a side.

``sources`` walks what the user names to single files, ``formats`` tells what each is, ``mail/``,
``transcripts/`` and ``tables`` read them, ``zones/`` cuts bodies; ``duplicates``, ``threads`` and
``parties`` then look at all messages together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from commsense.ingest.duplicates import drop_duplicates
from commsense.ingest.parties import assign
from commsense.ingest.reading import Batch, read_files
from commsense.ingest.sources import check, walk
from commsense.ingest.tables import messages_of
from commsense.ingest.threads import link
from commsense.profiles import ClientProfile
from commsense.progress import Progress, silent
from commsense.schema import (
    MESSAGES,
    REJECTED,
    arrow,
    frame,
    to_arrow,
    to_pandas,
)

__all__ = ["Ingested", "ingest", "merge"]


@dataclass(frozen=True, slots=True)
class Ingested:
    """What was found in some exports.

    Attributes
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`; ids are unique. Messages that were known
        before come first.
    rejected : pandas.DataFrame
        Columns of :data:`commsense.schema.REJECTED`.
    found : int
        Messages and rejected pieces in these exports: new messages + duplicates + rejected.
    duplicates : int
        Messages that were in these exports twice, or known before.
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
    known: pd.DataFrame | None = None,
    progress: Progress = silent,
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
    known : DataFrame, optional
        Messages of earlier runs, to which the new ones are added.
    progress : Progress
        Told how many messages were found.

    Raises
    ------
    InputError
        Where a source does not exist, or a table has no column ``text``.
    """
    batches = list(_batches(sources, progress))
    tables = [batch.messages for batch in batches]
    rejected = [row for batch in batches for row in batch.rejected]
    fresh = sum(table.num_rows for table in tables)
    new = to_pandas(pa.concat_tables([arrow(MESSAGES, []), *tables]))
    del batches, tables  # a second copy of every text would stay until the end
    messages = merge(known, new, us=us, profiles=profiles)
    return Ingested(
        messages=messages,
        rejected=frame(REJECTED, rejected),
        found=fresh + len(rejected),
        duplicates=fresh + (0 if known is None else len(known)) - len(messages),
        sources=[] if isinstance(sources, pd.DataFrame) else list(sources),
    )


def merge(
    known: pd.DataFrame | None,
    new: pd.DataFrame,
    *,
    us: Sequence[str] = (),
    profiles: Sequence[ClientProfile] = (),
) -> pd.DataFrame:
    """Put new messages below known ones: no duplicates, threads joined, sides and clients set.

    Parameters
    ----------
    known, new : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`; None where nothing is known yet.
    us, profiles
        As in :func:`ingest`.
    """
    whole = new if known is None else pd.concat([known, new], ignore_index=True)
    messages = assign(link(drop_duplicates(whole)), us, profiles)
    return to_pandas(to_arrow(MESSAGES, messages))


def _batches(sources: Sequence[str] | pd.DataFrame, progress: Progress) -> Sequence[Batch]:
    if not isinstance(sources, pd.DataFrame):
        check(sources)
        return list(read_files(walk(sources), progress))
    return [Batch.of(messages_of(sources))]
