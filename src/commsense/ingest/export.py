"""The neutral message format on its way out: JSON Lines, CSV, Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from commsense.files import binary, opened, writable
from commsense.ingest.tables import REJECTED_KEY
from commsense.schema import MESSAGES, REJECTED, to_arrow
from commsense.spreadsheet import harmless

_ROWS_AT_ONCE = 2_000


def write_messages(
    messages: pd.DataFrame,
    rejected: pd.DataFrame,
    *,
    to: str = "jsonl",
    target: Path | None = None,
) -> None:
    """Write messages, and what was rejected with its reason.

    Parameters
    ----------
    messages, rejected : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES` and :data:`commsense.schema.REJECTED`.
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
            write(rejected, REJECTED, target.with_suffix(f".rejected{target.suffix}"))


def _write_jsonl(messages: pd.DataFrame, rejected: pd.DataFrame, target: Path | None) -> None:
    with opened(target) as file:
        for row in _rows(messages, MESSAGES):
            file.write(json.dumps(row, ensure_ascii=False, default=_iso) + "\n")
        for row in _rows(rejected, REJECTED):
            line = {"source": row["source"], REJECTED_KEY: row["reason"]}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _write_csv(table: pd.DataFrame, schema: Any, target: Path | None) -> None:  # noqa: ANN401
    with opened(target) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(schema.names)
        for row in _rows(table, schema):
            writer.writerow([_cell(value) for value in row.values()])


def _write_parquet(table: pd.DataFrame, schema: Any, target: Path | None) -> None:  # noqa: ANN401
    pq.write_table(to_arrow(schema, table), binary(target))


def _rows(table: pd.DataFrame, schema: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    for start in range(0, len(table), _ROWS_AT_ONCE):
        yield from to_arrow(schema, table.iloc[start : start + _ROWS_AT_ONCE]).to_pylist()


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
