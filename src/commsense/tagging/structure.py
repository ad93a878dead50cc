"""Features of a text's form: length, capitals, punctuation, digits, lines, emoji.

They hold in every language and from source to source, where words change.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from commsense.tagging.characters import MAX_CHARACTERS

Floats = npt.NDArray[np.float32]
_Codes = npt.NDArray[np.uint32]
_Ranges = tuple[tuple[int, int], ...]

_LAST: Final = 0x1FFFF  # code points above are no sort's
_PER: Final = 100.0  # characters that shares are given for: they are about as large as counts


def _these(characters: str) -> _Ranges:
    return tuple((ord(character), ord(character) + 1) for character in characters)


_COUNTED: Final[dict[str, _Ranges]] = {
    "question_marks": _these("?؟？"),
    "exclamation_marks": _these("!！"),
    "digits": ((0x30, 0x3A), (0x660, 0x66A), (0x6F0, 0x6FA), (0xE50, 0xE5A)),
    "upper_case": ((0x41, 0x5B), (0xC0, 0xDF)),
    "lower_case": ((0x61, 0x7B), (0xDF, 0x100)),
    "lines": _these("\n"),
    "commas": _these(",،、，"),
    "full_stops": _these(".。"),
    "colons": _these(":"),
    "dashes": _these("-–—"),
    "quotation_marks": _these('"“”«»'),
    "brackets": _these("()[]"),
    "per_cent": _these("%٪"),
    "currency": _these("$€£฿₩¥"),
    "asterisks": _these("*#"),
    "addressees": _these("@"),
    "spaces": _these(" "),
    "emoji": ((0x1F300, 0x1FB00), (0x2600, 0x27C0), (0x2B50, 0x2B51)),
    "jamo": ((0x3131, 0x3164),),  # on their own: laughter and tears of Korean chat
}
"""Sorts of characters, of which none is of two sorts."""

_NAMES: Final = tuple(_COUNTED)
_OTHER: Final = len(_NAMES)  # the sort of every other character
_REPEATED: Final = "!?.؟"
_SHARES: Final = ("digits", "upper_case", "commas", "spaces", "exclamation_marks")

NAMES: Final[tuple[str, ...]] = (
    "length",
    *_NAMES,
    *(f"{name}_share" for name in _SHARES),
    "shouting",
    "repeated_punctuation",
    "ends_with_question",
    "ends_with_dash",
    "capital_first",
)
"""The columns of :func:`structure`."""


def structure(texts: Sequence[str]) -> Floats:
    """Measure the form of each text.

    Returns
    -------
    array of float32, shape (texts, len(NAMES))
        Logarithms of counts, shares per 100 characters, and flags.
    """
    if not texts:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    # One character at least, so that every text has a segment of its own to sum over.
    read = [text[:MAX_CHARACTERS].strip() or " " for text in texts]
    lengths = np.array([len(text) for text in read], dtype=np.int64)
    codes = np.frombuffer("".join(read).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    begins = np.cumsum(lengths) - lengths
    sorts = _sorts()[np.minimum(codes, _LAST)]
    document = np.repeat(np.arange(len(read)) * (_OTHER + 1), lengths)
    counted = np.bincount(document + sorts, minlength=len(read) * (_OTHER + 1))
    counts = dict(zip(_NAMES, counted.reshape(len(read), -1).T, strict=False))
    last, first = (sorts[places] for places in (begins + lengths - 1, begins))
    letters = counts["upper_case"] + counts["lower_case"]
    columns = [
        np.log1p(lengths),
        *(np.log1p(count) for count in counts.values()),
        *(np.log1p(_PER * counts[name] / lengths) for name in _SHARES),
        np.where(letters >= _MIN_LETTERS, counts["upper_case"] / np.maximum(letters, 1), 0.0),
        np.log1p(np.add.reduceat(_repeated_marks(codes), begins)),
        last == _NAMES.index("question_marks"),
        last == _NAMES.index("dashes"),
        first == _NAMES.index("upper_case"),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


_MIN_LETTERS: Final = 8  # below that, capitals are initials and abbreviations, not shouting


@cache
def _sorts() -> npt.NDArray[np.uint8]:
    """Return the sort of each character, by its code point."""
    table = np.full(_LAST + 1, _OTHER, dtype=np.uint8)
    for sort, ranges in enumerate(_COUNTED.values()):
        for low, high in ranges:
            table[low:high] = sort
    return table


def _repeated_marks(codes: _Codes) -> npt.NDArray[np.int32]:
    """Tell the second and later of a run of exclamation marks, question marks or full stops."""
    found = np.zeros(len(codes), dtype=np.int32)
    same = np.flatnonzero(codes[1:] == codes[:-1]) + 1
    found[same] = np.isin(codes[same], [ord(mark) for mark in _REPEATED])
    return found
