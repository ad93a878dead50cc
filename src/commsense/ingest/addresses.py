"""Mail addresses and domains in the one form in which they are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_ADDRESS = re.compile(r"[^\s<>\"(),:;]{1,128}@[^\s<>\"(),:;@]{1,255}")
_ALIASES = {"googlemail.com": "gmail.com"}
_MAX_LENGTH = 1_000
_COUNTRY_LETTERS = 2
_MIN_LABELS = 2  # of a domain that is left when a prefix is taken off


@lru_cache(maxsize=262_144)
def normalise_address(address: str) -> str:
    """Return an address in the form in which one mailbox is always written.

    Display names and brackets are dropped, letters are small, ``+tags`` go, ``googlemail.com`` is
    ``gmail.com``. What holds no address is returned in small letters without outer spaces.
    """
    text = unicodedata.normalize("NFC", address[:_MAX_LENGTH]).strip().lower()
    found = _last_address(text)
    if not found:
        return text
    local, _, domain = found.rpartition("@")
    domain = domain.strip(".'")
    untagged = local.strip("'").partition("+")[0] or local
    return f"{untagged}@{_ALIASES.get(domain, domain)}"


def domain_of(address: str) -> str:
    """Return the domain of a normalised address, "" where it has none."""
    local, _, domain = address.rpartition("@")
    return domain if local and " " not in address else ""


@lru_cache(maxsize=65_536)
def organisation(domain: str) -> str:
    """Return a domain without leading labels that only name a mail server or a mailing."""
    labels = domain.split(".")
    while len(labels) > _MIN_LABELS and labels[0] in names("mail_hosts"):
        if len(labels) == _MIN_LABELS + 1 and _is_public(labels[1:]):
            break
        labels = labels[1:]
    return ".".join(labels)


def stem(domain: str) -> str:
    """Return the part of a domain that names its owner: ``acme`` of ``shop.acme.co.uk``."""
    labels = domain.split(".")
    end = len(labels) - 1
    if end > 1 and _is_public(labels[end - 1 :]):
        end -= 1
    return labels[max(end - 1, 0)]


@lru_cache(maxsize=65_536)
def is_free_mail(domain: str) -> bool:
    """Tell whether anybody can have an address at a domain."""
    if domain in names("free_mail"):
        return True
    labels = domain.split(".")
    own = len(labels) == _MIN_LABELS or (len(labels) == _MIN_LABELS + 1 and _is_public(labels[1:]))
    return own and labels[0] in names("free_mail_brands")


def parents(domain: str) -> list[str]:
    """Return a domain and the domains above it, the longest first."""
    labels = domain.split(".")
    return [".".join(labels[i:]) for i in range(len(labels))]


@cache
def tables() -> dict[str, Any]:
    """Return the data of ``parties.toml``."""
    path = files("commsense.ingest").joinpath("parties.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def names(table: str, group: str = "") -> frozenset[str]:
    """Return one list of ``parties.toml``."""
    data = tables()[group][table] if group else tables()[table]
    return frozenset(map(str.casefold, data))


def _is_public(labels: list[str]) -> bool:
    """Tell whether two labels end a domain like ``co.uk`` does."""
    two_letters = len(labels[-1]) == _COUNTRY_LETTERS
    return len(labels) == _MIN_LABELS and two_letters and labels[0] in names("public_seconds")


def _last_address(text: str) -> str:
    bracketed = text[text.rfind("<") + 1 :]
    found = _ADDRESS.search(bracketed) or _ADDRESS.search(text)
    return found[0] if found else ""
