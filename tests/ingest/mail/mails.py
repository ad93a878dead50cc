"""Builds mails and reads them as ingestion does."""

from commsense.ingest.mail import to_message
from commsense.ingest.reader import RawMail
from commsense.schema import Message

HEAD = (
    b"From: Ann Lee <ann@acme.example>\nTo: bo@agency.example\nSubject: Plans\nMessage-ID: <1@x>\n"
)


def message(raw: bytes, envelope_date: str = "") -> Message:
    """The message of some bytes, which must be one."""
    found = to_message(RawMail(raw, "test", envelope_date))
    assert isinstance(found, Message), found
    return found


def mail(body: bytes, fields: bytes = b"") -> Message:
    """The message of a body with the usual header block and some more fields."""
    return message(HEAD + fields + b"\n" + body)


def part(content: bytes, fields: bytes) -> bytes:
    return fields + b"\n\n" + content


def multipart(*parts: bytes, kind: bytes = b"mixed") -> Message:
    """The message of several parts."""
    body = b"".join(b"--cut\n" + one + b"\n" for one in parts) + b"--cut--\n"
    return mail(body, b"Content-Type: multipart/" + kind + b'; boundary="cut"\n')
