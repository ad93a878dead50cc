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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from commsense.errors import DatasetError
from commsense.schema import (
    CLIENTS,
    CONVERSATIONS,
    FORMAT_VERSION,
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
_PART = "part-{:05}.parquet"  # the names' order is the rows'
_ROWS_AT_ONCE = 20_000
# Mail is private: nobody but the owner reads a dataset, whoever may enter its folder.
_PRIVATE = 0o700
_PRIVATE_FILE = 0o600


def is_dataset(folder: Path) -> bool:
    """Tell whether a folder holds a dataset, or one whose last swap was cut short."""
    return (folder / MANIFEST).is_file() or (folder / _STAGING / _COMPLETE).is_file()


Choose = Callable[[pa.Table], pa.Table]


def everything(table: pa.Table) -> pa.Table:
    """Return the rows that were given."""
    return table


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset on disk, whose tables are read when they are asked for.

    Attributes
    ----------
    folder : Path
    manifest : dict
    """

    folder: Path
    manifest: dict[str, Any]

    def parts(self, name: str) -> Iterator[pa.Table]:
        """Yield a table of :data:`TABLES` some rows at a time.

        Raises
        ------
        DatasetError
            Where it cannot be read.
        """
        with self._readable():
            for path in sorted((self.folder / name).glob("*.parquet")):
                with pq.ParquetFile(path) as file:
                    for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
                        yield _with_every_column(pa.Table.from_batches([batch]), TABLES[name])

    def frame(self, name: str, choose: Choose = everything) -> pd.DataFrame:
        """Return a whole table of :data:`TABLES`.

        Parameters
        ----------
        name : str
        choose : callable
            Makes of some rows those that are wanted.

        Raises
        ------
        DatasetError
            Where it cannot be read.
        """
        parts = map(choose, chain([TABLES[name].empty_table()], self.parts(name)))
        return to_pandas(pa.concat_tables(parts))

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError, pa.ArrowException) as error:
            raise _unreadable(self.folder, error) from error


def load(folder: Path) -> Dataset:
    """Open a dataset.

    Raises
    ------
    DatasetError
        Where the folder is no dataset.
    """
    if not is_dataset(folder):
        raise DatasetError(
            f"{folder} is no commsense dataset",
            f"a folder with {MANIFEST}",
            "make one with: commsense analyze SOURCES --out DIR",
        )
    try:
        if (folder / _STAGING / _COMPLETE).is_file():
            _swap_in(folder)
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(folder, error) from error
    _check_version(folder, manifest)
    return Dataset(folder, manifest)


def _check_version(folder: Path, manifest: Mapping[str, Any]) -> None:
    version = str(manifest.get("format_version", FORMAT_VERSION))
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise DatasetError(
            f"{folder} is a dataset of format {version}",
            f"format {FORMAT_VERSION}",
            "use the version of commsense that made it, or analyze anew into another folder",
        )


class Staging:
    """A dataset that is being written beside the one in its folder.

    The caller holds :func:`locked`.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    DatasetError
        Where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._staging = folder / _STAGING
        self._written = dict.fromkeys(TABLES, 0)
        with _writable(folder):
            shutil.rmtree(self._staging, ignore_errors=True)
            self._staging.mkdir(mode=_PRIVATE)
            for name in TABLES:
                (self._staging / name).mkdir(mode=_PRIVATE)

    def add(self, name: str, part: pa.Table) -> None:
        """Write some rows of a table of :data:`TABLES`.

        Raises
        ------
        DatasetError
            Where they cannot be written.
        """
        number = self._written[name]
        with _writable(self._folder):
            pq.write_table(part, _private(self._staging / name / _PART.format(number)))
        self._written[name] += 1

    def commit(self, manifest: Mapping[str, Any]) -> None:
        """Put everything in place of what is in the folder, all of it or nothing.

        Raises
        ------
        DatasetError
            Where it cannot be written.
        """
        for name, schema in TABLES.items():
            if not self._written[name]:
                self.add(name, schema.empty_table())
        text = json.dumps(manifest, ensure_ascii=False, indent=2)
        with _writable(self._folder):
            _private(self._staging / MANIFEST).write_text(text + "\n", encoding="utf-8")
            _sync(self._staging)
            _private(self._staging / _COMPLETE)
            _swap_in(self._folder)


def _private(path: Path) -> Path:
    """Make an empty file that its owner alone may read; who fills it leaves that as it is."""
    path.touch(mode=_PRIVATE_FILE)
    return path


def _with_every_column(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table by its schema; columns that an earlier version did not have are null."""
    for name in set(schema.names).difference(table.column_names):
        table = table.append_column(
            schema.field(name), pa.nulls(len(table), schema.field(name).type)
        )
    return table.select(schema.names).cast(schema)


def save(folder: Path, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> None:
    """Write a dataset from whole tables, as :class:`Staging` does."""
    staging = Staging(folder)
    for name, schema in TABLES.items():
        staging.add(name, to_arrow(schema, tables[name]))
    staging.commit(manifest)


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
        descriptor = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, _PRIVATE_FILE)
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
            # Said, not left to closing: a copy of this process may hold the file as well.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _tidy(folder: Path) -> None:
    """Leave nothing behind of a run that wrote nothing."""
    staging = folder / _STAGING
    if not (staging / _COMPLETE).is_file():
        shutil.rmtree(staging, ignore_errors=True)
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


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unreadable(folder: Path, error: Exception) -> DatasetError:
    return DatasetError(
        f"the dataset {folder} cannot be read: {error}", mend="run analyze again into a new folder"
    )


def _unwritable(folder: Path, error: OSError) -> DatasetError:
    return DatasetError(
        f"cannot write {folder}: {error.strerror or error}",
        "a folder that you may write, with room on the disk",
        "choose another --out or make room",
    )
