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


def test_the_rhythm_counts_mails_and_calls(tables, one):
    messages, labels, threads = tables(regular(until=90))
    messages.loc[:5, "channel"] = "call"
    messages.loc[:5, "conversation_id"] = "call-1"
    rhythm = one((messages, labels, threads)).rhythm
    assert (rhythm.mails, rhythm.calls) == (24, 1)
    assert rhythm.usual_gap_days == 3.0
