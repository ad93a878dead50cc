"""Office hours: when an answer can be expected, by weekday and time zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SECONDS_AN_HOUR = 3_600.0
_MINUTES_AN_HOUR = 60
_HOURS_A_DAY = 24
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC).date()


@dataclass(frozen=True)
class OfficeHours:
    """The hours in which an answer can be expected.

    Attributes
    ----------
    opens, closes : float
        Local hours of the day; half past eight is 8.5.
    weekdays : tuple of int
        Working days, Monday is 0.
    zone : str
        IANA time zone, ``"UTC"`` or such as ``"Asia/Seoul"``.
    """

    opens: float = 9
    closes: float = 18
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    zone: str = "UTC"

    @cached_property
    def _zone(self) -> tzinfo:
        return ZoneInfo(self.zone)

    @property
    def day(self) -> float:
        """Hours of one working day."""
        return self.closes - self.opens

    def between(self, start: float, end: float) -> float:
        """Return the office hours between two times in seconds since 1970."""
        if end <= start:
            return 0.0
        return max(0.0, self._since_epoch(end) - self._since_epoch(start))

    def _since_epoch(self, seconds: float) -> float:
        """Return the office hours from a fixed Monday to a time."""
        local = datetime.fromtimestamp(seconds, UTC).astimezone(self._zone)
        days = (local.date() - _MONDAY).days
        weeks, weekday = divmod(days, 7)
        worked = weeks * len(self.weekdays) + sum(day < weekday for day in self.weekdays)
        hours = worked * self.day
        if weekday not in self.weekdays:
            return hours
        clock = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
        today = clock.total_seconds() / _SECONDS_AN_HOUR
        return hours + min(max(today, self.opens), self.closes) - self.opens

    def changed(self, told: Mapping[str, Any]) -> OfficeHours:
        """Return these hours with what a user tells of them.

        Parameters
        ----------
        told : mapping
            ``opens`` and ``closes`` as whole hours or ``"08:30"``, ``weekdays`` by their first
            three letters, ``zone``; any may be left out.

        Raises
        ------
        ValueError
            Where a field is unknown or has a value that makes no office hours.
        """
        unknown = sorted(set(told) - set(_READ))
        if unknown:
            raise ValueError(f"unknown field {unknown[0]!r}, not one of " + ", ".join(_READ))
        hours = replace(self, **{name: _READ[name](value) for name, value in told.items()})
        if hours.opens >= hours.closes:
            raise ValueError(
                f"opens at {hours.opens:g} h, not before it closes, {hours.closes:g} h"
            )
        return hours


def stored_hours(stored: Mapping[str, Any]) -> OfficeHours:
    """Return the hours that were kept as plain data, as ``asdict`` makes it."""
    return OfficeHours(**{**stored, "weekdays": tuple(stored["weekdays"])})


def _hour(value: object) -> float:
    """Read a time of day."""
    text = str(value).strip()
    hour, colon, minute = text.partition(":")
    if not hour.isdecimal() or (colon and not minute.isdecimal()):
        raise ValueError(f"the time {text!r} is neither a whole hour nor written 08:30")
    read = int(hour) + int(minute or 0) / _MINUTES_AN_HOUR
    if int(minute or 0) >= _MINUTES_AN_HOUR or read > _HOURS_A_DAY:
        raise ValueError(f"the time {text!r} is none of a day")
    return read


def _weekdays(value: object) -> tuple[int, ...]:
    """Read working days, from a list or parted by spaces."""
    names = value.split() if isinstance(value, str) else value
    if not isinstance(names, list) or not names:
        raise ValueError(f"the weekdays {value!r} are no list such as ['mon', 'tue']")
    unknown = [name for name in names if str(name).lower() not in WEEKDAYS]
    if unknown:
        raise ValueError(f"the weekday {unknown[0]!r} is not one of " + ", ".join(WEEKDAYS))
    return tuple(sorted({WEEKDAYS.index(str(name).lower()) for name in names}))


def _time_zone(value: object) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"the zone {value!r} is no IANA time zone such as Asia/Seoul") from error


_READ: Mapping[str, Callable[[Any], Any]] = {
    "opens": _hour,
    "closes": _hour,
    "weekdays": _weekdays,
    "zone": _time_zone,
}
