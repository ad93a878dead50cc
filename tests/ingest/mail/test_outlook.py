import os
import struct
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import commsense as cs
from commsense.ingest.formats import recognise
from commsense.ingest.mail import to_message
from commsense.ingest.mail.msg import Msg
from commsense.ingest.mail.outlook import Attached, OutlookMail, html_text, rebuilt
from commsense.ingest.mail.pst import Pst
from commsense.ingest.mail.tnef import unpacked
from commsense.ingest.reader import RawMail, SourceFile
from commsense.schema import Message, Rejected

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHARED = os.environ.get("COMMSENSE_SHARED", "")


def message(mail: OutlookMail) -> Message:
    found = to_message(RawMail(rebuilt(mail), "a.msg"))
    assert isinstance(found, Message)
    return found


def test_a_mail_of_properties_becomes_a_message():
    found = message(
        OutlookMail(
            sender=("이수연", "lee@hanbit.example"),
            to="Maya <maya@north.example>",
            cc="Tom <tom@north.example>",
            subject="다음 주 일정",
            sent_at=datetime(2025, 3, 11, 9, 0),
            message_id="<1@hanbit.example>",
            in_reply_to="<0@north.example>",
            plain="화요일이 좋습니다.\r\n",
            attachments=[Attached("안.pdf", b"%PDF", "application/pdf")],
        )
    )
    assert (found.author_name, found.author) == ("이수연", "lee@hanbit.example")
    assert found.recipients == ["maya@north.example", "tom@north.example"]
    assert found.subject == "다음 주 일정"
    assert found.text == "화요일이 좋습니다."
    assert found.sent_at == datetime(2025, 3, 11, 9, 0, tzinfo=UTC)
    assert (found.id, found.in_reply_to) == ("1@hanbit.example", "0@north.example")
    assert [(one.name, one.bytes) for one in found.attachments] == [("안.pdf", 4)]


def test_the_fields_it_arrived_with_win():
    headers = (
        "Message-ID: <real@a.example>\r\nFrom: Ann <ann@a.example>\r\nAuto-Submitted: auto-replied"
        "\r\nSubject: Real,\r\n folded\r\nContent-Type: text/html; charset=bogus\r\n\r\n"
    )
    found = message(
        OutlookMail(headers, sender=("X", "x@x.example"), subject="Other", plain="I am away.")
    )
    assert (found.id, found.author) == ("real@a.example", "ann@a.example")
    assert found.subject == "Real, folded"
    assert found.automatic
    assert found.text == "I am away."


def test_no_property_can_smuggle_in_a_field():
    found = message(OutlookMail(subject="Hi\r\nBcc: evil@e.example\r\n\r\nBody", to="a@a.example"))
    assert found.text == ""
    assert found.recipients == ["a@a.example"]
    assert found.subject == "Hi Bcc: evil@e.example Body"


def test_a_mail_with_html_alone_is_read_in_its_charset():
    page = '<html><head><meta charset="windows-874"></head><p>สวัสดีครับ</p>'
    assert message(OutlookMail(rich=html_text(page.encode("cp874")))).text == "สวัสดีครับ"


@pytest.mark.parametrize("text", ["half \ud800 pair", "zero \x00 byte", ""])
def test_broken_letters_do_not_stop_it(text):
    message(OutlookMail(plain=text, subject=text, attachments=[Attached(text, b"")]))


@pytest.mark.parametrize(
    ("format_", "content", "module"),
    [(Msg(), OLE + b"x" * 600, "extract_msg"), (Pst(), b"!BDN" + b"x" * 600, "pypff")],
)
class TestContainers:
    def test_are_recognised_by_their_signature(self, format_, content, module):
        assert recognise(SourceFile("export.bin", content=content)).name == format_.name

    def test_damage_is_told(self, format_, content, module):
        (row,) = format_.mails(SourceFile("a", content=content))
        assert isinstance(row, Rejected)
        assert "mend" in row.reason

    def test_the_extra_that_is_missing_is_named(self, format_, content, module, monkeypatch):
        monkeypatch.setitem(sys.modules, module, None)
        (row,) = format_.mails(SourceFile("a", content=content))
        assert "pip install 'commsense[outlook]'" in row.reason


def attribute(level: int, kind: int, data: bytes) -> bytes:
    return (
        struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
    )


def text_property(kind: int, text: bytes) -> bytes:
    padded = text + b"\x00" * (-len(text) % 4)
    return struct.pack("<HHII", 0x001E, kind, 1, len(text)) + padded


def winmail(body: bytes) -> bytes:
    properties = struct.pack("<I", 1) + text_property(0x1000, body)
    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
        + attribute(1, 0x00069003, properties)
        + attribute(2, 0x00069002, bytes(14))
        + attribute(2, 0x00018010, b"plan.txt\x00")
        + attribute(2, 0x0006800F, b"inside")
    )


def mail_with(packed: bytes, text: str) -> Message:
    mail = OutlookMail(
        sender=("A", "a@a.example"),
        plain=text,
        attachments=[Attached("winmail.dat", packed, "application/ms-tnef")],
    )
    return message(mail)


def test_the_text_of_a_winmail_is_the_text_where_there_is_no_other():
    found = mail_with(winmail(b"We accept the offer.\x00"), "")
    assert found.text == "We accept the offer."
    assert [(one.name, one.bytes) for one in found.attachments] == [("plan.txt", 6)]
    assert mail_with(winmail(b"Packed.\x00"), "Plain.").text == "Plain."


def test_a_damaged_winmail_stays_an_attachment():
    for broken in (b"junk", winmail(b"Hi")[:20]):
        found = mail_with(broken, "Plain.")
        assert found.text == "Plain."
    assert [one.name for one in mail_with(b"junk", "").attachments] == ["winmail.dat"]


def test_a_winmail_whose_transfer_encoding_is_damaged_stays_an_attachment():
    head = b"From: a@a.example\nContent-Type: application/ms-tnef; name=winmail.dat\n"
    raw = head + b"Content-Transfer-Encoding: base64\n\n!!!not base64!!!"
    found = to_message(RawMail(raw, "a.eml"))
    assert isinstance(found, Message)
    assert [one.name for one in found.attachments] == ["winmail.dat"]


def test_without_the_extra_a_winmail_stays_an_attachment(monkeypatch):
    monkeypatch.setitem(sys.modules, "tnefparse", None)
    assert unpacked(winmail(b"Hi\x00")) is None


@pytest.mark.skipif(not SHARED, reason="the Outlook samples; name their folder: COMMSENSE_SHARED")
def test_every_sample_reads(tmp_path):
    with tarfile.open(Path(SHARED, "data", "ingest", "outlook.tar.xz")) as archive:
        archive.extractall(tmp_path, filter="data")
    found = {path.name: list(cs.iter_messages(path)) for path in sorted(tmp_path.rglob("*.msg"))}
    mails = {name: rows[0] for name, rows in found.items() if isinstance(rows[0], Message)}
    rejected = {name: rows[0].reason for name, rows in found.items() if name not in mails}
    assert len(mails) >= 25
    assert all("no mail but" in reason for reason in rejected.values())
    assert mails["test__nonUnicodeCP932.msg"].subject.startswith("日本語")
    assert "안녕하세요" in mails["test__Hello +CJK.msg"].text


def test_a_report_is_automatic():
    found = message(OutlookMail(subject="Read: Plans", plain="It was read.", is_report=True))
    assert found.automatic
