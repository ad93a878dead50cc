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
    assert all(set(practice.done_by) <= known for practice in practices())
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
