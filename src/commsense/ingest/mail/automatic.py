"""Mail that no person wrote to a person: auto-replies, bounces, newsletters, calendar notices.

The headers decide where they speak (RFC 3834, RFC 3464, RFC 2369); else senders and subjects that
only programs use, which are data in ``automatic.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Final

from commsense.ingest.mail.headers import Headers

_PROGRAMS: Final = frozenset(["bulk", "junk", "auto_reply", "auto-reply"])  # values of Precedence
_REPORTS: Final = frozenset(
    ["multipart/report", "message/delivery-status", "message/disposition-notification"]
)
_FLAGS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-failed-recipients",
    "x-ms-exchange-generated-message-source",
)
_CALENDAR: Final = "text/calendar"


def is_automatic(headers: Headers, types: Collection[str], sender: str, subject: str) -> bool:
    """Tell whether a program sent a mail.

    Parameters
    ----------
    headers : Headers
    types : collection of str
        Media types of all parts.
    sender, subject : str
        Address and decoded subject.
    """
    return (
        headers.raw("auto-submitted").partition(";")[0].strip().lower() not in ("", "no")
        or headers.raw("precedence").lower() in _PROGRAMS
        or any(name in headers for name in _FLAGS)
        or headers.raw("return-path") == "<>"
        or not _REPORTS.isdisjoint(types)
        or _CALENDAR in types
        or _is_newsletter(headers)
        or _senders().match(sender) is not None
        or _subjects().match(subject.strip().casefold()) is not None
    )


def _is_newsletter(headers: Headers) -> bool:
    """Tell a mailing from a discussion list, to which people may post."""
    if headers.raw("list-post").strip().upper() not in ("", "NO"):
        return False
    return "list-unsubscribe" in headers and "in-reply-to" not in headers


@cache
def _tables() -> dict[str, list[str]]:
    path = files("commsense.ingest.mail").joinpath("automatic.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _senders() -> re.Pattern[str]:
    """Names before the @ that no person has."""
    return re.compile(rf"(?:{'|'.join(map(re.escape, _tables()['senders']))})(?:[+.\d-][^@]*)?@")


@cache
def _subjects() -> re.Pattern[str]:
    """How the subjects of automatic mail begin; receipts are short words that a colon follows."""
    begins, receipts = (_any_of(_tables()[name]) for name in ("subjects", "receipts"))
    return re.compile(rf"\[?(?:{begins})(?=\s*[:：\]]|\s+[-–]\s|\s*$)|(?:{receipts})\s?[:：]")


def _any_of(texts: list[str]) -> str:
    return "|".join(re.escape(text.casefold()) for text in sorted(texts, key=len, reverse=True))
