"""The Parquet dataset that ``analyze`` leaves behind: a folder a table and a manifest.

A write is staged in ``.staging`` and marked complete before any table is touched; the swap that
follows is repeated by whoever opens the dataset next, should it be cut short. So a dataset on disk
is always the one before a run or the one after it, never a mixture.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from commsense.errors import DatasetError
from commsense.schema import (
    CLIENTS,
    CONVERSATIONS,
    LABELS,
    MESSAGES,
    REJECTED,
    to_arrow,
    to_pandas,
)

TABLES: dict[str, pa.Schema] = {
    "messages": MESSAGES,
    "labels": LABELS,
    "conversations": CONVERSATIONS,
    "clients": CLIENTS,
    "rejected": REJECTED,
}
MANIFEST = "manifest.json"

_STAGING = ".staging"
_COMPLETE = "COMPLETE"
_LOCK = ".lock"
_PART = "part-0.parquet"
_PRIVATE = 0o700  # mail is private: nobody but the owner reads a dataset


def is_dataset(folder: Path) -> bool:
    """Tell whether a folder holds a dataset, or one whose last swap was cut short."""
    return (folder / MANIFEST).is_file() or (folder / _STAGING / _COMPLETE).is_file()


def load(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Read a dataset.

    Returns
    -------
    tuple of dict and dict
        The tables by name, and the manifest.

    Raises
    ------
    DatasetError
        Where the folder is no dataset or a table of it cannot be read.
    """
    if not is_dataset(folder):
        raise DatasetError(
            f"{folder} is no commsense dataset",
            f"a folder with {MANIFEST}",
            "make one with: commsense analyze SOURCES --out DIR",
        )
    if (folder / _STAGING / _COMPLETE).is_file():
        _swap_in(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        tables = {
            name: to_pandas(pq.read_table(folder / name, schema=schema))
            for name, schema in TABLES.items()
        }
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DatasetError(
            f"the dataset {folder} cannot be read: {error}",
            mend="run analyze again into a new folder",
        ) from error
    return tables, manifest


def save(folder: Path, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> None:
    """Write a dataset in place of the one in ``folder``, all of it or nothing.

    The caller holds :func:`locked`.

    Raises
    ------
    DatasetError
        Where the folder cannot be written.
    """
    staging = folder / _STAGING
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=_PRIVATE)
        for name, schema in TABLES.items():
            (staging / name).mkdir()
            pq.write_table(to_arrow(schema, tables[name]), staging / name / _PART)
        text = json.dumps(manifest, ensure_ascii=False, indent=2)
        (staging / MANIFEST).write_text(text + "\n", encoding="utf-8")
        _sync(staging)
        (staging / _COMPLETE).touch()
        _swap_in(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a dataset folder for one run, making it where it does not exist.

    Raises
    ------
    DatasetError
        Where another run holds it, it cannot be written, or it holds something else already.
    """
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        _refuse_foreign(folder)
        descriptor = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatasetError(
                f"another run is writing {folder}", mend="wait for it, or choose another folder"
            ) from None
        try:
            yield
        finally:
            _tidy(folder)
    finally:
        os.close(descriptor)


def _tidy(folder: Path) -> None:
    """Leave no folder behind in which nothing was written."""
    if {entry.name for entry in folder.iterdir()} <= {_LOCK}:
        shutil.rmtree(folder, ignore_errors=True)


def _refuse_foreign(folder: Path) -> None:
    """Refuse to fill a folder with other people's files in it, such as an export."""
    ours = {*TABLES, MANIFEST, _STAGING, _LOCK}
    if is_dataset(folder):
        return
    foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in ours)
    if foreign:
        raise DatasetError(
            f"{folder} is not empty and no dataset (it holds {foreign[0]!r})",
            "a new folder, or one that analyze made",
            "choose another --out",
        )


def _swap_in(folder: Path) -> None:
    """Move every staged table into place; safe to repeat from any point."""
    staging = folder / _STAGING
    for name in (*TABLES, MANIFEST):
        if not (staging / name).exists():
            continue
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        (staging / name).replace(folder / name)
    shutil.rmtree(staging)


def _sync(staging: Path) -> None:
    for path in staging.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _unwritable(folder: Path, error: OSError) -> DatasetError:
    return DatasetError(
        f"cannot write {folder}: {error.strerror or error}",
        "a folder that you may write, with room on the disk",
        "choose another --out or make room",
    )
