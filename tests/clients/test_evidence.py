"""Which messages are quoted."""

from __future__ import annotations

import numpy as np
import pytest

from .conftest import alternating

YEAR = np.linspace(0, 360, 120).tolist()


@pytest.fixture
def troubled(tables):
    """A year that turns bad in its last two months."""
    faults = ["missed_expectations", "negative_attitude", "unclear_communication"]
    return tables(alternating(YEAR, lambda i, day: [faults[i % 3]] if day > 300 else ["courtesy"]))


def test_a_label_that_was_not_raised_is_no_evidence(troubled, one):
    messages, labels, threads = troubled
    unsure = labels.assign(score=0.4, holds=False)
    assert one(troubled).evidence
    assert one((messages, unsure, threads)).evidence == []


def test_a_debate_that_the_thread_shows_is_evidence_without_a_tag(troubled, one):
    messages, labels, threads = troubled
    threads.loc[110, ["had_debate", "unresolved_debate"]] = True
    threads.at[110, "debate_messages"] = ["acme-110"]
    found = one((messages, labels[labels["message_id"] != "acme-110"], threads))
    assert ("acme-110", "unresolved_debate") in {
        (quote.message_id, quote.label) for quote in found.evidence
    }


def test_no_text_is_quoted_twice(troubled, one):
    messages, labels, threads = troubled
    same = messages.assign(text=["You are  late again.", "you are late again."] * 60)
    assert len(one((same, labels, threads)).evidence) == 1


def test_every_finding_that_rests_on_tags_is_shown_by_a_quote(troubled, one):
    found = one(troubled)
    quoted = {quote.message_id for quote in found.evidence}
    resting = [finding for finding in found.findings if finding.message_ids]
    assert len(resting) > 2
    assert all(quoted & set(finding.message_ids) for finding in resting)


def test_a_notice_from_before_the_last_weeks_is_quoted(tables, one):
    rows = alternating(YEAR, lambda _i, _day: ["courtesy"])
    rows[95] = (YEAR[95], "client", ["dissolution"])
    rows[-1] = (YEAR[-1], "client", ["unclear_communication"])
    assert "acme-95" in {quote.message_id for quote in one(tables(rows)).evidence}
