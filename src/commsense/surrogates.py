"""Halves of characters (lone surrogates), which JSON can name and no text may hold.

A program that cuts a text in the midst of an emoji writes one. Neither Arrow nor the language
identifier takes it, so it becomes U+FFFD where text enters; one character for one keeps offsets.
"""

from __future__ import annotations

import re
from typing import Any, Final

_HALF = re.compile("[\ud800-\udfff]")
_IN_JSON: Final = ("\\ud", "\\uD")


def whole(text: str) -> str:
    """Return a text with U+FFFD in place of halves of characters."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _HALF.sub("\ufffd", text)
    return text


def whole_json(found: Any, written: str) -> Any:  # noqa: ANN401
    """Return what was read of JSON with U+FFFD in place of halves of characters.

    Parameters
    ----------
    found : object
    written : str
        The JSON itself: one that names no half costs nothing more.

    Raises
    ------
    RecursionError
        Where it is nested too deeply, as of reading JSON.
    """
    return _mended(found) if any(half in written for half in _IN_JSON) else found


def _mended(found: Any) -> Any:  # noqa: ANN401
    if isinstance(found, str):
        return whole(found)
    if isinstance(found, list):
        return [_mended(one) for one in found]
    if isinstance(found, dict):
        return {whole(name): _mended(value) for name, value in found.items()}
    return found
