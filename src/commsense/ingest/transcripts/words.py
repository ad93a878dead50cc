"""The word lists of ``words.toml``, folded for comparison."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


def folded(text: str) -> str:
    """Return a text without case and without spaces or stops around it."""
    return text.strip(" \t.").casefold()


@cache
def words(table: str, name: str) -> frozenset[str]:
    """Return one list of ``words.toml``."""
    return frozenset(folded(word) for word in _tables()[table][name])


@cache
def header_kind(key: str) -> str:
    """Return what a header key announces: a name of the table ``headers``, "" where unknown."""
    for kind in _tables()["headers"]:
        if folded(key) in words("headers", kind):
            return kind
    return ""


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    path = files("commsense.ingest.transcripts").joinpath("words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
