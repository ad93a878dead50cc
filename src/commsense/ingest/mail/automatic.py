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

_PROGRAMS: Final = frozenset(["junk", "auto_reply", "auto-reply"])  # values of Precedence
_BULK: Final = "bulk"  # what old list servers say of people's posts too
_REPORTS: Final = frozenset(
    ["multipart/report", "message/delivery-status", "message/disposition-notification"]
)
_FLAGS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-mail-autoreply",
    "x-failed-recipients",
    "x-ms-exchange-generated-message-source",
)
_CALENDAR: Final = "text/calendar"
_ONE_MARK: Final = str.maketrans("._", "--")


def is_automatic(headers: Headers, types: Collection[str], sender: str, subject: str) -> bool:
    """Tell whether a program sent a mail.

    Parameters
    ----------
    headers : Headers
    types : collection of str
        Media types of all parts; of calendars only those that a program acts on.
    sender, subject : str
        Address and decoded subject.
    """
    precedence = headers.raw("precedence").lower()
    return (
        headers.raw("auto-submitted").partition(";")[0].strip().lower() not in ("", "no")
        or precedence in _PROGRAMS
        or (precedence == _BULK and not _is_discussion(headers))
        or any(name in headers for name in _FLAGS)
        or headers.raw("return-path") == "<>"
        or not _REPORTS.isdisjoint(types)
        or _CALENDAR in types
        or _is_newsletter(headers)
        or _senders().match(sender.translate(_ONE_MARK)) is not None
        or _is_program_subject(subject.strip().casefold(), headers)
    )


def _is_program_subject(subject: str, headers: Headers) -> bool:
    """Tell whether a subject begins as only programs do, or as theirs do when they answer."""
    if _subjects().match(subject):
        return True
    is_answer = "in-reply-to" in headers or "references" in headers
    return is_answer and _answers().match(subject) is not None


def _is_discussion(headers: Headers) -> bool:
    """Tell whether a mail came by a list to which people may post."""
    return headers.raw("list-post").strip().upper() not in ("", "NO")


def _is_newsletter(headers: Headers) -> bool:
    """Tell a mailing from a discussion list, to which people may post."""
    if _is_discussion(headers):
        return False
    return "list-unsubscribe" in headers and "in-reply-to" not in headers


@cache
def _tables() -> dict[str, list[str]]:
    path = files("commsense.ingest.mail").joinpath("automatic.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _senders() -> re.Pattern[str]:
    """Names before the @ that no person has, with "-" for every mark between words."""
    mailboxes, unread = (_any_of(_tables()[name]) for name in ("senders", "unread_senders"))
    return re.compile(rf"(?:{mailboxes}|(?:[^@]*-)?(?:{unread}))(?:[+\d-][^@]*)?@")


@cache
def _subjects() -> re.Pattern[str]:
    """How the subjects of automatic mail begin; receipts are short words that a colon follows."""
    titles, sentences, receipts = (
        _any_of(_tables()[name]) for name in ("subjects", "sentences", "receipts")
    )
    ends = r"\s*[:：\]]|\s+[-–]\s|\s+(?:re|aw|tr|fwd?|sv|rv)\s?[:：]|\s*$"
    return re.compile(rf"\[?(?:{titles})(?={ends})|(?:{sentences})(?!\w)|(?:{receipts})\s?[:：]")


@cache
def _answers() -> re.Pattern[str]:
    """Words that a colon follows in what programs answer, and now and then in what people write."""
    return re.compile(rf"(?:{_any_of(_tables()['answers'])})\s?[:：]")


def _any_of(texts: list[str]) -> str:
    return "|".join(re.escape(text.casefold()) for text in sorted(texts, key=len, reverse=True))
