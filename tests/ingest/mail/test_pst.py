"""The reader of .pst files, on a store of objects as libpff's binding gives them."""

import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from commsense.ingest.mail import to_message
from commsense.ingest.mail.pst import Pst
from commsense.ingest.reader import RawMail, SourceFile
from commsense.schema import Message, Rejected

TEXT, INTEGER = 31, 3


class Entry:
    def __init__(self, kind, value):
        self.entry_type, self.value = kind, value
        self.value_type = INTEGER if isinstance(value, int) else TEXT

    def get_data_as_string(self):
        if self.value is None:
            raise OSError("damaged")
        return self.value

    def get_data_as_integer(self):
        return self.value


def records(*sets):
    return [
        SimpleNamespace(entries=[Entry(kind, value) for kind, value in one.items()]) for one in sets
    ]


class Item:
    """A mail; a property that is not given is damaged where its name is in `broken`."""

    def __init__(self, properties=None, people=(), files=(), broken=(), **given):
        self.record_sets = records({0x1A: "IPM.Note"} | (properties or {}))
        self.recipients = SimpleNamespace(record_sets=records(*people))
        self._files, self._broken, self._given = files, broken, given
        self.number_of_attachments = len(files)

    def get_attachment(self, number):
        return self._files[number]

    def __getattr__(self, name):
        if name in self._broken:
            raise OSError("damaged")
        if name.startswith("_"):
            raise AttributeError(name)
        return self._given.get(name)


class Attachment:
    def __init__(self, properties, content=b"", inner=None):
        self.record_sets = records(properties)
        self.content, self.inner = content, inner
        self.number_of_sub_items = int(inner is not None)

    def get_size(self):
        if self.content is None:
            raise OSError("damaged")
        return len(self.content)

    def read_buffer(self, size):
        return self.content[:size]

    def get_sub_item(self, number):
        return self.inner


def folder(name, items=(), inner=()):
    return SimpleNamespace(
        name=name,
        number_of_sub_messages=len(items),
        get_sub_message=lambda number: items[number],
        number_of_sub_folders=len(inner),
        get_sub_folder=lambda number: inner[number],
    )


@pytest.fixture
def read(monkeypatch):
    def rows(root):
        store = SimpleNamespace(
            open_file_object=lambda stream: None, get_root_folder=lambda: root, close=lambda: None
        )
        monkeypatch.setitem(sys.modules, "pypff", SimpleNamespace(file=lambda: store))
        return list(Pst().mails(SourceFile("a.pst", content=b"!BDN")))

    return rows


@pytest.fixture
def message(read):
    def one(item):
        (row,) = read(folder("", [item]))
        assert isinstance(row, RawMail)
        found = to_message(row)
        assert isinstance(found, Message)
        return found

    return one


def test_folders_within_folders_and_what_is_no_mail(read):
    mail = Item(plain_text_body=b"Yes.")
    contact = Item({0x1A: "IPM.Contact"})
    root = folder(None, [], [folder("Top", [contact], [folder("받은 편지함", [mail, mail])])])
    assert [row.source for row in read(root)] == [
        "a.pst/Top/받은 편지함#1",
        "a.pst/Top/받은 편지함#2",
    ]


def test_people_come_from_the_table_of_recipients(message):
    people = [
        {0x0C15: 1, 0x3001: "Lee, Suyeon", 0x3003: "/O=X/CN=LEE", 0x39FE: "lee@hanbit.example"},
        {0x0C15: 1, 0x3001: "Maya", 0x3003: "maya@north.example"},
        {0x0C15: 2, 0x3001: "Somchai Jaidee", 0x3003: "/O=X/CN=SOMCHAI"},
        {0x0C15: 3, 0x3001: "Hidden", 0x3003: "hidden@north.example"},
    ]
    found = message(
        Item({0x5D02: "tom@north.example", 0x0E04: "Lee; Maya"}, people, sender_name="Tom Beckett")
    )
    assert (found.author_name, found.author) == ("Tom Beckett", "tom@north.example")
    assert found.recipients == ["lee@hanbit.example", "maya@north.example", "somchai jaidee"]


def test_a_name_of_the_directory_yields_to_the_address_that_the_file_has(message):
    headers = "From: Lokay, Michelle </O=X/CN=ML>\r\nTo: Maya <maya@north.example>\r\n\r\n"
    people = [{0x0C15: 1, 0x3001: "M", 0x3003: "other@north.example"}]
    sender = {0x5D01: "michelle@field.example"}
    found = message(Item(sender, people, transport_headers=headers, sender_name="Lokay  Michelle"))
    assert (found.author_name, found.author) == ("Lokay Michelle", "michelle@field.example")
    assert found.recipients == ["maya@north.example"]


def test_who_has_no_address_goes_by_name(message):
    found = message(Item(sender_name="Lokay, Michelle"))
    assert (found.author_name, found.author) == ("Lokay, Michelle", "lokay, michelle")


def test_attachments_have_names_and_types(message):
    files = [
        Attachment({0x3704: "OBA_27~1.doc", 0x3707: "OBA_2760.doc", 0x370E: "text/rtf"}, b"abc"),
        Attachment({0x3704: "แผน.pdf", 0x370E: "no type\r\nX: y"}, b"%PDF"),
        Attachment({0x3001: "shown.bin"}, None),
    ]
    found = message(Item(files=files))
    assert [(one.name, one.type, one.bytes) for one in found.attachments] == [
        ("OBA_2760.doc", "text/rtf", 3),
        ("แผน.pdf", "application/octet-stream", 4),
        ("shown.bin", "application/octet-stream", 0),
    ]


def test_a_mail_within_a_mail_is_a_mail(message):
    inner = Item(subject="Inner", plain_text_body="중요한 내용입니다.".encode())
    found = message(
        Item(
            plain_text_body=b"See below.",
            files=[Attachment({0x3705: 5, 0x3001: "Inner"}, inner=inner)],
        )
    )
    assert found.text == "See below."
    assert [one.type for one in found.attachments] == ["message/rfc822"]


def test_mails_within_mails_without_end_are_cut(message):
    outer = Item(plain_text_body=b"Round.")
    outer._files = [Attachment({0x3705: 5}, inner=outer)]
    outer.number_of_attachments = 1
    assert message(outer).text == "Round."


def test_a_text_in_rtf_alone_is_read(message):
    rtf = rb"{\rtf1\ansi\ansicpg1252 {\b Fine} with us, caf\'e9 at noon.\par}"
    assert message(Item(rtf_body=rtf)).text == "Fine with us, café at noon."
    assert message(Item(rtf_body=rtf, plain_text_body=b"Plain.")).text == "Plain."


def test_a_damaged_property_degrades_alone(message):
    moment = datetime(2025, 3, 11, 9, 0)
    item = Item(
        {0x5D01: None, 0x0C1F: "tom@north.example"},
        broken=("html_body", "transport_headers", "recipients", "client_submit_time"),
        plain_text_body=b"Yes.",
        delivery_time=moment,
    )
    found = message(item)
    assert (found.text, found.author) == ("Yes.", "tom@north.example")
    assert found.sent_at == moment.replace(tzinfo=UTC)


def test_a_damaged_mail_is_told_and_the_others_are_read(read):
    broken = folder("", [Item(plain_text_body=b"Yes.")])
    broken.number_of_sub_messages = 2
    inner = broken.get_sub_message

    def get(number):
        if number == 0:
            raise OSError("a bad block")
        return inner(0)

    broken.get_sub_message = get
    first, second = read(broken)
    assert isinstance(first, Rejected)
    assert "a bad block" in first.reason
    assert isinstance(second, RawMail)
