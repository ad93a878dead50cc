"""Messages that are too many for memory, on their way through nameless temporary files.

Threads, sides and duplicates can only be told when all messages are known, but not from what they
say: the texts wait in one file, the rest in another.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from typing import IO, Final, Self

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from commsense.schema import MESSAGES, to_pandas

APART: Final = (
    "text", "quoted", "signature", "attachments", "start_s", "end_s", "language",
)  # fmt: skip
"""Columns of :data:`commsense.schema.MESSAGES` that are in the first file alone: what messages say,
and what joins none."""

_IN_MEMORY_BYTES: Final = 32 * 1024**2  # small exports never touch the disk
HEAD: Final = pa.schema([column for column in MESSAGES if column.name not in APART])
"""The other columns, which messages are joined by."""


class Tables:
    """Tables of one schema in an Arrow stream, read as often as needed, in their order.

    Parameters
    ----------
    stream : binary file
        One that can be read from its beginning again.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    @property
    def schema(self) -> pa.Schema:
        """Their schema, with what its metadata tells."""
        self._stream.seek(0)
        return pa.ipc.open_stream(self._stream).schema

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield the tables as they were added, or some of their columns."""
        schema = self.schema
        names = schema.names if columns is None else list(columns)
        options = pa.ipc.IpcReadOptions(included_fields=[*map(schema.get_field_index, names)])
        self._stream.seek(0)
        for batch in pa.ipc.open_stream(self._stream, options=options):
            yield pa.Table.from_batches([batch]).select(names)


class TableFile:
    """Tables of one schema, written once and read as often as needed, in their order.

    The file has no name and is readable by its owner alone; it is gone when it is closed.

    Parameters
    ----------
    schema : pyarrow.Schema
    among : int
        How many such files share what memory may be used before they go to disk.
    """

    def __init__(self, schema: pa.Schema, *, among: int = 1) -> None:
        self.schema = schema
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES // among)  # noqa: SIM115
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writer = pa.ipc.new_stream(self._file, schema, options=options)
        self._is_written = False
        self.rows_added = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def add(self, table: pa.Table) -> None:
        """Take in a table of the file's schema; none can be added after the first was read."""
        self._writer.write_table(table)
        self.rows_added += table.num_rows

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield the tables as they were added, or some of their columns."""
        yield from Tables(self.opened()).tables(columns)

    def read(self) -> pa.Table:
        """Return all tables as one."""
        return pa.concat_tables([self.schema.empty_table(), *self.tables()]).combine_chunks()

    def opened(self) -> IO[bytes]:
        """Return the file, an Arrow stream, at its beginning."""
        if not self._is_written:
            self._writer.close()
            self._is_written = True
        self._file.seek(0)
        return self._file


class Spool(TableFile):
    """Messages, and beside them their heads, which can be read without the texts."""

    def __init__(self) -> None:
        super().__init__(MESSAGES)
        self._heads = TableFile(HEAD)

    def close(self) -> None:
        """Let both files go."""
        self._heads.close()
        super().close()

    def add(self, table: pa.Table) -> None:
        """Take in some messages, columns of :data:`commsense.schema.MESSAGES`."""
        super().add(table)
        # Of a call the file's name may tell the client; of a mail every source is another string.
        calls = pc.if_else(pc.equal(table["channel"], "call"), table["source"], "")
        place = HEAD.get_field_index("source")
        self._heads.add(table.select(HEAD.names).set_column(place, HEAD.field(place), calls))

    def heads(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield the messages without their texts, columns of :data:`HEAD`, or some of these."""
        return self._heads.tables(columns)

    def rows(self, places: Collection[int]) -> Iterator[tuple[int, pd.Series]]:
        """Yield some messages, and their place among all, in their order."""
        wanted = deque(sorted(places))
        start = 0
        # Most exports repeat no id: then the file is not read at all.
        tables = self.tables() if wanted else ()
        for table in tables:
            here: list[int] = []
            while wanted and wanted[0] < start + table.num_rows:
                here.append(wanted.popleft() - start)
            if here:
                taken = to_pandas(table.take(here))
                for place, (_, row) in zip(here, taken.iterrows(), strict=True):
                    yield start + place, row
            start += table.num_rows
