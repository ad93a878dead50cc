"""Apple Mail's .emlx: a mail below its length, above a list of flags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from commsense.ingest.mail.eml import looks_like_mail
from commsense.ingest.reader import RawMail, SourceFile
from commsense.schema import Rejected

# Source: the files themselves; Apple does not describe the format.
_LENGTH: Final = re.compile(rb"\s{0,8}(\d{1,12})[ \t]{0,8}\r?\n")
_FLAGS: Final = re.compile(rb"(?<![^\n])<\?xml[^>]{0,200}\?>\s{0,8}<!DOCTYPE plist")
_NEAR: Final = 8_192  # bytes before where the mail should end in which it may end


class Emlx:
    """A single mail as Apple Mail keeps it, with or without its attachments (.partial.emlx)."""

    name = "emlx"

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by a length above the header block of a mail."""
        length = _LENGTH.match(head)
        return length is not None and looks_like_mail(head[length.end() :])

    def mails(self, source: SourceFile) -> Iterator[RawMail | Rejected]:
        """Yield the one message."""
        data = source.read()
        length = _LENGTH.match(data)
        if length is None:  # only where the file has changed since it was recognised
            yield RawMail(data, source.name)
            return
        rest = data[length.end() :]
        size = min(int(length[1]), len(rest))
        # Editors change line ends, and with them the length; then the flags tell the end.
        flags = None if _FLAGS.match(rest, size) else _FLAGS.search(rest, max(0, size - _NEAR))
        yield RawMail(rest[: flags.start() if flags else size], source.name)
