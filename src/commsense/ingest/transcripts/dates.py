"""When a call began: ISO-like dates in header lines and file names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

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
    also with a Buddhist year.
    """
    for found in _WHEN.finditer(text[:_READ]):
        start = _start(found)
        if start is not None:
            return start
    return None


def _start(found: re.Match[str]) -> Start | None:
    year = int(found["year"])
    if year >= _FIRST_BUDDHIST_YEAR:
        year -= _BUDDHIST_YEARS
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    month, day = int(found["month"]), int(found["day"])
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=_zone(found))
        return Start(at.astimezone(UTC), found["hour"] is not None)
    except (ValueError, OverflowError):
        return None


def _zone(found: re.Match[str]) -> timezone:
    zone = (found["zone"] or "").strip()
    if found["far"]:
        hours, minutes = int(found["far"]), int(found["off"] or 0)
    elif zone[:1] in ("+", "-"):
        hours, minutes = int(zone[:3]), int(zone[-2:])
    else:
        return UTC
    sign = -1 if zone.find("-") >= 0 else 1
    return timezone(sign * timedelta(hours=abs(hours), minutes=minutes))
