from __future__ import annotations

import numpy as np

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
