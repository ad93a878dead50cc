"""A row of a table of mails, with its whole body, as the mail that it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from commsense.ingest import cells
from commsense.ingest.columns import Row
from commsense.ingest.mail import forwarded, to_message
from commsense.ingest.mail.people import loose_addresses
from commsense.ingest.patience import patience
from commsense.ingest.reader import RawMail
from commsense.schema import Message, Rejected

_MAX_FIELD: Final = 20_000
_FIELDS: Final = (("to", "To"), ("cc", "Cc"), ("bcc", "Bcc"))
_IDS: Final = (("id", "Message-ID"), ("in_reply_to", "In-Reply-To"), ("references", "References"))
_HTML = re.compile(
    r"\s*+<(?:!doctype|html|head|body|meta|style|div|p|span|table|br)\b", re.IGNORECASE
)


def read_mail(row: Row, place: str, sent_at: datetime | None) -> Sequence[Message | Rejected]:
    """Read a mail, and behind it what it forwards.

    Parameters
    ----------
    row : dict
        Columns of the neutral format, and ``to``, ``cc``, ``bcc``; its text is the whole body.
    place : str
        Where it stands.
    sent_at : datetime or None
        When it was sent, as far as the row tells.

    Raises
    ------
    MessageError
        Where it takes too long.
    """
    mail = _mail(row, place, sent_at)
    with patience():
        message = to_message(mail)
        if isinstance(message, Rejected):
            return (message,)
        message.conversation_id = cells.string(row.get("conversation_id"))
        message.side = cells.word(row.get("side"), "side")
        message.client = cells.string(row.get("client")) or None
        return (message, *forwarded(message, mail)) if message.quoted else (message,)


def _mail(row: Row, place: str, sent_at: datetime | None) -> RawMail:
    body = cells.string(row.get("text"))
    told = {"to": row.get("recipients"), **row}
    people = [(header, _people(cells.strings(told.get(field)))) for field, header in _FIELDS]
    ids = [(header, _ids(cells.strings(row.get(field)))) for field, header in _IDS]
    head = [
        ("From", _author(row)),
        *people,
        ("Subject", cells.string(row.get("subject"))),
        ("Date", format_datetime(sent_at) if sent_at else ""),
        *ids,
        ("MIME-Version", "1.0"),
        ("Content-Type", f"text/{'html' if _HTML.match(body) else 'plain'}; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]
    lines = [f"{name}: {_one_line(value)}\n" for name, value in head if value]
    return RawMail(f"{''.join(lines)}\n{body}".encode("utf-8", "replace"), place)


def _author(row: Row) -> str:
    author, name = cells.string(row.get("author")), cells.string(row.get("author_name"))
    people = loose_addresses(author)
    if not people:
        return _person(name, "")
    return _person(people[0][0] or name, people[0][1])


def _people(values: Iterable[str]) -> str:
    people = (person for value in values for person in loose_addresses(value[:_MAX_FIELD]))
    return ", ".join(_person(name, address) for name, address in people)


def _person(name: str, address: str) -> str:
    quoted = '"' + name.replace("\\", "").replace('"', "") + '"' if name else ""
    return f"{quoted} <{address}>" if address else quoted


def _ids(values: Iterable[str]) -> str:
    ids = (one.strip("<>,") for value in values for one in value.split())
    return " ".join(f"<{one}>" for one in ids if one)


def _one_line(value: str) -> str:
    return " ".join(value[:_MAX_FIELD].split())
