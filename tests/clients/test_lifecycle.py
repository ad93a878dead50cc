from __future__ import annotations

import numpy as np
import pytest

from commsense.clients.lifecycle import STAGES

from .conftest import alternating

DAYS = np.linspace(0, 300, 100).tolist()


@pytest.mark.parametrize("stage", STAGES)
def test_cues_of_a_stage_name_it(tables, one, stage):
    found = one(tables(alternating(DAYS, lambda i, _day: [stage] if i % 6 == 0 else [])))
    assert found.stage.stage == stage
    assert found.stage.confidence > 0.5


def test_stages_follow_each_other_over_time(tables, one):
    def cue(i: int, day: float) -> list[str]:
        stage = "exploration" if day < 120 else "commitment"
        return [stage] if i % 5 == 0 else []

    history = one(tables(alternating(DAYS, cue))).stage.history
    assert history[0][1] == "exploration"
    assert history[-1][1] == "commitment"


def test_a_stray_cue_does_not_end_a_commitment(tables, one):
    rows = alternating(DAYS, lambda i, _day: ["commitment"] if i % 8 == 0 else [])
    rows[90] = (rows[90][0], "client", ["dissolution"])
    assert one(tables(rows)).stage.stage == "commitment"
