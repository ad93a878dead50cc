"""What Outlook's own formats share: a mail kept as properties becomes an Internet mail again.

So one reader, with all its care for zones, threads and automatic mail, serves every container.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import HeaderParser
from email.policy import SMTP, compat32
from email.utils import format_datetime, formataddr
from typing import Final

from commsense.ingest.charsets import decode, html_charset

MAX_EMBEDDED: Final = 5
"""Mails within mails that are looked into."""

_BODY_FIELDS: Final = ("content-", "mime-version")
_PEOPLE_FIELDS: Final = ("from", "to", "cc")


@dataclass(slots=True)
class Attached:
    """An attachment: a file, or a mail within the mail."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


@dataclass(slots=True)
class OutlookMail:
    """A mail as properties.

    Attributes
    ----------
    headers : str
        The header block that it arrived with; empty for a mail that was sent or never left.
    sender : tuple of str
        Display name and address.
    to, cc : str
        Names and addresses as a header would have them.
    subject, message_id, in_reply_to : str
    is_report : bool
        Whether a program tells what became of a mail: a receipt or a bounce.
    sent_at : datetime or None
        UTC, also where it has no time zone.
    plain, rich : str
        The text, and the text as HTML; either may be empty.
    attachments : list of Attached
    """

    headers: str = ""
    sender: tuple[str, str] = ("", "")
    to: str = ""
    cc: str = ""
    subject: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    is_report: bool = False
    sent_at: datetime | None = None
    plain: str = ""
    rich: str = ""
    attachments: list[Attached] = field(default_factory=list)


def rebuilt(mail: OutlookMail) -> bytes:
    """Return the mail as MIME; the fields it arrived with win over its properties.

    All but those that name people without an address.
    """
    own = {name.lower(): (name, value) for name, value in _properties(mail)}
    fields = [
        (name, value)
        for name, value in _arrived(mail.headers)
        if not _is_directory_name(name, value) or name.lower() not in own
    ]
    known = {name.lower() for name, _ in fields}
    fields += [field for key, field in own.items() if key not in known]
    head = "".join(f"{name}: {_folded(value)}\r\n" for name, value in fields)
    return head.encode("utf-8", "replace") + _body(mail).as_bytes(policy=SMTP)


def html_text(content: bytes | str | None) -> str:
    """Return an HTML text that may be bytes in the charset that it names itself."""
    if not isinstance(content, bytes):
        return content or ""
    return decode(content, html_charset(content))


def rtf_text(rtf: str) -> str:
    """Return the words of a text in RTF; empty without the extra ``outlook``."""
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError:
        return ""
    text: str = rtf_to_text(rtf, errors="replace") if rtf else ""
    return text


def _arrived(headers: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a header block, without those that describe the body's old form."""
    for name, value in HeaderParser(policy=compat32).parsestr(headers).items():
        if not name.lower().startswith(_BODY_FIELDS):
            yield name, str(value)


def _is_directory_name(name: str, value: str) -> bool:
    """Tell whether a field names people without an address, as Exchange does within the house."""
    return name.lower() in _PEOPLE_FIELDS and "@" not in value


def _properties(mail: OutlookMail) -> Iterator[tuple[str, str]]:
    sent = mail.sent_at and format_datetime(
        mail.sent_at if mail.sent_at.tzinfo else mail.sent_at.replace(tzinfo=UTC)
    )
    values = {
        "From": formataddr(mail.sender) if any(mail.sender) else "",
        "To": mail.to,
        "Cc": mail.cc,
        "Subject": mail.subject,
        "Date": sent or "",
        "Message-ID": mail.message_id,
        "In-Reply-To": mail.in_reply_to,
        "Auto-Submitted": "auto-generated" if mail.is_report else "",
    }
    yield from ((name, value) for name, value in values.items() if value)


def _folded(value: str) -> str:
    """Return a value whose lines can be no fields of their own."""
    lines = [line.strip() for line in value.replace("\x00", "").splitlines()]
    return "\r\n ".join(line for line in lines if line)


def _body(mail: OutlookMail) -> EmailMessage:
    body = EmailMessage()
    if mail.plain.strip() or not mail.rich:
        body.set_content(_sound(mail.plain), cte="base64")
        if mail.rich:
            body.add_alternative(_sound(mail.rich), subtype="html", cte="base64")
    else:
        body.set_content(_sound(mail.rich), subtype="html", cte="base64")
    for attached in mail.attachments:
        main, _, sub = attached.media_type.partition("/")
        body.add_attachment(
            attached.content, maintype=main, subtype=sub, filename=_sound(attached.name)
        )
    return body


def _sound(text: str) -> str:
    """Return a text that can be encoded: without halves of surrogate pairs and zero bytes."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
