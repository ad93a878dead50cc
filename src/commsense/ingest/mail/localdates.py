"""Dates as mail programs write them for people, each in its language: "lundi 11 mars 2024 09:00".

They lack a zone as a rule, and "11/03/2024" has two readings. A moment that is near decides both.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from commsense.ingest.names import fold

_MAX_DATE: Final = 120  # characters
_BUDDHIST_YEARS: Final = 543  # ahead of the common era
_FIRST_BUDDHIST_YEAR: Final = 2400
_CENTURY: Final = 2000  # of a year with two digits
_NOON: Final = 12
_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)  # there was no Internet mail to speak of before
_AHEAD: Final = timedelta(days=1)  # clocks and zones differ

_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s?[-/.年년]\s{0,2}(?P<month>\d{1,2})\s?[-/.月월]\s{0,2}(?P<day>\d{1,2})(?!\d)"
)
_YEAR_LAST = re.compile(
    r"(?<!\d)(?P<one>\d{1,2})(?P<mark>[-/.])\s?(?P<two>\d{1,2})(?P=mark)\s?(?P<year>\d{4}|\d\d)(?!\d)"
)
_MORNING: Final = ("a.m.", "am", "ص", "صباحا", "오전", "上午", "午前", "π.μ.", "πμ", "ก่อนเที่ยง")
_EVENING: Final = (
    "p.m.", "pm", "م", "مساء", "오후", "下午", "晚上", "午後", "μ.μ.", "μμ", "หลังเที่ยง", "ch",
)  # fmt: skip
_HALVES = "|".join(map(re.escape, map(fold, (*_MORNING, *_EVENING))))
_TIME = re.compile(
    rf"(?:(?<![^\W_])(?P<before>{_HALVES})\s?)?(?<!\d)(?P<hour>\d{{1,2}})"
    r"(?:\s?(?:[:.h時时点點시]\s?(?P<minute>\d\d)[分분]?(?:[:.]\d\d)?(?!\d)|[時时点點시]))"
    rf"(?:\s?(?P<after>{_HALVES})(?![^\W\d_]))?"
)
_ZONE = re.compile(
    r"(?:(?:gmt|utc)\s?)?(?P<sign>[+\-−])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?!\d)"
)
_UNIVERSAL = re.compile(r"(?<![^\W\d_])(?:gmt|utc|z)(?![^\W\d_])")
_NUMBER = re.compile(r"\d{1,4}")
_YEAR_DIGITS: Final = 4


class _Day(NamedTuple):
    year: int
    month: int
    day: int


def read_date(value: str, near: datetime | None) -> datetime | None:
    """Return the moment that a date names, in UTC; None where it cannot be read.

    Parameters
    ----------
    value : str
        A date in any language that the mail programs' headings are known of.
    near : datetime or None
        When the date was written, with the zone of who wrote it: that is the date's zone too where
        it names none, and of two readings the later one holds that is not after it.
    """
    text = _plain(value)
    days, rest = _days(text)
    zone = near.tzinfo if near is not None and near.tzinfo is not None else UTC
    moments = list(_moments(days, rest, zone))
    if near is None or not moments:
        return moments[0] if moments else None
    before = [moment for moment in moments if moment <= near + _AHEAD]
    return max(before) if before else min(moments)


def _plain(value: str) -> str:
    """Return a date without case and accents, with the digits of ASCII."""
    text = fold(value[:_MAX_DATE])
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)


def _moments(days: list[_Day], rest: str, near: tzinfo) -> Iterator[datetime]:
    """Yield what may be meant, the likeliest first."""
    time = _TIME.search(rest)
    hour, minute = _clock(time) if time else (0, 0)
    zone = _zone(rest[time.end() :] if time else "") or near
    for year, month, day in days:
        try:
            moment = datetime(_common(year), month, day, hour, minute, tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        if moment >= _EARLIEST:
            yield moment


def _days(text: str) -> tuple[list[_Day], str]:
    """Return the days that a date may name, and what is left of it."""
    found = _YEAR_FIRST.search(text)
    if found:
        day = _Day(int(found["year"]), int(found["month"]), int(found["day"]))
        return [day], _without(text, found)
    found = _YEAR_LAST.search(text)
    if found:
        one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
        days = [_Day(year, two, one), _Day(year, one, two)]
        return days[:1] if found["mark"] == "." else days, _without(text, found)
    return _named_days(text), text


def _named_days(text: str) -> list[_Day]:
    """Return the day beside the name of a month; the last name counts, weekdays may look alike."""
    names = list(_month_names().finditer(text))
    if not names:
        return []
    month = names[-1]
    time = _TIME.search(text, month.end()) or _TIME.search(text, 0, month.start())
    bare = _without(text, *filter(None, (month, time)))
    numbers = [(found.start(), found[0]) for found in _NUMBER.finditer(bare)]
    year = next((one for one in numbers if len(one[1]) == _YEAR_DIGITS), None)
    if year is None and len(numbers) > 1:
        year = numbers[-1]
    rest = [one for one in numbers if one != year]
    if year is None or not rest:
        return []
    day = min(rest, key=lambda one: abs(one[0] - month.start()))
    return [_Day(int(year[1]), number, int(day[1])) for number in _months()[month[0]]]


def _without(text: str, *spans: re.Match[str]) -> str:
    """Return a text with blanks in place of what was read already."""
    for span in spans:
        text = text[: span.start()] + " " * (span.end() - span.start()) + text[span.end() :]
    return text


def _clock(time: re.Match[str]) -> tuple[int, int]:
    half = time["before"] or time["after"]
    hour, minute = int(time["hour"]), int(time["minute"] or 0)
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half in map(fold, _EVENING) else 0)
    return hour, minute


def _zone(text: str) -> tzinfo | None:
    found = _ZONE.search(text)
    if found is None:
        return UTC if _UNIVERSAL.search(text) else None
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    sign = 1 if found["sign"] == "+" else -1
    far = sign * timedelta(hours=hours, minutes=minutes)
    return timezone(far) if abs(far) < timedelta(days=1) else None


def _common(year: int) -> int:
    """Return a year of the common era."""
    if year < 100:
        return _CENTURY + year
    return year - _BUDDHIST_YEARS if year >= _FIRST_BUDDHIST_YEAR else year


@cache
def _months() -> dict[str, tuple[int, ...]]:
    """Return the numbers of each month's names: one name may stand for two in two languages."""
    path = files("commsense.ingest.mail").joinpath("months.toml")
    numbers: dict[str, tuple[int, ...]] = {}
    for names in tomllib.loads(path.read_text(encoding="utf-8")).values():
        for number, forms in enumerate(names, 1):
            for form in map(fold, forms.split(" | ")):
                known = numbers.get(form, ())
                numbers[form] = known if number in known else (*known, number)
    return numbers


@cache
def _month_names() -> re.Pattern[str]:
    known = "|".join(map(re.escape, sorted(_months(), key=len, reverse=True)))
    return re.compile(rf"(?<![^\W\d_])(?:{known})(?![^\W\d_])")
