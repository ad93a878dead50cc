"""Outlook's .pst and .ost, folders of mails in one file (extra ``outlook``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import formataddr
from typing import Any, Final

from commsense.errors import MissingExtraError
from commsense.ingest.mail.outlook import (
    MAX_EMBEDDED,
    Attached,
    OutlookMail,
    html_text,
    rebuilt,
    rtf_text,
)
from commsense.ingest.reader import RawMail, SourceFile
from commsense.schema import Rejected

_MAGIC: Final = b"!BDN"
_CLASS: Final = 0x001A
_REPORT: Final = "report."
_MAIL_CLASSES: Final = ("ipm.note", "ipm.schedule.meeting", _REPORT)
# SMTP addresses of the sender and of whom he writes for, then the addresses of whatever kind.
_SENDER: Final = (0x5D01, 0x5D02, 0x0C1F, 0x0065)
_TO, _CC, _MESSAGE_ID, _IN_REPLY_TO = 0x0E04, 0x0E03, 0x1035, 0x1042
_MAIL_PROPERTIES: Final = frozenset({_CLASS, *_SENDER, _TO, _CC, _MESSAGE_ID, _IN_REPLY_TO})
_KIND, _DISPLAY_NAME = 0x0C15, 0x3001  # of a recipient: 1 for To, 2 for Cc
_ADDRESS: Final = (0x39FE, 0x3003)
_PERSON_PROPERTIES: Final = frozenset({_KIND, _DISPLAY_NAME, *_ADDRESS})
_NAMES: Final = (0x3707, 0x3704, 0x3001)  # of an attachment: long, short, shown
_MEDIA_TYPE, _METHOD, _EMBEDDED = 0x370E, 0x3705, 5
_FILE_PROPERTIES: Final = frozenset({*_NAMES, _MEDIA_TYPE, _METHOD})
_INTEGER: Final = 3
_MEDIA: Final = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,100}")
_MAX_DEPTH: Final = 50  # folders within folders
_MAX_ATTACHED: Final = 50 * 1024 * 1024


class Pst:
    """Outlook's data file."""

    name = "pst"

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by the signature."""
        return head.startswith(_MAGIC)

    def mails(self, source: SourceFile) -> Iterator[RawMail | Rejected]:
        """Yield the mails of all folders; contacts, tasks and appointments are none."""
        try:
            pypff = _import()
        except MissingExtraError as error:
            yield Rejected(source.name, str(error))
            return
        store = pypff.file()
        try:
            with source.open() as stream:
                store.open_file_object(stream)
                yield from _folder(store.get_root_folder(), source.name)
                store.close()
        except (OSError, RuntimeError, ValueError) as error:
            yield Rejected(
                source.name,
                f"a damaged Outlook data file ({error}); expected a readable one; mend: repair it "
                "with Outlook's scanpst, or export it again",
            )


def _import() -> Any:  # noqa: ANN401  # a module without types
    try:
        import pypff
    except ImportError:
        raise MissingExtraError("Outlook's .pst", "outlook") from None
    return pypff


def _folder(folder: Any, place: str, depth: int = 0) -> Iterator[RawMail | Rejected]:  # noqa: ANN401
    for number in range(folder.number_of_sub_messages):
        name = f"{place}#{number + 1}"
        try:
            mail = _mail(folder.get_sub_message(number))
        except (OSError, RuntimeError, ValueError, AttributeError) as error:
            yield Rejected(
                name, f"a damaged mail ({error}); expected a readable one; mend: export it again"
            )
            continue
        if mail is not None:
            yield RawMail(rebuilt(mail), name)
    if depth == _MAX_DEPTH:
        return
    for number in range(folder.number_of_sub_folders):
        inner = folder.get_sub_folder(number)
        yield from _folder(inner, f"{place}/{inner.name or ''}", depth + 1)


def _mail(item: Any, depth: int = 0) -> OutlookMail | None:  # noqa: ANN401
    """Return an item as a mail, None for what is none."""
    if not _has_text(item):
        return None
    found = _merged(_records(item, _MAIL_PROPERTIES))
    kind = _text(found, _CLASS).lower()
    if not kind.startswith(_MAIL_CLASSES):
        return None
    people = _records(_property(item, "recipients"), _PERSON_PROPERTIES)
    plain, rich = _decoded(_property(item, "plain_text_body")), _property(item, "html_body")
    return OutlookMail(
        headers=_property(item, "transport_headers") or "",
        sender=(_property(item, "sender_name") or "", _address(found, _SENDER)),
        to=_listed(people, 1) or _text(found, _TO),
        cc=_listed(people, 2) or _text(found, _CC),
        subject=_property(item, "subject") or "",
        message_id=_text(found, _MESSAGE_ID),
        in_reply_to=_text(found, _IN_REPLY_TO),
        is_report=kind.startswith(_REPORT),
        sent_at=_property(item, "client_submit_time") or _property(item, "delivery_time"),
        plain=plain if plain or rich else rtf_text(_decoded(_property(item, "rtf_body"))),
        rich=html_text(rich),
        attachments=[*_attachments(item, depth)],
    )


def _has_text(item: Any) -> bool:  # noqa: ANN401
    """Tell a message from other items, of which the library gives no text."""
    try:
        return hasattr(item, "transport_headers")
    except (OSError, RuntimeError, ValueError):
        return True  # it has them, only damaged


def _property(item: Any, name: str) -> Any:  # noqa: ANN401
    """Return a property; one that is damaged degrades alone."""
    try:
        return getattr(item, name, None)
    except (OSError, RuntimeError, ValueError):
        return None


def _records(item: Any, wanted: frozenset[int]) -> list[dict[int, str | int]]:  # noqa: ANN401
    """Return the properties by their number, one dict a set: recipients have one each."""
    return [
        {entry.entry_type: _value(entry) for entry in record.entries if entry.entry_type in wanted}
        for record in _property(item, "record_sets") or ()
    ]


def _value(entry: Any) -> str | int:  # noqa: ANN401
    try:
        if entry.value_type == _INTEGER:
            return int(entry.get_data_as_integer())
        return entry.get_data_as_string() or ""
    except (OSError, RuntimeError, ValueError):
        return ""


def _merged(records: list[dict[int, str | int]]) -> dict[int, str | int]:
    return {kind: value for record in records for kind, value in record.items()}


def _text(found: dict[int, str | int], kind: int) -> str:
    value = found.get(kind, "")
    return value if isinstance(value, str) else ""


def _address(found: dict[int, str | int], kinds: tuple[int, ...]) -> str:
    """Return the first that is a mail address; Exchange keeps names of its directory there too."""
    return next((_text(found, kind) for kind in kinds if "@" in _text(found, kind)), "")


def _listed(people: list[dict[int, str | int]], kind: int) -> str:
    """Return the recipients of a kind as a header would have them."""
    chosen = [
        (_text(one, _DISPLAY_NAME).strip("'"), _address(one, _ADDRESS))
        for one in people
        if one.get(_KIND) == kind
    ]
    return ", ".join(formataddr(person) for person in chosen if any(person))


def _decoded(text: bytes | str | None) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text or ""


def _attachments(item: Any, depth: int) -> Iterator[Attached]:  # noqa: ANN401
    for number in range(_property(item, "number_of_attachments") or 0):
        one = item.get_attachment(number)
        found = _merged(_records(one, _FILE_PROPERTIES))
        name = next((_text(found, kind) for kind in _NAMES if _text(found, kind)), "")
        if found.get(_METHOD) == _EMBEDDED and one.number_of_sub_items and depth < MAX_EMBEDDED:
            inner = _mail(one.get_sub_item(0), depth + 1)
            if inner is not None:
                yield Attached(name, rebuilt(inner), "message/rfc822")
            continue
        yield Attached(name, _content(one), _media_type(_text(found, _MEDIA_TYPE)))


def _content(one: Any) -> bytes:  # noqa: ANN401
    try:
        size = min(int(one.get_size() or 0), _MAX_ATTACHED)
        return bytes(one.read_buffer(size)) if size else b""
    except (OSError, RuntimeError, ValueError):
        return b""


def _media_type(named: str) -> str:
    return named if _MEDIA.fullmatch(named) else "application/octet-stream"
