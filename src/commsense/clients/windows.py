"""Which messages are "now", which are the client's own baseline, and which are reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from commsense.clients.assessment import ChangePoint, Grain
from commsense.clients.periods import DAY_S, Bools, Floats, Ints, periods, seconds
from commsense.clients.view import ClientView

RECENT_DAYS = 60.0
"""What counts as now where no change divides the history."""
_RECENT_MESSAGES = 20
"""A quieter client's now reaches back to so many messages, but never over half its history."""
_AFTER_CHANGE = 10
"""Messages after a change from which they are a now of their own."""


@dataclass(frozen=True)
class Span:
    """A period with messages, and their places."""

    period: str
    starts_on: date
    places: Ints


@dataclass(frozen=True)
class Windows:
    """A client's messages divided.

    Attributes
    ----------
    now, baseline, reported : bool array of shape (messages,)
    starts : float
        When now begins, in seconds since 1970; NaN where no time is known.
    spans : list of Span
        The periods of the reported messages, by time.
    """

    now: Bools
    baseline: Bools
    reported: Bools
    starts: float
    spans: list[Span]


def windows(
    view: ClientView, changes: Sequence[ChangePoint], since: date | None, by: Grain
) -> Windows:
    """Divide a client's messages.

    Now begins with the last change, or :data:`RECENT_DAYS` before the last message; never before
    ``since``, the first reported day. All that comes before is the baseline.
    """
    dated = ~np.isnan(view.times)
    first = seconds(since) if since else -np.inf
    if not dated.any():
        everything = np.full(len(view), True)
        return Windows(everything, ~everything, everything, np.nan, [])
    reported = (dated & (view.times >= first)) | (~dated & (since is None))
    starts = max(_starts(view, dated, changes), first)
    now = dated & (view.times >= starts)
    return Windows(now, dated & ~now, reported, starts, _spans(view, reported & dated, by))


def _spans(view: ClientView, chosen: Bools, by: Grain) -> list[Span]:
    places = np.flatnonzero(chosen)
    if not len(places):
        return []
    named = periods(view.messages["sent_at"].iloc[places], by)
    starts = named["starts_at"].to_numpy()
    first = np.unique(starts, return_index=True)[1]
    return [
        Span(
            period=named["period"].iloc[i],
            starts_on=named["starts_at"].iloc[i].date(),
            places=places[starts == starts[i]],
        )
        for i in first
    ]


def _starts(view: ClientView, dated: Bools, changes: Sequence[ChangePoint]) -> float:
    times = view.times[dated]
    if changes:
        turned = seconds(changes[-1].date)
        if (times >= turned).sum() >= _AFTER_CHANGE:
            return turned
    return recent_start(times)


def recent_start(times: Floats) -> float:
    """Return when the recent part of some times, in order, begins."""
    recent = float(times[-1]) - RECENT_DAYS * DAY_S
    fewest = min(_RECENT_MESSAGES, len(times) // 2)
    return min(recent, float(times[len(times) - max(fewest, 1)]))
