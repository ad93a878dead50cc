"""Draw a report's tables with matplotlib, for analysts who want to change the picture.

The figures belong to the caller and not to pyplot, so none stays in memory; colours and marks are
those of the page (``templates/style.css``).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from commsense.reports.frames import frame
from commsense.reports.text import shorten
from commsense.reports.words import Words, load_words

INK: Final = "#1d2733"
MUTED: Final = "#56616e"
LINE: Final = "#dfdcd4"
RAIL: Final = "#cfcac0"
ACCENT: Final = "#2c4a7c"
BAND: Final = "#c9d4e6"
RISK: Final = "#9a3412"
STRENGTH: Final = "#0d7a6c"

_SMALL = 0.5  # standings that all lie within this are drawn on half the scale, as on the page
_USUAL_DAYS = 30.0  # length of a lone period
_BAR_SHARE = 0.7
_HOURS_A_DAY = 24
_MOST_TICKS = 10
_FLAG_HEIGHT = 16.0  # points between two rows of such words
_NAME_LENGTH = 60
_TEXT = 9.0  # points


class Plot(Figure):
    """A matplotlib figure that a notebook shows without pyplot."""

    def _repr_png_(self) -> bytes:
        shown = BytesIO()
        self.savefig(shown, format="png")
        return shown.getvalue()


def plot_timeline(summary: Mapping[str, Any], *, language: str = "en") -> Figure:
    """Draw a summary's balance of strengths and risks over time, see ``Report.plot``."""
    words = _drawable(language)
    periods, changes = frame(summary, "timeline"), frame(summary, "changes")
    figure = Plot(figsize=(9.0, 5.2), dpi=110, layout="constrained")
    above, below = figure.subplots(2, sharex=True, height_ratios=(3, 1.3))
    if periods["value"].notna().any():
        days = _length(periods)
        at = _middles(periods, days)
        _balance(above, periods, at, words)
        _counts(below, periods, at, days, words)
        _turns((above, below), changes, at[len(at) // 2], words)
        _name_periods(below, periods, at, words)
    else:
        _nothing(above, words("timeline.none"))
    _title(above, summary, words("timeline.legend_line"), rows=len(changes))
    above.set_ylabel(words("plot.balance"), color=MUTED, fontsize=_TEXT)
    below.set_ylabel(words("timeline.messages"), color=MUTED, fontsize=_TEXT)
    for axes in (above, below):
        _quiet(axes)
    return figure


def plot_dimensions(summary: Mapping[str, Any], *, language: str = "en") -> Figure:
    """Draw a summary's dimensions against their baselines, see ``Report.plot_dimensions``."""
    words = _drawable(language)
    table = frame(summary, "dimensions").sort_values("change", ascending=False, kind="stable")
    table = pd.concat([table[table["value"].isna()], table[table["value"].notna()]])
    figure = Plot(figsize=(9.0, 1.4 + 0.42 * len(table)), dpi=110, layout="constrained")
    axes = figure.subplots()
    rows = np.arange(len(table))
    axes.hlines(rows, -1, 1, color=LINE, linewidth=2, zorder=1)
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    _marks(axes, rows, table)
    for row, judged, change in zip(rows, table["judged"], table["change"], strict=True):
        _judgement(axes, float(row), str(judged), float(change), words)
    names = [words.label(name) for name in table["dimension"]]
    axes.set_yticks(rows, names, color=INK, parse_math=False)
    axes.set_xlim(-1.05, 1.05)
    axes.set_xticks(np.linspace(-1, 1, 5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: words.tick(value)))
    axes.set_xlabel(words("dimensions.caption"), color=MUTED, fontsize=_TEXT)
    _title(axes, summary, words("section.dimensions"))
    _quiet(axes)
    axes.spines["left"].set_visible(False)
    return figure


def _drawable(language: str) -> Words:
    """Return the language's words, or English ones where the font has no letters for them."""
    words = load_words(language)
    return words if _has_letters(words("timeline.title")) else load_words()


def _has_letters(text: str) -> bool:
    path = font_manager.findfont(font_manager.FontProperties())
    has = font_manager.get_font(path).get_char_index
    return all(has(ord(letter)) for letter in text)


def _length(periods: pd.DataFrame) -> float:
    """Return how many days a period lasts; periods without messages are no rows."""
    gaps = [(later - earlier).days for earlier, later in pairwise(periods["starts_on"])]
    return float(np.median(gaps)) if gaps else _USUAL_DAYS


def _middles(periods: pd.DataFrame, days: float) -> np.ndarray:
    # Dates and no numbers, so that the axis takes the dates that an analyst adds.
    return (periods["starts_on"] + pd.Timedelta(days=days / 2)).to_numpy()


def _balance(axes: Axes, periods: pd.DataFrame, at: np.ndarray, words: Words) -> None:
    low, high, value = (periods[name].to_numpy() for name in ("low", "high", "value"))
    bound = _SMALL if np.nanmax(np.abs([low, high])) <= _SMALL else 1.0
    axes.axhline(0, color=MUTED, linewidth=0.8)
    axes.fill_between(at, low, high, color=BAND, alpha=0.65, linewidth=0)
    axes.plot(at, value, "o-", color=ACCENT, linewidth=2, markersize=4.5, markeredgecolor="white")
    last = int(np.flatnonzero(~np.isnan(value))[-1])
    axes.annotate(
        words.signed(value[last]),
        (at[last], value[last]),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        color=ACCENT,
        fontweight="bold",
        annotation_clip=False,
    )
    axes.set_ylim(-1.05 * bound, 1.05 * bound)
    axes.set_yticks(np.linspace(-bound, bound, 5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.tick(value)))
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)


def _counts(axes: Axes, periods: pd.DataFrame, at: np.ndarray, days: float, words: Words) -> None:
    """Draw how many messages carry a strength upwards, a risk downwards, before all of them."""
    width = np.timedelta64(round(_BAR_SHARE * days * _HOURS_A_DAY), "h")
    for sign, name, colour in ((1, "strengths", STRENGTH), (-1, "risks", RISK)):
        axes.bar(at, sign * periods["messages"], width, color=LINE)
        axes.bar(at, sign * periods[name], width, color=colour, alpha=0.85)
        axes.text(
            1.01,
            0.5 + 0.3 * sign,
            words(f"plot.with_{name}"),
            color=colour,
            fontsize=_TEXT,
            va="center",
            transform=axes.transAxes,
        )
    axes.axhline(0, color=MUTED, linewidth=0.8)
    most = periods["messages"].max()
    axes.set_ylim(-1.05 * most, 1.05 * most)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, symmetric=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):.0f}"))


def _turns(
    panels: Sequence[Axes], changes: pd.DataFrame, middle: np.datetime64, words: Words
) -> None:
    for row, change in enumerate(changes.to_dict("records")):
        falls = change["direction"] == "decline"
        colour, style = (RISK, "--") if falls else (STRENGTH, ":")
        for axes in panels:
            across = axes.get_xaxis_transform()
            axes.plot(
                [change["date"]] * 2, [0, 1], style, color=colour, linewidth=1.4, transform=across
            )
        late = bool(change["date"] > middle)
        panels[0].annotate(
            _flag(change, words, late=late),
            (change["date"], 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(5 if late else -5, 4 + (len(changes) - 1 - row) * _FLAG_HEIGHT),
            textcoords="offset points",
            ha="right" if late else "left",
            color=colour,
            fontsize=_TEXT,
            fontweight="bold",
        )


def _flag(change: Mapping[Hashable, Any], words: Words, *, late: bool) -> str:
    """Say a turning point, with its arrow at the end that stands by the line."""
    arrow = "▼" if change["direction"] == "decline" else "▲"
    turned = words(f"timeline.{change['direction']}")
    day = words.day(change["date"].date().isoformat())
    said = f"{turned} · {day} · {words.probability(change['probability'])}"
    return f"{said} {arrow}" if late else f"{arrow} {said}"


def _name_periods(axes: Axes, periods: pd.DataFrame, at: np.ndarray, words: Words) -> None:
    every = -(-len(periods) // _MOST_TICKS)
    names = [words.period(period) for period in periods["period"]]
    axes.set_xticks(at[::every], names[::every])


def _marks(axes: Axes, rows: np.ndarray, table: pd.DataFrame) -> None:
    """Draw values with their intervals, round for a strength and square for a risk."""
    axes.scatter(
        table["baseline"], rows, marker="D", s=38, facecolor="white", edgecolor=INK, zorder=3
    )
    for chosen, colour, shape in (
        ((table["value"] >= 0).to_numpy(), STRENGTH, "o"),
        ((table["value"] < 0).to_numpy(), RISK, "s"),
    ):
        some = table[chosen]
        axes.hlines(
            rows[chosen], some["low"], some["high"], color=colour, alpha=0.4, linewidth=6, zorder=2
        )
        axes.scatter(
            some["value"], rows[chosen], marker=shape, s=58, color=colour, edgecolor="white",
            zorder=4,
        )  # fmt: skip


def _judgement(axes: Axes, row: float, judged: str, change: float, words: Words) -> None:
    colour = {"worse": RISK, "better": STRENGTH}.get(judged, MUTED)
    said = words(f"dimensions.{judged}")
    axes.annotate(
        said if judged == "unsure" else f"{words.signed(change)}  {said}",
        (1.0, row),
        xycoords=axes.get_yaxis_transform(),
        xytext=(10, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        fontsize=_TEXT,
    )


def _title(axes: Axes, summary: Mapping[str, Any], told: str, rows: int = 0) -> None:
    room = 12 + _FLAG_HEIGHT * rows
    axes.set_title(told, loc="left", pad=room, color=MUTED, fontsize=_TEXT + 1)
    name = shorten(summary["name"], _NAME_LENGTH)
    axes.annotate(
        name if _has_letters(name) else shorten(summary["client"], _NAME_LENGTH),
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, room + 18),
        textcoords="offset points",
        color=INK,
        fontsize=_TEXT + 4,
        fontweight="bold",
        parse_math=False,  # a name may hold dollars
    )


def _nothing(axes: Axes, told: str) -> None:
    axes.text(0.5, 0.5, told, ha="center", color=MUTED, transform=axes.transAxes)
    axes.set(xticks=[], yticks=[])


def _quiet(axes: Axes) -> None:
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(LINE)
    axes.tick_params(length=0, labelcolor=MUTED, labelsize=_TEXT)
