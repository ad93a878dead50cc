from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsense.ingest.mail import to_message
from commsense.ingest.reader import RawMail
from commsense.schema import MESSAGES, Message, Rejected, arrow

from .mails import HEAD, mail, message


def test_every_column_of_a_mail():
    found = message(
        b"From: =?utf-8?B?7ISc66+87JWE?= <Min@Agency.example>\nTo: Jo <jo@acme.example>\n"
        b"Cc: al@acme.example, jo@acme.example\nSubject: =?utf-8?B?6rOE7ZqN?=\n"
        b"Date: Mon, 31 Mar 2025 11:30:00 +0900\nMessage-ID: <9@agency.example>\n"
        b"In-Reply-To: <8@acme.example>\nReferences: <7@acme.example> <8@acme.example>\n"
        b"Content-Type: text/plain; charset=utf-8\n\n"
        + "금요일까지 보내 드리겠습니다.\n\n-- \n서민아\n\n> 언제 받을 수 있나요?\n".encode()
    )
    assert found.id == "9@agency.example"
    assert (found.author, found.author_name) == ("min@agency.example", "서민아")
    assert found.recipients == ["jo@acme.example", "al@acme.example"]
    assert found.subject == "계획"
    assert found.sent_at == datetime(2025, 3, 31, 2, 30, tzinfo=UTC)
    assert found.text == "금요일까지 보내 드리겠습니다."
    assert "서민아" in found.signature
    assert "언제 받을" in found.quoted
    assert found.language == "ko"
    assert (found.in_reply_to, found.references) == (
        "8@acme.example",
        ["7@acme.example", "8@acme.example"],
    )
    assert found.channel == "email"
    assert not found.automatic


def test_ids_without_a_field_depend_on_the_content_alone():
    raw = b"From: a@b.example\nTo: c@d.example\nSubject: Hi\n\nThe same  words.\n"
    again = b"Received: by x\n" + raw.replace(b"  ", b"\r\n")
    other = raw.replace(b"words", b"word")
    assert message(raw).id == message(again).id != message(other).id


def test_the_separator_dates_a_mail_without_a_date():
    found = message(HEAD + b"\nText", "Mon Sep  1 10:00:00 2025")
    assert found.sent_at == datetime(2025, 9, 1, 10, tzinfo=UTC)


def test_an_empty_mail_is_a_message_and_takes_its_language_from_the_subject():
    found = mail(b"", b"X: y\n")
    assert (found.text, found.id) == ("", "1@x")
    subject = "From: a@b.example\nSubject: Bonjour, voici les photos demandées\n\n"
    assert message(subject.encode()).language == "fr"


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"no fields here\nat all"])
def test_what_is_no_mail_is_rejected_with_a_reason(raw):
    found = to_message(RawMail(raw, "box#7"))
    assert isinstance(found, Rejected)
    assert found.source == "box#7"
    assert "expected" in found.reason


def test_automatic_mail_is_marked():
    assert mail(b"I am away.", b"Auto-Submitted: auto-replied\n").automatic


def test_raw_letters_in_fields_are_read_as_the_body_is():
    raw = "From: 김 <k@a.example>\nSubject: 확인\nContent-Type: text/plain; charset=euc-kr\n\n네."
    found = message(raw.encode("cp949"))
    assert (found.author_name, found.subject, found.text) == ("김", "확인", "네.")


HOSTILE = """From: |a@b.example|Content-Type: |multipart/mixed;| boundary=x|--x|--x--|text/html|
charset=|utf-7|ÿ|Content-Transfer-Encoding: base64|=?utf-8?B?|?=|<div|>|Date: |> On|wrote:|
message/rfc822|ก|<blockquote>"""
PIECES = st.sampled_from(["\r", "\n\n", " ", "\x00", *HOSTILE.split("|")]).map(str.encode)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=40).map(b"".join))
def test_no_bytes_stop_a_run_and_what_comes_out_fits_the_table(raw):
    found = to_message(RawMail(HEAD + raw, "test"))
    assert isinstance(found, Message | Rejected)
    if isinstance(found, Message):
        assert arrow(MESSAGES, [found]).num_rows == 1
