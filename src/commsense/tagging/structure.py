"""Features of a text's form: length, capitals, punctuation, digits, lines, emoji.

They hold in every language and from source to source, where words change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from commsense.tagging.characters import MAX_CHARACTERS

Floats = npt.NDArray[np.float32]
_Codes = npt.NDArray[np.uint32]
_Flags = npt.NDArray[np.bool_]

_EMOJI = ((0x1F300, 0x1FB00), (0x2600, 0x27C0), (0x2B50, 0x2B51))
_UPPER = ((0x41, 0x5B), (0xC0, 0xDF))
_LOWER = ((0x61, 0x7B), (0xDF, 0x100))
_DIGITS = ((0x30, 0x3A), (0x660, 0x66A), (0x6F0, 0x6FA), (0xE50, 0xE5A))
_QUESTION: Final = "?؟？"
_CURRENCY: Final = "$€£฿₩¥"
# Jamo on their own: laughter and tears of Korean chat.
_JAMO = ((0x3131, 0x3164),)
_PER: Final = (
    100.0  # characters that shares are given for, so that they are about as large as counts
)


def _one_of(characters: str) -> Callable[[_Codes], _Flags]:
    return _within([(ord(character), ord(character) + 1) for character in characters])


def _within(ranges: Sequence[tuple[int, int]]) -> Callable[[_Codes], _Flags]:
    def flags(codes: _Codes) -> _Flags:
        found = np.zeros(len(codes), dtype=bool)
        for low, high in ranges:
            found |= (codes >= low) & (codes < high)
        return found

    return flags


_COUNTED: Final[dict[str, Callable[[_Codes], _Flags]]] = {
    "question_marks": _one_of(_QUESTION),
    "exclamation_marks": _one_of("!！"),
    "digits": _within(_DIGITS),
    "upper_case": _within(_UPPER),
    "lower_case": _within(_LOWER),
    "lines": _one_of("\n"),
    "commas": _one_of(",،、，"),
    "full_stops": _one_of(".。"),
    "colons": _one_of(":"),
    "dashes": _one_of("-–—"),
    "quotation_marks": _one_of('"“”«»'),
    "brackets": _one_of("()[]"),
    "per_cent": _one_of("%٪"),
    "currency": _one_of(_CURRENCY),
    "asterisks": _one_of("*#"),
    "addressees": _one_of("@"),
    "spaces": _one_of(" "),
    "emoji": _within(_EMOJI),
    "jamo": _within(_JAMO),
}
_SHARES: Final = ("digits", "upper_case", "commas", "spaces", "exclamation_marks")

NAMES: Final[tuple[str, ...]] = (
    "length",
    *_COUNTED,
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
    counts = {
        name: np.add.reduceat(found(codes).astype(np.int32), begins)
        for name, found in _COUNTED.items()
    }
    last, first = codes[begins + lengths - 1], codes[begins]
    letters = counts["upper_case"] + counts["lower_case"]
    columns = [
        np.log1p(lengths),
        *(np.log1p(count) for count in counts.values()),
        *(np.log1p(_PER * counts[name] / lengths) for name in _SHARES),
        np.where(letters >= _MIN_LETTERS, counts["upper_case"] / np.maximum(letters, 1), 0.0),
        np.log1p(np.add.reduceat(_repeated_marks(codes), begins)),
        _one_of(_QUESTION)(last),
        _one_of("-–—")(last),
        _within(_UPPER)(first),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


_MIN_LETTERS: Final = 8  # below that, capitals are initials and abbreviations, not shouting


def _repeated_marks(codes: _Codes) -> npt.NDArray[np.int32]:
    """Tell the second and later of a run of exclamation marks, question marks or full stops."""
    found = np.zeros(len(codes), dtype=np.int32)
    found[1:] = _one_of("!?.؟")(codes[1:]) & (codes[1:] == codes[:-1])
    return found
