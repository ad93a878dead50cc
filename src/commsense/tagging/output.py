"""Tags as files: one object or row a message, for people and for other programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from commsense.errors import UsageError
from commsense.files import binary, opened, writable
from commsense.progress import Progress, silent
from commsense.spreadsheet import harmless
from commsense.tagging.base import Tagger
from commsense.tagging.messages import languages_of, tag_messages

TagFormat = Literal["jsonl", "csv", "parquet"]
Row = dict[str, Any]

_DECIMALS = 4  # of a probability; more would claim a precision that no calibration has


def write_tags(
    messages: pd.DataFrame,
    tagger: Tagger,
    *,
    to: str = "jsonl",
    target: Path | None = None,
    evidence: bool = False,
    progress: Progress = silent,
) -> None:
    """Tag messages and write one row each: ``id``, ``language``, ``labels``, ``scores``.

    Parameters
    ----------
    messages : pandas.DataFrame
        At least ``id`` and ``text``.
    tagger : Tagger
    to : {"jsonl", "csv", "parquet"}
        In CSV each score has a column of its own, named after the label, and ``labels`` are
        parted by spaces; evidence is JSON in one column.
    target : Path, optional
        Standard output where it is left out.
    evidence : bool
        Whether to add ``evidence``: label to a list of ``[start, end]`` character offsets.
    progress : Progress

    Raises
    ------
    UsageError
        Where the file cannot be written, or the format is unknown.
    """
    if to not in _WRITERS:
        raise UsageError(f"unknown format {to!r}", f"one of {', '.join(_WRITERS)}")
    labels = tag_messages(messages, tagger, evidence=evidence, progress=progress)
    rows = tag_rows(messages, labels, evidence=evidence)
    with writable(target):
        _WRITERS[to](rows, tagger.labels, target)


def tag_rows(messages: pd.DataFrame, labels: pd.DataFrame, *, evidence: bool) -> Iterator[Row]:
    """Yield one row a message from a table of labels.

    Parameters
    ----------
    messages : pandas.DataFrame
        The messages that were tagged, in their order.
    labels : pandas.DataFrame
        What :func:`commsense.tagging.tag_messages` gave for them.
    evidence : bool
        Whether the rows have ``evidence``.
    """
    # The labels of a message follow each other in the messages' order, whatever their ids are.
    ids, names = labels["message_id"].tolist(), labels["label"].tolist()
    scores, holds = labels["score"].tolist(), labels["holds"].fillna(False).tolist()
    spans, place = labels["spans"].tolist(), 0
    first = names[0] if names else ""
    for id_, language in zip(messages["id"].tolist(), languages_of(messages), strict=True):
        end = place + 1
        while end < len(ids) and ids[end] == id_ and names[end] != first:
            end += 1
        rows = range(place, end)
        row: Row = {
            "id": id_,
            "language": language,
            "labels": [names[at] for at in rows if holds[at]],
            "scores": {names[at]: round(scores[at], _DECIMALS) for at in rows},
        }
        if evidence:
            row["evidence"] = {
                names[at]: [[span["start"], span["end"]] for span in spans[at]]
                for at in rows
                if holds[at]
            }
        yield row
        place = end


def _write_jsonl(rows: Iterator[Row], labels: Sequence[str], target: Path | None) -> None:
    with opened(target) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_csv(rows: Iterator[Row], labels: Sequence[str], target: Path | None) -> None:
    with opened(target) as file:
        writer: csv.DictWriter[str] | None = None
        for row in rows:
            flat = {
                "id": harmless(str(row["id"])),
                "language": row["language"],
                "labels": " ".join(row["labels"]),
                **{label: row["scores"].get(label, "") for label in labels},
            }
            if "evidence" in row:
                flat["evidence"] = json.dumps(row["evidence"])
            if writer is None:
                writer = csv.DictWriter(file, fieldnames=list(flat))
                writer.writeheader()
            writer.writerow(flat)


def _write_parquet(rows: Iterator[Row], labels: Sequence[str], target: Path | None) -> None:
    collected = list(rows)
    fields = [
        ("id", pa.string()),
        ("language", pa.string()),
        ("labels", pa.list_(pa.string())),
        ("scores", pa.struct([(label, pa.float32()) for label in labels])),
    ]
    if collected and "evidence" in collected[0]:
        spans = pa.list_(pa.list_(pa.int32()))
        fields.append(("evidence", pa.struct([(label, spans) for label in labels])))
    table = pa.Table.from_pylist(collected, schema=pa.schema(fields))
    pq.write_table(table, binary(target))


_WRITERS = {"jsonl": _write_jsonl, "csv": _write_csv, "parquet": _write_parquet}
