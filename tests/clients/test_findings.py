from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from simulate import DAY, START

from .conftest import alternating, reasons

YEAR = np.linspace(0, 360, 120).tolist()
GOOD = (
    "strategic_planning", "reporting", "knowledge_sharing", "opinion_sharing",
    "clear_communication", "positive_attitude",
)  # fmt: skip


def test_strengths_that_stopped_are_missing(tables, one):
    found = one(tables(alternating(YEAR, lambda i, day: [GOOD[i % 6]] if day < 260 else [])))
    assert set(found.missing_strengths) >= {"strategic_planning", "reporting"}
    assert "missing_strengths" in reasons(found)


def test_strengths_that_go_on_are_not_missing(tables, one):
    found = one(tables(alternating(YEAR, lambda i, _day: [GOOD[i % 6]])))
    assert found.missing_strengths == []


def test_a_sure_notice_is_a_finding_and_raises_the_alert(tables, one):
    rows = alternating(YEAR[::6], lambda _i, _day: ["courtesy"])
    rows[-1] = (360.0, "client", ["dissolution"])
    found = one(tables(rows))
    (leaving,) = [finding for finding in found.findings if finding.id == "dissolution"]
    assert leaving.message_ids == [f"acme-{len(rows) - 1}"]
    assert found.alert


def test_one_tag_among_many_messages_may_be_a_stray(tables, one):
    rows = alternating(YEAR, lambda _i, _day: ["courtesy"])
    rows[-1] = (360.0, "client", ["dissolution"])
    messages, labels, threads = tables(rows)
    unsure = labels.assign(score=labels["score"].where(labels["label"] != "dissolution", 0.65))
    assert "dissolution" not in reasons(one((messages, unsure, threads)))


def test_plain_notice_is_a_finding_in_however_many_messages(tables, one):
    rows = alternating(YEAR, lambda _i, _day: ["courtesy"])
    rows[-1] = (360.0, "client", ["dissolution"])
    found = one(tables(rows))
    assert "dissolution" in reasons(found)
    assert found.alert


def test_a_relationship_that_was_never_good_is_a_finding_without_any_change(tables, one):
    bad = alternating(YEAR, lambda i, _day: ["missed_expectations", "poor_etiquette"][: 1 + i % 2])
    found = one(tables(bad))
    assert not found.changes
    assert "risks_prevail" in reasons(found)
    assert found.alert


FAULTS = ["missed_expectations", "poor_etiquette"]


def prevailing_since(found) -> date:
    (prevail,) = [finding for finding in found.findings if finding.id == "risks_prevail"]
    return prevail.since


def day_of(day: float) -> date:
    return (START + day * DAY).date()


def test_risks_prevail_since_they_began_and_not_since_the_last_weeks(tables, one):
    found = one(tables(alternating(YEAR, lambda i, _day: FAULTS[: 1 + i % 2])))
    assert prevailing_since(found) == found.since == day_of(0)


@pytest.mark.parametrize("between", [["courtesy"], []])
def test_a_long_time_without_risks_ends_a_trouble(tables, one, between):
    rows = alternating(YEAR, lambda _i, day: between if 60 < day < 240 else FAULTS)
    assert day_of(240) <= prevailing_since(one(tables(rows))) <= day_of(246)


def test_stray_risks_of_a_good_time_are_not_when_risks_began_to_prevail(tables, one):
    good = ["courtesy", "reporting"]
    rows = alternating(YEAR, lambda i, day: FAULTS if day > 250 else [*good, *FAULTS[: i % 5 == 0]])
    assert day_of(240) <= prevailing_since(one(tables(rows))) <= day_of(256)


def test_a_finding_points_at_messages_whose_risk_was_raised(tables, one):
    messages, labels, threads = tables(
        alternating(YEAR, lambda i, day: ["unclear_communication"] if day > 300 and i % 2 else [])
    )
    sure = labels.index[-3:]
    labels["score"], labels["holds"] = 0.6, False
    labels.loc[sure, ["score", "holds"]] = [0.5, True]
    found = one((messages, labels, threads))
    (rising,) = [one for one in found.findings if one.id == "unclear_communication"]
    assert set(labels.loc[sure, "message_id"]) <= set(rising.message_ids)


def test_a_risk_that_rises_above_the_client_s_own_rate_is_a_finding(tables, one):
    rising = alternating(
        YEAR, lambda i, day: ["unclear_communication"] if day > 300 and i % 2 else ["courtesy"]
    )
    always = alternating(YEAR, lambda i, _day: ["unclear_communication"] if i % 2 else ["courtesy"])
    assert "unclear_communication" in reasons(one(tables(rising)))
    assert "unclear_communication" not in reasons(one(tables(always)))


def test_opinions_withheld_again_and_again_are_a_finding(tables, one):
    messages, labels, threads = tables(alternating(YEAR, lambda _i, _day: ["courtesy"]))
    places = list(range(90, 120, 6))
    threads.loc[places, "withheld_opinion"] = True
    for place in places:
        threads.at[place, "withheld_messages"] = [f"acme-{place}"]
    found = one((messages, labels, threads))
    (withheld,) = [finding for finding in found.findings if finding.id == "withheld_opinion"]
    assert set(withheld.message_ids) <= {f"acme-{place}" for place in places}


def test_plain_notice_counts_where_there_is_too_little_for_anything_else(tables, one):
    rows = [(float(day), "client", ["dissolution"] if day == 9 else []) for day in range(10)]
    assert reasons(one(tables(rows))) == {"dissolution"}
