"""Outlook's winmail.dat: a mail packed into an attachment of itself (extra ``outlook``).

Exchange sends it to those whom it takes for its own; others see an empty mail. Source: MS-OXTNEF.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any, Final

from commsense.ingest.mail.outlook import Attached, html_text, rtf_text

TYPES: Final = frozenset(["application/ms-tnef", "application/vnd.ms-tnef"])
"""Media types under which it is sent."""

_NAME: Final = "winmail.dat"
_SIGNATURE: Final = b"\x78\x9f\x3e\x22"


@dataclass(slots=True)
class Packed:
    """What was in it: the text, as plain text and as HTML, and the real attachments."""

    plain: str = ""
    rich: str = ""
    attachments: list[Attached] = field(default_factory=list)


def is_tnef(content_type: str, name: str) -> bool:
    """Tell by its type or name whether an attachment may be one."""
    return content_type in TYPES or name.lower() == _NAME


def unpacked(content: bytes) -> Packed | None:
    """Return what a winmail.dat holds; None where it is damaged or the extra is not installed."""
    if not content.startswith(_SIGNATURE):
        return None
    try:
        from tnefparse import TNEF
    except ImportError:
        return None
    logging.getLogger("tnef-decode").setLevel(logging.CRITICAL)
    try:
        found = TNEF(content)
        plain = _decoded(found.body) or rtf_text(_decoded(found.rtfbody))
        attachments = [Attached(_name(one), bytes(one.data or b"")) for one in found.attachments]
        return Packed(plain, html_text(found.htmlbody), attachments)
    except Exception:
        return None


def _name(attachment: Any) -> str:  # noqa: ANN401
    return _decoded(attachment.long_filename() or attachment.name)


def _decoded(text: object) -> str:
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text or "")
    return decoded.strip("\x00")
