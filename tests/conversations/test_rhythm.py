from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from commsense.conversations import find_conversations
from commsense.office import OfficeHours

Tables = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]


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


def test_the_rate_of_answers_counts_mails_answered_within_two_office_days(tables: Tables):
    messages, labels = tables(
        [
            "client: One.",
            "client: Two, as nobody wrote.",
            "provider: Three.",
            "client: Four, which is late.",
            "provider: Five, which nobody answers.",
        ]
    )
    messages["sent_at"] = pd.to_datetime(
        [
            "2025-03-03 09:00",
            "2025-03-06 09:00",
            "2025-03-07 12:00",
            "2025-03-12 13:00",
            "2025-03-12 14:00",
        ],
        utc=True,
    )
    found = find_conversations(messages, labels).iloc[0]
    assert found["provider_answer_rate"] == pytest.approx(2 / 3)
    assert found["client_answer_rate"] == 0.0


def test_a_call_has_no_rate_of_answers(tables: Tables):
    found = find_conversations(*tables(["client: One.", "provider: Two."], channel="call"))
    assert found["client_answer_rate"].isna().all()


def test_hours_are_those_of_the_client_where_it_has_its_own(tables: Tables):
    messages, labels = tables(["client: One.", "provider: Two."])
    messages["sent_at"] = pd.to_datetime(["2025-03-03 00:00", "2025-03-03 10:00"], utc=True)

    def hours(**told: object) -> float:
        return find_conversations(messages, labels, **told)["provider_response_h"].iloc[0]

    seoul = OfficeHours(zone="Asia/Seoul")
    assert hours() == 1.0
    assert hours(office=seoul) == 9.0
    assert hours(office_of={"acme": seoul}) == 9.0
    assert hours(office_of={"other": seoul}) == 1.0
