from __future__ import annotations

import csv
import io
import json

import pytest

from commsense.reports import portfolio, render_json, render_portfolio_csv, summarise

from .assessments import declining, good, hostile, multilingual


def _read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_one_line_a_client_with_figures_as_figures():
    rows = _read(render_portfolio_csv(portfolio([declining(), good()])))
    assert [row["client"] for row in rows] == ["harbourline.example", "lumen.example"]
    assert rows[0]["standing"] == "-0.44"
    assert rows[0]["alert"] == "true"
    assert rows[1]["since"] == ""
    assert rows[0]["reasons"].startswith("missed_expectations; silence")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r+", " ="])
def test_csv_neutralises_formulas(start):
    row = portfolio([good()])[0] | {"name": f"{start}cmd()", "reasons": [f"{start}x"]}
    (read,) = _read(render_portfolio_csv([row]))
    assert read["name"].startswith("'")
    assert read["reasons"].startswith("'")


def test_csv_of_hostile_clients_keeps_one_line_a_client():
    rows = _read(render_portfolio_csv(portfolio([hostile(), good()])))
    assert rows[0]["client"].startswith("'=HYPERLINK")
    assert rows[1]["client"] == "lumen.example"


def test_json_keeps_letters_of_every_script():
    text = render_json(summarise(multilingual()))
    assert "บ้านรัก" in text
    assert json.loads(text)["name"] == "บ้านรัก Résidences"
