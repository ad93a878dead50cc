"""From files to tables of messages, on all cores where there is enough to read."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from commsense.errors import MessageError
from commsense.ingest.formats import recognise
from commsense.ingest.mail import forwarded, to_message
from commsense.ingest.patience import patience, ready
from commsense.ingest.reader import MailFormat, RangedFormat, RawMail, SourceFile
from commsense.ingest.sources import check, walk
from commsense.progress import Progress
from commsense.schema import MESSAGES, Message, Rejected, arrow
from commsense.workers import Workers

_PIECE_BYTES: Final = 2 * 1024 * 1024  # of mail that a process takes at once: some hundred mails
_PIECES_ALONE: Final = 3  # starting other processes takes longer than so many pieces do

Found = RawMail | Message | Rejected


@dataclass(frozen=True, slots=True)
class MailRange:
    """A part of a large file of mails, to be read by whoever reads its mails.

    Attributes
    ----------
    file : SourceFile
    format : RangedFormat
    begin, end : int
        Half-open range of the file's bytes.
    """

    file: SourceFile
    format: RangedFormat
    begin: int
    end: int

    def mails(self) -> Iterator[RawMail | Rejected]:
        """Yield the range's mails, numbered from 1."""
        try:
            yield from self.format.mails_between(self.file, self.begin, self.end)
        except OSError as error:
            yield _unreadable(self.file, error)

    def carried(self) -> MailRange:
        """Return the range with its bytes, where a file of this machine holds them."""
        if self.file.path is None:
            return self
        with self.file.open() as stream:
            stream.seek(self.begin)
            content = stream.read(self.end - self.begin)
        file = SourceFile(self.file.name, content=content)
        return MailRange(file, self.format, 0, len(content))


Piece = list[Found] | MailRange


@dataclass(frozen=True, slots=True)
class Batch:
    """Some messages, as :data:`commsense.schema.MESSAGES`, and what was rejected beside them."""

    messages: pa.Table
    rejected: list[Rejected]

    @classmethod
    def of(cls, rows: Iterable[Message | Rejected]) -> Batch:
        """Part rows into messages and rejected pieces."""
        read = list(rows)
        messages = [row for row in read if isinstance(row, Message)]
        return cls(arrow(MESSAGES, messages), [row for row in read if isinstance(row, Rejected)])

    def renumbered(self, name: str, before: int) -> Batch:
        """Return the batch with the numbers of a file's mails moved by those that come before."""

        def moved(source: str) -> str:
            return f"{name}#{int(source.rpartition('#')[2]) + before}" if "#" in source else source

        sources = pa.array(map(moved, self.messages["source"].to_pylist()), pa.string())
        place = self.messages.schema.get_field_index("source")
        return Batch(
            self.messages.set_column(place, "source", sources),
            [Rejected(moved(one.source), one.reason) for one in self.rejected],
        )

    def mails(self) -> int:
        """Return how many mails these were: what a mail forwards has the mail's own source."""
        sources = {*self.messages["source"].to_pylist(), *(one.source for one in self.rejected)}
        return len(sources)

    def __len__(self) -> int:
        messages: int = self.messages.num_rows
        return messages + len(self.rejected)


def iter_messages(sources: str | Path | Iterable[str | Path]) -> Iterator[Message | Rejected]:
    """Yield the messages of exports one by one, however large these are.

    What needs all messages together is not done: messages that are in two exports come twice,
    threads and sides are not set. :func:`commsense.read` does all that.

    Parameters
    ----------
    sources : path or iterable of paths
        Files, folders or archives of mail and calls.

    Yields
    ------
    Message or Rejected
        A Rejected for each piece of input that cannot be a message.

    Raises
    ------
    InputError
        Where a source does not exist.
    """
    paths = [sources] if isinstance(sources, str | Path) else list(sources)
    names = [str(path) for path in paths]
    check(names)
    yield from read_found(walk(names))


def read_found(files: Iterable[SourceFile | Rejected]) -> Iterator[Message | Rejected]:
    """Yield the messages of files one by one, in this process."""
    yield from chain.from_iterable(map(_read, _contents(files, ranged=False)))


def read_files(
    files: Iterable[SourceFile | Rejected], progress: Progress, workers: Workers
) -> Iterator[Batch]:
    """Yield the messages of files, batch by batch, in the files' order.

    Parameters
    ----------
    files : iterable of SourceFile or Rejected
        As :func:`commsense.ingest.sources.walk` yields them.
    progress : Progress
        Told how many messages were found.
    workers : Workers
        Who reads the mail; taking it out of its containers is done here.
    """
    pieces = _pieces(files)
    if not workers.share_files:
        pieces = map(_carried, pieces)
    found, names, numbered = 0, deque[str](), Counter[str]()
    for batch in workers.map(_read_piece, _noted(pieces, names), alone=_PIECES_ALONE):
        name = names.popleft()
        found += len(batch)
        progress("reading", found, None)
        yield batch.renumbered(name, numbered[name]) if numbered[name] else batch
        numbered[name] += batch.mails() if name else 0


def _noted(pieces: Iterable[Piece], names: deque[str]) -> Iterator[Piece]:
    """Note of each piece which file it is a part of, if it is one."""
    for piece in pieces:
        names.append(piece.file.name if isinstance(piece, MailRange) else "")
        yield piece


def _carried(piece: Piece) -> Piece:
    """Return a piece that does not need this machine's disk."""
    return piece.carried() if isinstance(piece, MailRange) else piece


def _contents(files: Iterable[SourceFile | Rejected], *, ranged: bool) -> Iterator[Any]:
    """Yield what files hold; of a large one, where it can be, ranges to be read elsewhere."""
    for file in files:
        if isinstance(file, Rejected):
            yield file
            continue
        try:
            yield from _content(file, ranged=ranged)
        except OSError as error:
            yield _unreadable(file, error)


def _unreadable(file: SourceFile, error: OSError) -> Rejected:
    return Rejected(
        file.name, f"cannot be read: {error.strerror or error}; mend: check its permissions"
    )


def _content(file: SourceFile, *, ranged: bool) -> Iterator[Found | MailRange]:
    if not file.size():
        yield Rejected(file.name, "an empty file; expected mail or a call; mend: export it again")
        return
    format_ = recognise(file)
    if format_ is None:
        yield Rejected(
            file.name,
            "a file of no known format; expected mail (mbox, .eml, .emlx, .msg, .pst), a "
            "transcript (WebVTT, SRT, Word, JSON, 'Speaker: text') or a table with a column "
            "`text`; mend: export it as one of these",
        )
    elif ranged and isinstance(format_, RangedFormat) and file.size() > _PIECE_BYTES:
        for begin, end in format_.ranges(file, _PIECE_BYTES):
            yield MailRange(file, format_, begin, end)
    elif isinstance(format_, MailFormat):
        yield from format_.mails(file)
    else:
        yield from format_.read(file)


def _pieces(files: Iterable[SourceFile | Rejected]) -> Iterator[Piece]:
    batch: list[Found] = []
    size = 0
    for one in _contents(files, ranged=True):
        is_range = isinstance(one, MailRange)
        if not is_range:
            batch.append(one)
            size += len(one.raw) if isinstance(one, RawMail) else len(getattr(one, "text", ""))
        if batch and (is_range or size >= _PIECE_BYTES):
            yield batch
            batch, size = [], 0
        if is_range:
            yield one
    if batch:
        yield batch


def _read_piece(piece: Piece) -> Batch:
    with ready():
        found = piece.mails() if isinstance(piece, MailRange) else piece
        return Batch.of(chain.from_iterable(map(_read, found)))


def _read(one: Found) -> Sequence[Message | Rejected]:
    """Return a message, and behind it what it forwards."""
    if not isinstance(one, RawMail):
        return (one,)
    try:
        with patience():
            message = to_message(one)
            if isinstance(message, Rejected) or not message.quoted:
                return (message,)
            return (message, *forwarded(message, one))
    except MessageError as error:
        return (Rejected(one.source, str(error)),)
