"""Mailboxes of many mails in one file: mboxo, mboxrd and what Gmail Takeout writes.

A mail begins with a separator line ``From address date``. Programs differ in whether they escape
lines of text that begin with "From ", so a separator must end in a date, or be followed by a field
that mail begins with. The file is read in blocks: a mailbox may be larger than memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from commsense.ingest.mail.headers import LEADING
from commsense.ingest.reader import RawMail, SourceFile
from commsense.schema import Rejected

MAX_MAIL_BYTES: Final = 150 * 1024 * 1024
"""Mail servers take 25 to 150 MB."""

_BLOCK_BYTES: Final = 4 * 1024 * 1024
_WINDOW_BYTES: Final = 256 * 1024
_LINE_BYTES: Final = 1_000  # longer lines are no separators

_DATED = rb"[^\r\n]{0,400}\d{1,2}:\d\d(?::\d\d)?[^\r\n]{0,40}\d{4}[^\r\n]{0,20}"
_FIELDS = (
    rb"(?:From|To|Date|Subject|Received|Return-Path|Message-I[dD]|MIME-Version|Delivered-To|Sender"
    rb"|Content-Type|X-[A-Za-z-]{1,40})[ \t]{0,3}:"
)
_SEPARATOR = re.compile(
    rb"From " + _DATED + rb"\r?(?:\n|\Z)|From [^\r\n]{0,400}\r?\n(?=" + _FIELDS + rb")"
)
_MAYBE = re.compile(rb"(?<=\n)From ")
_ESCAPED = re.compile(rb"(?m)^>(>*From )")
_ENVELOPE_DATE = re.compile(rb"From \S* +([^\r\n]+)")


class Mbox:
    """The mbox format."""

    name = "mbox"

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by a separator in the first line."""
        return _SEPARATOR.match(head.lstrip(LEADING)) is not None

    def mails(self, source: SourceFile) -> Iterator[RawMail | Rejected]:
        """Yield every mail."""
        yield from self.mails_between(source, 0, source.size())

    def mails_between(
        self, source: SourceFile, begin: int, end: int
    ) -> Iterator[RawMail | Rejected]:
        """Yield the mails of a part of the file, numbered from 1.

        Parameters
        ----------
        begin, end : int
            Bytes of the file, as :meth:`ranges` gives them.
        """
        with source.open() as stream:
            stream.seek(begin)
            for number, (text, size) in enumerate(split(stream, end - begin), 1):
                place = f"{source.name}#{number}"
                yield _mail(text, place) if size <= MAX_MAIL_BYTES else _too_large(place, size)

    def ranges(self, source: SourceFile, size: int) -> Iterator[tuple[int, int]]:
        """Yield half-open ranges of bytes, between mails, that cover the file.

        Parameters
        ----------
        size : int
            Bytes that a range has at least, the last one aside.
        """
        length, begin = source.size(), 0
        with source.open() as stream:
            while begin < length:
                end = _next_start(stream, begin + size, length)
                yield begin, end
                begin = end


def _next_start(stream: BinaryIO, begin: int, length: int) -> int:
    """Return where the first mail at or after a place begins; the end where none does."""
    while begin < length:
        stream.seek(begin - 1)  # with the line end before a separator
        window = stream.read(_WINDOW_BYTES)
        found = _starts(window, 1)
        last = begin - 1 + len(window) >= length
        # What the window's end cuts is decided with the next one.
        if found and (last or found[0] + 2 * _LINE_BYTES <= len(window)):
            return begin - 1 + found[0]
        if last:
            break
        begin += len(window) - 2 * _LINE_BYTES
    return length


def split(stream: BinaryIO, length: int) -> Iterator[tuple[bytes, int]]:
    """Cut a mailbox into its mails, reading it block by block.

    Parameters
    ----------
    stream : binary file
    length : int
        Bytes that are read.

    Yields
    ------
    tuple of bytes and int
        A mail with its separator, and how many bytes it takes in the mailbox; of one that is too
        large the first bytes only.
    """
    buffer, searched, dropped = b"", 1, 0
    while block := stream.read(min(_BLOCK_BYTES, length)):
        length -= len(block)
        buffer += block
        begin = 0
        for end in _starts(buffer, searched):
            if begin or dropped or buffer[:end].strip(LEADING):  # empty lines above the first mail
                yield buffer[begin:end], end - begin + dropped
            begin, dropped = end, 0
        buffer = buffer[begin:]
        if len(buffer) > MAX_MAIL_BYTES:
            # Nobody will read it: its beginning and its possible end are enough.
            kept = buffer[:_LINE_BYTES] + buffer[-2 * _LINE_BYTES :]
            dropped += len(buffer) - len(kept)
            buffer = kept
        # A separator that the block's end cuts is looked for again with the next block.
        searched = max(len(buffer) - 2 * _LINE_BYTES, 1)
    if buffer.strip():
        yield buffer, len(buffer) + dropped


def _starts(buffer: bytes, begin: int) -> list[int]:
    return [
        found.start()
        for found in _MAYBE.finditer(buffer, begin)
        if _SEPARATOR.match(buffer, found.start(), found.start() + 2 * _LINE_BYTES)
    ]


def _mail(text: bytes, place: str) -> RawMail:
    """Take off the separator and the escapes of lines that begin like one."""
    head = text if text.startswith(b"From ") else text.lstrip(LEADING)
    separator = _SEPARATOR.match(head)
    date = _ENVELOPE_DATE.match(head) if separator else None
    raw = head[separator.end() :] if separator else head
    if b"\n>" in raw:
        raw = _ESCAPED.sub(rb"\1", raw)
    return RawMail(raw, place, date[1].decode("ascii", "replace") if date else "")


def _too_large(place: str, size: int) -> Rejected:
    return Rejected(
        place,
        f"a mail of {size} bytes; expected at most {MAX_MAIL_BYTES}; "
        "mend: export it alone, without its attachments",
    )
