from __future__ import annotations

import numpy as np
import pytest

from .conftest import alternating, reasons

YEAR = np.linspace(0, 360, 60).tolist()


@pytest.fixture
def calm(tables):
    return tables(alternating(YEAR, lambda _i, _day: ["courtesy"]))


def unanswered(tables, places):
    messages, labels, threads = tables
    for place in places:
        threads.at[place, "unanswered"] = [f"acme-{place}"]
    return messages, labels, threads


def debated(tables, places, *, resolved=()):
    messages, labels, threads = tables
    for place in places:
        threads.loc[place, ["had_debate", "unresolved_debate"]] = [True, place not in resolved]
        threads.at[place, "debate_messages"] = [f"acme-{place}"]
    return messages, labels, threads


def test_open_questions_are_listed_with_whose_turn_it_is(calm, one):
    found = one(unanswered(calm, [50, 51]))
    assert [loop.message_id for loop in found.open_questions] == ["acme-51", "acme-50"]
    assert [loop.waiting_for for loop in found.open_questions] == ["client", "provider"]
    assert found.open_questions[0].days == pytest.approx(YEAR[-1] - YEAR[51])


def test_a_few_open_questions_are_no_finding_and_many_are(calm, one):
    assert "unanswered_questions" not in reasons(one(unanswered(calm, [50, 51])))
    assert "unanswered_questions" in reasons(one(unanswered(calm, range(40, 58))))


def test_yesterday_s_questions_may_still_be_answered(calm, one):
    messages, labels, threads = unanswered(calm, range(40, 60))
    late = messages["sent_at"].max()
    messages.loc[40:, "sent_at"] = late
    assert "unanswered_questions" not in reasons(one((messages, labels, threads)))


def test_debates_without_an_end_are_a_finding_for_a_year(calm, one):
    found = one(debated(calm, [5, 15, 25, 35, 45, 55]))
    assert "unresolved_debate" in reasons(found)
    assert len(found.unresolved_debates) == 6


def test_a_debate_goes_back_to_its_first_message(calm, one):
    messages, labels, threads = calm
    messages.loc[[30, 31, 34], "text"] = [
        "The poster must not cost more than the booklet did.",
        "A poster of that size costs twice what a booklet does.",
        "Then the poster shall be smaller, or the booklet goes.",
    ]
    threads.loc[30, ["had_debate", "unresolved_debate"]] = [True, True]
    threads.at[30, "debate_messages"] = ["acme-30", "acme-31", "acme-34"]
    (debate,) = one((messages, labels, threads)).unresolved_debates
    assert debate.message_id == "acme-34"
    assert debate.since == messages["sent_at"][30]
    assert debate.days == pytest.approx(YEAR[-1] - YEAR[30])
    assert debate.lasted_days == pytest.approx(YEAR[34] - YEAR[30])
    assert debate.about[:2] == ("poster", "booklet")


def test_a_debate_of_years_counts_while_it_goes_on(tables, one):
    long = np.linspace(0, 900, 60).tolist()
    messages, labels, threads = tables(alternating(long, lambda _i, _day: ["courtesy"]))
    for place in (0, 2, 4, 6):
        threads.loc[place, ["had_debate", "unresolved_debate"]] = [True, True]
        threads.at[place, "debate_messages"] = [f"acme-{place}", f"acme-{50 + place // 2}"]
        threads.loc[place, "ended_at"] = messages["sent_at"][50 + place // 2]
    found = one((messages, labels, threads))
    assert "unresolved_debate" in reasons(found)
    (finding,) = [one for one in found.findings if one.id == "unresolved_debate"]
    assert finding.since == messages["sent_at"][0].date()


def test_debates_that_end_are_none(calm, one):
    found = one(debated(calm, [5, 15, 25, 35, 45], resolved=[5, 15, 25, 35, 45]))
    assert found.unresolved_debates == []
    assert "unresolved_debate" not in reasons(found)


def test_a_settled_debate_is_no_risk_of_its_messages(tables, one):
    rows = alternating(YEAR, lambda i, _day: ["unresolved_debate"] if i % 10 == 0 else ["courtesy"])
    open_ = one(debated(tables(rows), range(0, 60, 10)))
    settled = one(debated(tables(rows), range(0, 60, 10), resolved=range(0, 60, 10)))
    assert settled.standing > open_.standing
