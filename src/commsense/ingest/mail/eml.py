"""One mail in a file of its own: .eml, and every file of a Maildir."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from commsense.ingest.mail.headers import LEADING, Headers, head_end
from commsense.ingest.reader import RawMail, SourceFile
from commsense.schema import Rejected

# Fields that tell a mail from other text with "Name: value" lines.
_SURE: Final = frozenset(["message-id", "received", "mime-version", "return-path", "delivered-to"])
_LIKELY: Final = frozenset(["from", "to", "date", "subject", "cc", "content-type", "reply-to"])
_ENOUGH_LIKELY: Final = 2
_ENDING: Final = ".eml"  # a hint, by which one field is enough


class Eml:
    """A single mail."""

    name = "eml"

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by the fields of the header block."""
        enough = 1 if source.name.lower().endswith(_ENDING) else _ENOUGH_LIKELY
        return looks_like_mail(head, enough)

    def mails(self, source: SourceFile) -> Iterator[RawMail | Rejected]:
        """Yield the one message."""
        yield RawMail(source.read(), source.name)


def looks_like_mail(head: bytes, enough: int = _ENOUGH_LIKELY) -> bool:
    """Tell whether bytes begin with the header block of a mail."""
    start = head.lstrip(LEADING).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    names = set(Headers(start[: head_end(start)]).names())
    return bool(names & _SURE) or len(names & _LIKELY) >= enough
