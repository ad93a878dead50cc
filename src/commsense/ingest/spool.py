"""Messages that are too many for memory, on their way through a nameless temporary file.

Threads, sides and duplicates can only be told when all messages are known, but not from what they
say: the texts wait in the file, a table of the rest stays in memory.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Collection, Iterator
from types import TracebackType
from typing import Final, Self

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from commsense.schema import MESSAGES, to_pandas

TEXTS: Final = ("text", "quoted", "signature", "attachments")
"""Columns of :data:`commsense.schema.MESSAGES` that are kept in the file alone."""

_IN_MEMORY_BYTES: Final = 32 * 1024**2  # small exports never touch the disk
_HEAD = pa.schema([column for column in MESSAGES if column.name not in TEXTS])


class Spool:
    """Tables of messages, written once and read as often as needed, in their order.

    The file has no name and is readable by its owner alone; it is gone with the spool.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writer = pa.ipc.new_stream(self._file, MESSAGES, options=options)
        self._heads: list[pa.Table] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, messages: pa.Table) -> None:
        """Take in some messages, columns of :data:`commsense.schema.MESSAGES`."""
        self._writer.write_table(messages)
        # Of a call the file's name may tell the client; of a mail every source is another string.
        calls = pc.if_else(pc.equal(messages["channel"], "call"), messages["source"], "")
        place = messages.schema.get_field_index("source")
        heads = messages.set_column(place, "source", calls)
        self._heads.append(heads.select(_HEAD.names))

    def heads(self) -> pd.DataFrame:
        """Return all messages without their texts; nothing can be added afterwards."""
        self._writer.close()
        heads, self._heads = self._heads, []
        return to_pandas(pa.concat_tables([_HEAD.empty_table(), *heads]))

    def tables(self) -> Iterator[pa.Table]:
        """Yield the tables as they were added."""
        self._file.seek(0)
        for batch in pa.ipc.open_stream(self._file):
            yield pa.Table.from_batches([batch])

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
