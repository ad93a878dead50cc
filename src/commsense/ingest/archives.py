"""The files inside an archive, bounded against bombs, nothing written by its names.

Archives are zip and tar files, however the latter are packed, and single files that are packed
(gzip, bzip2, xz).

A small member is read into memory. A large one, as the mailbox in a Takeout archive, is unpacked
into a nameless temporary folder that lasts as long as the walk.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path, PurePath
from typing import IO, Final

from commsense.ingest.reader import SourceFile
from commsense.schema import Rejected

MAX_MEMBERS: Final = 200_000
MAX_TOTAL_BYTES: Final = 64 * 1024**3
MAX_RATIO: Final = 200
"""Mail packs to a fifth, base64 of text to a tenth; what packs much better is a bomb."""

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_Opener = Callable[[IO[bytes]], "gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile"]
_PACKED: Final[dict[bytes, _Opener]] = {
    b"\x1f\x8b": lambda stream: gzip.GzipFile(fileobj=stream),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}
_TAR: Final = b"ustar"
_IN_MEMORY_BYTES: Final = 32 * 1024**2
_ALWAYS_FINE_BYTES: Final = 16 * 1024**2
_BLOCK_BYTES: Final = 1024**2
_OFFICE_MARKS: Final = frozenset(["[Content_Types].xml", "mimetype"])  # documents that are zips
# The zip reader raises RuntimeError, or a kind of it, for passwords and unknown compressions.
_DAMAGE: Final = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError,
    RuntimeError, ValueError,
)  # fmt: skip


def is_archive(source: SourceFile, head: bytes) -> bool:
    """Tell whether a file is an archive of files or one packed file, by its first bytes."""
    if head.startswith(_ZIP):
        return _is_plain_zip(source)
    return _packing(head) is not None or (head[257:262] == _TAR and _is_tar(source))


def members(source: SourceFile) -> Iterator[SourceFile | Rejected]:
    """Yield the files of an archive, in its order; a Rejected for each that cannot be read."""
    try:
        with tempfile.TemporaryDirectory(prefix="commsense-") as folder:
            yield from _reader(source)(source, Path(folder))
    except _DAMAGE as error:
        yield _damaged(source.name, error)


def _packing(head: bytes) -> _Opener | None:
    return next((opened for magic, opened in _PACKED.items() if head.startswith(magic)), None)


def _reader(source: SourceFile) -> Callable[[SourceFile, Path], Iterator[SourceFile | Rejected]]:
    if source.head().startswith(_ZIP):
        return _zip_members
    return _tar_members if _is_tar(source) else _packed_file


def _is_plain_zip(source: SourceFile) -> bool:
    """Tell a zip of files from a document that is a zip; a damaged one counts, to be reported."""
    with source.open() as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                return _OFFICE_MARKS.isdisjoint(archive.namelist())
        except _DAMAGE:
            return True


def _is_tar(source: SourceFile) -> bool:
    with source.open() as stream:
        try:
            with tarfile.open(fileobj=stream) as archive:
                return archive.next() is not None
        except _DAMAGE:
            return False


class _Budget:
    """How much an archive may still unpack."""

    def __init__(self, packed: int) -> None:
        self._left = min(MAX_TOTAL_BYTES, max(packed * MAX_RATIO, _ALWAYS_FINE_BYTES))
        self._members = MAX_MEMBERS

    def take(self, size: int) -> bool:
        """Return whether a member of a size still fits."""
        self._left -= size
        self._members -= 1
        return self._left >= 0 and self._members >= 0


def _zip_members(source: SourceFile, folder: Path) -> Iterator[SourceFile | Rejected]:
    budget = _Budget(source.size())
    with source.open() as stream, zipfile.ZipFile(stream) as archive:
        for number, info in enumerate(archive.infolist()):
            if info.is_dir() or _is_clutter(info.filename):
                continue
            name = f"{source.name}!{info.filename}"
            if not budget.take(info.file_size):
                yield _too_much(source.name)
                return
            try:
                with archive.open(info) as member:
                    yield _unpacked(member, name, info.file_size, folder / str(number))
            except _DAMAGE as error:
                yield _damaged(name, error)


def _tar_members(source: SourceFile, folder: Path) -> Iterator[SourceFile | Rejected]:
    budget = _Budget(source.size())
    with source.open() as stream, tarfile.open(fileobj=stream) as archive:
        for number, info in enumerate(archive):
            if not info.isfile() or _is_clutter(info.name):
                continue
            if not budget.take(info.size):
                yield _too_much(source.name)
                return
            member = archive.extractfile(info)
            if member is not None:
                with closing(member):
                    name = f"{source.name}!{info.name}"
                    yield _unpacked(member, name, info.size, folder / str(number))


def _packed_file(source: SourceFile, folder: Path) -> Iterator[SourceFile | Rejected]:
    """Unpack a single file; its size is known only afterwards, so it is watched on the way."""
    opened = _packing(source.head())
    if opened is None:  # only where the file has changed since it was recognised
        yield _damaged(source.name, ValueError("neither zip nor tar nor packed"))
        return
    budget, place = _Budget(source.size()), folder / "0"
    with source.open() as stream, opened(stream) as packed, place.open("wb") as target:
        while block := packed.read(_BLOCK_BYTES):
            if not budget.take(len(block)):
                yield _too_much(source.name)
                return
            target.write(block)
    yield SourceFile(f"{source.name}!{PurePath(source.name).stem}", path=place)


def _unpacked(member: IO[bytes], name: str, size: int, place: Path) -> SourceFile:
    """Return a member as a file; no more is read than its header announces."""
    if size <= _IN_MEMORY_BYTES:
        return SourceFile(name, content=member.read(size))
    with place.open("wb") as target:
        shutil.copyfileobj(member, target)
    return SourceFile(name, path=place)


def _is_clutter(name: str) -> bool:
    """Tell what packing programs add: nobody's mail."""
    parts = name.split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".")


def _too_much(name: str) -> Rejected:
    return Rejected(
        name,
        f"an archive that unpacks to more than {MAX_RATIO} times its size or {MAX_MEMBERS} files; "
        "expected an export; mend: unpack it yourself and name the folder",
    )


def _damaged(name: str, error: Exception) -> Rejected:
    locked = isinstance(error, RuntimeError) and "encrypted" in str(error)
    what = "an archive with a password" if locked else f"a damaged archive ({error})"
    return Rejected(name, f"{what}; expected a readable one; mend: unpack it yourself")
