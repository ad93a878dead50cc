from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsense.clients import assess
from commsense.clients.assess import TOO_LITTLE
from commsense.profiles import ClientProfile
from commsense.schema import CONVERSATIONS, LABELS, MESSAGES, frame
from simulate import Client, simulate

from .conftest import alternating, reasons

YEAR = np.linspace(0, 360, 120).tolist()


def test_no_messages_give_no_assessment():
    assert assess(frame(MESSAGES, []), frame(LABELS, []), frame(CONVERSATIONS, [])) == []


def test_too_little_data_says_so_and_finds_nothing(tables, one):
    rows = alternating(range(TOO_LITTLE - 1), lambda _i, _day: ["negative_attitude"])
    found = one(tables(rows))
    assert not found.findings
    assert not found.alert
    assert found.caveats[0].key == "too_little"


def test_too_little_data_gives_no_standing_and_comes_last(tables):
    few = tables(alternating(range(6), lambda _i, _day: ["negative_attitude"]), client="few")
    calm = tables(alternating(YEAR, lambda _i, _day: ["courtesy"]), client="calm")
    both = [pd.concat(parts, ignore_index=True) for parts in zip(few, calm, strict=True)]
    first, last = assess(*both)
    assert (first.client, last.client) == ("calm", "few")
    assert np.isnan(last.standing)
    assert np.isnan(last.change)


def test_plain_notice_in_the_first_message_is_compared_with_nothing(tables, one):
    found = one(tables([(0.0, "client", ["dissolution"])]))
    assert found.alert
    assert found.standing < 0
    assert np.isnan(found.change)


def test_trouble_without_an_alert_has_its_date_too(tables, one):
    messages, labels, threads = tables(alternating(YEAR, lambda _i, _day: []))
    late = np.arange(len(threads)) >= 100
    threads["client_response_h"] = np.where(late, 30.0, 5.0) + np.arange(len(threads)) % 3
    found = one((messages, labels, threads))
    assert not found.alert
    assert found.standing < 0
    assert found.since is not None


def test_swearing_that_was_always_there_costs_nothing(tables, one):
    said = ["vulgar_language", "positive_attitude"]
    banter = one(tables(alternating(YEAR, lambda i, _day: said[: 1 + i % 2])))
    assert not banter.alert
    assert banter.standing > 0
    assert "vulgar_language" not in reasons(banter)


def test_weights_are_each_client_s_own(tables, one):
    fault = ["missed_expectations"]
    late = tables(alternating(YEAR, lambda i, day: fault if day > 250 and i % 3 == 0 else []))
    assert "missed_expectations" in reasons(one(late))
    assert "missed_expectations" not in reasons(one(late, missed_expectations=0.0))
    assert one(late, expectations=0.0).standing > one(late).standing


def test_automatic_messages_count_for_nothing(tables, one):
    rows = alternating(YEAR, lambda _i, _day: ["courtesy"])
    messages, labels, threads = tables(rows)
    noise = messages.assign(id=messages["id"] + "-auto", automatic=True)
    angry = labels.assign(message_id=labels["message_id"] + "-auto", label="negative_attitude")
    both = (pd.concat([messages, noise]), pd.concat([labels, angry]), threads)
    with_noise, without = one(both), one((messages, labels, threads))
    assert with_noise.standing == pytest.approx(without.standing)
    assert with_noise.messages == without.messages


def test_the_reported_period_is_cut_and_the_baseline_kept():
    tables = simulate([Client("acme")], seed=1)
    (part,) = assess(*tables, since=date(2024, 7, 1), until=date(2024, 9, 30))
    assert part.start >= date(2024, 7, 1)
    assert part.end <= date(2024, 9, 30)
    (whole,) = assess(*tables)
    assert part.messages < whole.messages
    assert {period.period for period in part.timeline} == {"2024-07", "2024-08", "2024-09"}


def test_profiles_give_names():
    tables = simulate([Client("acme")], seed=1)
    (found,) = assess(*tables, profiles=[ClientProfile("acme", name="Acme & Co")])
    assert found.name == "Acme & Co"


def test_languages_that_the_tagger_has_not_learnt_are_a_caveat(tables, one):
    messages, labels, threads = tables(alternating(YEAR, lambda _i, _day: ["courtesy"]))
    abstained = labels.assign(holds=None)
    found = one((messages.assign(language="fi"), abstained, threads))
    assert any(caveat.filled.get("languages") == "fi" for caveat in found.caveats)


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.sets(st.integers(0, 59), max_size=20))
def test_the_order_of_rows_does_not_matter_and_holes_do_not_stop_it(random, holes):
    messages, labels, threads = simulate([Client("a", days=90), Client("b", days=90)], seed=5)
    order = list(range(len(messages)))
    places = [place for place in holes if place < len(messages)]
    messages.loc[places, "sent_at"] = pd.NaT
    messages.loc[places[::2], "side"] = None
    random.shuffle(order)
    shuffled = assess(messages.iloc[order], labels.sample(frac=1, random_state=1), threads)
    plain = assess(messages, labels, threads)
    assert [one.client for one in shuffled] == [one.client for one in plain]
    for left, right in zip(shuffled, plain, strict=True):
        assert left.standing == pytest.approx(right.standing)
        assert reasons(left) == reasons(right)
        assert -1 <= left.standing <= 1
