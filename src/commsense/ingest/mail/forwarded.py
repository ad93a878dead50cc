"""Mail that somebody forwarded within a mail of his own, as a message of its author.

A client's complaint reaches colleagues as history below a short note. The block of fields above it
names its author and time; from that it becomes a message of its own, in the thread of the mail that
it came with. The history of a reply stays history: what it quotes is in the export as a rule.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Final

from commsense.ingest.addresses import normalise_address
from commsense.ingest.mail.automatic import is_automatic
from commsense.ingest.mail.headers import Headers, head_end, mended
from commsense.ingest.mail.localdates import read_date
from commsense.ingest.names import name_key
from commsense.ingest.reader import RawMail
from commsense.ingest.subjects import base_subject, is_forward, is_reply
from commsense.ingest.zones import split_text
from commsense.ingest.zones.author import cut_author_block
from commsense.ingest.zones.folding import visible
from commsense.ingest.zones.headers import field, header_block
from commsense.ingest.zones.separators import is_heading, is_rule, is_separator
from commsense.language import UNKNOWN, detect
from commsense.schema import Message

MARK: Final = "#forwarded"
"""Stands in the id of a message that was taken out of another one, behind that one's id."""

_MAX_FORWARDS: Final = 5  # of one mail: a forward of a forward
_MAX_HEAD: Final = 80  # lines in which a block of fields ends
_MAX_LINE: Final = 2_000
_MAX_FIELD: Final = 20_000
_MAX_SUBJECT: Final = 2_000
_MAX_NAME: Final = 200
_MAX_NOTE: Final = 400  # letters of a note above what is forwarded without a word in the subject
_MIN_FIELDS: Final = 3  # after which an empty line ends a block
_KINDS: Final = ("from", "date", "to", "subject", "cc")
_AROUND: Final = " \t\"'“”«»*_<>[],;:،؛"
_LISTED: Final = (",", ";")  # at the end of a line that the next one goes on with
_ADDRESS: Final = re.compile(r"[^\s<>\"'(),:;@\[\]*]{1,64}@[^\s<>\"'(),:;@\[\]*]{2,255}")
_OTHER_FIELD: Final = re.compile(r"[\w-]{2,25}:\s")  # "References: <1@acme.example>"
_MAILTO: Final = "mailto"
_ATTACHED: Final = "message/rfc822"

_NO_FIELDS: Final = ("", ">")
_REPLY: Final = "re:"

Fields = dict[str, str]


def forwarded(message: Message, mail: RawMail) -> Iterator[Message]:
    """Yield what a message forwards, the outermost first: a forward may forward another one.

    Parameters
    ----------
    message : Message
    mail : RawMail
        What it was read from.

    Yields
    ------
    Message
        One that has words of its own and an author whose address is known.
    """
    envelope: _Envelope | None = None
    for _ in range(_MAX_FORWARDS):
        if message.automatic or not _may_forward(message):
            return
        envelope = envelope or _Envelope(mail, message.sent_at)
        found = _forwarded_by(message, envelope)
        if found is None:
            return
        if found.text:
            yield found
        message = found


class _Envelope:
    """The header fields of the mail that everything came with, read where they are needed."""

    def __init__(self, mail: RawMail, sent_at: datetime | None) -> None:
        raw = mended(mail.raw)
        self._headers = Headers(raw[: head_end(raw)])
        self._sent_at = sent_at

    @cached_property
    def sent_at(self) -> datetime | None:
        """When it was sent, in the zone in which its author reads dates."""
        if self._sent_at is None:
            return None
        try:
            zone = parsedate_to_datetime(self._headers.raw("date")).tzinfo
        except (ValueError, TypeError, IndexError, OverflowError):
            zone = None
        return self._sent_at.astimezone(zone or UTC)

    @cached_property
    def people(self) -> Mapping[str, str]:
        """Addresses by name, of names that only one person in the mail has."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, address in self._headers.addresses("from", "to", "cc"):
            if name and address:
                found[name_key(name)].add(address)
        return {key: next(iter(one)) for key, one in found.items() if key and len(one) == 1}


@dataclass(frozen=True, slots=True)
class _Block:
    """The fields above what is forwarded, and the text below them.

    Attributes
    ----------
    fields : dict
        Values by kind: ``from``, ``date``, ``to``, ``cc``, ``subject``.
    body : str
    headed : bool
        Whether a line like "Forwarded message" stands above.
    """

    fields: Fields
    body: str
    headed: bool


def _may_forward(message: Message) -> bool:
    """Tell at little cost whether a history may be that of a forward, which few are.

    Where it is not known who a mail went to, as in the archives of lists, a forward cannot be told
    from a reply: these archives drop the marks of replies too.
    """
    # What most mail with a history has is told before anything is looked up.
    if message.subject[:3].casefold() == _REPLY or message.quoted[:1] in _NO_FIELDS:
        return False
    if not message.recipients:
        return False
    line = visible(message.quoted[:_MAX_LINE].partition("\n")[0]).strip()
    if not line or (field(line) is None and not _leads(line)):
        return False
    return is_forward(message.subject) or not is_reply(message.subject)


def _leads(line: str) -> bool:
    """Tell whether a line may stand between the note and the fields."""
    return is_rule(line) or is_separator(line) or is_heading(line)


def _forwarded_by(message: Message, envelope: _Envelope) -> Message | None:
    block = _block(message.quoted, base_subject(message.subject))
    author = _author(block.fields.get("from", ""), envelope.people) if block else None
    if block is None or author is None:
        return None
    name, address = author
    recipients = _recipients(block.fields, envelope.people)
    if not _is_forward(message, block, address, recipients):
        return None
    zones = cut_author_block(split_text(block.body), name)
    subject = block.fields.get("subject", "").strip()[:_MAX_SUBJECT]
    language = detect(zones.text)
    return Message(
        id=message.id + MARK,
        source=message.source,
        sent_at=read_date(block.fields.get("date", ""), envelope.sent_at),
        author=address,
        author_name=name,
        recipients=recipients,
        subject=subject,
        text=zones.text,
        quoted=zones.quoted,
        signature=zones.signature,
        language=detect(subject) if language == UNKNOWN else language,
        automatic=is_automatic(Headers(b""), (), address, subject),
        references=[*filter(None, (*message.references, message.in_reply_to)), message.id],
    )


def _is_forward(message: Message, block: _Block, author: str, recipients: list[str]) -> bool:
    """Tell a forward from a reply, which has its history below it too.

    A reply goes to the author of what it quotes. Without a word in the subject there must be a
    heading and no more than a note above it, and nobody who is written to had the mail already: a
    list had it, and so had the people of a reply to all.
    """
    readers = {*map(normalise_address, message.recipients)}
    if normalise_address(author) in readers:
        return False
    if is_forward(message.subject):
        return True
    attached = any(one.type == _ATTACHED for one in message.attachments)
    return (
        (block.headed or attached)
        and not is_reply(message.subject)
        and len(message.text) <= _MAX_NOTE
        and normalise_address(author) != normalise_address(message.author)
        and readers.isdisjoint(map(normalise_address, recipients))
    )


def _block(quoted: str, subject: str) -> _Block | None:
    """Read the fields that a history begins with; None where it begins otherwise.

    Parameters
    ----------
    quoted : str
    subject : str
        What the mail is about; a longer subject than one line holds goes on with the next line.
    """
    lines = quoted.split("\n")
    seen = [visible(line[:_MAX_LINE]).strip() for line in lines[:_MAX_HEAD]]
    start, headed = 0, False
    while start < len(seen) and (not seen[start] or _leads(seen[start])):
        headed = headed or (bool(seen[start]) and not is_rule(seen[start]))
        start += 1
    if start == len(seen):
        return None
    if seen[start].startswith(">"):
        lines = _unquoted(lines[start:])
        seen = [visible(line[:_MAX_LINE]).strip() for line in lines[:_MAX_HEAD]]
        start = 0
    first = field(seen[start])
    end = header_block(seen, start, first[0]) if first else None
    if end is None:
        return None
    fields, end = _fields(seen, start, end)
    if end < len(seen) and seen[end] and "subject" in fields:
        whole = f"{fields['subject']} {seen[end]}"
        if base_subject(whole) == subject:
            fields["subject"], end = whole, end + 1
    return _Block(fields, "\n".join(lines[end:]), headed)


def _unquoted(lines: list[str]) -> list[str]:
    """Return lines without one quote mark each, as far as they have one."""
    bare: list[str] = []
    for line in lines:
        if line and not line.startswith(">"):
            break
        bare.append(line[1:].removeprefix(" "))
    return bare


def _fields(lines: list[str], start: int, end: int) -> tuple[Fields, int]:
    """Return the values of a block's fields, and the index after it."""
    found: Fields = {}
    last = ""
    for index in range(start, end):
        line = lines[index]
        known = field(line) if line else None
        if known is None:
            if not line and "from" in found and len(found) >= _MIN_FIELDS:
                return found, index
            if not _OTHER_FIELD.match(line):
                found[last] = f"{found[last]} {line}"[:_MAX_FIELD]
            continue
        last = _kind(known[0], known[1], found)
        if last == "cc" and "cc" in found:
            found["cc"] += f", {known[1]}"
        elif last in found:
            return found, index
        else:
            found[last] = known[1].strip(" *")
    while end < len(lines) and found[last].rstrip().endswith(_LISTED):
        found[last] += f" {lines[end]}"
        end += 1
    return found, end


def _kind(kinds: frozenset[str], value: str, found: Fields) -> str:
    """Return the kind of a label; one word may be that of several fields in several languages."""
    possible = [kind for kind in _KINDS if kind in kinds and kind not in found]
    if len(possible) > 1 and "date" in possible:
        dated = "@" not in value and any(map(str.isdecimal, value))
        possible = ["date"] if dated else [kind for kind in possible if kind != "date"]
    return possible[0] if possible else next(kind for kind in _KINDS if kind in kinds)


def _author(value: str, people: Mapping[str, str]) -> tuple[str, str] | None:
    """Return display name and address; None where neither the field nor the mail tells that."""
    found = _ADDRESS.search(value)
    if found is None:
        name = _name(value)
        address = people.get(name_key(name)) if name else None
        return (name, address) if address else None
    name = _name(value[: found.start()])
    return "" if "@" in name else name, _address(found[0])


def _name(text: str) -> str:
    return text[:_MAX_NAME].strip(_AROUND).removesuffix(_MAILTO).rstrip(f"{_AROUND}(")


def _address(found: str) -> str:
    return found.rstrip(".").lower()


def _recipients(fields: Fields, people: Mapping[str, str]) -> list[str]:
    """Return who a mail went to: addresses, else, as Outlook writes them, names."""
    to, copy = fields.get("to", ""), fields.get("cc", "")
    found = [_address(one) for one in _ADDRESS.findall(to)]
    if not found:
        names = filter(None, map(_name, to.split(";")))
        found = [people.get(name_key(name)) or name.lower() for name in names]
    # The labels of copies are those of attachments and the like as well.
    found += [_address(one) for one in _ADDRESS.findall(copy)]
    return list(dict.fromkeys(found))
