"""Outlook's .msg, one mail a file (extra ``outlook``)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from email.utils import formataddr
from typing import Any, Final

from commsense.errors import MissingExtraError
from commsense.ingest.mail.mbox import MAX_MAIL_BYTES
from commsense.ingest.mail.outlook import (
    MAX_EMBEDDED,
    Attached,
    OutlookMail,
    html_text,
    rebuilt,
)
from commsense.ingest.reader import RawMail, SourceFile
from commsense.schema import Rejected

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REPORT: Final = "report."
_MAIL_CLASSES: Final = ("ipm.note", "ipm.schedule.meeting", _REPORT)
# Code pages by primary language (the low ten bits of a Windows locale): files older than Outlook
# 2003 have no Unicode and do not say what they are in.
_LOCALE_PROPERTY: Final = "3FF10003"
_PRIMARY_LANGUAGE: Final = 0x3FF
_TO, _CC = 1, 2  # kinds of recipients
_CODE_PAGES: Final = {
    0x01: "cp1256", 0x04: "gbk", 0x08: "cp1253", 0x0D: "cp1255", 0x11: "cp932", 0x12: "cp949",
    0x19: "cp1251", 0x1E: "cp874", 0x1F: "cp1254", 0x22: "cp1251",
}  # fmt: skip


class Msg:
    """A single mail of Outlook."""

    name = "msg"

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by the signature of a compound file; of those, only mails are exports."""
        return head.startswith(_OLE)

    def mails(self, source: SourceFile) -> Iterator[RawMail | Rejected]:
        """Yield the one message."""
        if source.size() > MAX_MAIL_BYTES:
            yield _rejected(source, f"more than {MAX_MAIL_BYTES} bytes")
            return
        try:
            extract_msg = _import()
        except MissingExtraError as error:
            yield Rejected(source.name, str(error))
            return
        try:
            yield _read(extract_msg, source)
        except Exception as error:
            yield _rejected(source, f"cannot be read ({type(error).__name__})")


def _import() -> Any:  # noqa: ANN401  # a module without types
    try:
        import extract_msg
    except ImportError:
        raise MissingExtraError("Outlook's .msg", "outlook") from None
    # It tells of every property that it does not know; what matters is in `rejected`.
    logging.getLogger("extract_msg").setLevel(logging.CRITICAL)
    return extract_msg


def _read(extract_msg: Any, source: SourceFile) -> RawMail | Rejected:  # noqa: ANN401
    content = source.read()
    with extract_msg.openMsg(content) as opened:
        code_page = _code_page(opened)
        if not str(opened.classType or "").lower().startswith(_MAIL_CLASSES):
            return _rejected(source, f"is no mail but {opened.classType!r}")
        if code_page is None:
            return RawMail(rebuilt(_mail(opened)), source.name)
    with extract_msg.openMsg(content, overrideEncoding=code_page) as opened:
        return RawMail(rebuilt(_mail(opened)), source.name)


def _code_page(opened: Any) -> str | None:  # noqa: ANN401
    """Return the encoding of a file without Unicode, None where it need not be told."""
    if str(opened.stringEncoding).startswith("utf-16"):
        return None
    locale = opened.getPropertyVal(_LOCALE_PROPERTY)
    return _CODE_PAGES.get(locale & _PRIMARY_LANGUAGE) if isinstance(locale, int) else None


def _mail(opened: Any, depth: int = 0) -> OutlookMail:  # noqa: ANN401
    header = opened.header
    return OutlookMail(
        headers=header.as_string() if opened.headerText else "",
        sender=_sender(opened),
        to=_recipients(opened, _TO),
        cc=_recipients(opened, _CC),
        subject=_text(opened, "subject"),
        message_id=_text(opened, "messageId"),
        in_reply_to=_text(opened, "inReplyTo"),
        is_report=str(opened.classType or "").lower().startswith(_REPORT),
        sent_at=opened.date,
        plain=_text(opened, "body"),
        rich=_rich(opened),
        attachments=[*_attachments(opened, depth)],
    )


def _sender(opened: Any) -> tuple[str, str]:  # noqa: ANN401
    name = opened.getStringStream("__substg1.0_0C1A") or opened.getStringStream("__substg1.0_0042")
    # SMTP address, then the address of whatever kind, which on Exchange is no mail address.
    address = opened.getStringStream("__substg1.0_5D01") or opened.getStringStream(
        "__substg1.0_0C1F"
    )
    return (str(name or ""), str(address or "") if "@" in str(address or "") else "")


def _recipients(opened: Any, kind: int) -> str:  # noqa: ANN401
    """Return those of a kind as a header would have them."""
    chosen = [one for one in opened.recipients if one.type is not None and int(one.type) == kind]
    people = [(str(one.name or "").strip("'"), str(one.email or "")) for one in chosen]
    return ", ".join(formataddr(person) for person in people if any(person))


def _text(opened: Any, name: str) -> str:  # noqa: ANN401
    """Return a property; one that is damaged degrades alone."""
    try:
        value = getattr(opened, name)
    except Exception:
        return ""
    return value if isinstance(value, str) else ""


def _rich(opened: Any) -> str:  # noqa: ANN401
    try:
        return html_text(opened.htmlBody)
    except Exception:
        return ""


def _attachments(opened: Any, depth: int) -> Iterator[Attached]:  # noqa: ANN401
    for one in opened.attachments:
        name = str(one.getFilename() or one.name or "")
        data = one.data
        if isinstance(data, bytes):
            yield Attached(name, data, str(one.mimetype or "application/octet-stream"))
        elif hasattr(data, "classType") and depth < MAX_EMBEDDED:
            yield Attached(name, rebuilt(_mail(data, depth + 1)), "message/rfc822")
        else:
            yield Attached(name, b"")


def _rejected(source: SourceFile, what: str) -> Rejected:
    return Rejected(
        source.name,
        f"an Outlook file that {what}; expected a mail; mend: open it in Outlook and save it again",
    )
