"""Sources on other machines: any path that fsspec can open (s3://, gs://, https:// and more).

Nothing is fetched unless the user names such a path.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import fsspec

from commsense.errors import InputError
from commsense.ingest.mail.mbox import Mbox
from commsense.ingest.reader import SourceFile
from commsense.schema import Rejected

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(?:::|://)")  # no drive letter of Windows
_CHAIN: Final = "::"  # what lies in an archive cannot be opened by its own name
_IN_MEMORY_BYTES: Final = 32 * 1024**2


def is_remote(path: str) -> bool:
    """Tell a URL, or a chain of them, from a path."""
    return _URL.match(path) is not None


def check_remote(path: str) -> None:
    """Refuse a URL that cannot be opened, before any work is done.

    Raises
    ------
    InputError
        Where nothing is there, or the package for its protocol is not installed.
    """
    system, place = _opened(path)
    try:
        exists = system.exists(place)
    except Exception as error:  # each file system has errors of its own
        raise InputError(
            f"cannot open {path} ({type(error).__name__}: {error})", "an export", "check the access"
        ) from error
    if not exists:
        raise InputError(f"there is no file or folder {path}", "an export", "check the URL")


def fetch(path: str) -> Iterator[SourceFile | Rejected]:
    """Yield every file at or below a URL, in a fixed order; hidden files are passed over.

    A small file is read into memory, a large one into a temporary file that lasts until the next;
    a large mailbox stays where it is and is read in ranges.
    """
    system, place = _opened(path)
    with tempfile.TemporaryDirectory(prefix="commsense-") as folder:
        for name in sorted(system.find(place)):
            if not name.rsplit("/", 1)[-1].startswith("."):
                found = None if _CHAIN in path else _large_mailbox(system, name)
                yield found or _fetched(system, name, Path(folder) / "file")


def _opened(path: str) -> tuple[Any, str]:
    try:
        system, place = fsspec.core.url_to_fs(path)
    except (ImportError, ValueError, OSError) as error:
        raise InputError(
            f"cannot open {path} ({error})",
            "a path, or a URL of a protocol that fsspec knows",
            "install the package that it names",
        ) from error
    return system, place


def _large_mailbox(system: Any, name: str) -> SourceFile | None:  # noqa: ANN401
    """Return a mailbox that is better left where it is; None for everything else."""
    shown = system.unstrip_protocol(name)
    there = SourceFile(shown, url=shown)
    try:
        is_large = there.size() > _IN_MEMORY_BYTES
        return there if is_large and Mbox().recognises(there, there.head()) else None
    except Exception:  # each file system has errors of its own; fetching it whole will say which
        return None


def _fetched(system: Any, name: str, place: Path) -> SourceFile | Rejected:  # noqa: ANN401
    shown = system.unstrip_protocol(name)
    try:
        if system.size(name) > _IN_MEMORY_BYTES:
            system.get_file(name, str(place))
            return SourceFile(shown, path=place)
        return SourceFile(shown, content=system.cat_file(name))
    except Exception as error:
        return Rejected(
            shown,
            f"cannot be fetched ({type(error).__name__}: {error}); expected a file that may be "
            "read; mend: check its permissions",
        )
