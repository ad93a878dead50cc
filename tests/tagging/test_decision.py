from __future__ import annotations

import json

import numpy as np
import pytest

from commsense.tagging.decision import DecisionRule


def rule(**changes: object) -> DecisionRule:
    """Two labels; a text is quiet where the first is unlikely."""
    values = {
        "floors": np.array([0.3, 0.3], np.float32),
        "quiet_weights": np.array([-1.0, 0.0], np.float32),
        "quiet_register": 0.0,
        "quiet_offset": 0.0,
        "price": 0.5,
        **changes,
    }
    return DecisionRule(**values)  # type: ignore[arg-type]


def decided(of: DecisionRule, *rows: list[float]) -> list[list[bool]]:
    return of.decide(np.array(rows, np.float32), None, []).tolist()


def test_a_text_must_speak_before_its_labels_hold() -> None:
    # The same second label: once beside a likely first one, once where nothing else speaks.
    assert decided(rule(), [0.9, 0.5], [0.05, 0.5]) == [[True, True], [False, False]]


def test_what_stays_below_its_floor_does_not_hold_however_loud_the_text() -> None:
    assert decided(rule(), [0.99, 0.29]) == [[True, False]]


def test_a_rule_of_floors_is_thresholds() -> None:
    floors = DecisionRule.by_floors(np.array([0.5, 0.2], np.float32))
    assert decided(floors, [0.6, 0.1], [0.4, 0.3]) == [[True, False], [False, True]]


def test_prices_know_languages_and_the_rule_abstains_in_others() -> None:
    languages = ["en", "th", "fi", "und", "th-TH", ""]
    probabilities = np.tile(np.array([[0.6, 0.1]], np.float32), (6, 1))
    holds = rule(prices={"th": 5.0}).decide(probabilities, languages, ("en", "th"))
    assert holds[:, 0].tolist() == [True, False, False, True, False, True]


def test_an_added_label_holds_by_its_floor_and_speaks_for_no_other() -> None:
    extended = rule().extended([0.4])
    assert decided(extended, [0.05, 0.5, 0.9], [0.9, 0.1, 0.3]) == [
        [False, False, True],
        [True, False, False],
    ]


def test_a_register_in_which_few_texts_are_quiet_is_heard_sooner() -> None:
    of_register = rule(quiet_register=-2.0)
    probabilities = np.tile(np.array([[0.4, 0.1]], np.float32), (2, 1))
    holds = of_register.decide(probabilities, None, [], np.array([-2.0, 2.0], np.float32))
    assert holds[:, 0].tolist() == [False, True]


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_certain_probabilities_give_finite_odds(certain: float) -> None:
    assert np.isfinite(rule().odds(np.full((1, 2), certain, np.float32))).all()


def test_the_rule_survives_being_written() -> None:
    written = rule(prices={"ko": 0.25}).extended([0.4])
    again = DecisionRule.from_dict(json.loads(json.dumps(written.to_dict())))
    assert again.to_dict() == written.to_dict()
    assert again.alone == {2}
