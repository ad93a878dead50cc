"""Mail: each format takes raw messages out of a file, ``message.py`` makes rows of them."""

from __future__ import annotations

from commsense.ingest.mail.eml import Eml
from commsense.ingest.mail.emlx import Emlx
from commsense.ingest.mail.forwarded import forwarded
from commsense.ingest.mail.mbox import Mbox
from commsense.ingest.mail.message import to_message
from commsense.ingest.mail.msg import Msg
from commsense.ingest.mail.pst import Pst
from commsense.ingest.reader import MailFormat

FORMATS: tuple[MailFormat, ...] = (Mbox(), Msg(), Pst(), Emlx(), Eml())
"""In the order in which a file is offered to them: the surest signs first."""

__all__ = ["FORMATS", "forwarded", "to_message"]
