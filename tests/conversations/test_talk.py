from __future__ import annotations

import math

import pandas as pd
import pytest

from commsense.conversations import find_conversations
from commsense.schema import LABELS, MESSAGES, frame

Turn = tuple[str, float | None, float | None, str]

TURNS: list[Turn] = [
    ("provider", 0.0, 20.0, "We would print the booklet first and the poster after it."),
    ("client", 12.0, 12.5, "Mm-hm."),
    ("provider", 20.5, 30.0, "Then the stand comes in May. How many chairs do you need?"),
    ("client", 32.0, 40.0, "Twelve chairs and four tables. When do you deliver them?"),
    ("provider", 39.5, 45.0, "On the second of May, before noon."),
    ("client", 49.0, 60.0, "That is early enough for us."),
]


def measured(turns: list[Turn], channel: str = "call") -> pd.Series:
    rows = [
        {
            "id": str(i),
            "conversation_id": "talk",
            "channel": channel,
            "client": "acme",
            "side": side,
            "author": side,
            "text": text,
            "start_s": start,
            "end_s": end,
            "automatic": False,
        }
        for i, (side, start, end, text) in enumerate(turns)
    ]
    return find_conversations(frame(MESSAGES, rows), frame(LABELS, [])).iloc[0]


def test_a_back_channel_breaks_no_monologue():
    found = measured(TURNS)
    assert found["provider_monologue_s"] == 30.0
    assert found["client_monologue_s"] == 11.0


def test_speakers_change_so_often_a_minute():
    assert measured(TURNS)["interactivity"] == pytest.approx(3.0)


def test_patience_is_the_median_pause_before_an_answer():
    found = measured(TURNS)
    assert found["client_patience_s"] == pytest.approx(3.0)
    assert found["provider_patience_s"] == 0.0  # it cut in


def test_questions_are_counted_by_side():
    found = measured(TURNS)
    assert (found["client_questions"], found["provider_questions"]) == (1, 1)


def test_yes_after_a_question_takes_the_floor():
    turns: list[Turn] = [
        ("provider", 0.0, 8.0, "Do you need the booklet in May?"),
        ("client", 9.0, 9.5, "Yes."),
        ("provider", 10.0, 20.0, "Then we print it in April."),
    ]
    found = measured(turns)
    assert found["client_patience_s"] == pytest.approx(1.0)
    assert found["provider_monologue_s"] == 10.0


def test_without_times_only_questions_are_known():
    found = measured([(side, None, None, text) for side, _, _, text in TURNS])
    assert math.isnan(found["provider_monologue_s"])
    assert math.isnan(found["interactivity"])
    assert found["client_questions"] == 1


def test_mail_has_no_talk():
    found = measured(TURNS, channel="email")
    assert math.isnan(found["interactivity"])
    assert math.isnan(found["client_patience_s"])
