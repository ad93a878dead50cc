"""From files to tables of messages, on all cores where there is enough to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from commsense.errors import MessageError
from commsense.ingest.formats import recognise
from commsense.ingest.mail import to_message
from commsense.ingest.patience import patience
from commsense.ingest.reader import MailFormat, RawMail, SourceFile
from commsense.ingest.sources import check, walk
from commsense.progress import Progress
from commsense.schema import MESSAGES, Message, Rejected, arrow
from commsense.workers import Workers

_BATCH_BYTES: Final = 2 * 1024 * 1024  # of mail that a process takes at once: some hundred mails
_BATCHES_ALONE: Final = 3  # starting other processes takes longer than so many batches do

Found = RawMail | Message | Rejected


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
    yield from map(_read, _contents(files))


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
    found = 0
    for batch in workers.map(_read_batch, _batches(_contents(files)), alone=_BATCHES_ALONE):
        found += len(batch)
        progress("reading", found, None)
        yield batch


def _contents(files: Iterable[SourceFile | Rejected]) -> Iterator[Found]:
    for file in files:
        if isinstance(file, Rejected):
            yield file
            continue
        try:
            yield from _content(file)
        except OSError as error:
            yield Rejected(
                file.name, f"cannot be read: {error.strerror or error}; mend: check its permissions"
            )


def _content(file: SourceFile) -> Iterator[Found]:
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
    elif isinstance(format_, MailFormat):
        yield from format_.mails(file)
    else:
        yield from format_.read(file)


def _batches(contents: Iterable[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    size = 0
    for one in contents:
        batch.append(one)
        size += len(one.raw) if isinstance(one, RawMail) else len(getattr(one, "text", ""))
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_batch(batch: list[Found]) -> Batch:
    return Batch.of(map(_read, batch))


def _read(one: Found) -> Message | Rejected:
    if not isinstance(one, RawMail):
        return one
    try:
        with patience():
            return to_message(one)
    except MessageError as error:
        return Rejected(one.source, str(error))
