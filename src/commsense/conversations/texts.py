"""Read what the thread rules need off a text: sentences, phrases and content words.

Everything here runs in time linear in the text: phrases are plain strings, not patterns.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

import ahocorasick_rs

MAX_CHARS = 4_000
"""Only the beginning of a text is read: questions and positions stand in what people write by
hand, and longer texts are pasted documents."""

_WRAPPED = 50
"""A line of at least so many characters that ends without punctuation was wrapped by the mail
program; the sentence goes on in the next line."""

_PUNCTUATION = re.compile(
    r"[\s!-/:-@\[-`{-~،؛؟。？！，、…«»“”„·–—‐‑\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)
_SENTENCE_END = re.compile(r"(?<=[.!?؟？。！…])[\"'”’»)\]]*\s+|\n")
_ARABIC_MARKS = dict.fromkeys([*range(0x064B, 0x0653), 0x0670, 0x0640])
_FOLDED = {
    **_ARABIC_MARKS,
    **{ord(letter): "ا" for letter in "أإآ"},
    ord("ى"): "ي",
    **{ord(mark): "'" for mark in "’‘ʼ"},
}
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\uac00-\ud7a3]")


def normalise(text: str) -> str:
    """Return a text in lower case without punctuation, words between single spaces.

    Arabic loses its vowel marks and the variants of alef and final ya, which people write
    interchangeably. A space stands at each end, so that ``" word "`` finds whole words.
    """
    folded = unicodedata.normalize("NFC", text[:MAX_CHARS]).lower().translate(_FOLDED)
    return f" {_PUNCTUATION.sub(' ', folded).strip()} "


def sentences(text: str) -> list[str]:
    """Split a text into sentences; lines that a mail program wrapped are joined again."""
    pieces = _SENTENCE_END.split("\n".join(_unwrapped(text[:MAX_CHARS].split("\n"))))
    return [piece.strip() for piece in pieces if piece and piece.strip()]


def _unwrapped(lines: Iterable[str]) -> Iterator[str]:
    joined = ""
    for raw in lines:
        line = raw.strip()
        joined = f"{joined} {line}" if joined else line
        if len(line) < _WRAPPED or line[-1] in ".!?؟？。…:;":
            yield joined
            joined = ""
    if joined:
        yield joined


class Phrases:
    """A set of phrases that is searched for in normalised text.

    Parameters
    ----------
    phrases : iterable of str
        As in ``cues.toml``.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._needles = tuple(dict.fromkeys(_needle(phrase) for phrase in phrases))
        self._whole = frozenset(needle.strip() for needle in self._needles)
        self._automaton = ahocorasick_rs.AhoCorasick(self._needles, store_patterns=False)

    def within(self, normalised: str) -> bool:
        """Tell whether any phrase occurs in a normalised text."""
        return bool(self._automaton.find_matches_as_indexes(normalised))

    def without(self, normalised: str) -> str:
        """Return a normalised text with every phrase cut out."""
        for needle in self._needles:
            normalised = normalised.replace(needle, " ")
        return normalised

    def start(self, normalised: str) -> bool:
        """Tell whether a normalised text begins with any phrase."""
        text = normalised.lstrip()
        return normalised.startswith(self._needles) or text.startswith(self._needles)

    def equal(self, normalised: str) -> bool:
        """Tell whether a normalised text is one of the phrases and nothing else."""
        return normalised.strip() in self._whole


def _needle(phrase: str) -> str:
    body = normalise(phrase.strip("*")).strip()
    if _UNSPACED.search(body) and len(body) > 1:
        return body
    left = "" if phrase.startswith("*") else " "
    right = "" if phrase.endswith("*") else " "
    return f"{left}{body}{right}"


@lru_cache(maxsize=1)
def _cues() -> dict[str, Phrases]:
    data = tomllib.loads(
        files("commsense.conversations").joinpath("cues.toml").read_text(encoding="utf-8")
    )
    return {
        kind: Phrases(phrase for phrases in by_language.values() for phrase in phrases)
        for kind, by_language in data.items()
    }


def cues(kind: str) -> Phrases:
    """Return the phrases of one table of ``cues.toml``, all languages together.

    Languages are not told apart here: people mix them, and a short text's language is a guess.
    """
    return _cues()[kind]
