"""Tables of a report's figures for analysts: one row a period, a dimension or a turning point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from commsense.errors import UsageError
from commsense.reports.views import judge

_Summary = Mapping[str, Any]

_TIMELINE: Final = {
    "period": "str",
    "starts_on": "datetime64[s]",
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "messages": "int64",
    "strengths": "int64",
    "risks": "int64",
}
_DIMENSIONS: Final = {
    "dimension": "str",
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "baseline": "float64",
    "change": "float64",
    "change_low": "float64",
    "change_high": "float64",
    "judged": "str",
    "client": "float64",
    "provider": "float64",
    "messages": "int64",
    "strengths": "int64",
    "risks": "int64",
}
_CHANGES: Final = {
    "date": "datetime64[s]",
    "direction": "str",
    "probability": "float64",
    "messages": "int64",
}


def frame(summary: _Summary, name: str) -> pd.DataFrame:
    """Return one of a summary's tables.

    Parameters
    ----------
    summary : mapping
        What :func:`commsense.reports.summarise` returned.
    name : str
        ``timeline``, ``dimensions`` or ``changes``, see :meth:`commsense.Report.frame`.

    Raises
    ------
    UsageError
        Where there is no table of this name.
    """
    if name not in _FRAMES:
        raise UsageError(f"the table {name!r} of a report", "one of " + ", ".join(_FRAMES))
    return _FRAMES[name](summary)


def _timeline(summary: _Summary) -> pd.DataFrame:
    return _table([_spread(period) for period in summary["timeline"]], _TIMELINE)


def _dimensions(summary: _Summary) -> pd.DataFrame:
    rows = [_dimension(name, one) for name, one in summary["dimensions"].items()]
    return _table(rows, _DIMENSIONS)


def _changes(summary: _Summary) -> pd.DataFrame:
    return _table(summary["changes"], _CHANGES)


_FRAMES: Final[Mapping[str, Callable[[_Summary], pd.DataFrame]]] = {
    "timeline": _timeline,
    "dimensions": _dimensions,
    "changes": _changes,
}


def _dimension(name: str, one: _Summary) -> dict[str, Any]:
    low, high = one["change_interval"]
    return {
        **_spread(one),
        "dimension": name,
        "baseline": one["baseline"]["value"],
        "change_low": low,
        "change_high": high,
        "judged": judge(one),
        "client": one["by_side"]["client"]["value"],
        "provider": one["by_side"]["provider"]["value"],
    }


def _spread(estimate: _Summary) -> dict[str, Any]:
    """Return an estimate with the ends of its interval as two values."""
    low, high = estimate["interval"]
    return {**estimate, "low": low, "high": high}


def _table(rows: list[dict[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(dict(columns))
