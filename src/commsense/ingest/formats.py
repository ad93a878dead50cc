"""Which format a file is in, told by its content."""

from __future__ import annotations

from commsense.ingest.mail import FORMATS as MAIL
from commsense.ingest.reader import Format, MailFormat, SourceFile
from commsense.ingest.tables import FORMATS as TABLES
from commsense.ingest.transcripts import FORMATS as TRANSCRIPTS

# A file is offered to the surest first; plain text with names, the last of the transcripts, would
# claim lines of tables too.
FORMATS: tuple[MailFormat | Format, ...] = (*MAIL, *TRANSCRIPTS[:-1], *TABLES, TRANSCRIPTS[-1])


def recognise(source: SourceFile) -> MailFormat | Format | None:
    """Return the format of a file, None where no format claims it."""
    head = source.head()
    return next((format_ for format_ in FORMATS if format_.recognises(source, head)), None)
