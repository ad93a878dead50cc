"""Draw the standing over time: line, interval, messages a period and turning points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup

from commsense.reports.charts import arrow, attributes, drawn, picture, polyline, runs
from commsense.reports.words import Words

_Point = tuple[float, float]

_LEFT, _RIGHT = 36.0, 14.0
_PLOT_HEIGHT = 190.0
_BARS_HEIGHT = 34.0
_BARS_GAP = 18.0
_AXIS_HEIGHT = 26.0
_FLAG_HEIGHT = 20.0
_LETTER = 6.6  # mean width of a letter at the charts' 12 pixels
_TICK_ROOM = 84.0  # width that the name of a period needs
_USUAL_DAYS = 30.0  # length of a lone period
_SMALL = 0.5  # standings that all lie within this are drawn on half the scale
_BAR_SHARE = 0.62


@dataclass(frozen=True)
class _Frame:
    """Where things are: days and values to pixels."""

    width: float
    top: float
    first: date
    days: float
    step: float
    bound: float

    @property
    def bottom(self) -> float:
        return self.top + _PLOT_HEIGHT

    @property
    def floor(self) -> float:
        """The foot of the bars."""
        return self.bottom + _BARS_GAP + _BARS_HEIGHT

    @property
    def inner(self) -> float:
        return self.width - _LEFT - _RIGHT

    def x(self, day: date, shift: float = 0.0) -> float:
        share = ((day - self.first).days + shift) / self.days
        return _LEFT + self.inner * max(0.0, min(1.0, share))

    def y(self, value: float) -> float:
        share = (max(-self.bound, min(self.bound, value)) + self.bound) / (2 * self.bound)
        return self.bottom - share * _PLOT_HEIGHT

    def middle(self, period: Mapping[str, Any]) -> float:
        return self.x(date.fromisoformat(period["starts_on"]), self.step / 2)


def timeline(
    periods: Sequence[Mapping[str, Any]],
    changes: Sequence[Mapping[str, Any]],
    words: Words,
    width: float = 940.0,
) -> Markup:
    """Draw a summary's time line.

    Parameters
    ----------
    periods, changes : sequence of mapping
        ``timeline`` and ``changes`` of a summary; at least one period.
    words : Words
    width : float
        Pixels; a narrow screen gets a picture of its own, so that letters keep their size.

    Returns
    -------
    Markup
        One SVG element.
    """
    rows = _flag_rows(periods, changes, words, width)
    frame = _frame(periods, changes, width, top=8 + _FLAG_HEIGHT * (max(rows, default=-1) + 1))
    height = frame.floor + _AXIS_HEIGHT
    svg = picture(width, height, words("timeline.title"), describe(periods, changes, words))
    _scale(svg, frame, words)
    _bars(svg, frame, periods)
    _ticks(svg, frame, periods, words)
    _band(svg, frame, periods)
    for change, row in zip(changes, rows, strict=True):
        _flag(svg, frame, change, row, words)
    _standing(svg, frame, periods)
    return drawn(svg)


def describe(
    periods: Sequence[Mapping[str, Any]], changes: Sequence[Mapping[str, Any]], words: Words
) -> str:
    """Say in words what the time line shows."""
    known = [period for period in periods if period["value"] is not None]
    if not known:
        return words("timeline.none")
    values = [period["value"] for period in known]
    course = words(
        "timeline.describe",
        first=words.period(known[0]["period"]),
        last=words.period(known[-1]["period"]),
        start=words.signed(values[0]),
        end=words.signed(values[-1]),
        low=words.signed(min(values)),
        high=words.signed(max(values)),
    )
    return " ".join([course, *(f"{change_words(change, words)}." for change in changes)])


def change_words(change: Mapping[str, Any], words: Words) -> str:
    """Say one turning point in words."""
    return words(
        "timeline.change_at",
        direction=words(f"timeline.{change['direction']}"),
        date=words.date(change["date"]),
        probability=words.probability(change["probability"]),
        messages=words.count("messages", change["messages"]),
    )


def _frame(
    periods: Sequence[Mapping[str, Any]],
    changes: Sequence[Mapping[str, Any]],
    width: float,
    top: float,
) -> _Frame:
    starts = [date.fromisoformat(period["starts_on"]) for period in periods]
    gaps = [(later - earlier).days for earlier, later in pairwise(starts)]
    step = median(gaps) if gaps else _USUAL_DAYS
    last = max([starts[-1], *(date.fromisoformat(change["date"]) for change in changes)])
    days = max((last - starts[0]).days, (starts[-1] - starts[0]).days + step)
    bounds = [bound for period in periods for bound in period["interval"] if bound is not None]
    small = all(abs(bound) <= _SMALL for bound in bounds)
    return _Frame(width, top, starts[0], days, step, _SMALL if small else 1.0)


def _scale(svg: Element, frame: _Frame, words: Words) -> None:
    for share in (1, 0.5, 0, -0.5, -1):
        value = share * frame.bound
        y = frame.y(value)
        style = "zero" if share == 0 else "grid"
        _line(svg, (_LEFT, y), (frame.width - _RIGHT, y), style)
        _text(svg, _LEFT - 6, y + 4, words.tick(value), "end")


def _bars(svg: Element, frame: _Frame, periods: Sequence[Mapping[str, Any]]) -> None:
    most = max((period["messages"] for period in periods), default=0) or 1
    width = frame.inner * frame.step / frame.days * _BAR_SHARE
    for period in periods:
        height = _BARS_HEIGHT * period["messages"] / most
        place = {"x": frame.middle(period) - width / 2, "y": frame.floor - height}
        size = {"width": width, "height": height}
        SubElement(svg, "rect", dict(attributes(**place, **size, class_="bar")))
    _text(svg, _LEFT - 6, frame.floor - _BARS_HEIGHT + 10, str(most), "end")
    _line(svg, (_LEFT, frame.floor), (frame.width - _RIGHT, frame.floor), "grid")


def _ticks(svg: Element, frame: _Frame, periods: Sequence[Mapping[str, Any]], words: Words) -> None:
    fitting = max(int(frame.inner // _TICK_ROOM), 1)
    every = -(-len(periods) // fitting)
    for period in periods[::every]:
        x = frame.middle(period)
        name = words.period(period["period"])
        half = len(name) * _LETTER / 2
        x = max(half, min(x, frame.width - half))
        _text(svg, x, frame.floor + 18, name, "middle")


def _band(svg: Element, frame: _Frame, periods: Sequence[Mapping[str, Any]]) -> None:
    lows = [_point(frame, period, period["interval"][0]) for period in periods]
    highs = [_point(frame, period, period["interval"][1]) for period in periods]
    for low, high in zip(runs(lows), runs(highs), strict=True):
        if len(low) == 1:
            _line(svg, low[0], high[0], "whisker")
        else:
            polyline(svg, [*high, *reversed(low)], "band", "polygon")


def _standing(svg: Element, frame: _Frame, periods: Sequence[Mapping[str, Any]]) -> None:
    points = [_point(frame, period, period["value"]) for period in periods]
    for run in runs(points):
        polyline(svg, run, "standing")
        for x, y in run:
            SubElement(svg, "circle", dict(attributes(cx=x, cy=y, r=3.2, class_="dot")))


def _point(frame: _Frame, period: Mapping[str, Any], value: float | None) -> _Point | None:
    return None if value is None else (frame.middle(period), frame.y(value))


def _flag(svg: Element, frame: _Frame, change: Mapping[str, Any], row: int, words: Words) -> None:
    x = frame.x(date.fromisoformat(change["date"]))
    y = 8 + row * _FLAG_HEIGHT + 6
    style = "risk" if change["direction"] == "decline" else "strength"
    _line(svg, (x, y), (x, frame.floor), f"turn {style}")
    left, anchor = _flag_place(x, _flag_text(change, words), frame.width)
    arrow(svg, x, y, up=change["direction"] == "recovery", style=f"flag {style}")
    _text(svg, left, y + 4, _flag_text(change, words), anchor, f"flag-text {style}")


def _flag_text(change: Mapping[str, Any], words: Words) -> str:
    return f"{words.day(change['date'])} · {words.probability(change['probability'])}"


def _flag_place(x: float, text: str, width: float) -> tuple[float, str]:
    """Write beside the arrow on the right, or on the left where the right has no room."""
    if x + 10 + len(text) * _LETTER <= width:
        return x + 10, "start"
    return x - 10, "end"


def _flag_rows(
    periods: Sequence[Mapping[str, Any]],
    changes: Sequence[Mapping[str, Any]],
    words: Words,
    width: float,
) -> list[int]:
    """Give every turning point the first row in which its words overlap no other's."""
    frame = _frame(periods, changes, width, top=0.0)
    taken: list[list[_Point]] = []
    rows = []
    for change in changes:
        x = frame.x(date.fromisoformat(change["date"]))
        room = len(_flag_text(change, words)) * _LETTER + 18
        _, anchor = _flag_place(x, _flag_text(change, words), width)
        span = (x - 8, x + room) if anchor == "start" else (x - room, x + 8)
        row = next((i for i, spans in enumerate(taken) if _free(spans, span)), len(taken))
        if row == len(taken):
            taken.append([])
        taken[row].append(span)
        rows.append(row)
    return rows


def _free(spans: Sequence[_Point], span: _Point) -> bool:
    return all(span[1] < left or span[0] > right for left, right in spans)


def _line(svg: Element, start: _Point, end: _Point, style: str) -> None:
    ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
    SubElement(svg, "line", dict(attributes(**ends, class_=style)))


def _text(svg: Element, x: float, y: float, text: str, anchor: str, style: str = "axis") -> None:
    place = attributes(x=x, y=y, text_anchor=anchor, class_=style)
    SubElement(svg, "text", dict(place)).text = text
