from datetime import UTC, datetime

import pytest

from commsense.errors import InputError
from commsense.schema import (
    LABELS,
    MESSAGES,
    Attachment,
    Message,
    frame,
    to_arrow,
    to_pandas,
)


def test_a_frame_has_exactly_the_columns_of_its_schema():
    assert list(frame(MESSAGES, []).columns) == MESSAGES.names
    assert list(frame(MESSAGES, [Message(id="1", text="hello")]).columns) == MESSAGES.names


def test_messages_survive_the_way_to_arrow_and_back():
    rows = [
        Message(
            id="1",
            text="สวัสดีค่ะ",
            sent_at=datetime(2025, 1, 2, 3, 4, tzinfo=UTC),
            recipients=["a@b.example"],
            attachments=[Attachment("plan.pdf", "application/pdf", 12)],
        ),
        Message(id="2", text=""),
    ]
    data = frame(MESSAGES, rows)
    assert to_pandas(to_arrow(MESSAGES, data)).equals(data)
    assert data.loc[0, "attachments"] == [
        {"name": "plan.pdf", "type": "application/pdf", "bytes": 12}
    ]
    assert data.loc[1, "recipients"] == []


def test_columns_that_a_row_lacks_become_null():
    data = frame(LABELS, [{"message_id": "1", "label": "courtesy"}])
    assert data["score"].isna().all()


def test_a_value_of_the_wrong_type_is_a_clear_error():
    data = frame(LABELS, [{"message_id": "1", "label": "courtesy"}]).astype(object)
    data["score"] = ["high"]
    with pytest.raises(InputError, match="wrong type"):
        to_arrow(LABELS, data)
