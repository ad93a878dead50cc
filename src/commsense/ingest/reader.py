"""The contracts between a source of bytes and the formats that read it.

Adding a format is adding one file with a class of this shape and naming it in
:mod:`commsense.ingest.formats`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

import fsspec

from commsense.schema import Message, Rejected

HEAD_BYTES = 8192
"""How much of a file a format sees when it is asked whether the file is its own."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be read: on disk, elsewhere, or in memory as a member of an archive.

    Attributes
    ----------
    name : str
        What is shown to people: the path, with ``archive.zip!member`` for members.
    path : Path or None
        The file, where it is on disk.
    content : bytes or None
        Its bytes, where they are in memory.
    url : str
        Where fsspec opens it, where it is neither.
    """

    name: str
    path: Path | None = None
    content: bytes | None = None
    url: str = ""

    def open(self) -> BinaryIO:
        """Open the file for reading bytes; the caller closes it."""
        if self.path is not None:
            return self.path.open("rb")
        if self.url:
            opened: BinaryIO = fsspec.open(self.url, "rb").open()
            return opened
        return BytesIO(self.content or b"")

    def size(self) -> int:
        """Return the number of bytes."""
        if self.path is not None:
            return self.path.stat().st_size
        if self.url:
            system, place = fsspec.core.url_to_fs(self.url)
            return int(system.size(place))
        return len(self.content or b"")

    def head(self) -> bytes:
        """Return the first :data:`HEAD_BYTES` bytes."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def read(self) -> bytes:
        """Return the whole content."""
        with self.open() as stream:
            return stream.read()


@dataclass(frozen=True, slots=True)
class RawMail:
    """A mail as it stands in its container.

    Attributes
    ----------
    raw : bytes
        The whole message.
    source : str
        File, and place in it.
    envelope_date : str
        What the container tells of its date; empty where it tells nothing.
    """

    raw: bytes
    source: str
    envelope_date: str = ""


@runtime_checkable
class MailFormat(Protocol):
    """A container of mails; taking them out is quick, reading them is shared among processes."""

    name: str

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell from its first bytes whether a file is ours."""
        ...

    def mails(self, source: SourceFile) -> Iterator[RawMail | Rejected]:
        """Yield every mail of the file, and a Rejected for each piece that cannot be one."""
        ...


@runtime_checkable
class RangedFormat(MailFormat, Protocol):
    """A container that can be read from the middle, so that several readers share a large one."""

    def ranges(self, source: SourceFile, size: int) -> Iterator[tuple[int, int]]:
        """Yield half-open ranges of bytes, of at least a size, that part the file between mails."""
        ...

    def mails_between(
        self, source: SourceFile, begin: int, end: int
    ) -> Iterator[RawMail | Rejected]:
        """Yield the mails of such a range, numbered from 1."""
        ...


@runtime_checkable
class Format(Protocol):
    """One file format of exported communications."""

    name: str

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell from its first bytes (and, at most as a hint, its name) whether a file is ours."""
        ...

    def read(self, source: SourceFile) -> Iterator[Message | Rejected]:
        """Yield every message of the file, and a Rejected for each piece that cannot be one.

        Raises nothing for bad data: one bad message never stops a run.
        """
        ...
