from __future__ import annotations

import numpy as np

from commsense.clients.advice import MOST_STEPS, practices
from commsense.taxonomy import load_taxonomy

from .conftest import alternating

DAYS = np.linspace(0, 360, 20).tolist()


def leaving(tables, *after):
    rows = alternating(DAYS, lambda _i, _day: ["courtesy"])
    rows[-1] = (360.0, "client", ["dissolution"])
    return tables([*rows, *after])


def test_every_practice_answers_something_and_is_recognised_by_known_labels():
    known = set(load_taxonomy().ids)
    assert all(practice.because for practice in practices())
    assert all(set(practice.done_by) <= {*known, "call", "message"} for practice in practices())
    assert len({practice.id for practice in practices()}) == len(practices())


def test_a_finding_brings_steps_tied_to_its_messages(tables, one):
    found = one(leaving(tables))
    assert 0 < len(found.advice) <= MOST_STEPS
    step = found.advice[0]
    assert step.because in {finding.id for finding in found.findings}
    assert step.message_ids


def test_what_was_done_since_is_not_advised_again(tables, one):
    before = {step.id for step in one(leaving(tables)).advice}
    done = next(p for p in practices() if p.done_by and p.id in before)
    after = one(leaving(tables, (362.0, "provider", list(done.done_by))))
    assert done.id not in {step.id for step in after.advice}


def test_good_clients_get_no_advice(tables, one):
    assert one(tables(alternating(DAYS, lambda _i, _day: ["courtesy", "reporting"]))).advice == []


def steps(assessment):
    return {step.id for step in assessment.advice}


def test_a_step_is_due_again_once_the_finding_shows_again(tables, one):
    listened = (362.0, "provider", ["concern_listening"])
    again = (366.0, "client", ["dissolution"])
    assert "listen_to_concern" not in steps(one(leaving(tables, listened)))
    assert "listen_to_concern" in steps(one(leaving(tables, listened, again)))


def test_complaints_that_go_on_after_one_question_are_listened_to_again(tables, one):
    def complaining(day):
        return ["negative_attitude"] if day > 250 else ["courtesy"]

    days = np.linspace(0, 360, 90).tolist()
    rows = alternating(days, lambda _i, day: complaining(day))
    asked = (280.5, "provider", ["concern_listening"])
    early = one(tables(sorted([*rows, asked])))
    assert "listen_to_concern" in steps(early)
    late = one(tables([*rows, (361.0, "provider", ["concern_listening"])]))
    assert "listen_to_concern" not in steps(late)


def silent(tables, *after):
    """A client that falls silent on day 200, and another whose days go on."""
    rows = alternating(np.arange(0.0, 200.0, 3.0).tolist(), lambda _i, _day: ["courtesy"])
    rows[-1] = (rows[-1][0], "client", ["courtesy"])
    return tables([*rows, *after, (300.0, "provider", [])])


def test_a_client_that_was_chased_is_met_and_not_chased_again(tables, one):
    chased = one(silent(tables, (220.0, "provider", []), (240.0, "provider", ["personal_touch"])))
    assert {finding.id for finding in chased.findings} >= {"silence"}
    assert "follow_up" not in steps(chased)
    assert "meet_in_person" in steps(chased)  # a birthday mail is no meeting


def test_a_call_with_the_client_is_a_meeting(tables, one):
    messages, labels, threads = leaving(tables, (362.0, "client", []))
    before = one((messages, labels, threads))
    messages.loc[messages.index[-1], "channel"] = "call"
    assert "meet_in_person" in steps(before)
    assert "meet_in_person" not in steps(one((messages, labels, threads)))


def test_what_was_missing_and_came_last_week_is_not_advised(tables, one):
    days = np.linspace(0, 360, 160).tolist()
    rows = alternating(days, lambda _i, day: ["reporting"] if day < 200 else ["courtesy"])
    missing = one(tables(rows))
    assert "reporting" in missing.missing_strengths
    assert "share_figures" in steps(missing)
    sent = one(tables([*rows, (361.0, "provider", ["reporting"])]))
    assert "reporting" in sent.missing_strengths
    assert "share_figures" not in steps(sent)


def test_interruptions_in_a_call_are_no_reason_to_call():
    because = {practice.id: practice.because for practice in practices()}
    assert "interruption" in because["listen_to_concern"]
    assert "interruption" not in because["meet_in_person"]
