"""Texts as arrays of folded characters: the common ground of all features.

A batch of texts becomes one array of code points, folded so that spellings that mean the same
look the same: lower case, no Latin accents, no Arabic vowel marks, every digit a zero, no runs of
white space, no letter more than twice in a row. Each folded character remembers where it came
from, so that whatever is found in it can be shown in the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MAX_CHARACTERS = 20_000  # of one text; more would let one hostile message stall a run

_PLANE = 0x10000  # code points above are symbols and rare ideographs: kept as they are
_SPACE = ord(" ")
_DIGIT = ord("0")
_DROP = 0
_LATIN_BLOCKS = ((0x00C0, 0x0250), (0x1E00, 0x1F00))
# Ideographs, syllables of Hangul, surrogates and what is for private use: kept as they are too.
_KEPT_BLOCKS = ((0x3400, 0xA000), (0xAC00, 0xD7A4), (0xD800, 0xF900))
_SAME_LETTER = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",
    "’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-",
    "ß": "s", "æ": "a", "œ": "o", "ø": "o", "ı": "i", "ł": "l",
}  # fmt: skip
# Addresses and links say nothing about a relationship, and their letters are noise.
_NOISE = re.compile(r"(?:https?://|www\.)\S{1,2000}|[\w.+-]{1,64}@[\w-]\S{0,255}|(?<!\w)@\w{1,64}")


@dataclass(frozen=True, slots=True)
class Batch:
    """Folded characters of several texts, each framed by a space on both sides.

    Attributes
    ----------
    codes : array of uint32, shape (characters,)
    document : array of int64, shape (characters,)
        Index of the text that each character belongs to; ascending.
    origin : array of int64, shape (characters,)
        Offset of each character in its own text; the closing space has the text's length.
    documents : int
        Number of texts.
    """

    codes: Codes
    document: Indices
    origin: Indices
    documents: int


def fold(texts: Sequence[str]) -> Batch:
    """Fold texts into one array of characters.

    Parameters
    ----------
    texts : sequence of str
        Longer ones are read up to :data:`MAX_CHARACTERS`.
    """
    framed = [f" {_without_noise(text[:MAX_CHARACTERS])} " for text in texts]
    lengths = np.array([len(text) for text in framed], dtype=np.int64)
    raw = np.frombuffer("".join(framed).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    document = np.repeat(np.arange(len(texts)), lengths)
    begins = np.cumsum(lengths) - lengths
    origin = np.maximum(np.arange(len(raw)) - np.repeat(begins, lengths) - 1, 0)
    codes = np.where(raw < _PLANE, _fold_table()[np.minimum(raw, _PLANE - 1)], raw)
    keep = codes != _DROP
    codes, document, origin = codes[keep], document[keep], origin[keep]
    keep = _not_repeated(codes, document)
    return Batch(codes[keep], document[keep], origin[keep], len(texts))


def is_word(codes: Codes) -> Flags:
    """Tell letters, marks and digits from everything else."""
    flags: Flags = _word_table()[np.minimum(codes, _PLANE - 1)]
    return flags


def _without_noise(text: str) -> str:
    if "@" not in text and "://" not in text and "www." not in text:
        return text
    return _NOISE.sub(lambda found: " " * len(found.group()), text)


def _not_repeated(codes: Codes, document: Indices) -> Flags:
    """Keep one of a run of spaces and two of a run of anything else."""
    keep = np.ones(len(codes), dtype=bool)
    same = (codes[1:] == codes[:-1]) & (document[1:] == document[:-1])
    keep[1:] &= ~(same & (codes[1:] == _SPACE))
    keep[2:] &= ~(same[1:] & same[:-1])
    return keep


@cache
def _fold_table() -> Codes:
    table = np.arange(_PLANE, dtype=np.uint32)
    begin = 0
    for kept, after in (*_KEPT_BLOCKS, (_PLANE, _PLANE)):
        table[begin:kept] = [_folded(code) for code in range(begin, kept)]
        begin = after
    return table


def _folded(code: int) -> int:
    character = chr(code)
    category = unicodedata.category(character)
    if character.isspace() or category == "Zs":
        return _SPACE
    if category == "Nd":
        return _DIGIT
    if category in ("Cc", "Cf") or _is_optional_mark(code):
        return _DROP
    lower = _SAME_LETTER.get(character) or character.lower()
    if any(low <= code < high for low, high in _LATIN_BLOCKS) or 0xFF00 <= code < 0xFFF0:
        lower = unicodedata.normalize("NFKD", lower)
    return ord(_SAME_LETTER.get(lower[0], lower[0]))


def _is_optional_mark(code: int) -> bool:
    """Tell accents that are written apart, Arabic vowel marks and the Arabic stretching line."""
    return 0x0300 <= code < 0x0370 or 0x064B <= code < 0x0660 or code in (0x0640, 0x0670)


@cache
def _word_table() -> Flags:
    return np.array([unicodedata.category(chr(code))[0] in "LMN" for code in range(_PLANE)])
