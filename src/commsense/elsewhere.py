"""Datasets on other machines (s3://, gs:// and whatever else fsspec opens).

A run works on a copy in a folder of this machine and puts the result back as a whole: new files
under new names first, then the manifest that names them, then the old files go. So whoever reads
the manifest finds the dataset before a run or the one after it. There is no lock: a second run that
was faster is noticed before anything of it is lost, and refused.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import fsspec

from commsense import store
from commsense.errors import DatasetError
from commsense.ingest.remote import is_remote

_ON_THIS_MACHINE: Final = ("file://", "local://")
_FILES: Final = "files"
"""Key of a remote manifest: the tables' files, which lie beside those of an interrupted run."""


def is_dataset(place: str | Path) -> bool:
    """Tell whether a folder or URL holds a dataset.

    Raises
    ------
    DatasetError
        Where the URL cannot be opened.
    """
    here = _folder(place)
    if here is not None:
        return store.is_dataset(here)
    with _reachable(str(place)):
        system, root = fsspec.core.url_to_fs(str(place))
        return bool(system.exists(f"{root}/{store.MANIFEST}"))


@contextmanager
def at_hand(place: str | Path, *, changed: bool = False) -> Iterator[Path]:
    """Yield the folder of a dataset; of a URL, a copy that is gone afterwards.

    Parameters
    ----------
    place : path or URL
    changed : bool
        Whether what the folder then holds is put back where it came from.

    Raises
    ------
    DatasetError
        Where the URL cannot be read or written, or another run has changed what is there.
    """
    here = _folder(place)
    if here is not None:
        yield here
        return
    with tempfile.TemporaryDirectory(prefix="commsense-") as scratch:
        folder = Path(scratch) / "dataset"
        with _reachable(str(place)):
            remote = _Remote(str(place))
            before = remote.fetch(folder)
        yield folder
        if changed and store.is_dataset(folder):
            with _reachable(str(place)):
                remote.publish(folder, before)


def _folder(place: str | Path) -> Path | None:
    """Return a place on this machine, where a lock holds and modes keep it private."""
    if not is_remote(str(place)):
        return Path(place)
    if str(place).startswith(_ON_THIS_MACHINE):
        return Path(fsspec.core.url_to_fs(str(place))[1])
    return None


class _Remote:
    """A dataset at a URL."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._system: Any
        self._system, self._root = fsspec.core.url_to_fs(url)

    def fetch(self, folder: Path) -> bytes:
        """Copy the dataset into a folder; return its manifest, nothing where there is none."""
        if not self._system.exists(f"{self._root}/{store.MANIFEST}"):
            return b""
        told: bytes = self._system.cat_file(f"{self._root}/{store.MANIFEST}")
        manifest = json.loads(told)
        for name in store.TABLES:
            (folder / name).mkdir(mode=0o700, parents=True)
        for file in manifest.pop(_FILES, None) or self._files():
            self._system.get_file(f"{self._root}/{file}", str(folder / file))
        (folder / store.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        return told

    def publish(self, folder: Path, before: bytes) -> None:
        """Put a folder's dataset in place of the one that it was made from."""
        run = secrets.token_hex(4)
        written = []
        for path in sorted(folder.glob("*/*.parquet")):
            written.append(f"{path.parent.name}/{run}-{path.name}")
            self._system.makedirs(f"{self._root}/{path.parent.name}", exist_ok=True)
            self._system.put_file(str(path), f"{self._root}/{written[-1]}")
        manifest = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
        told = json.dumps(manifest | {_FILES: written}, ensure_ascii=False, indent=2)
        self._refuse_overtaken(before)
        self._system.pipe_file(f"{self._root}/{store.MANIFEST}", told.encode())
        for file in set(self._files()) - set(written):
            self._system.rm_file(f"{self._root}/{file}")

    def _refuse_overtaken(self, before: bytes) -> None:
        place = f"{self._root}/{store.MANIFEST}"
        now = self._system.cat_file(place) if self._system.exists(place) else b""
        if now != before:
            raise DatasetError(
                f"another run has written {self._url} meanwhile", mend="run this one again"
            )

    def _files(self) -> list[str]:
        found = self._system.find(self._root)
        names = [name.removeprefix(self._root).lstrip("/") for name in found]
        return sorted(name for name in names if name.partition("/")[0] in store.TABLES)


@contextmanager
def _reachable(url: str) -> Iterator[None]:
    try:
        yield
    except DatasetError:
        raise
    except Exception as error:  # each file system has errors of its own
        raise DatasetError(
            f"cannot use {url} ({type(error).__name__}: {error})",
            "a URL that fsspec opens, and access to it",
            "check the URL, the access, and that the package for its protocol is installed",
        ) from error
