from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from commsense.clients import assess

from .conftest import alternating, reasons


def regular(*, until: float, every: float = 3.0):
    return alternating(np.arange(0.0, until, every).tolist(), lambda _i, _day: ["courtesy"])


def together(first, second):
    """One portfolio of two clients' tables."""
    return tuple(pd.concat(pair, ignore_index=True) for pair in zip(first, second, strict=True))


def test_silence_is_judged_by_the_client_s_own_rhythm(tables):
    today = tables(regular(until=360), client="other")
    silent = assess(*together(tables(regular(until=280)), today))
    by_client = {one.client: one for one in silent}
    assert "silence" in reasons(by_client["acme"])
    assert "silence" not in reasons(by_client["other"])
    assert by_client["acme"].rhythm.current_gap_days == pytest.approx(81, abs=5)


def test_rare_writers_are_not_silent(tables):
    today = tables(regular(until=360), client="other")
    rare = tables(regular(until=330, every=15))
    by_client = {one.client: one for one in assess(*together(rare, today))}
    assert "silence" not in reasons(by_client["acme"])


def test_contact_that_fades_is_silence_too(tables, one):
    rows = [*regular(until=180), *((day, "client", []) for day in (220.0, 260.0, 300.0, 360.0))]
    found = one(tables(rows))
    (silence,) = [finding for finding in found.findings if finding.id == "silence"]
    assert silence.said.key == "fading"


def test_an_even_pace_does_not_fade(tables, one):
    assert "silence" not in reasons(one(tables(regular(until=360))))


def test_slower_answers_are_found(tables, one):
    messages, labels, threads = tables(regular(until=360))
    late = np.arange(len(threads)) >= 100
    threads["client_response_h"] = np.where(late, 30.0, 5.0) + np.arange(len(threads)) % 3
    found = one((messages, labels, threads))
    assert "slower_responses" in reasons(found)
    threads["client_response_h"] = 5.0 + np.arange(len(threads)) % 3
    assert "slower_responses" not in reasons(one((messages, labels, threads)))


@pytest.mark.parametrize(
    ("side", "finding"),
    [("client", "slower_responses"), ("provider", "our_slower_responses")],
)
def test_each_side_s_slower_answers_are_found_with_the_figure_of_late(tables, one, side, finding):
    messages, labels, threads = tables(regular(until=360))
    late = np.arange(len(threads)) >= 100
    threads[f"{side}_response_h"] = np.where(late, 54.0, 2.0) + np.arange(len(threads)) % 3
    found = one((messages, labels, threads))
    (slower,) = [one for one in found.findings if "slower" in one.id]
    assert slower.id == finding
    assert (slower.said.filled["hours"], slower.said.filled["hours_before"]) == (55, 3)
    assert getattr(found.rhythm, f"{side}_response_now_h") == 55.0
    assert getattr(found.rhythm, f"{side}_response_h") < 6.0


def test_an_hour_more_is_not_slower(tables, one):
    messages, labels, threads = tables(regular(until=360))
    late = np.arange(len(threads)) >= 100
    threads["client_response_h"] = np.where(late, 1.2, 0.25) + np.arange(len(threads)) % 3 / 100
    assert "slower_responses" not in reasons(one((messages, labels, threads)))


def test_slower_answers_are_shown_by_the_slowest(tables, one):
    messages, labels, threads = tables(regular(until=360))
    pairs = [f"talk-{place // 2}" for place in range(len(messages))]
    messages["conversation_id"] = pairs
    threads = threads.iloc[::2].assign(conversation_id=pairs[::2]).reset_index(drop=True)
    late = np.arange(len(threads)) >= 50
    threads["provider_response_h"] = np.where(late, 54.0, 2.0) + np.arange(len(threads)) % 3
    threads.loc[55, "provider_response_h"] = 90.0
    (slower,) = [one for one in one((messages, labels, threads)).findings if "slower" in one.id]
    assert "acme-111" in slower.message_ids


def test_the_rhythm_of_calls_is_that_of_the_median_call(tables, one):
    messages, labels, threads = tables(regular(until=90))
    calls = np.arange(len(threads)) < 3
    threads["channel"] = np.where(calls, "call", "email")
    threads["interactivity"] = np.where(calls, [2.0, 4.0, 9.0] * 10, np.nan)
    threads["provider_questions"] = np.where(calls, [1, 3, 8] * 10, 40)
    threads["provider_answer_rate"] = np.where(calls, np.nan, [0.0, 1.0, 1.0] * 10)
    rhythm = one((messages, labels, threads)).rhythm
    assert (rhythm.interactivity, rhythm.provider_questions) == (4.0, 3.0)
    assert rhythm.client_monologue_s is None
    assert rhythm.provider_answer_rate == pytest.approx(2 / 3)


def test_the_rhythm_counts_mails_and_calls(tables, one):
    messages, labels, threads = tables(regular(until=90))
    messages.loc[:5, "channel"] = "call"
    messages.loc[:5, "conversation_id"] = "call-1"
    rhythm = one((messages, labels, threads)).rhythm
    assert (rhythm.mails, rhythm.calls) == (24, 1)
    assert rhythm.usual_gap_days == 6.0


def test_our_own_mails_do_not_break_the_client_s_silence(tables, one):
    chasing = [(day, "provider", []) for day in range(200, 260, 7)]
    found = one(tables([*regular(until=180), *chasing]))
    assert "silence" in reasons(found)
    assert found.rhythm.current_gap_days == pytest.approx(256 - 174, abs=4)
