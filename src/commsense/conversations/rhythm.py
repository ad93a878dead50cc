"""The measured side of a conversation: who starts, who answers how fast, who says how much."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from statistics import median
from zoneinfo import ZoneInfo

from commsense.conversations.threads import Thread, Turn
from commsense.schema import Side

_SECONDS_AN_HOUR = 3_600.0
_HOURS_A_DAY = 24


@dataclass(frozen=True)
class OfficeHours:
    """The hours in which an answer can be expected.

    Attributes
    ----------
    opens, closes : int
        Local hours of the day.
    weekdays : tuple of int
        Working days, Monday is 0.
    zone : str
        IANA time zone, ``"UTC"`` or such as ``"Asia/Seoul"``.
    """

    opens: int = 9
    closes: int = 18
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    zone: str = "UTC"

    @cached_property
    def _zone(self) -> tzinfo:
        return ZoneInfo(self.zone)

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
        hours = worked * (self.closes - self.opens)
        if weekday not in self.weekdays:
            return hours
        clock = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
        today = clock.total_seconds() / _SECONDS_AN_HOUR
        return hours + min(max(today, self.opens), self.closes) - self.opens


_MONDAY = datetime(1970, 1, 5, tzinfo=UTC).date()


def response_hours(thread: Thread, side: Side, office: OfficeHours) -> float:
    """Return the median office hours until a side answers, NaN where it never does.

    Waiting begins with the first message that the other side sent and nobody answered yet.
    """
    waits = _waits(thread.turns, side, office) if thread.channel == "email" else []
    return median(waits) if waits else math.nan


def _waits(turns: Sequence[Turn], side: Side, office: OfficeHours) -> list[float]:
    waits: list[float] = []
    since: float | None = None
    for turn in turns:
        if turn.side is None or turn.inward or math.isnan(turn.time):
            continue
        if turn.side != side:
            since = turn.time if since is None else since
        elif since is not None:
            waits.append(office.between(since, turn.time))
            since = None
    return waits


def client_word_share(thread: Thread) -> float:
    """Return the client's share of the words that either side wrote or said, NaN if none."""
    sides = {"client": 0, "provider": 0}
    for turn in thread.turns:
        if turn.side is not None:
            sides[turn.side] += turn.words
    total = sum(sides.values())
    return sides["client"] / total if total else math.nan
