"""Messages that are too many for memory, on their way through a nameless temporary file.

Threads, sides and duplicates can only be told when all messages are known, but not from what they
say: the texts wait in the file, a table of the rest stays in memory.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Collection, Iterator
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from commsense.schema import MESSAGES, to_pandas

APART: Final = (
    "text", "quoted", "signature", "attachments", "start_s", "end_s", "language",
)  # fmt: skip
"""Columns of :data:`commsense.schema.MESSAGES` that are kept in the file alone: what messages say,
and what joins none."""

_IN_MEMORY_BYTES: Final = 32 * 1024**2  # small exports never touch the disk
_HEAD = pa.schema([column for column in MESSAGES if column.name not in APART])
_IDS: Final = ("id", "in_reply_to", "references")
"""Columns that stay in Arrow's memory: nearly every string in them is another."""


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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, table: pa.Table) -> None:
        """Take in a table of the file's schema; none can be added after the first was read."""
        self._writer.write_table(table)

    def tables(self) -> Iterator[pa.Table]:
        """Yield the tables as they were added."""
        self._writer.close()
        self._file.seek(0)
        for batch in pa.ipc.open_stream(self._file):
            yield pa.Table.from_batches([batch])

    def read(self) -> pa.Table:
        """Return all tables as one."""
        return pa.concat_tables([self._schema.empty_table(), *self.tables()])


class Spool(TableFile):
    """Messages, whose texts wait in the file while a table of the rest stays in memory."""

    def __init__(self) -> None:
        super().__init__(MESSAGES)
        self._heads: list[pa.Table] = []

    def add(self, messages: pa.Table) -> None:
        """Take in some messages, columns of :data:`commsense.schema.MESSAGES`."""
        super().add(messages)
        # Of a call the file's name may tell the client; of a mail every source is another string.
        calls = pc.if_else(pc.equal(messages["channel"], "call"), messages["source"], "")
        place = messages.schema.get_field_index("source")
        heads = messages.set_column(place, "source", calls)
        self._heads.append(heads.select(_HEAD.names))

    def heads(self) -> pd.DataFrame:
        """Return all messages without their texts; nothing can be added afterwards.

        Ids, which nearly all differ, are of Arrow's types; other strings are in memory once.
        """
        heads = pa.concat_tables([_HEAD.empty_table(), *self._heads])
        self._heads = []
        data: dict[str, Any] = {}
        for name in _HEAD.names:
            column = heads[name]
            heads = heads.drop_columns([name])  # each is freed when the next is made
            if name in _IDS:
                data[name] = pd.Series(pd.arrays.ArrowExtensionArray(column))
            elif pa.types.is_list(column.type):
                data[name] = _lists(column)
            else:
                data[name] = column.to_pandas()
        return pd.DataFrame(data)

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


def _lists(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    """Return lists of strings as Python's, each string made once."""
    strings = column.combine_chunks().flatten().to_pandas().to_numpy(object)
    lengths = np.asarray(pc.fill_null(pc.list_value_length(column), 0), dtype=np.int64)
    cells = np.empty(len(lengths), dtype=object)
    begin = 0
    for row, end in enumerate(np.cumsum(lengths).tolist()):
        cells[row] = strings[begin:end].tolist()
        begin = end
    return cells
