"""Messages that are too many for memory, on their way through nameless temporary files.

Threads, sides and duplicates can only be told when all messages are known, but not from what they
say: the texts wait in one file, the rest in another.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from typing import IO, Any, Final, Self

import numpy as np
import numpy.typing as npt
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
_SHARED: Final = (("in_reply_to", "references"), ("author", "recipients"))
"""Columns that hold the same strings; lists last."""


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
        self._schema = schema
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES // among)  # noqa: SIM115
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writer = pa.ipc.new_stream(self._file, schema, options=options)
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
        wanted = None if columns is None else [*map(self._schema.get_field_index, columns)]
        options = pa.ipc.IpcReadOptions(included_fields=wanted)
        for batch in pa.ipc.open_stream(self.opened(), options=options):
            yield pa.Table.from_batches([batch])

    def read(self) -> pa.Table:
        """Return all tables as one."""
        return pa.concat_tables([self._schema.empty_table(), *self.tables()]).combine_chunks()

    def opened(self) -> IO[bytes]:
        """Return the file, an Arrow stream, at its beginning."""
        self._writer.close()
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


def head_frame(heads: pa.Table) -> pd.DataFrame:
    """Return messages without their texts as pandas has them.

    A string that comes often, such as an address, is in memory once.

    Parameters
    ----------
    heads : pyarrow.Table
        Columns of :data:`HEAD`, all or some.
    """
    data: dict[str, Any] = {}
    for group in _SHARED:
        there = [name for name in group if name in heads.column_names]
        data |= _objects({name: heads[name].chunks for name in there})
    for name in heads.column_names:
        if name not in data:
            data[name] = heads[name].to_pandas()
    return pd.DataFrame({name: data[name] for name in heads.column_names})


def _objects(columns: dict[str, list[pa.Array]]) -> dict[str, npt.NDArray[np.object_]]:
    """Return columns of strings and of lists of strings as objects, each string made once."""
    flat = [
        chunk.flatten() if pa.types.is_list(chunk.type) else chunk
        for chunks in columns.values()
        for chunk in chunks
    ]
    encoded = pa.chunked_array(flat, pa.string()).dictionary_encode().combine_chunks()
    strings = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    codes = np.asarray(encoded.indices.fill_null(len(strings) - 1), dtype=np.int64)
    objects, start = {}, 0
    for name, chunks in columns.items():
        is_list = bool(chunks) and pa.types.is_list(chunks[0].type)
        lengths = [_lengths(chunk) for chunk in chunks] if is_list else []
        size = sum(int(one.sum()) for one in lengths) if is_list else sum(map(len, chunks))
        values = strings[codes[start : start + size]]
        objects[name] = _lists(values, np.concatenate(lengths)) if is_list else values
        start += size
    return objects


def _lengths(chunk: pa.Array) -> npt.NDArray[np.int64]:
    return np.asarray(chunk.value_lengths().fill_null(0), dtype=np.int64)


def _lists(
    values: npt.NDArray[np.object_], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    ends = np.cumsum(lengths).tolist()
    cells = np.empty(len(lengths), dtype=object)
    begin = 0
    for row, end in enumerate(ends):
        cells[row] = values[begin:end].tolist() if end > begin else []
        begin = end
    return cells
