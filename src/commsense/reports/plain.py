"""Write summaries and portfolios as data: JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from commsense.reports.text import one_line
from commsense.spreadsheet import harmless

_LIST_SEPARATOR = "; "
_PORTFOLIO_COLUMNS = (
    "client",
    "name",
    "alert",
    "standing",
    "change",
    "level",
    "trend",
    "since",
    "stage",
    "messages",
    "reasons",
    "why",
)


def render_json(summary: Mapping[str, Any]) -> str:
    """Return a summary as JSON text."""
    return json.dumps(summary, ensure_ascii=False, indent=2, allow_nan=False)


def render_portfolio_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a portfolio as a JSON list in the rows' order."""
    return json.dumps(list(rows), ensure_ascii=False, indent=2, allow_nan=False)


def render_portfolio_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a portfolio as CSV text, one line a client, formula cells neutralised."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_PORTFOLIO_COLUMNS)
    writer.writerows([_cell(row[column]) for column in _PORTFOLIO_COLUMNS] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:  # noqa: ANN401
    """Return a value as a spreadsheet may hold it: numbers as they are, texts never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = _LIST_SEPARATOR.join(value)
    if isinstance(value, str):
        return harmless(one_line(value))
    return value
