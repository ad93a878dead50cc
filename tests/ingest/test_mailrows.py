"""Tables of mails as mail programs export them."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from commsense.ingest.reader import SourceFile
from commsense.ingest.tables import FORMATS
from commsense.schema import Message, Rejected

BODY = "The crates came late.\n\nOn 3 Mar 2025, Ben Carter <ben@us.example> wrote:\n> Did they?"
ANN, BEN = "ann@acme.example", "ben@us.example"


def read(content: str) -> list[Message | Rejected]:
    file = SourceFile("t", content=content.encode())
    return list(next(f for f in FORMATS if f.recognises(file, file.head())).read(file))


def table(*rows: dict[str, str], delimiter: str = ",") -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "names",
    [
        ("Date", "From", "To", "Subject", "Body"),
        ("timestamp", "sender", "recipients", "subject", "message"),
        ("Sent On", "FROM_EMAIL", "To: (Address)", "Email Subject", "Message Body"),
        ("Envoyé le", "De", "À", "Objet", "Corps"),
        ("التاريخ", "من", "إلى", "الموضوع", "نص الرسالة"),
        ("보낸 날짜", "보낸 사람", "받는 사람", "제목", "내용"),
        ("วันที่", "จาก", "ถึง", "เรื่อง", "ข้อความ"),
    ],
)
def test_a_table_of_mails_is_read_as_mail(names, delimiter):
    cells = ("2025-03-03 10:00", f"Lee, Ann <{ANN}>", f"{BEN}; jo@us.example", "Re: Crates", BODY)
    (mail,) = read(table(dict(zip(names, cells, strict=True)), delimiter=delimiter))
    assert (mail.author, mail.author_name, mail.subject) == (ANN, "Lee, Ann", "Re: Crates")
    assert mail.recipients == [BEN, "jo@us.example"]
    assert mail.sent_at == datetime(2025, 3, 3, 10, tzinfo=UTC)
    assert (mail.text, mail.language) == ("The crates came late.", "en")
    assert "Did they?" in mail.quoted


OUTLOOK = {
    "Subject": "Crates", "Body": BODY, "From: (Name)": "Ann Lee", "From: (Address)": ANN,
    "From: (Type)": "SMTP", "To: (Name)": "Ben Carter;Jo", "To: (Address)": f"{BEN};jo@us.example",
    "To: (Type)": "SMTP;SMTP", "CC: (Name)": "", "CC: (Address)": "", "Importance": "Normal",
}  # fmt: skip


def test_outlook_s_table_is_read():
    (mail,) = read(table(OUTLOOK))
    assert (mail.author, mail.author_name, mail.sent_at) == (ANN, "Ann Lee", None)
    assert mail.recipients == [BEN, "jo@us.example"]


def test_people_within_exchange_have_names_alone():
    inside = {"From: (Address)": "/O=ACME/CN=ANN", "To: (Address)": "/O=ACME/CN=BEN"}
    (mail,) = read(table({**OUTLOOK, **inside}))
    assert (mail.author, mail.author_name) == ("ann lee", "Ann Lee")
    assert mail.recipients == ["ben carter", "jo"]


def test_equal_answers_without_a_time_stay_apart():
    first, second = read(table(OUTLOOK, OUTLOOK))
    assert first.id != second.id
    assert [row.id for row in read(table(OUTLOOK, OUTLOOK))] == [first.id, second.id]


def test_json_with_lists_ids_and_what_the_user_tells():
    row = {
        "message_id": "<1@x>", "in_reply_to": "0@x", "date": "Mon, 3 Mar 2025 10:00:00 +0100",
        "from": ANN, "to": [BEN], "cc": "jo@us.example, kim@us.example",
        "body": "<p>Late again.</p>", "side": "customer", "client": "acme", "thread_id": "7",
    }  # fmt: skip
    (mail,) = read(json.dumps(row))
    assert (mail.id, mail.in_reply_to, mail.conversation_id) == ("1@x", "0@x", "7")
    assert mail.recipients == [BEN, "jo@us.example", "kim@us.example"]
    assert mail.sent_at == datetime(2025, 3, 3, 9, tzinfo=UTC)
    assert (mail.text, mail.side, mail.client) == ("Late again.", "client", "acme")


def test_line_ends_in_cells_make_no_fields():
    (mail,) = read(
        json.dumps({"from": ANN, "subject": "One\nTo: eve@x.example\n\nno", "body": "Yes."})
    )
    assert (mail.subject, mail.recipients, mail.text) == ("One To: eve@x.example no", [], "Yes.")


def test_what_a_mail_forwards_is_found():
    body = (
        "For you.\n\n---------- Forwarded message ---------\n"
        "From: Carla Diaz <carla@other.example>\nDate: Mon, Mar 3, 2025 at 9:00 AM\n"
        f"Subject: Crates\nTo: <{BEN}>\n\nThey never came.\n"
    )
    row = {"from": BEN, "to": "jo@us.example", "subject": "Fwd: Crates", "body": body}
    outer, inner = read(json.dumps(row))
    assert (outer.author, inner.author, inner.text) == (
        BEN,
        "carla@other.example",
        "They never came.",
    )


def test_a_row_without_words_is_a_message_all_the_same():
    (mail,) = read(json.dumps({"from": ANN, "subject": "Crates", "body": None}))
    assert (mail.author, mail.subject, mail.text) == (ANN, "Crates", "")
