from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.mail.localdates import read_date

SEEN = datetime(2024, 3, 20, 10, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    "written",
    [
        "Mon, Mar 11, 2024 at 9:00 AM", "11-Mar-24 09:00", "2024-03-11 09:00", "11.03.2024 9.00",
        "mar. 11 mars 2024 à 9h00", "lun, 11 mar 2024 a las 9:00", "seg., 11 de mar. de 2024 9:00",
        "Montag, 11. März 2024 09:00", "2024. március 11., hétfő 9:00", "ma 11 mrt 2024 om 09:00",
        "понедельник, 11 марта 2024 г. 9:00", "måndag den 11 mars 2024 09:00", "11 במרץ 2024 09:00",
        "الاثنين، ١١ مارس ٢٠٢٤ في ٩:٠٠ ص", "11 آذار 2024م 9:00", "2024년 3월 11일 (월) 오전 9:00",
        "2024/3/11 9:00", "2024年3月11日 上午9:00", "จ. 11 มี.ค. 2567 เวลา 09:00 น.",
        "Thứ Hai, 11 tháng 3, 2024 9:00", "maanantai 11. maaliskuuta 2024 9.00",
    ],
)  # fmt: skip
def test_dates_of_mail_programs_are_in_the_zone_of_their_reader(written):
    assert read_date(written, SEEN) == datetime(2024, 3, 11, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2024-03-11 (월) 09:00:00 (GMT+09:00)", 0), ("Mon, 11 Mar 2024 09:00:00 -0500", 14),
        ("2024-03-11T09:00:00Z", 9), ("11 มีนาคม 2567 เวลา 09:00:00 GMT+7", 2),
        ("Monday, March 11, 2024 9:00 PM", 20), ("2024년 3월 11일 오후 9:00", 20),
        ("11 مارس 2024 9:00 م", 20), ("11 March 2024 12:30 AM UTC", 0),
    ],
)  # fmt: skip
def test_zones_and_halves_of_the_day_are_heard(written, hour):
    assert read_date(written, SEEN).hour == hour


def test_of_two_readings_the_later_one_that_was_past_holds():
    assert read_date("03/04/2024 12:00", SEEN).month == 3
    assert read_date("03/04/2024 12:00", SEEN + timedelta(days=30)).month == 4
    assert read_date("03/04/2024 12:00", None).month == 4
    assert read_date("03.04.2024 12:00", SEEN).month == 4


@pytest.mark.parametrize(
    "written",
    ["", "soon", "11 March", "1/1/1402 9:00", "99999999", "31/31/2024", "0000-00-00", "٣"],
)
def test_what_is_no_date_is_none(written):
    assert read_date(written, SEEN) is None


@given(st.text(alphabet="0123456789/-.: +apmgutc marsب月", max_size=40), st.none() | st.just(SEEN))
def test_no_text_raises(written, seen):
    found = read_date(written, seen)
    assert found is None or found.tzinfo is UTC
