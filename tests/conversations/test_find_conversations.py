from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsense.conversations import find_conversations, interruption_labels
from commsense.schema import CONVERSATIONS, LABELS, MESSAGES, frame, to_arrow
from commsense.tagging import load_tagger, tag_messages

CASES = tomllib.loads((Path(__file__).parent / "threads.toml").read_text(encoding="utf-8"))
Tables = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]


@pytest.fixture(scope="module")
def tagged(tables: Tables) -> Tables:
    """Make threads as the main job has them: the tagger has judged their messages."""

    def thread(*told: Any, **more: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
        messages, _ = tables(*told, **more)
        return messages, tag_messages(messages, load_tagger(), evidence=False)

    return thread


@pytest.mark.parametrize("case", CASES["threads"], ids=lambda case: case["name"])
def test_debates_and_views_are_read_as_written(case: dict[str, Any], tagged: Tables):
    found = find_conversations(*tagged(case["turns"], channel=case.get("channel", "email"))).iloc[0]
    debate = "open" if found["unresolved_debate"] else "resolved" if found["had_debate"] else "none"
    assert (debate, found["withheld_opinion"]) == (
        case.get("debate", "none"),
        case.get("withheld", False),
    )


def test_most_open_questions_are_read_as_written(tagged: Tables):
    """Whether a reply answers is learnt, and no model gets every case right."""
    right = []
    for case in CASES["threads"]:
        table = find_conversations(*tagged(case["turns"], channel=case.get("channel", "email")))
        open_at = [int(key.split("-")[1]) for key in table.iloc[0]["unanswered"]]
        right.append(open_at == case.get("unanswered", []))
    assert sum(right) >= 0.9 * len(right)


def test_debates_are_seen_without_a_tagger(tables: Tables):
    debates = [case for case in CASES["threads"] if "debate" in case]
    found = [find_conversations(*tables(case["turns"])).iloc[0] for case in debates]
    right = [
        row["had_debate"] and row["unresolved_debate"] == (case["debate"] == "open")
        for row, case in zip(found, debates, strict=True)
    ]
    assert sum(right) >= 0.9 * len(right)


def test_evaded_views_are_seen_without_a_tagger(tables: Tables):
    held_back = [case for case in CASES["threads"] if case.get("withheld")]
    found = [
        find_conversations(*tables(case["turns"], channel=case.get("channel", "email"))).iloc[0]
        for case in held_back
    ]
    assert sum(row["withheld_opinion"] for row in found) >= 0.7 * len(found)


def test_columns_are_those_of_the_schema(tables: Tables):
    found = find_conversations(*tables(["client: Any news on the tender?"]))
    assert to_arrow(CONVERSATIONS, found).schema == CONVERSATIONS


def test_no_messages_give_no_conversations():
    assert find_conversations(frame(MESSAGES, []), frame(LABELS, [])).empty
    assert interruption_labels(frame(MESSAGES, [])).empty


def test_answer_in_a_call_soon_after_counts(tables: Tables):
    asked, labels = tables(["client: Could you tell us the price of the warehouse lease?"], key="m")
    call, _ = tables(
        ["provider: The warehouse lease costs nine thousand a year, that is the price for now."],
        key="c",
        channel="call",
        start=asked["sent_at"].iloc[0] + pd.Timedelta(days=2),
    )
    alone = find_conversations(asked, labels)
    joined = find_conversations(pd.concat([asked, call], ignore_index=True), labels)
    assert list(alone["unanswered"].iloc[0]) == ["m-0"]
    assert all(not len(keys) for keys in joined["unanswered"])


def test_automatic_reply_is_no_answer(tables: Tables):
    messages, labels = tables(
        ["client: When does the audit start?", "provider: I am away until Monday."]
    )
    messages.loc[1, "automatic"] = True
    found = find_conversations(messages, labels).iloc[0]
    assert list(found["unanswered"]) == ["t-0"]
    assert found["messages"] == 1
    assert found["waiting_for"] == "provider"


def test_rows_out_of_order_are_read_by_time(tables: Tables):
    messages, labels = tables(
        ["client: When does the audit start?", "provider: On the second of May."]
    )
    found = find_conversations(messages.iloc[::-1].reset_index(drop=True), labels).iloc[0]
    assert list(found["unanswered"]) == []
    assert found["initiated_by"] == "client"


def test_messages_without_time_side_or_conversation_are_kept():
    messages = frame(
        MESSAGES,
        [
            {"id": "a", "text": "Who pays?", "channel": "email", "automatic": False},
            {"id": "b", "text": None, "channel": None, "automatic": None},
        ],
    )
    found = find_conversations(messages, frame(LABELS, []))
    assert sorted(found["conversation_id"]) == ["a", "b"]
    assert found["started_at"].isna().all()


def test_settled_in_another_thread(tables: Tables):
    debate, labels = tables(
        [
            "client: We disagree with the discount for the northern stores.",
            "provider: We don't agree, the northern stores asked for one.",
        ]
    )
    later, more = tables(
        ["client: The northern stores keep the discount, settled. [debate_resolution]"],
        key="u",
        start=debate["sent_at"].iloc[1] + pd.Timedelta(days=3),
    )
    both = pd.concat([debate, later], ignore_index=True), pd.concat([labels, more])
    assert find_conversations(debate, labels)["unresolved_debate"].any()
    assert not find_conversations(*both)["unresolved_debate"].any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=300), min_size=1, max_size=6))
def test_any_text_gives_one_row(texts: list[str]):
    rows = [
        {
            "id": str(i),
            "text": text,
            "conversation_id": "t",
            "channel": "email",
            "side": ("client", "provider")[i % 2],
            "automatic": False,
        }
        for i, text in enumerate(texts)
    ]
    assert len(find_conversations(frame(MESSAGES, rows), frame(LABELS, []))) == 1
