from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.mail.headers import (
    Headers,
    decode_words,
    head_end,
    mended,
    parse_addresses,
    parse_date,
)


def test_neighbours_are_joined_before_they_are_decoded():
    # One Thai letter is cut in two by the program that wrote this.
    assert decode_words("=?utf-8?B?4Lig4Liy?= =?utf-8?B?4Lip?= =?utf-8?B?4Liy?=") == "ภาษา"
    assert decode_words("=?UTF-8?Q?caf=C3?=\t=?utf-8?q?=A9?=") == "café"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("plain", "plain"),
        ("=?iso-8859-1?Q?R=E9ponse_=E0_tout?=", "Réponse à tout"),
        ("Re: =?euc-kr?B?sKi75w==?= !", "Re: 감사 !"),
        ("=?windows-1256?B?1N/Q3A?=", "شكذـ"),  # padding lost
        ("=?x-none?B?dGVzdA==?=", "test"),
        ("=?utf-8*en?Q?hi?=", "hi"),  # RFC 2231 language
        ("broken =?utf-8?B?###?=", "broken"),
        ("=?", "=?"),
    ],
)
def test_encoded_words(field, text):
    assert decode_words(field).rstrip() == text


@pytest.mark.parametrize(
    ("field", "people"),
    [
        ("Ann Lee <Ann@Acme.example>", [("Ann Lee", "ann@acme.example")]),
        (
            '"Lee, Ann" <a@b.example>, c@d.example',
            [("Lee, Ann", "a@b.example"), ("", "c@d.example")],
        ),
        ("=?utf-8?B?7ISc66+87JWE?= <min@a.example>", [("서민아", "min@a.example")]),
        ("=?utf-8?Q?Lee=2C_Ann?= <a@b.example>", [("Lee, Ann", "a@b.example")]),
        ("ann at acme.example (Ann Lee)", [("Ann Lee", "ann@acme.example")]),  # list archives
        ("Lee, Ann <ann@a.example>", [("Lee, Ann", "ann@a.example")]),
        ("Ann Lee", [("Ann Lee", "")]),
        ("undisclosed-recipients:;", []),
        ("", []),
    ],
)
def test_addresses(field, people):
    assert parse_addresses([field]) == people


def test_a_field_of_a_thousand_groups_still_gives_its_addresses():
    assert ("", "a@b.example") in parse_addresses(["x:" * 5_000 + " a@b.example"])


def test_folded_and_repeated_fields():
    headers = Headers(b"To: a@b.example,\n c@d.example\nX: 1\nx: 2\nSubject: one\n\ttwo\n")
    assert [address for _, address in headers.addresses("to")] == ["a@b.example", "c@d.example"]
    assert headers.all("x") == ["1", "2"]
    assert headers.text("subject") == "one two"


def test_a_damaged_field_degrades_alone():
    headers = Headers(
        b"Subject: caf\xe9 \xff\x00\nFrom: a@b.example\nbroken line\nDate: nonsense\n"
    )
    assert headers.text("subject").startswith("café")
    assert headers.addresses("from") == [("", "a@b.example")]
    assert headers.date() is None


def test_message_ids_without_brackets_and_comments():
    headers = Headers(b"References: <a@x>  <b@y>\nIn-Reply-To: Ann's mail of Monday\nX: c@z\n")
    assert headers.ids("references") == ["a@x", "b@y"]
    assert headers.ids("in-reply-to") == []
    assert headers.ids("x") == ["c@z"]


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Mon, 31 Mar 2025 11:30:00 +0200", datetime(2025, 3, 31, 9, 30, tzinfo=UTC)),
        ("31 Mar 2025 09:30 GMT", datetime(2025, 3, 31, 9, 30, tzinfo=UTC)),
        ("Mon, 31 Mar 2025 09:30:00 -0000", datetime(2025, 3, 31, 9, 30, tzinfo=UTC)),
        ("Mon Mar 31 2025 11:30:00 GMT+0200 (CEST)", datetime(2025, 3, 31, 9, 30, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Mon, 31 Mar 2099 09:30:00 +0000", None),
        ("Mon, 31 Mar 2025 09:30:00 +9999", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_that_can_be_true(value, moment):
    assert parse_date(value) == moment


@pytest.mark.parametrize(
    "value",
    [
        "2025-03-31T09:30:00Z",
        "2025-03-31 11:30:00 +0200",
        "Mon, 31 Mar 2025 09:30:00 =?utf-8?Q?=2B0000?=",
        "Mon, 31 Mar 2568 09:30:00 +0000",
        "Mo, 31 Mär 2025 11:30:00 +0200",
        "2025년 3월 31일 월요일 오전 9:30:00",
        "Monday, March 31, 2025 9:30 AM",
        "31.3.2025 09:30",
    ],
)
def test_dates_that_people_and_their_languages_write(value):
    assert Headers(f"Date: {value}\n".encode()).date() == datetime(2025, 3, 31, 9, 30, tzinfo=UTC)


def test_a_leap_second_and_the_afternoon():
    leap = Headers(b"Date: Mon, 31 Mar 2025 09:30:60 +0000\n").date()
    assert leap == datetime(2025, 3, 31, 9, 30, 59, tzinfo=UTC)
    late = Headers(b"Date: Monday, March 31, 2025 9:30 PM\n").date()
    assert late == datetime(2025, 3, 31, 21, 30, tzinfo=UTC)


def test_the_way_of_a_mail_tells_day_from_month():
    date = b"Date: 3/4/2025 09:30\n"
    received = b"Received: by a; Tue, 4 Mar 2025 09:31:00 +0000\n"
    assert Headers(date + received).date() == datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
    assert Headers(date).date() is None


def test_raw_letters_are_in_the_charset_of_the_body():
    field = "Subject: 확인\nFrom: 김 <k@a.example>\n".encode("cp949")
    headers = Headers(field, "euc-kr")
    assert headers.text("subject") == "확인"
    assert headers.addresses("from") == [("김", "k@a.example")]
    assert Headers("Subject: né\n".encode(), "euc-kr").text("subject") == "né"


def test_without_a_true_date_the_first_server_tells_it():
    headers = Headers(
        b"Date: Thu, 01 Jan 1970 00:00:00 +0000\n"
        b"Received: by b; Tue, 1 Apr 2025 08:00:00 +0000\n"
        b"Received: by a; Tue, 1 Apr 2025 07:00:00 +0000\n"
    )
    assert headers.date() == datetime(2025, 4, 1, 7, tzinfo=UTC)
    assert Headers(b"").date("Tue Apr  1 07:00:00 2025") == datetime(2025, 4, 1, 7, tzinfo=UTC)


def test_header_blocks_are_mended_for_strict_readers():
    assert mended(b"A: 1\rB: 2\r\rtext") == b"A: 1\nB: 2\n\ntext"
    assert mended(b"\r\nA: 1\n\ntext") == b"A: 1\n\ntext"
    assert mended(b"\xef\xbb\xbfA: 1\nB: 2\n\ntext") == b"A: 1\nB: 2\n\ntext"
    assert mended(b">From x Mon\nA: 1\nstray line\nB: 2\n\ntext") == b"A: 1\nB: 2\n\ntext"
    assert mended(b"To: x\nDate: y\n z\nHello,\nNote: this.") == (
        b"To: x\nDate: y\n z\n\nHello,\nNote: this."
    )
    assert mended(b">From x Mon\nTo: x\nB: 2") == b"To: x\nB: 2\n"
    whole = b"A: 1\r\n b\r\nC: 2\r\n\r\ntext"
    assert mended(whole) is whole


def test_the_head_ends_at_the_first_empty_line():
    assert head_end(b"A: 1\r\n\r\nx\n\ny") == 5
    assert head_end(b"A: 1") == 4


@given(st.binary(max_size=400))
def test_no_bytes_raise(data):
    headers = Headers(mended(data))
    for name in list(headers.names()):
        headers.text(name)
        headers.addresses(name)
        headers.ids(name)
    headers.date()


def test_apostrophes_around_an_address_are_no_part_of_it():
    assert parse_addresses(["'ann@a.example'", "'Bo' <'bo@b.example'>", "o'neil@c.example"]) == [
        ("", "ann@a.example"),
        ("Bo", "bo@b.example"),
        ("", "o'neil@c.example"),
    ]
