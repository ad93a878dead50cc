"""Bring lines into the one form in which they are compared with the patterns."""

from __future__ import annotations

import re

# Marks without width that mail programs set around names and dates: bidi controls, zero-width
# spaces and joiners, soft hyphen, byte order mark.
_INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u061c"
)
_SPACES = "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
_APOSTROPHE = "’"
_DOT_ABOVE = "\u0307"  # what is left of the Turkish capital "İ" in lower case


def visible(text: str) -> str:
    """Return the text without invisible marks and with plain spaces; line ends stay."""
    if text.isascii():
        return text
    for mark in _INVISIBLE:
        if mark in text:
            text = text.replace(mark, "")
    for space in _SPACES:
        if space in text:
            text = text.replace(space, " ")
    return text


def fold(text: str) -> str:
    """Return the text in lower case, spaces single, Arabic vowel signs and stray dots gone."""
    text = " ".join(text.casefold().split())
    if text.isascii():
        return text
    text = _ARABIC_MARKS.sub("", visible(text))
    return text.replace(_APOSTROPHE, "'").replace(_DOT_ABOVE, "")


def lower(text: str) -> str:
    """Return the text in lower case with plain apostrophes, for searches inside paragraphs."""
    return text.lower() if text.isascii() else visible(text).lower().replace(_APOSTROPHE, "'")
