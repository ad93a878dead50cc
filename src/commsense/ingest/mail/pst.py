"""Outlook's .pst and .ost, folders of mails in one file (extra ``outlook``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from commsense.errors import MissingExtraError
from commsense.ingest.mail.outlook import Attached, OutlookMail, html_text, rebuilt
from commsense.ingest.reader import RawMail, SourceFile
from commsense.schema import Rejected

_MAGIC: Final = b"!BDN"
_CLASS: Final = 0x001A
_MAIL_CLASSES: Final = ("ipm.note", "ipm.schedule.meeting", "report.")
_SENDER: Final = (0x5D01, 0x0C1F)  # SMTP address, then the address of whatever kind
_TO, _CC, _MESSAGE_ID, _IN_REPLY_TO = 0x0E04, 0x0E03, 0x1035, 0x1042
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


def _mail(item: Any) -> OutlookMail | None:  # noqa: ANN401
    """Return an item as a mail, None for what is none."""
    if not hasattr(item, "transport_headers"):
        return None
    found = _properties(item)
    if not found.get(_CLASS, "").lower().startswith(_MAIL_CLASSES):
        return None
    addresses = [found[kind] for kind in _SENDER if "@" in found.get(kind, "")]
    return OutlookMail(
        headers=item.transport_headers or "",
        sender=(item.sender_name or "", next(iter(addresses), "")),
        to=found.get(_TO, ""),
        cc=found.get(_CC, ""),
        subject=item.subject or "",
        message_id=found.get(_MESSAGE_ID, ""),
        in_reply_to=found.get(_IN_REPLY_TO, ""),
        sent_at=item.client_submit_time or item.delivery_time,
        plain=_decoded(item.plain_text_body),
        rich=html_text(item.html_body),
        attachments=[*_attachments(item)],
    )


def _properties(item: Any) -> dict[int, str]:  # noqa: ANN401
    """Return the text properties by their number."""
    wanted = {_CLASS, *_SENDER, _TO, _CC, _MESSAGE_ID, _IN_REPLY_TO}
    return {
        entry.entry_type: entry.get_data_as_string() or ""
        for record in item.record_sets
        for entry in record.entries
        if entry.entry_type in wanted
    }


def _decoded(text: bytes | str | None) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text or ""


def _attachments(item: Any) -> Iterator[Attached]:  # noqa: ANN401
    for number in range(item.number_of_attachments):
        one = item.get_attachment(number)
        size = min(int(one.get_size() or 0), _MAX_ATTACHED)
        yield Attached(str(getattr(one, "name", "") or ""), one.read_buffer(size) if size else b"")
