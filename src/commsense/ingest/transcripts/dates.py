"""When a call began: dates in header lines and file names, in figures or with a month's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from commsense.ingest.transcripts.words import words

_BUDDHIST_YEARS = 543  # ahead of the common era
_FIRST_BUDDHIST_YEAR = 2400

_DATE = r"(?<!\d)(?P<year>(?:19|20|24|25)\d\d)(?P<sep>[-/._]?)(?P<month>\d\d)(?P=sep)(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>[01]\d|2[0-3])(?P<colon>[-:.h_]?)(?P<minute>[0-5]\d)"
    r"(?:(?P=colon)(?P<second>[0-5]\d))?"
)
_ZONE = r"(?P<zone>Z\b|\s?(?:GMT|UTC)(?:(?P<far>[+-]\d{1,2})(?::(?P<off>\d\d))?)?|[+-]\d\d:?\d\d\b)"
_WHEN = re.compile(
    rf"{_DATE}(?:(?:T|[ _-]{{1,3}}(?:at )?){_TIME}(?:\.\d{{1,9}})?{_ZONE}?)?(?!\d)", re.IGNORECASE
)
_READ = 300  # characters of a line or name that may hold the date
_YEAR = r"(?P<year>(?:19|20|24|25)\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_OF = r"(?:de |del |of )?"
_NUMBERED = (
    rf"(?<!\d){_YEAR}\s?[년年]\s?(?P<month>\d{{1,2}})\s?[월月]\s?(?P<day>\d{{1,2}})\s?[일日]"
)
_NEAR = re.compile(
    r"(?:[\s,()•·–-]|at\b|à\b|um\b|a las\b|às\b"
    r"|[월화수목금토일](?!\w)|(?P<early>오전)|(?P<late>오후)){0,8}"
    r"(?<!\d)(?P<hour>[01]?\d|2[0-3])[:h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?!\d)"
    rf"\s?(?P<half>[ap]\.?m\b)?{_ZONE}?",
    re.IGNORECASE,
)
"""A time of day that follows a date."""


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of a call.

    Attributes
    ----------
    at : datetime
        In UTC; midnight where only the day is known. Times without a zone are taken as UTC.
    has_time : bool
        Whether the time of day is known.
    """

    at: datetime
    has_time: bool

    def at_clock(self, seconds: float) -> Start:
        """Return the same day at a time of day, where the time was unknown."""
        if self.has_time:
            return self
        return Start(self.at + timedelta(seconds=seconds), has_time=True)


def find_start(text: str) -> Start | None:
    """Return the first date in a text, None where there is none.

    Understood are ``2025-03-04``, ``2025-03-04T10:00:00Z``, ``2025-03-04 10:00 GMT+2``,
    ``20250304``, ``20250304-100000``, ``GMT20250304-100000``, ``2025-03-04_10-00`` and the like,
    ``Mar 4, 2025, 10:00 AM``, ``4 mars 2025``, ``2025년 3월 4일``, also with a Buddhist year.
    """
    found = _find(text[:_READ])
    return found[0] if found else None


def without_date(text: str) -> str:
    """Return what a text says beside the date that :func:`find_start` finds in it."""
    found = _find(text[:_READ])
    return text[: found[1]] + text[found[2] :] if found else text


def _find(text: str) -> tuple[Start, int, int] | None:
    """Return the first date with its place."""
    dates = (date for pattern in _patterns() for date in pattern.finditer(text))
    for date in sorted(dates, key=lambda date: date.start()):
        clock = None if date.groupdict().get("hour") else _NEAR.match(text, date.end())
        start = _start(date, clock)
        if start is not None:
            return start, date.start(), (clock or date).end()
    return None


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    names = sorted(_months(), key=len, reverse=True)
    month = rf"(?<!\w)(?P<month>{'|'.join(map(re.escape, names))})(?!\w)\.?,?"
    return (
        _WHEN,
        re.compile(_NUMBERED),
        re.compile(rf"{_DAY}\s{{1,3}}{_OF}{month}\s{{1,3}}{_OF}{_YEAR}", re.IGNORECASE),
        re.compile(rf"{month}\s{{1,3}}{_DAY},?\s{{1,3}}{_YEAR}", re.IGNORECASE),
    )


@cache
def _months() -> dict[str, int]:
    """Return the number of each month's name, in small letters."""
    return {name: month for month in range(1, 13) for name in words("months", str(month))}


def _start(date: re.Match[str], clock: re.Match[str] | None) -> Start | None:
    told = {**date.groupdict(), **(clock.groupdict() if clock else {})}
    year, day = int(date["year"]), int(date["day"])
    if year >= _FIRST_BUDDHIST_YEAR:
        year -= _BUDDHIST_YEARS
    month = date["month"]
    number = int(month) if month.isdigit() else _months().get(month.casefold(), 0)
    hour, minute, second = (int(told.get(name) or 0) for name in ("hour", "minute", "second"))
    if told.get("half") or told.get("early") or told.get("late"):
        is_late = told.get("late") or (told.get("half") or "")[:1] in ("p", "P")
        hour = hour % 12 + (12 if is_late else 0)
    try:
        at = datetime(year, number, day, hour, minute, second, tzinfo=_zone(told))
        return Start(at.astimezone(UTC), told.get("hour") is not None)
    except (ValueError, OverflowError):
        return None


def _zone(told: dict[str, str | None]) -> timezone:
    zone = (told.get("zone") or "").strip()
    if far := told.get("far"):
        hours, minutes = int(far), int(told.get("off") or 0)
    elif zone[:1] in ("+", "-"):
        hours, minutes = int(zone[:3]), int(zone[-2:])
    else:
        return UTC
    sign = -1 if zone.find("-") >= 0 else 1
    return timezone(sign * timedelta(hours=abs(hours), minutes=minutes))
