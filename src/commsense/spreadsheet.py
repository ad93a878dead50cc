"""Cells of CSV files that spreadsheets cannot mistake for formulas."""

from __future__ import annotations

from typing import Final

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_MARK: Final = "'"


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe goes before what begins a formula."""
    return _MARK + cell if cell.startswith(_FORMULA_STARTS) else cell


def original(cell: str) -> str:
    """Return the cell that :func:`harmless` was given."""
    marked = cell.startswith(_MARK) and cell[1:].startswith(_FORMULA_STARTS)
    return cell[1:] if marked else cell
