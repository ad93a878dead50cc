"""The neutral message format on its way out: JSON Lines, CSV, Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from commsense.files import binary, opened, writable
from commsense.ingest.tables import REJECTED_KEY
from commsense.schema import MESSAGES, REJECTED, Rejected, arrow
from commsense.spreadsheet import harmless

_ROWS_AT_ONCE = 2_000


def write_messages(
    messages: Iterable[pa.Table],
    rejected: Sequence[Rejected],
    *,
    to: str = "jsonl",
    target: Path | None = None,
) -> None:
    """Write messages, and what was rejected with its reason.

    Parameters
    ----------
    messages : iterable of pyarrow.Table
        Columns of :data:`commsense.schema.MESSAGES`; one table at a time is in memory.
    rejected : sequence of Rejected
    to : {"jsonl", "csv", "parquet"}
        In JSON Lines, rejected input stands as lines with ``rejected`` behind the messages; the
        others get a table of their own beside the file, ``NAME.rejected.csv`` or ``.parquet``.
    target : Path, optional
        Standard output where it is left out; then CSV and Parquet hold the messages only.

    Raises
    ------
    UsageError
        Where the file cannot be written.
    """
    with writable(target):
        if to == "jsonl":
            _write_jsonl(messages, rejected, target)
            return
        write = _write_csv if to == "csv" else _write_parquet
        write(messages, MESSAGES, target)
        if target is not None and len(rejected):
            beside = target.with_suffix(f".rejected{target.suffix}")
            write([arrow(REJECTED, rejected)], REJECTED, beside)


def _write_jsonl(
    messages: Iterable[pa.Table], rejected: Sequence[Rejected], target: Path | None
) -> None:
    with opened(target) as file:
        for row in _rows(messages):
            file.write(json.dumps(row, ensure_ascii=False, default=_iso) + "\n")
        for one in rejected:
            line = {"source": one.source, REJECTED_KEY: one.reason}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _write_csv(tables: Iterable[pa.Table], schema: pa.Schema, target: Path | None) -> None:
    with opened(target) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(schema.names)
        for row in _rows(tables):
            writer.writerow([_cell(value) for value in row.values()])


def _write_parquet(tables: Iterable[pa.Table], schema: pa.Schema, target: Path | None) -> None:
    with binary(target) as sink, pq.ParquetWriter(sink, schema) as writer:
        for table in tables:
            writer.write_table(table)


def _rows(tables: Iterable[pa.Table]) -> Iterator[dict[str, Any]]:
    for table in tables:
        for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
            yield from batch.to_pylist()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _iso(value) if isinstance(value, datetime) else value


def _iso(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")
