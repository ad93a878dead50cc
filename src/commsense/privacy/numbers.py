"""Find telephone, account and other numbers that stand for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, Literal

from commsense.ingest.names import fold
from commsense.ingest.zones.patterns import any_of
from commsense.privacy.signs import table

NumberKind = Literal["phone", "account"]

_MIN_PHONE: Final = 8  # digits
_MAX_NATIONAL: Final = 12
_MIN_ACCOUNT: Final = 9
_MIN_LABELLED: Final = 4  # digits of a code that a word announces
_MIN_CODED: Final = 6  # digits of a code that begins with letters
_LABEL_REACH: Final = 24  # characters in which the word before a number is looked for

_NUMBER = re.compile(r"[+(]{0,2}\d(?:[ ().\-/\u00a0\u2011–]{0,3}\d){3,29}")
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z/.-]{0,12}\d)[A-Za-z0-9/-]{1,12}[A-Za-z0-9./-]{2,20}[A-Za-z0-9]"
    r"(?![A-Za-z0-9])"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_DATE = re.compile(
    r"(?:19|20|25)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}(?!\d)"
    r"|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20|25)?\d\d\Z"
)
_AMOUNT = re.compile(r"\d{1,3}(?:[ .]\d{3})+\Z|\d+\.\d{1,2}\Z|\d{1,2}(?:\.\d{1,2}){2,3}\Z")
_ASCII_DIGITS = str.maketrans(
    "".join(chr(zero + digit) for zero in (0x660, 0x6F0, 0xE50) for digit in range(10)),
    "0123456789" * 3,
)


def find_numbers(text: str) -> Iterator[tuple[int, int, NumberKind]]:
    """Yield half-open ranges of characters, and what the numbers there are."""
    plain = text.translate(_ASCII_DIGITS)
    for match in _IBAN.finditer(plain):
        if any(map(str.isdigit, match[0][4:])):
            yield (*match.span(), "account")
    for match in _NUMBER.finditer(plain):
        kind = _kind_of_number(plain, match)
        if kind is not None:
            yield (*match.span(), kind)
    for match in _CODE.finditer(plain):
        digits = sum(map(str.isdigit, match[0]))
        labelled = _announced(plain, match.start(), "accounts")
        coded = digits >= _MIN_CODED and match[0][0].isalpha()
        known = coded or (digits >= _MIN_LABELLED and labelled)
        if known and not _DATE.match(match[0]) and not _AMOUNT.match(match[0]):
            yield (*match.span(), "account")


def _kind_of_number(text: str, match: re.Match[str]) -> NumberKind | None:
    number, start, end = match[0], match.start(), match.end()
    digits = sum(map(str.isdigit, number))
    if _DATE.match(number) or _AMOUNT.match(number) or text[end : end + 1] in ("%", "€", "$"):
        return None
    if number.startswith(("+", "(+", "00")):
        return "phone" if digits >= _MIN_PHONE else None
    if digits >= _MIN_LABELLED and _announced(text, start, "accounts"):
        return "account"
    if digits >= _MIN_PHONE - 1 and _announced(text, start, "phones"):
        return "phone"
    if number.lstrip("(")[0] == "0" and _MIN_PHONE < digits <= _MAX_NATIONAL:
        return "phone"
    return "account" if digits >= _MIN_ACCOUNT else None


@cache
def _announcing(name: str) -> re.Pattern[str]:
    words = any_of(fold(word) for word in table(name))
    return re.compile(rf"(?:\A|[^a-z])(?:{words})[^\d\n]{{0,{_LABEL_REACH}}}\Z")


def _announced(text: str, start: int, name: str) -> bool:
    """Tell whether a word like "account" stands shortly before a number that starts there."""
    before = text[max(start - 2 * _LABEL_REACH, 0) : start]
    return _announcing(name).search(fold(before)) is not None
