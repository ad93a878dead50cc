"""Lists of phrases that are signs of a label, counted in texts.

The lists are data (``lexicon.toml``). What a list is worth is learnt; since one list holds phrases
of every language, what is learnt in one helps in the others. All phrases are looked for in one
pass (Aho and Corasick, 1975).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Final

import ahocorasick
import numpy as np
import numpy.typing as npt

from commsense.tagging.characters import Batch, fold, is_word

Floats = npt.NDArray[np.float32]

_MOST: Final = 3  # different phrases of a list in one text; more say no more
_LATIN_END: Final = 0x0250  # below it, scripts that part words by spaces and have no prefixes


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a batch: which list's, which phrase, and the folded characters it spans."""

    list: int
    phrase: int
    start: int
    end: int


@dataclass(frozen=True)
class Lexicon:
    """Named lists of phrases.

    Attributes
    ----------
    lists : mapping of str to sequence of str
        The phrases of each list, in all languages together.
    """

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def counts(self, texts: Sequence[str]) -> Floats:
        """Return how many phrases of each list a text holds, shape (texts, lists).

        Each phrase counts once, and at most three of a list count.
        """
        batch = fold(texts)
        counts = np.zeros((len(texts), len(self.lists)), dtype=np.float32)
        documents = batch.document
        seen = {(int(documents[one.start]), one.list, one.phrase) for one in self.matches(batch)}
        for document, name, _ in seen:
            counts[document, name] += 1
        return np.minimum(counts, _MOST)

    def matches(self, batch: Batch) -> Iterator[Match]:
        """Yield every phrase found; in Latin script only where a word begins."""
        if not self.lists:
            return
        text = batch.codes.astype("<u4").tobytes().decode("utf-32-le", "replace")
        inside = is_word(batch.codes)
        for last, (length, entries) in self._automaton.iter(text):
            start = last - length + 1
            begins_word = not inside[start - 1] or not inside[start]
            for name, phrase, anywhere in entries:
                if anywhere or begins_word:
                    yield Match(name, phrase, start, last + 1)

    @cached_property
    def _automaton(self) -> ahocorasick.Automaton:
        entries: dict[str, list[tuple[int, int, bool]]] = {}
        for name, phrases in enumerate(self.lists.values()):
            for number, phrase in enumerate(phrases):
                needle = _folded(phrase)
                anywhere = ord(needle[0]) >= _LATIN_END
                entries.setdefault(needle, []).append((name, number, anywhere))
        automaton = ahocorasick.Automaton()
        for needle, found in entries.items():
            automaton.add_word(needle, (len(needle), found))
        automaton.make_automaton()
        return automaton


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """Return the lists that come with commsense."""
    path = files("commsense.tagging").joinpath("lexicon.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Lexicon(
        {
            name: tuple(
                dict.fromkeys(phrase for phrases in languages.values() for phrase in phrases)
            )
            for name, languages in tables.items()
        }
    )


def _folded(phrase: str) -> str:
    """Fold a phrase as texts are; a space at its end is kept, for there a word must end."""
    codes = fold([phrase]).codes
    folded = codes.astype("<u4").tobytes().decode("utf-32-le").strip()
    return f"{folded} " if phrase.endswith(" ") else folded
