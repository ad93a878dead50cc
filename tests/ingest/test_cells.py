"""Cells of tables, each read by itself."""

from datetime import UTC, datetime

import pytest

from commsense.ingest.cells import attachments, day_comes_first, moment, number, strings, word
from commsense.schema import Attachment

NINE = datetime(2025, 3, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2025-03-12T09:00:00Z",
        "2025-03-12 18:00:00 +0900",
        datetime(2025, 3, 12, 9),
        1741770000,
        1741770000.0,
        "1741770000",
        "1741770000000",
        1741770000000000,
        1.74177e18,
        "Wed, 12 Mar 2025 10:00:00 +0100",
        "March 12, 2025 9:00 AM",
        "12.03.2025 09:00",
        "12 mars 2025 09:00",
        "2025년 3월 12일 오전 9:00",
        "2025/03/12 09:00",
    ],
)
def test_moments(value):
    assert moment(value) == NINE


@pytest.mark.parametrize("value", [None, "", "NaT", "soon", "5", True, "9" * 400, float("nan")])
def test_what_is_no_moment_is_empty(value):
    assert moment(value) is None


def test_a_date_with_two_readings_needs_the_others_of_its_column():
    assert moment("3/4/2025") is None
    assert moment("3/4/2025", day_first=True) == datetime(2025, 4, 3, tzinfo=UTC)
    assert moment("3/4/2025", day_first=False) == datetime(2025, 3, 4, tzinfo=UTC)
    assert moment("3/13/2025") == moment("13/3/2025") == datetime(2025, 3, 13, tzinfo=UTC)
    assert day_comes_first(["1/2/2025", "13/2/2025", "2025-03-04", None, 5]) is True
    assert day_comes_first(["1/2/2025", "2/13/25 9:00"]) is False
    assert day_comes_first(["1/2/2025", "2025-13-14"]) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (3, 3.0), ("3.5", 3.5), ("0:03", 3.0), ("01:02:03,500", 3723.5), ("00:01:02:24", 62.0),
        (None, None), ("", None), ("a while", None), (float("inf"), None), ("nan", None),
        ("1:2:3:4:5", None), ("12:" * 1_000, None),
    ],
)  # fmt: skip
def test_numbers_of_seconds(value, seconds):
    assert number(value) == seconds


def test_words_of_sides_and_channels():
    assert [word(one, "side") for one in ("Client", " agency ", "고객", "them", None, "")] == [
        "client", "provider", "client", None, None, None,
    ]  # fmt: skip
    assert [word(one, "channel") for one in ("E-Mail", "phone", "fax")] == ["email", "call", None]


def test_lists_are_lists_json_or_parted_by_semicolons():
    assert strings(["a", None]) == ["a", ""]
    assert strings('["a", "b"]') == strings("a; b;") == ["a", "b"]
    assert strings("[a") == ["[a"]
    assert attachments('[{"name": "a", "type": "x/y", "bytes": 3}]') == [Attachment("a", "x/y", 3)]
