"""Tags as files: one object or row a message, for people and for other programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from commsense.errors import UsageError
from commsense.files import binary, opened, writable
from commsense.progress import Progress, silent
from commsense.schema import Message
from commsense.spreadsheet import harmless
from commsense.tagging.base import loaded_tagger
from commsense.tagging.cores import workers_for
from commsense.tagging.messages import Tagged, batches_of, tag_part_by

TagFormat = Literal["jsonl", "csv", "parquet"]
Row = dict[str, Any]

_ALONE = 4  # parts are tagged in this process before others are worth starting
_DECIMALS = 4  # of a probability; more would claim a precision that no calibration has


def write_tags(
    messages: Iterable[Message],
    model: str,
    *,
    to: str = "jsonl",
    target: Path | None = None,
    evidence: bool = False,
    progress: Progress = silent,
) -> None:
    """Tag messages and write a row each: ``id``, ``language``, ``labels``, ``judged``, ``scores``.

    ``judged`` is false where the model abstains, for it was not trained on the language: that there
    are no labels says nothing of the message then.

    Parameters
    ----------
    messages : iterable of Message
        Read as they are needed; where the target keeps up, neither they nor the tags are all in
        memory at once.
    model : str
        Name or folder. Where there is enough to do, a linear one is used by a process a core.
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
    ModelError
        Where the model cannot be loaded.
    MissingExtraError
        Where the model's kind needs packages that are not installed.
    """
    if to not in _WRITERS:
        raise UsageError(f"unknown format {to!r}", f"one of {', '.join(_WRITERS)}")
    tagger = loaded_tagger(model)
    work = partial(tag_part_by, model=model, evidence=evidence)
    parts = workers_for(tagger).map(work, batches_of(messages), alone=_ALONE)
    with writable(target):
        _WRITERS[to](_counted(parts, progress), tagger.labels, target, evidence)


def _counted(parts: Iterable[Tagged], progress: Progress) -> Iterator[Tagged]:
    done = 0
    for tagged in parts:
        yield tagged
        done += len(tagged.ids)
        progress("tagging", done, None)


def _rows(parts: Iterable[Tagged], evidence: bool) -> Iterator[Row]:
    """Yield one row a message."""
    for tagged in parts:
        scores = np.round(tagged.scores.astype(np.float64), _DECIMALS).tolist()
        held, exists = _named(tagged), tagged.exists
        for at, (identity, language) in enumerate(zip(tagged.ids, tagged.languages, strict=True)):
            told = zip(tagged.labels, scores[at], exists[at].tolist(), strict=True)
            row: Row = {
                "id": identity,
                "language": language,
                "labels": held[at],
                "judged": not tagged.unjudged[at],
                "scores": {label: score for label, score, can in told if can},
            }
            if evidence:
                row["evidence"] = _evidence(tagged, at, held[at])
            yield row


def _named(tagged: Tagged) -> list[list[str]]:
    """Return the names of the labels that hold, a list a message."""
    named: list[list[str]] = [[] for _ in tagged.ids]
    for row, column in np.argwhere(tagged.holds).tolist():
        named[row].append(tagged.labels[column])
    return named


def _evidence(tagged: Tagged, row: int, labels: Sequence[str]) -> dict[str, list[list[int]]]:
    columns = {label: tagged.labels.index(label) for label in labels}
    spans = {label: tagged.spans.get((row, column)) for label, column in columns.items()}
    return {label: [list(span)] if span else [] for label, span in spans.items()}


def _write_jsonl(
    parts: Iterable[Tagged], labels: Sequence[str], target: Path | None, evidence: bool
) -> None:
    with opened(target) as file:
        for row in _rows(parts, evidence):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_csv(
    parts: Iterable[Tagged], labels: Sequence[str], target: Path | None, evidence: bool
) -> None:
    names = ["id", "language", "labels", "judged", *labels, *(["evidence"] if evidence else [])]
    with opened(target) as file:
        writer = csv.DictWriter(file, fieldnames=names)
        for number, row in enumerate(_rows(parts, evidence)):
            if number == 0:
                writer.writeheader()
            flat = {
                "id": harmless(str(row["id"])),
                "language": row["language"],
                "labels": " ".join(row["labels"]),
                "judged": json.dumps(row["judged"]),
                **{label: row["scores"].get(label, "") for label in labels},
            }
            if evidence:
                flat["evidence"] = json.dumps(row["evidence"])
            writer.writerow(flat)


def _write_parquet(
    parts: Iterable[Tagged], labels: Sequence[str], target: Path | None, evidence: bool
) -> None:
    fields = [
        ("id", pa.string()),
        ("language", pa.string()),
        ("labels", pa.list_(pa.string())),
        ("judged", pa.bool_()),
        ("scores", pa.struct([(label, pa.float32()) for label in labels])),
    ]
    if evidence:
        spans = pa.list_(pa.list_(pa.int32()))
        fields.append(("evidence", pa.struct([(label, spans) for label in labels])))
    schema = pa.schema(fields)
    with binary(target) as sink, pq.ParquetWriter(sink, schema) as writer:
        for tagged in parts:
            writer.write_table(_columns(tagged, schema, evidence))


def _columns(tagged: Tagged, schema: pa.Schema, evidence: bool) -> pa.Table:
    """Return a part as a table of one row a message."""
    held = _named(tagged)
    rounded = np.round(tagged.scores, _DECIMALS)
    scores = [
        pa.array(rounded[:, column], mask=~tagged.exists[:, column])
        for column in range(len(tagged.labels))
    ]
    arrays = [
        pa.array(tagged.ids, pa.string()),
        pa.array(tagged.languages, pa.string()),
        pa.array(held, pa.list_(pa.string())),
        pa.array(~tagged.unjudged),
        pa.StructArray.from_arrays(scores, fields=list(schema.field("scores").type)),
    ]
    if evidence:
        told = [_evidence(tagged, row, labels) for row, labels in enumerate(held)]
        arrays.append(pa.array(told, schema.field("evidence").type))
    return pa.Table.from_arrays(arrays, schema=schema)


_WRITERS = {"jsonl": _write_jsonl, "csv": _write_csv, "parquet": _write_parquet}
