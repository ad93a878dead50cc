"""From the raw bytes of one mail to a row of the neutral format."""

from __future__ import annotations

from datetime import datetime

from commsense.errors import MessageError
from commsense.ingest.fingerprint import fingerprint
from commsense.ingest.mail.author import author
from commsense.ingest.mail.automatic import is_automatic
from commsense.ingest.mail.body import read_body
from commsense.ingest.mail.headers import Headers, head_end, mended
from commsense.ingest.mail.mime import parse
from commsense.ingest.mail.takeout import is_draft, is_spam
from commsense.ingest.reader import RawMail
from commsense.ingest.zones.author import cut_author_block
from commsense.language import UNKNOWN, detect
from commsense.schema import Message, Rejected

_MAX_SUBJECT = 2_000
_MAX_REFERENCES = 1_000
_ID_DIGITS = 20


def to_message(mail: RawMail) -> Message | Rejected:
    """Read one mail.

    Returns
    -------
    Message or Rejected
        Rejected where the bytes are no mail at all; damage of any other kind degrades.
    """
    try:
        return _message(mended(mail.raw), mail.source, mail.envelope_date)
    except MessageError as error:
        return Rejected(mail.source, str(error))


def _message(raw: bytes, source: str, envelope_date: str) -> Message:
    if not raw.strip():
        raise MessageError("an empty message", "header fields and a text", "export it again")
    block = raw[: head_end(raw)]
    headers = Headers(block)
    if not any(True for _ in headers.names()):
        raise MessageError(
            "a message without header fields", "From, Date and Subject", "export it again"
        )
    if is_draft(headers):
        raise MessageError("a draft that was never sent", "mail", "send it, or leave it out")
    root = parse(raw)
    if not block.isascii():
        headers = Headers(block, root.charset)
    body = read_body(root)
    name, address = author(headers)
    subject = headers.text("subject")[:_MAX_SUBJECT]
    sent_at = headers.date(envelope_date)
    ids = headers.ids("message-id")
    zones = cut_author_block(body.zones, name)
    return Message(
        id=ids[0] if ids else _derived_id(sent_at, address, subject, zones.text),
        source=source,
        channel="email",
        sent_at=sent_at,
        author=address,
        author_name=name,
        recipients=_recipients(headers),
        subject=subject,
        text=zones.text,
        quoted=zones.quoted,
        signature=zones.signature,
        language=_language(zones.text, subject),
        automatic=is_automatic(headers, body.types, address, subject) or is_spam(headers),
        attachments=body.attachments,
        in_reply_to=next(iter(headers.ids("in-reply-to")), ""),
        references=headers.ids("references")[-_MAX_REFERENCES:],
    )


def _recipients(headers: Headers) -> list[str]:
    people = headers.addresses("to", "cc", "bcc")
    return list(dict.fromkeys(address or name.lower() for name, address in people))


def _language(text: str, subject: str) -> str:
    found = detect(text)
    return detect(subject) if found == UNKNOWN else found


def _derived_id(sent_at: datetime | None, author: str, subject: str, text: str) -> str:
    """Return an id for a mail that has none: the same mail in two exports has the same one."""
    letters = "".join(filter(str.isalnum, text))
    sent = sent_at.isoformat() if sent_at else ""
    return f"mail-{fingerprint(sent, author, subject, letters)[:_ID_DIGITS]}"
