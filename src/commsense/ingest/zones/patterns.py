"""Load the tables of what mail programs write (``patterns/*.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from commsense.ingest.zones.folding import fold, lower

# Scripts that set no space between words; a word of theirs may touch its neighbour.
_NO_SPACES = re.compile(r"[\u0e00-\u0e7f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@cache
def table(name: str) -> dict[str, Any]:
    """Return one table of patterns by the stem of its file."""
    path = files("commsense.ingest.zones").joinpath("patterns", f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def pooled(name: str, key: str) -> list[str]:
    """Return the entries of one key over all languages of a table, folded, without repeats."""
    entries = (fold(entry) for part in table(name).values() for entry in part.get(key, ()))
    return sorted(dict.fromkeys(entries), key=len, reverse=True)


def lowered(entries: Iterable[str]) -> tuple[str, ...]:
    """Return entries in lower case without repeats."""
    return tuple(dict.fromkeys(lower(entry) for entry in entries))


def openings(entries: Iterable[str]) -> tuple[str, ...]:
    """Return words as prefixes of a line: a space after each where the script sets one."""
    return tuple(entry if _NO_SPACES.match(entry) else entry + " " for entry in entries)


def any_of(entries: Iterable[str]) -> str:
    """Return a regular expression of literals, longest first: linear to search for."""
    return "|".join(re.escape(entry) for entry in sorted(entries, key=len, reverse=True))


class Vocabulary:
    """Words to look for inside a text; for an ASCII text only the ASCII ones are tried.

    Parameters
    ----------
    words : iterable of str
        Brought to lower case here; texts come in lower case.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._all = lowered(words)
        self._ascii = tuple(word for word in self._all if word.isascii())

    def any_in(self, text: str) -> bool:
        """Tell whether a text holds one of the words."""
        # A plain loop: a generator costs more than most of the searches.
        for word in self._ascii if text.isascii() else self._all:  # noqa: SIM110
            if word in text:
                return True
        return False
