import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import commsense as cs
from commsense import job
from commsense.ingest.export import write_messages
from commsense.parts import Parts, deal
from commsense.schema import LABELS, MESSAGES, Message, arrow


def joined(*pairs: tuple[str, str | None]) -> pa.Table:
    conversations, clients = zip(*pairs, strict=True)
    return pa.table(
        {
            "conversation_id": pa.array(conversations, pa.string()),
            "client": pa.array(clients, pa.string()),
        }
    )


def test_few_messages_are_one_part():
    assert deal(joined(("a", "x"), ("b", "y")), most=2).tolist() == [0, 0]


def test_a_new_part_begins_where_the_last_is_full():
    table = joined(("a", "x"), ("b", "y"), ("a", "x"), ("c", "z"), ("d", "y"))
    assert deal(table, most=2).tolist() == [0, 1, 0, 2, 1]


def test_what_one_client_or_one_conversation_joins_stays_together():
    table = joined(("a", "x"), ("b", "x"), ("b", None), ("c", "y"), ("b", "y"), ("d", "z"))
    numbers = deal(table, most=1)
    assert len(set(numbers[:5])) == 1
    assert numbers[5] != numbers[0]


def test_messages_without_conversation_and_client_are_on_their_own():
    numbers = deal(joined(("", None), ("", None), ("", None)), most=1)
    assert numbers.tolist() == [0, 1, 2]


def test_every_message_and_label_comes_back_in_its_part_and_order():
    chance = random.Random(3)  # noqa: S311 - no secret
    numbers = np.array([chance.randrange(3) for _ in range(50)])
    ids = [f"m{place}" for place in range(50)]
    messages = arrow(MESSAGES, [Message(id=one, text=f"text of {one}") for one in ids])
    known = [{"message_id": one, "label": "courtesy"} for one in [*ids[::7], "gone"]]
    with Parts(numbers, messages["id"]) as dealt:
        dealt.add_messages(messages.slice(start, 8) for start in range(0, 50, 8))
        dealt.add_labels([arrow(LABELS, known)])
        found = list(dealt)
    for number, part in enumerate(found):
        expected = [one for one, at in zip(ids, numbers, strict=True) if at == number]
        assert part.messages["id"].to_pylist() == expected
        labelled = part.labels["message_id"].to_pylist()
        assert labelled == [one for one in ids[::7] if one in expected]


@pytest.fixture
def mailbox(tmp_path):
    rows = [
        Message(
            id=f"m{number}",
            text=f"Thank you for the plan of week {number}! Could you send the {number} figures?",
            author=f"jo@client{number % 5}.example" if number % 3 else "me@agency.example",
            side="client" if number % 3 else "provider",
            # In the first part nobody but this address writes for us.
            recipients=["other@gmail.com"] if number % 3 == 0 else ["me@agency.example"],
            client=f"client{number % 5}.example",
            conversation_id=f"c{number % 10}",
            sent_at=pd.Timestamp("2025-03-01", tz="UTC") + pd.Timedelta(days=number),
        )
        for number in range(60)
    ]
    rows[4] = replace(rows[4], author="other@gmail.com", side="provider")
    path = tmp_path / "messages.jsonl"
    write_messages([arrow(MESSAGES, rows)], [], target=path)
    return path


@pytest.mark.parametrize("runs", [1, 2])
def test_many_parts_find_what_one_finds(mailbox, tmp_path, monkeypatch, runs):
    whole = cs.analyze(mailbox)
    monkeypatch.setattr(job, "deal", lambda table: deal(table, most=10))
    for _ in range(runs):
        dealt = cs.analyze(mailbox, out=tmp_path / "d")
    assert len(list((tmp_path / "d" / "messages").iterdir())) == 5
    for name, key in (
        ("messages", ["id"]),
        ("labels", ["message_id", "label"]),
        ("conversations", ["conversation_id"]),
        ("clients", ["client", "side", "label", "starts_at"]),
    ):
        expected = getattr(whole, name).sort_values(key, ignore_index=True)
        found = getattr(dealt, name).sort_values(key, ignore_index=True)
        pd.testing.assert_frame_equal(found, expected, check_exact=False, atol=1e-6)
    assert whole.manifest["content_hash"] == dealt.manifest["content_hash"]


def test_known_labels_are_not_made_again(mailbox, tmp_path, monkeypatch):
    monkeypatch.setattr(job, "deal", lambda table: deal(table, most=60))
    first = cs.analyze(mailbox, out=tmp_path / "d")
    monkeypatch.setattr(
        "commsense.judging.tag_messages",
        lambda messages, _tagger, progress: (
            pytest.fail("tagged again") if len(messages) else first.labels.iloc[:0]
        ),
    )
    assert len(cs.analyze(mailbox, out=tmp_path / "d").labels) == len(first.labels)
