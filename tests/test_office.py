from __future__ import annotations

from dataclasses import asdict

import pandas as pd
import pytest

from commsense.office import OfficeHours, stored_hours


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


def test_a_week_of_its_own_that_opens_at_half_past():
    dubai = OfficeHours().changed(
        {"opens": "08:30", "closes": 17, "weekdays": "sun mon tue wed thu", "zone": "Asia/Dubai"}
    )
    assert dubai == OfficeHours(8.5, 17.0, (0, 1, 2, 3, 6), "Asia/Dubai")
    assert dubai.day == 8.5
    thursday, sunday = seconds("2025-03-06 12:00"), seconds("2025-03-09 05:30")
    assert dubai.between(thursday, sunday) == pytest.approx(2.0)


def test_what_is_not_told_stays():
    usual = OfficeHours(8.0, 16.0, (0, 1), "Europe/Paris")
    assert usual.changed({"closes": 18}) == OfficeHours(8.0, 18.0, (0, 1), "Europe/Paris")


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"opens": "half past eight"}, "neither a whole hour nor written 08:30"),
        ({"opens": 9.5}, "neither a whole hour"),
        ({"closes": 25}, "none of a day"),
        ({"closes": "17:75"}, "none of a day"),
        ({"opens": 18, "closes": 9}, "not before it closes"),
        ({"weekdays": ["mon", "funday"]}, "weekday 'funday' is not one of mon, tue"),
        ({"weekdays": []}, "no list"),
        ({"zone": "Mars/Olympus"}, "no IANA time zone"),
        ({"zone": "../etc/passwd"}, "no IANA time zone"),
        ({"timezone": "UTC"}, "unknown field 'timezone'"),
    ],
)
def test_bad_hours_say_what_is_wrong(told: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        OfficeHours().changed(told)


def test_hours_outlive_plain_data():
    hours = OfficeHours(8.5, 17.0, (0, 6), "Asia/Dubai")
    assert stored_hours({**asdict(hours), "weekdays": [0, 6]}) == hours
