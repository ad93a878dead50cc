"""Text and table files that a user names, or standard output where none is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE
from typing import IO, Any, TextIO

from commsense.errors import UsageError


@contextmanager
def opened(target: Path | None) -> Iterator[TextIO]:
    """Open a text file for writing; one that is there already stays until the new one is whole.

    Parameters
    ----------
    target : Path, optional
        Standard output where it is left out.
    """
    if target is None:
        yield sys.stdout
        return
    with _replaced(target) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def binary(target: Path | None) -> Iterator[str | IO[Any]]:
    """Yield what PyArrow writes to: a path, or standard output; otherwise as :func:`opened`."""
    if target is None:
        yield sys.stdout.buffer
        return
    with _replaced(target) as beside:
        yield str(beside)


@contextmanager
def _replaced(target: Path) -> Iterator[Path]:
    """Yield the path of a file that takes the target's place once it is written."""
    if target.exists() and not target.is_file():  # such as a pipe, which nothing can replace
        yield target
        return
    real = target.resolve()
    beside = real.with_name(f".{real.name}.{os.getpid()}")
    try:
        yield beside
        if real.exists():
            beside.chmod(S_IMODE(real.stat().st_mode))
        beside.replace(real)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def writable(target: Path | None) -> Iterator[None]:
    """Say in one line that a file cannot be written; a closed pipe is the command line's affair.

    Raises
    ------
    UsageError
        Where writing the target, or standard output where it is None, fails.
    """
    try:
        yield
        if target is None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(
            f"cannot write {target or 'standard output'}: {error.strerror or error}",
            "a place that you may write to, with room on the disk",
        ) from error
