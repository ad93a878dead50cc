"""Text and table files that a user names, or standard output where none is named."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TextIO

from commsense.errors import UsageError


@contextmanager
def opened(target: Path | None) -> Iterator[TextIO]:
    """Open a text file for writing.

    Parameters
    ----------
    target : Path, optional
        Standard output where it is left out.
    """
    if target is None:
        yield sys.stdout
        return
    with target.open("w", encoding="utf-8", newline="") as file:
        yield file


def binary(target: Path | None) -> str | IO[Any]:
    """Return what PyArrow writes to: a path, or standard output."""
    return sys.stdout.buffer if target is None else str(target)


@contextmanager
def writable(target: Path | None) -> Iterator[None]:
    """Say in one line that a file cannot be written; a closed pipe is the command line's affair.

    Raises
    ------
    UsageError
        Where writing the target fails.
    """
    try:
        yield
    except OSError as error:
        if target is None:
            raise
        raise UsageError(
            f"cannot write {target}: {error.strerror}", "a file in a folder that exists"
        ) from error
