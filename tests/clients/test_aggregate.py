from __future__ import annotations

import pytest

from commsense.clients import aggregate
from commsense.schema import CLIENTS, CONVERSATIONS, LABELS, MESSAGES, frame, to_arrow
from simulate import Client, simulate

from .conftest import alternating


def test_counts_by_client_period_label_and_side(tables):
    rows = [(1.0, "client", ["courtesy"]), (2.0, "provider", ["courtesy"]), (40.0, "client", [])]
    table = aggregate(*tables(rows))
    counts = table.set_index(["period", "label", "side"]).sort_index()
    january = counts.loc[("2024-01", "courtesy")]
    assert january["count"].to_dict() == {"both": 2, "client": 1, "provider": 1}
    assert january["messages"].to_dict() == {"both": 2, "client": 1, "provider": 1}
    assert counts.loc[("2024-02", "courtesy", "both"), "count"] == 0
    assert to_arrow(CLIENTS, table).schema == CLIENTS


def test_rates_lie_in_their_intervals_and_change_is_the_difference():
    table = aggregate(*simulate([Client("a"), Client("b")], seed=2))
    assert ((table["low"] <= table["rate"]) & (table["rate"] <= table["high"])).all()
    known = table[table["baseline"].notna()]
    difference = known["rate"] - known["baseline"]
    assert known["change"].to_numpy() == pytest.approx(difference.to_numpy())


def test_small_counts_are_drawn_towards_the_past(tables):
    days = [float(day) for day in range(100)]
    rows = alternating(days, lambda _i, day: [] if day < 95 else ["courtesy"])
    table = aggregate(*tables(rows), by="week").set_index(["label", "side"])
    weeks = table.loc[("courtesy", "both")]
    last = weeks.sort_values("starts_at").iloc[-1]
    assert last["count"] == last["messages"] > 0
    assert last["baseline"] < last["rate"] < 1.0


def test_nothing_gives_an_empty_table():
    table = aggregate(frame(MESSAGES, []), frame(LABELS, []), frame(CONVERSATIONS, []))
    assert table.columns.tolist() == CLIENTS.names
    assert len(table) == 0
