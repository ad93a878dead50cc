"""The words by which personal data are known, from ``personal.toml``, as they are compared."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from commsense.ingest.names import fold
from commsense.ingest.zones.patterns import any_of


@cache
def table(name: str) -> tuple[str, ...]:
    """Return one list as it is written."""
    return tuple(_tables()[name])


@cache
def words(name: str) -> frozenset[str]:
    """Return one list without capitals and accents."""
    return frozenset(map(fold, table(name)))


@cache
def alternatives(name: str) -> str:
    """Return one list as a regular expression of literals, the longest first."""
    return any_of(table(name))


@cache
def _tables() -> dict[str, list[str]]:
    path = files("commsense.privacy").joinpath("personal.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
