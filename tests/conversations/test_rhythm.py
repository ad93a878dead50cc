from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from commsense.conversations import OfficeHours, find_conversations

Tables = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]


def seconds(text: str) -> float:
    return pd.Timestamp(text, tz="UTC").timestamp()


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2025-03-03 10:00", "2025-03-03 14:00", 4.0),
        ("2025-03-03 17:00", "2025-03-04 10:00", 2.0),
        ("2025-03-07 17:00", "2025-03-10 09:30", 1.5),
        ("2025-03-08 10:00", "2025-03-09 10:00", 0.0),
        ("2025-03-03 09:00", "2025-03-10 09:00", 45.0),
        ("2025-03-03 12:00", "2025-03-03 11:00", 0.0),
    ],
)
def test_office_hours(start: str, end: str, hours: float):
    assert OfficeHours().between(seconds(start), seconds(end)) == pytest.approx(hours)


def test_office_hours_in_another_zone():
    seoul = OfficeHours(zone="Asia/Seoul")
    assert seoul.between(seconds("2025-03-03 00:00"), seconds("2025-03-03 02:00")) == 2.0
    assert OfficeHours().between(seconds("2025-03-03 00:00"), seconds("2025-03-03 02:00")) == 0.0


def test_waiting_begins_with_the_first_unanswered_message(tables: Tables):
    messages, labels = tables(
        ["client: One.", "client: Two, as nobody wrote.", "provider: Three.", "client: Four."]
    )
    messages["sent_at"] = pd.to_datetime(
        ["2025-03-03 09:00", "2025-03-04 09:00", "2025-03-04 12:00", "2025-03-04 13:00"], utc=True
    )
    found = find_conversations(messages, labels).iloc[0]
    assert found["provider_response_h"] == pytest.approx(12.0)
    assert found["client_response_h"] == pytest.approx(1.0)
    assert found["initiated_by"] == "client"


def test_word_share_counts_thai_without_spaces(tables: Tables):
    messages, labels = tables(
        ["client: ขอบคุณสำหรับข้อมูลทั้งหมดค่ะ", "provider: one two three four five six"]
    )
    share = find_conversations(messages, labels)["client_word_share"].iloc[0]
    assert 0.3 < share < 0.7
