"""People's names in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from commsense.ingest.addresses import names

_MARKS = re.compile(
    "[\u0300-\u036f\u064b-\u0652\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)
_SEPARATORS = re.compile(r"[\s._\-‐–—,;:'’\"“”&/]+")
_ASIDE = re.compile(r"\([^()]{0,60}\)|\[[^\[\]]{0,60}\]")
_SWAPPED = re.compile(r"\s*([^,]{2,40}),\s*([^,]{2,40})$")
_HANGUL_NAME = re.compile("[가-힣]{3}")
_UNSPACED_NAME = re.compile("[가-힣]{3,4}|[\u3400-\u9fff]{2,4}")
_PARTS = re.compile(r"[|()@\[\]]|\s[-–—/]\s")
_MAX_NAME = 200
_MIN_GLUED = 2  # letters of a name that are left when a glued title is taken off


@lru_cache(maxsize=65_536)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a person's name: folded, without titles and brackets, given name first.

    ``"BENJELLOUN, Nadia (Guest)"`` gives ``("nadia", "benjelloun")``.
    """
    text = _ASIDE.sub(" ", name[:_MAX_NAME])
    swapped = _SWAPPED.match(text)
    if swapped:
        text = f"{swapped[2]} {swapped[1]}"
    words = (_bare(word) for word in _SEPARATORS.split(fold(text)))
    return tuple(word for word in words if word and word not in names("titles", "names"))


def name_key(name: str) -> str:
    """Return one string for a name however its words are ordered and written, "" for no name."""
    return " ".join(sorted(name_words(name)))


def is_full_name(name: str) -> bool:
    """Tell whether a name is more than a given name: two words, or one in Hangul or Han."""
    words = name_words(name)
    return len(words) > 1 or any(map(_UNSPACED_NAME.fullmatch, words))


def given_names(name: str) -> tuple[str, ...]:
    """Return what the person may be called by colleagues: the first word, Korean given names."""
    words = name_words(name)
    korean = [word[1:] for word in words if _HANGUL_NAME.fullmatch(word)]
    return (*words[:1], *korean)


def label_parts(label: str) -> list[str]:
    """Return the parts of a label such as ``"Name (Company)"`` or ``"Name | Company"``."""
    return [part.strip() for part in _PARTS.split(label[:_MAX_NAME]) if part.strip()]


def fold(text: str) -> str:
    """Return a text without case, accents and Arabic vowel signs, full-width letters made plain."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _MARKS.sub("", decomposed))


def squeezed(text: str) -> str:
    """Return the letters and digits of a folded text."""
    return "".join(filter(str.isalnum, fold(text)))


def _bare(word: str) -> str:
    """Return a word without a title that is written together with it."""
    for title in names("glued_before", "names"):
        if word.startswith(title) and len(word) >= len(title) + _MIN_GLUED:
            word = word.removeprefix(title)
    for title in names("glued_after", "names"):
        if word.endswith(title) and len(word) >= len(title) + _MIN_GLUED:
            word = word.removesuffix(title)
    return word
