"""Labelled corpora: written texts with their labels, and labels of real texts joined by hash.

A file has one JSON object a line. A written file is named ``LANG-PART.jsonl`` and holds the texts.
A file of real labels, ``*.labels.jsonl``, holds none: the texts are not ours to give. Its ``id`` is
the source's name, a dash and the first 12 hexadecimal digits of the text's SHA-1, by which the
text is found in a folder that the user has. A file ``*.second.jsonl`` holds what a second reader
said of some of them, for :mod:`commsense.training.agreement`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np
import pandas as pd

from commsense.errors import InputError
from commsense.ingest.reading import iter_messages
from commsense.language import UNKNOWN, detect
from commsense.schema import Message
from commsense.tagging.base import Floats
from commsense.taxonomy import load_taxonomy

HASH_DIGITS: Final = 12
COLUMNS: Final = ("id", "text", "lang", "source", "part", "kind", "channel", "labels")
WRITTEN: Final = "written"
REAL: Final = "real"

LABEL_LISTS: Final = ("labels", "traits", "lifecycle", "gestures")
"""Names of the lists that hold a text's labels."""

_WRITTEN_NAME = re.compile(r"(?P<lang>[a-z]{2,3})-(?P<part>\w+)\Z")
_REAL_ID = re.compile(rf"(?P<source>.+)-(?P<digits>[0-9a-f]{{{HASH_DIGITS}}})\Z")
_REAL_SUFFIX = ".labels.jsonl"
SECOND_SUFFIX: Final = ".second.jsonl"
"""Ends the names of files with a second reader's labels, which nothing is trained on."""

Row = dict[str, Any]


def read_corpora(paths: Sequence[Path], texts: Path | None = None) -> pd.DataFrame:
    """Read labelled texts with their provenance.

    Parameters
    ----------
    paths : sequence of Path
        Files, or folders of them.
    texts : Path, optional
        Folder with the texts of labels that come without: ``.jsonl`` or ``.jsonl.gz`` files whose
        lines have a ``text``, ``.tsv`` or ``.tsv.gz`` files whose cells are texts, and mailboxes
        (``.mbox``, packed or not), of which the new text of each mail counts. Where it is left
        out, files of real labels inside a folder are passed over.

    Returns
    -------
    pandas.DataFrame
        One row a text: ``id``, ``text``, ``lang``, ``source`` (file or platform), ``part`` (what
        is held out together), ``kind`` (``written`` or ``real``), ``channel``, ``labels`` (tuple
        of label ids).

    Raises
    ------
    InputError
        Where a file is missing or malformed, a label unknown, or texts cannot be found.
    """
    rows: list[Row] = []
    for path in files_of(paths, with_real=texts is not None):
        rows += _read_file(path)
    if not rows:
        raise InputError(
            f"no labelled text in {', '.join(map(str, paths))}",
            "JSON Lines with a text and its labels, as LANG-PART.jsonl",
            "check the path",
        )
    _join(rows, texts)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def targets(corpus: pd.DataFrame, labels: Sequence[str]) -> Floats:
    """Return which labels hold, shape (texts, labels), as zeros and ones."""
    column_of = {label: column for column, label in enumerate(labels)}
    wanted = np.zeros((len(corpus), len(labels)), dtype=np.float32)
    for row, names in enumerate(corpus["labels"]):
        wanted[row, [column_of[name] for name in names if name in column_of]] = 1
    return wanted


def corpus_hash(corpus: pd.DataFrame) -> str:
    """Return a hash of the texts and labels, whatever their order."""
    told = sorted(
        f"{text_hash(text)} {' '.join(sorted(labels))}"
        for text, labels in zip(corpus["text"], corpus["labels"], strict=True)
    )
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def labels_by_id(files: Iterable[Path]) -> dict[str, frozenset[str]]:
    """Return the labels of each text of some files, whose texts are not needed.

    Raises
    ------
    InputError
        Where a file is malformed or a label unknown.
    """
    rows = [row for path in sorted(files) for row in _read_file(path)]
    return {row["id"]: frozenset(row["labels"]) for row in rows}


def text_hash(text: str) -> str:
    """Return the first digits of the SHA-1 that stands for a text."""
    # A name for a text, not a protection; the ids of the corpus were made so.
    whole = hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False)
    return whole.hexdigest()[:HASH_DIGITS]


def read_lines(path: Path) -> Iterator[Row]:
    """Yield the objects of a JSON Lines file, packed with gzip or plain.

    Raises
    ------
    InputError
        Where the file cannot be read or a line is no JSON object.
    """
    number = 0
    if not path.is_file():
        raise InputError(f"there is no file {path}", "labelled messages", "check the path")
    try:
        with _opened(path) as file:
            for line in file:
                number += 1
                if line.strip():
                    yield _object(line)
    except (OSError, EOFError, ValueError) as error:
        raise InputError(
            f"{path}, line {number}: {error}", "JSON Lines, one object a line", "mend the line"
        ) from error


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _object(line: str) -> Row:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError(f"a JSON {type(value).__name__}")  # see read_lines
    return value


def files_of(paths: Iterable[Path], *, with_real: bool) -> Iterator[Path]:
    """Yield files, and the JSON Lines files of folders; of real labels only if wanted."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*.jsonl")):
            is_wanted = with_real or not file.name.endswith(_REAL_SUFFIX)
            if is_wanted and not file.name.endswith(SECOND_SUFFIX):
                yield file


def _read_file(path: Path) -> list[Row]:
    known = set(load_taxonomy().ids)
    named = _WRITTEN_NAME.match(path.name.partition(".")[0])
    rows = [_row(entry, path, number, named) for number, entry in enumerate(read_lines(path), 1)]
    unknown = sorted({label for row in rows for label in row["labels"]} - known)
    if unknown:
        raise InputError(
            f"{path} has unknown labels: {', '.join(unknown)}",
            "label ids of the taxonomy",
            "check the spelling",
        )
    return rows


def _row(entry: Row, path: Path, number: int, named: re.Match[str] | None) -> Row:
    text = entry.get("text")
    if text is not None and not isinstance(text, str):
        raise InputError(f"{path}, line {number}: the text is a {type(text).__name__}", "a string")
    stem = path.name.partition(".")[0]
    identity = str(entry.get("id", f"{stem}-{number:04}"))
    told = entry.get("lang") or entry.get("language") or (named and named["lang"])
    lang = told or (detect(text) if text else UNKNOWN)
    source = str(entry.get("source") or stem)
    return {
        "id": identity,
        "text": text,
        "lang": str(lang),
        "source": source,
        "part": source if text is None else stem,
        "kind": REAL if text is None else str(entry.get("kind", WRITTEN)),
        "channel": entry.get("channel") or "email",
        "labels": tuple(_labels(entry, path, number)),
    }


def _labels(entry: Row, path: Path, number: int) -> list[str]:
    lists = [entry[name] for name in LABEL_LISTS if name in entry]
    if not lists or not all(isinstance(names, list) for names in lists):
        raise InputError(
            f"{path}, line {number}: there are no labels",
            "a list named labels (or traits, lifecycle, gestures); empty where none holds",
        )
    return list(dict.fromkeys(str(name) for names in lists for name in names))


def _join(rows: list[Row], texts: Path | None) -> None:
    """Fill in the texts of rows that name them by hash."""
    wanted: dict[str, list[Row]] = {}
    for row in rows:
        if row["text"] is None:
            found = _REAL_ID.match(row["id"])
            wanted.setdefault(found["digits"] if found else row["id"], []).append(row)
    if not wanted:
        return
    if texts is None:
        raise InputError(
            f"{len(wanted)} labels come without their texts",
            "the folder with the texts",
            "name it with --texts",
        )
    for digits, text in _texts(texts, set(wanted)):
        for row in wanted.pop(digits):
            row["text"] = text
    if wanted:
        raise InputError(
            f"the texts of {len(wanted)} labels are not in {texts} (first: "
            f"{next(iter(wanted.values()))[0]['id']})",
            "the texts that the labels name by hash",
            "complete the folder, or leave those label files out",
        )


def _texts(folder: Path, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Find texts by their hashes."""
    for text in chain(_texts_of_lines(folder), _texts_of_cells(folder), _texts_of_mails(folder)):
        if (digits := text_hash(text)) in wanted:
            wanted.discard(digits)
            yield digits, text
            if not wanted:
                return


def _texts_of_lines(folder: Path) -> Iterator[str]:
    for path in sorted([*folder.rglob("*.jsonl"), *folder.rglob("*.jsonl.gz")]):
        for entry in read_lines(path):
            if isinstance(text := entry.get("text"), str):
                yield text


def _texts_of_cells(folder: Path) -> Iterator[str]:
    for path in sorted([*folder.rglob("*.tsv"), *folder.rglob("*.tsv.gz")]):
        try:
            with _opened(path) as file:
                for line in file:
                    yield from line.rstrip("\n").split("\t")
        except (OSError, EOFError, ValueError) as error:
            raise InputError(f"{path}: {error}", "cells of UTF-8 text", "mend the file") from error


def _texts_of_mails(folder: Path) -> Iterator[str]:
    for message in iter_messages(sorted(folder.rglob("*.mbox*"))):
        if isinstance(message, Message):
            yield message.text
