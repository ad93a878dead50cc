"""Find Korean and Thai names by the titles that touch them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from commsense.privacy.signs import alternatives, table

_THAI_NAME: Final = 15  # characters; a longer run holds more than a name
_THAI_UNKNOWN: Final = 8
# No name is nearly so long; without a bound a text of titles alone would be read once for each.
_THAI = re.compile("[\u0e01-\u0e4e]{1,64}")
_THAI_SIGNED = re.compile("\n\\s*([\u0e01-\u0e4e]{2,12})[\\s.]*\\Z")


def find_korean_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of names before a title, and where somebody signs."""
    for pattern in (_korean_titled(), _korean_addressed(), _korean_signed()):
        for match in pattern.finditer(text):
            if match[1] not in table("not_names_korean"):
                yield match.span(1)


@cache
def _korean_titled() -> re.Pattern[str]:
    """One syllable before a title is a family name, whatever it is; three need a known one."""
    surname, titles = alternatives("surnames_korean"), alternatives("titles_korean")
    return re.compile(
        rf"(?<![가-힣])((?:{surname})[가-힣]{{2}}|(?:{surname})|[가-힣](?=\s))\s?"
        rf"(?:{titles})(?:님)?(?:입니다|이에요|예요|이신|께서|께|한테|에게|[가-힣]{{0,2}})(?![가-힣])"
    )


@cache
def _korean_addressed() -> re.Pattern[str]:
    """Two to four syllables before "씨" or a free-standing "님"."""
    return re.compile(
        r"(?<![가-힣])([가-힣]{2,4})(?:\s?씨|\s님)(?:입니다|이에요|께|한테|[가-힣]{0,2})(?![가-힣])"
    )


@cache
def _korean_signed() -> re.Pattern[str]:
    surname, signed = alternatives("surnames_korean"), alternatives("signed_korean")
    return re.compile(
        rf"(?<![가-힣])([가-힣]{{2,4}}(?=\s?(?:{signed})(?![가-힣]))"
        rf"|(?:{surname})[가-힣]{{2}}(?=(?:입니다|이에요|예요|라고)|\s*\Z))"
    )


def find_thai_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of names after a title, and of one that ends a text."""
    for match in _thai_titles().finditer(text):
        run = _THAI.match(text, match.end())
        if run is None:
            continue
        length = _thai_length(run[0])
        if length:
            yield run.start(), run.start() + length
    signed = _THAI_SIGNED.search(text)
    if signed is not None and not _thai_ends().search(signed[1]):
        yield signed.span(1)


@cache
def _thai_titles() -> re.Pattern[str]:
    anywhere, alone = alternatives("titles_thai"), alternatives("titles_thai_alone")
    return re.compile(rf"(?:{anywhere}|(?<![\u0e01-\u0e4e])(?:{alone}))\s?")


@cache
def _thai_given() -> re.Pattern[str]:
    return re.compile(alternatives("given_thai"))


@cache
def _thai_ends() -> re.Pattern[str]:
    return re.compile(alternatives("ends_thai"))


def _thai_length(run: str) -> int:
    """Return how many characters of a run after a title are the name."""
    if run.startswith(tuple(table("not_names_thai"))):
        return 0
    known = _thai_given().match(run)
    if known is not None and (known.end() == len(run) or _thai_ends().match(run, known.end())):
        return known.end()
    ends = [found.start() for found in _thai_ends().finditer(run) if found.start() > 1]
    end = min([*ends, len(run)])
    if known is not None:
        return max(known.end(), end if end <= _THAI_UNKNOWN else 0)
    return end if end <= _THAI_NAME else 0
