"""Find people's names in scripts that set spaces, and know whom an export names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from commsense.ingest.names import fold
from commsense.ingest.zones.patterns import any_of
from commsense.privacy.signs import words

_MAX_GIVEN_NAMES: Final = 3  # words that follow a title or a given name
_MIN_SMALL_TITLE: Final = 4  # letters
_MIN_GLUED: Final = 3  # characters of a name that is looked for inside words

# Thai vowels and Arabic vowel signs are marks for Python, not letters.
_LETTER = r"(?:[^\W\d_]|[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u064b-\u0652])"
_WORD = re.compile(rf"{_LETTER}+(?:['’.-](?!s\b){_LETTER}+)*")
_ADDRESS = re.compile(r"\S{1,64}@\S{1,255}")
_LOCAL_WORD = re.compile(r"[^\W\d_]{3,}")
_ARABIC = re.compile("[\u0620-\u06ff]")
_PREFIXES = re.compile("^(?:[وف]?[لبك]|[وف])")  # Arabic "and", "to", "with" touch the name
_PARTICLES: Final = frozenset(
    "de da do dos du la le van von der den bin ben al el".split()  # noqa: SIM905 - readable
)
_ENDS_LINE = re.compile(r"[ .,!\-–—]*+(?:\n|\Z)")
_ENDS_TEXT = re.compile(r"[ .,!\-–—\n]*+\Z")
_GOES_ON = re.compile(r"\s*+[^\W\d_]")
_UNSPACED = re.compile("[\u0e01-\u0e4e가-힣]")


class People:
    """Whom an export names.

    Parameters
    ----------
    names : iterable of str
        Display names and speakers, in any script.
    addresses : iterable of str
        Mail addresses; the words before the @ are taken for names.
    """

    def __init__(self, names: Iterable[str] = (), addresses: Iterable[str] = ()) -> None:
        told = {word for name in names for word in _WORD.findall(_ADDRESS.sub(" ", name))}
        told |= {word for address in addresses for word in _local_words(address)}
        titles = words("titles_before") | _PARTICLES
        spoken = {word: fold(word) for word in told if len(word) > 1}
        self._words = frozenset(
            key for key in spoken.values() if key not in titles and key not in words("ambiguous")
        )
        self._sometimes = frozenset(spoken.values()) & words("ambiguous")
        glued = [word for word in told if _UNSPACED.match(word)]
        kept = [word for word in glued if len(word) >= _MIN_GLUED]
        self._glued = re.compile(any_of(kept)) if kept else None

    def holds(self, word: str) -> bool:
        """Tell whether a word is part of somebody's name and means nothing else."""
        return fold(word) in self._words

    def may_hold(self, word: str) -> bool:
        """Tell whether a word is part of somebody's name, though it may mean something else."""
        return fold(word) in self._sometimes

    def names(self, word: str) -> bool:
        """Tell whether a word with a capital may be part of somebody's name."""
        return word[0].isupper() and (self.holds(word) or self.may_hold(word))

    def glued(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where Thai and Korean names stand, which touch their neighbours."""
        if self._glued is not None:
            yield from (found.span() for found in self._glued.finditer(text))


def _local_words(address: str) -> list[str]:
    local = address.partition("@")[0].partition("+")[0]
    return [word for word in _LOCAL_WORD.findall(local) if fold(word) not in words("ambiguous")]


def find_names(text: str, people: People) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of characters that are names or their parts, word by word."""
    found = list(_WORD.finditer(text))
    follows = 0  # words that may still belong to a name that has begun
    for index, match in enumerate(found):
        before = found[index - 1] if index else None
        word, key = match[0], fold(match[0])
        near = before is not None and _touches(text, before, match)
        if not near:
            follows = 0
        after = found[index + 1] if index + 1 < len(found) else None
        full = after is not None and _touches(text, match, after) and people.names(after[0])
        said = _said(word, people, sure=follows > 0 or full)
        if said is None and near and before is not None:
            said = _beside(text, before[0], match, follows)
        if said is None and _is_signature(text, match, before):
            said = 0
        if said is None:
            goes_on = key in _PARTICLES or key in words("inside_arabic_names")
            follows = follows if near and goes_on else 0
            continue
        follows = _MAX_GIVEN_NAMES if follows == 0 else follows - 1
        yield match.start() + said, match.end()


def _said(word: str, people: People, *, sure: bool) -> int | None:
    """Return where a name begins in a word that is known as one; None for other words."""
    if _ARABIC.match(word):
        for start in (0, _prefix_end(word)):
            if people.holds(word[start:]) or fold(word[start:]) in _given():
                return start
        return None
    capital = word[0].isupper()
    if people.holds(word) and (capital or len(word) > _MIN_GLUED):
        return 0
    if capital and (fold(word) in _given() or (sure and people.may_hold(word))):
        return 0
    return None


@cache
def _given() -> frozenset[str]:
    return words("given") - words("ambiguous")


def _prefix_end(word: str) -> int:
    found = _PREFIXES.match(word)
    return found.end() if found and len(word) - found.end() >= _MIN_GLUED else 0


def _beside(text: str, before: str, match: re.Match[str], follows: int) -> int | None:
    """Judge a word by the one before it: a title, a greeting, a name that goes on."""
    word, key = match[0], fold(before)
    arabic = _ARABIC.match(word) is not None
    if not (word[0].isupper() or arabic):
        return None
    # Short titles are words too where they are small: "me", "don".
    titled = before[0].isupper() or arabic or len(key) >= _MIN_SMALL_TITLE
    title = key.strip(".")
    if titled and (title in words("titles_before") or title in words("introduces")):
        return 0
    if arabic:
        named = word.startswith("ال") or key in words("inside_arabic_names")
        return 0 if follows and named else None
    if follows and not word.isupper():
        return 0
    opens = key in words("greetings") and not _GOES_ON.match(text, match.end())
    return 0 if opens else None


def _is_signature(text: str, match: re.Match[str], before: re.Match[str] | None) -> bool:
    """Tell whether a word signs: alone on the last line, or after a closing."""
    word, key = match[0], fold(match[0])
    if not (word[0].isupper() or _ARABIC.match(word)) or not _ENDS_LINE.match(text, match.end()):
        return False
    if key in words("closings") or key in words("greetings"):
        return False
    last = _ENDS_TEXT.match(text, match.end()) is not None
    gap = text[before.end() if before else 0 : match.start()]
    if last and gap.rstrip(" -–—").endswith("\n"):
        return True
    closed = before is not None and fold(before[0]) in words("closings")
    return closed and ("\n" in gap or ("," in gap and last))


def _touches(text: str, before: re.Match[str], match: re.Match[str]) -> bool:
    gap = text[before.end() : match.start()]
    return gap.strip(" ") in ("", ".") and "\n" not in gap
