from __future__ import annotations

import pandas as pd
import pytest

from commsense.conversations import find_conversations, interruption_labels
from commsense.schema import LABELS, MESSAGES, frame

Turn = tuple[str, float | None, float | None, str]


def call(turns: list[Turn]) -> pd.DataFrame:
    return frame(
        MESSAGES,
        [
            {
                "id": str(i),
                "conversation_id": "call",
                "channel": "call",
                "client": "acme",
                "side": side,
                "author": side,
                "text": text,
                "start_s": start,
                "end_s": end,
                "automatic": False,
            }
            for i, (side, start, end, text) in enumerate(turns)
        ],
    )


def interrupting(turns: list[Turn]) -> list[str]:
    return list(interruption_labels(call(turns))["message_id"])


def test_taking_the_floor_over_another_speaker():
    turns: list[Turn] = [
        ("client", 0.0, 6.0, "What we want to see in spring is"),
        ("provider", 5.0, 9.0, "Let me stop you there, spring is full."),
    ]
    found = interruption_labels(call(turns))
    assert list(found["message_id"]) == ["1"]
    assert found["holds"].all()
    assert list(found.columns) == LABELS.names
    assert find_conversations(call(turns), frame(LABELS, []))["interruptions"].iloc[0] == 1


@pytest.mark.parametrize(
    "word",
    [
        "Mm-hm.",
        "네네",
        "ครับ",
        "نعم",
        "Oui, oui.",
        "Yeah, okay.",
        "Okay, got it.",
        "Uh-huh, yes",
        "Absolutely.",
        "Right, right, I see, yes.",
        "ใช่ครับ ได้ครับ",
    ],
)
def test_back_channels_are_none(word: str):
    turns: list[Turn] = [("client", 0.0, 6.0, "The stand needs"), ("provider", 5.4, 6.4, word)]
    assert interrupting(turns) == []


def test_a_short_objection_is_no_back_channel():
    turns: list[Turn] = [("client", 0.0, 6.0, "The stand needs"), ("provider", 5.0, 6.5, "No!")]
    assert interrupting(turns) == ["1"]


def test_a_back_channel_that_is_joined_with_the_next_turn_is_none():
    turns: list[Turn] = [
        ("client", 0.0, 20.0, "The stand needs more light and a second door."),
        ("provider", 17.0, 26.0, "Mm-hm. We can build both by the end of May."),
    ]
    assert interrupting(turns) == []


def test_speaking_inside_a_turn_without_taking_the_floor_is_none():
    turns: list[Turn] = [
        ("client", 0.0, 20.0, "The stand needs more light and a second door"),
        ("provider", 5.0, 7.0, "A second door, I see that"),
        ("provider", 20.1, 25.0, "We can build both."),
    ]
    assert interrupting(turns) == []


def test_recogniser_jitter_is_none():
    turns: list[Turn] = [
        ("client", 0.0, 6.0, "The stand needs more light."),
        ("provider", 5.8, 9.0, "We can build that."),
    ]
    assert interrupting(turns) == []


@pytest.mark.parametrize("mark", ["—", "–", " -", "--"])
def test_cut_off_mark_without_times(mark: str):
    turns: list[Turn] = [
        ("client", None, None, f"But the contract says{mark}"),
        ("provider", None, None, "The contract says nothing of the sort."),
    ]
    assert interrupting(turns) == ["1"]


def test_trailing_off_is_none():
    turns: list[Turn] = [
        ("client", 0.0, 5.0, "I am not sure about that..."),
        ("provider", 7.0, 9.0, "Take your time, we can wait."),
    ]
    assert interrupting(turns) == []


def test_transcribers_mark():
    turns: list[Turn] = [
        ("client", None, None, "The price is"),
        ("provider", None, None, "[interrupting] The price is final."),
    ]
    assert interrupting(turns) == ["1"]


def test_mail_has_none():
    mail = call([("client", None, None, "Well—"), ("provider", None, None, "No, the other one.")])
    assert interruption_labels(mail.assign(channel="email")).empty
