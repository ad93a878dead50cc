import json
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa
import pytest

from commsense.errors import UsageError
from commsense.ingest.collecting import ingest
from commsense.ingest.export import write_messages
from commsense.schema import MESSAGES, Attachment, Message, Rejected, arrow, frame

ROWS = [
    Message(
        id="1",
        text="=1+1 is no formula here",
        sent_at=datetime(2025, 3, 31, 9, 30, 5, tzinfo=UTC),
        author="ann@acme.example",
        recipients=["bo@agency.example", "cy@agency.example"],
        subject="+ plans",
        attachments=[Attachment("a.pdf", "application/pdf", 7)],
        references=["0"],
        language="en",
    ),
    Message(
        id="2", text="네, 알겠습니다.\n감사합니다.", channel="call", start_s=1.25, language="ko"
    ),
]


@pytest.fixture
def messages() -> list[pa.Table]:
    return [arrow(MESSAGES, ROWS[:1]), arrow(MESSAGES, ROWS[1:])]


@pytest.fixture
def rejected() -> list[Rejected]:
    return [Rejected("box#3", "no mail")]


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
def test_what_is_written_is_read_again_as_it_was(tmp_path, messages, rejected, to):
    target = tmp_path / f"m.{to}"
    write_messages(messages, [], to=to, target=target)
    again = ingest([str(target)]).messages
    columns = [
        name
        for name in MESSAGES.names
        if name not in ("conversation_id", "side", "client", "source")
    ]
    pd.testing.assert_frame_equal(again[columns], frame(MESSAGES, ROWS)[columns])


def test_json_lines_hold_the_rejected_too(tmp_path, messages, rejected):
    target = tmp_path / "m.jsonl"
    write_messages(messages, rejected, target=target)
    rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert rows[0]["sent_at"] == "2025-03-31T09:30:05Z"
    assert rows[1]["sent_at"] is None
    assert rows[2] == {"source": "box#3", "rejected": "no mail"}


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_other_formats_put_the_rejected_beside(tmp_path, messages, rejected, to):
    write_messages(messages, rejected, to=to, target=tmp_path / f"m.{to}")
    read = pd.read_csv if to == "csv" else pd.read_parquet
    beside = read(tmp_path / f"m.rejected.{to}")
    assert beside.to_dict("records") == [{"source": "box#3", "reason": "no mail"}]


def test_no_cell_of_a_csv_is_a_formula(tmp_path, messages, rejected):
    write_messages(messages, rejected, to="csv", target=tmp_path / "m.csv")
    cells = pd.read_csv(tmp_path / "m.csv", dtype=str).fillna("").to_numpy().ravel()
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_a_target_that_cannot_be_written_is_named(tmp_path, messages, rejected):
    with pytest.raises(UsageError, match="cannot write"):
        write_messages(messages, rejected, target=tmp_path / "none" / "m.jsonl")
