"""Gmail Takeout's labels of a mail, in the language of the user's interface."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

from commsense.ingest.mail.headers import Headers

_FIELD: Final = "x-gmail-labels"
_TABLE: Final = tomllib.loads(
    files(__package__).joinpath("takeout.toml").read_text(encoding="utf-8")
)
_DRAFTS: Final = frozenset(map(str.casefold, _TABLE["drafts"]))
_SPAM: Final = frozenset(map(str.casefold, _TABLE["spam"]))


def is_draft(headers: Headers) -> bool:
    """Tell whether a mail was never sent."""
    return not _DRAFTS.isdisjoint(_labels(headers))


def is_spam(headers: Headers) -> bool:
    """Tell whether Gmail, or the user, took a mail for spam."""
    return not _SPAM.isdisjoint(_labels(headers))


def _labels(headers: Headers) -> list[str]:
    if _FIELD not in headers:
        return []
    return [label.strip(' "').casefold() for label in headers.text(_FIELD).split(",")]
