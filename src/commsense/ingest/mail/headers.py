"""The header block of a mail: fields, encoded words, addresses, dates.

Each field is read from the raw bytes by itself, so that one that is damaged degrades alone.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from typing import Final

from commsense.ingest.charsets import decode
from commsense.ingest.mail.localdates import read_date
from commsense.ingest.mail.people import Address, loose_addresses

MAX_HEAD_BYTES: Final = 1 << 20
"""Of a header block; what is longer is no header block."""

LEADING: Final = b"\xef\xbb\xbf\r\n"
"""A byte-order mark and empty lines, which editors and exports put above the first field."""

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,20}:")
_FOLDS: Final = (b" ", b"\t")
_SURE_FIELD = re.compile(
    rb"(?:from|to|cc|bcc|date|subject|received|sender|reply-to|return-path|message-id|references"
    rb"|in-reply-to|mime-version|content-[a-z-]{1,40}|x-[!-9;-~]{1,60})[ \t]{0,20}:",
    re.IGNORECASE,
)
_FOLDED_FIELD = re.compile(
    rb"^([!-9;-~]{1,200})[ \t]{0,20}:([^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE
)
_PLAIN_BLOCK = re.compile(
    rb"(?:[!-9;-~]{1,200}+[ \t]{0,20}+:[^\n]*+(?:\n[ \t][^\n]*+)*+(?:\n|\Z))++\Z"
)
_ENCODED = re.compile(r"=\?([^?\s]{1,80}?)(?:\*[^?]{0,20})?\?([bBqQ])\?([^?]{0,5000})\?=")
_BETWEEN_WORDS = re.compile(r"\s*\Z")
_OBFUSCATED = re.compile(r"\s*([\w.+-]{1,64}) at ([\w-]{1,64}(?:\.[\w-]{1,64}){1,5})(?=\s|\(|$)")
_BARE_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}")
_IDS = re.compile(r"<\s*([^<>\s]{1,998})\s*>")
_SPACE = re.compile(r"\s+")
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # there was no Internet mail to speak of before
_AHEAD = timedelta(days=2)  # a sender's clock may be wrong, and time zones differ
_NAMED_OFFSET = re.compile(r"\b(?:GMT|UTC)(?=[+-]\d{4})")  # as JavaScript writes it
_LEAP_SECOND = re.compile(r"(\d\d:\d\d):60")
_HALVES: Final = ("AM", "PM")
_MAX_ADDRESSES = 1_000
_SHORT_FIELD = 300  # characters of an address field that is worth remembering
_MAX_FIELD = 100_000


class Headers:
    """The fields of one header block.

    Parameters
    ----------
    block : bytes
        From the first field to the empty line, line ends of any kind.
    charset : str
        Of fields with raw 8-bit bytes that are not UTF-8, as the body names it; guessed where
        it is empty.
    """

    def __init__(self, block: bytes, charset: str = "") -> None:
        self._charset = charset
        self._fields: dict[str, list[bytes]] = {}
        for name, value in _fields(block):
            self._fields.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def names(self) -> Iterator[str]:
        """Return the names of the fields, in small letters."""
        return iter(self._fields)

    def text(self, name: str) -> str:
        """Return a field on one line with its encoded words decoded, "" where there is none.

        Parameters
        ----------
        name : str
            In small letters.
        """
        return decode_words(self.raw(name))

    def raw(self, name: str) -> str:
        """Return a field on one line with its encoded words as they are."""
        values = self._fields.get(name)
        return self._unfolded(values[0]) if values else ""

    def all(self, name: str) -> list[str]:
        """Return every field of a name, as :meth:`raw` does."""
        return [self._unfolded(value) for value in self._fields.get(name, ())]

    def addresses(self, *names: str) -> list[Address]:
        """Return the people in some fields."""
        values = [value for name in names for value in self.all(name)]
        return parse_addresses(values)

    def ids(self, name: str) -> list[str]:
        """Return the message ids in a field, without brackets."""
        value = self.raw(name)
        found = _IDS.findall(value)
        return found or ([value.strip()] if "@" in value and " " not in value.strip() else [])

    def date(self, *fallbacks: str) -> datetime | None:
        """Return when the mail was sent, in UTC.

        The Date field where it is plausible, as the standard or as people write it, else when
        the first server received it, else what ``fallbacks`` say; None where none of them can be
        read.
        """
        dates = self.all("date")
        sent = next(filter(None, map(parse_date, dates)), None)
        if sent is not None:
            return sent
        received = [value.rpartition(";")[2] for value in reversed(self.all("received"))]
        near = next(filter(None, map(parse_date, (*received, *fallbacks))), None)
        return next(filter(None, (_loose_date(value, near) for value in dates)), near)

    def _unfolded(self, value: bytes) -> str:
        text = _unlabelled(value[:_MAX_FIELD], self._charset).replace("\x00", "")
        return _SPACE.sub(" ", text).strip()


def head_end(raw: bytes) -> int:
    """Return where the header block of a message ends."""
    ends = [place for mark in (b"\n\n", b"\n\r\n") if (place := raw.find(mark)) >= 0]
    return min([*ends, len(raw), MAX_HEAD_BYTES])


def mended(raw: bytes) -> bytes:
    """Return a message whose header block a strict reader can read, at best the same object.

    Old Macs' line ends are replaced; a byte-order mark, empty lines or an mbox separator above the
    first field and stray lines among the fields are dropped.
    """
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    start = raw.lstrip(LEADING) if raw[:1] in LEADING else raw
    end = head_end(start)
    if _PLAIN_BLOCK.match(start, 0, end):
        return start
    lines = start[:end].split(b"\n")
    kept = [line for line in lines if line[:1] in _FOLDS or _FIELD.match(line)]
    if len(kept) == len(lines) or not _FIELD.match(kept[0] if kept else b""):
        return start
    sure = [number for number, line in enumerate(lines) if _SURE_FIELD.match(line)]
    if sure and end == len(start):
        return _with_empty_line(lines, sure[-1] + 1)
    return b"\n".join(kept) + start[end:]


def _with_empty_line(lines: list[bytes], below: int) -> bytes:
    """Part fields and text between which the empty line is missing.

    Parameters
    ----------
    lines : list of bytes
    below : int
        The line below the last one that is surely a field.
    """
    while below < len(lines) and (lines[below][:1] in _FOLDS or _FIELD.match(lines[below])):
        below += 1
    head = [line for line in lines[:below] if line[:1] in _FOLDS or _FIELD.match(line)]
    return b"\n".join([*head, b"", *lines[below:]])


def decode_words(value: str) -> str:
    """Decode the encoded words of a field (RFC 2047).

    Neighbours in one charset are joined as bytes first: many programs cut within a character.
    """
    if "=?" not in value:
        return value
    pieces: list[tuple[str, bytes | str]] = []
    place = 0
    for found in _ENCODED.finditer(value):
        between = value[place : found.start()]
        joined = bool(pieces) and pieces[-1][0] != "" and _BETWEEN_WORDS.match(between)
        if not joined:
            pieces.append(("", between))
        charset, data = found[1].lower(), _word_bytes(found[2], found[3])
        last = pieces[-1]
        if joined and last[0] == charset and isinstance(last[1], bytes):
            pieces[-1] = (charset, last[1] + data)
        else:
            pieces.append((charset, data))
        place = found.end()
    pieces.append(("", value[place:]))
    texts = (part if isinstance(part, str) else decode(part, charset) for charset, part in pieces)
    return _SPACE.sub(" ", "".join(texts)).strip()


def parse_addresses(values: Sequence[str]) -> list[Address]:
    """Return display name and address of everybody in address fields."""
    found: list[Address] = []
    for value in values:
        # The same few people write again and again.
        parse = _people_again if len(value) <= _SHORT_FIELD else _people
        found += parse(value[:_MAX_FIELD])
        if len(found) > _MAX_ADDRESSES:
            break
    return found[:_MAX_ADDRESSES]


def _people(value: str) -> tuple[Address, ...]:
    found = []
    for name, address in _split_addresses(_OBFUSCATED.sub(r"\1@\2", value))[:_MAX_ADDRESSES]:
        words = decode_words(name).strip("'\" ")
        if address and "=?" in address and "@" not in address:  # an encoded name without address
            words, address = decode_words(address), ""
        if words or address:
            found.append((words, address.strip(" '").lower()))
    return tuple(found)


_people_again = lru_cache(maxsize=8_192)(_people)


def _split_addresses(value: str) -> list[Address]:
    if not value.strip():
        return []
    try:
        people = getaddresses([value])
    except RecursionError:  # the library nests a call for each colon of a hostile field
        return [("", address) for address in _BARE_ADDRESS.findall(value)]
    # The library takes a name for the address where it finds none.
    if any(address and "@" not in address for _, address in people):
        return loose_addresses(value)
    return people


def parse_date(value: str) -> datetime | None:
    """Read a date as mail writes it; None where it cannot be read or cannot be true."""
    text = value.strip()
    if "GMT" in text or "UTC" in text:
        text = _NAMED_OFFSET.sub("", text)
    if text[-2:].upper() in _HALVES:
        return None  # the library would pass over them
    try:
        return _plausible(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _loose_date(value: str, near: datetime | None) -> datetime | None:
    """Read a date that breaks the rules: ISO 8601, words of other languages, Buddhist years.

    Parameters
    ----------
    near : datetime or None
        When the mail was under way, which decides whether a day or a month comes first.
    """
    text = _LEAP_SECOND.sub(r"\1:59", decode_words(value)[:_SHORT_FIELD])
    try:
        return _plausible(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    moment = parse_date(text)
    if moment is None and (near is not None or "/" not in text):
        read = read_date(text, near)
        moment = _plausible(read) if read else None
    return moment


def _plausible(moment: datetime) -> datetime | None:
    utc = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return utc if _EARLIEST <= utc <= datetime.now(UTC) + _AHEAD else None


def _fields(block: bytes) -> Iterator[tuple[str, bytes]]:
    for name, value in _FOLDED_FIELD.findall(block):
        yield name.decode("ascii").lower(), value.replace(b"\n", b"") if b"\n" in value else value


def _unlabelled(value: bytes, charset: str) -> str:
    """Decode raw bytes: UTF-8 where they are that (RFC 6532), else in the charset of the body."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return decode(value, charset)


def _word_bytes(encoding: str, word: str) -> bytes:
    data = word.encode("utf-8", "surrogatepass")
    if encoding in "qQ":
        return quopri.decodestring(data, header=True)
    try:
        return base64.b64decode(data.rstrip(b"=") + b"=" * (-len(data.rstrip(b"=")) % 4))
    except (binascii.Error, ValueError):
        return data
