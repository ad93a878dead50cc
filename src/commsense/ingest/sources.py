"""From what the user names to single files: folders, Maildirs, archives and URLs are walked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from commsense.errors import InputError
from commsense.ingest.archives import is_archive, members
from commsense.ingest.reader import SourceFile
from commsense.ingest.remote import check_remote, fetch, is_remote
from commsense.schema import Rejected

_MAX_NESTING: Final = 3  # archives within archives
_NO_FILE: Final = "a pipe, socket or device; expected a file; mend: save what comes out of it"
_MAILDIR: Final = frozenset(["cur", "new"])
_UNDELIVERED: Final = "tmp"
# What mail servers note of a Maildir beside its mails.
_SERVER_NOTES: Final = ("courierimap", "dovecot", "maildirfolder", "maildirsize", "subscriptions")


def walk(paths: Sequence[str]) -> Iterator[SourceFile | Rejected]:
    """Yield every file below some paths, in a fixed order, archives unpacked.

    Hidden files, what a Maildir has not delivered yet and what its server notes there are nobody's
    messages and passed over.

    Raises
    ------
    InputError
        Where a path does not exist or cannot be listed.
    """
    seen: set[str] = set()
    for path in paths:
        if is_remote(path):
            yield from _fetched(path)
            continue
        for file in _files(Path(path).expanduser()):
            real = os.path.realpath(file)
            if real in seen:
                continue
            seen.add(real)
            if not file.is_file() and file.exists():
                yield Rejected(str(file), _NO_FILE)
            else:
                yield from _opened(SourceFile(str(file), path=file))


def check(paths: Sequence[str]) -> None:
    """Refuse paths that cannot be walked, before any work is done.

    Raises
    ------
    InputError
        Where a path does not exist.
    """
    for path in paths:
        if is_remote(path):
            check_remote(path)
        elif not Path(path).expanduser().exists():
            raise InputError(
                f"there is no file or folder {path}",
                "an export",
                "check the path for typing errors",
            )


def _fetched(path: str) -> Iterator[SourceFile | Rejected]:
    for file in fetch(path):
        if isinstance(file, Rejected):
            yield file
        else:
            yield from _opened(file)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    try:
        entries = sorted(path.iterdir())
    except OSError as error:
        raise InputError(
            f"cannot list {path}: {error.strerror}", "a folder that you may read"
        ) from error
    is_maildir = {entry.name for entry in entries} >= _MAILDIR
    for entry in entries:
        hidden = entry.name.startswith(".") and not _is_subfolder(entry, is_maildir=is_maildir)
        if hidden or (is_maildir and _is_no_mail(entry)):
            continue
        if entry.is_dir() and entry.is_symlink():
            continue  # may lead in a circle, or out of what the user named
        yield from _files(entry)


def _is_no_mail(entry: Path) -> bool:
    """Tell what is delivered to nobody in a Maildir."""
    return entry.name == _UNDELIVERED or entry.name.startswith(_SERVER_NOTES)


def _is_subfolder(entry: Path, *, is_maildir: bool) -> bool:
    """Tell a folder of a Maildir++, whose name begins with a dot."""
    return is_maildir and (entry / "cur").is_dir()


def _opened(source: SourceFile, nesting: int = 0) -> Iterator[SourceFile | Rejected]:
    try:
        archive = is_archive(source, source.head())
    except OSError as error:
        yield Rejected(
            source.name, f"cannot be read: {error.strerror}; mend: check its permissions"
        )
        return
    if not archive:
        yield source
    elif nesting == _MAX_NESTING:
        yield Rejected(
            source.name,
            f"an archive in {_MAX_NESTING} archives; mend: unpack it yourself and name the folder",
        )
    else:
        for member in members(source):
            if isinstance(member, Rejected):
                yield member
            else:
                yield from _opened(member, nesting + 1)
