import json
from datetime import UTC, datetime

import pandas as pd
import pytest

from commsense.errors import InputError
from commsense.ingest.reader import SourceFile
from commsense.ingest.tables import FORMATS, messages_of, read_tagger_input
from commsense.schema import Attachment, Message, Rejected

FULL = {
    "id": "7", "source": "crm#7", "channel": "call", "conversation_id": "c", "text": "Yes, =fine.",
    "sent_at": "2025-03-31T11:30:00+02:00", "start_s": 1.5, "end_s": 2, "author": "provider",
    "author_name": "Ann", "recipients": ["a@b.example", "c@d.example"], "side": "Client",
    "client": "acme", "subject": "Plans", "quoted": "old", "signature": "Ann", "language": "en",
    "automatic": True, "attachments": [{"name": "a", "type": "x/y", "bytes": 3}],
    "in_reply_to": "6", "references": ["5", "6"],
}  # fmt: skip


def source(content: str | bytes) -> SourceFile:
    return SourceFile("t", content=content.encode() if isinstance(content, str) else content)


def read(content: str | bytes) -> list[Message | Rejected]:
    file = source(content)
    return list(next(f for f in FORMATS if f.recognises(file, file.head())).read(file))


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def check_full(message: Message) -> None:
    assert message.sent_at == datetime(2025, 3, 31, 9, 30, tzinfo=UTC)
    assert (message.side, message.channel, message.author) == ("client", "call", "provider")
    assert (message.start_s, message.end_s) == (1.5, 2.0)
    assert message.recipients == ["a@b.example", "c@d.example"]
    assert message.attachments == [Attachment("a", "x/y", 3)]
    assert message.references == ["5", "6"]
    assert message.automatic
    assert message.text == "Yes, =fine."


def test_every_column_of_json_lines():
    (message,) = read(lines(FULL))
    check_full(message)


def test_every_column_of_csv():
    columns = {**FULL, "recipients": "a@b.example; c@d.example"}
    cells = {
        name: json.dumps(value) if isinstance(value, list) else str(value)
        for name, value in columns.items()
    }
    for delimiter in ",;\t":
        data = pd.DataFrame([cells]).to_csv(index=False, sep=delimiter)
        (message,) = read(data)
        check_full(message)


def test_every_column_of_parquet(tmp_path):
    pd.DataFrame([FULL]).to_parquet(tmp_path / "t.parquet")
    (message,) = read((tmp_path / "t.parquet").read_bytes())
    check_full(message)


def test_only_the_text_is_required_and_the_language_is_found():
    thai, french = read(lines({"text": "ขอบคุณครับ"}, {"text": "Merci pour votre retour rapide."}))
    assert (thai.language, french.language) == ("th", "fr")
    assert (thai.side, thai.client, thai.sent_at) == (None, None, None)
    assert thai.source == "t#1"


def test_ids_come_from_the_content_and_equal_rows_stay_apart():
    first, second, third = read(lines({"text": "Ok."}, {"text": "Ok."}, {"text": "No."}))
    again = read(lines({"text": "No."}, {"text": "Ok."}, {"text": "Ok."}))
    assert len({first.id, second.id, third.id}) == 3
    assert {row.id for row in again} == {first.id, second.id, third.id}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"id": "1", "author": "a"}, "without `text`"),
        ({"text": 5}, "without `text`"),
        ({"text": "x", "sent_at": "soon"}, "ISO 8601"),
        ({"text": "x", "start_s": "a while"}, "seconds"),
        ({"text": "x", "side": "them"}, "client, provider"),
        ({"text": "x", "channel": "fax"}, "email, call"),
        ({"text": "x", "recipients": "[1"}, "JSON"),
        ({"rejected": "no mail", "source": "box#3"}, "no mail"),
    ],
)
def test_a_bad_row_is_rejected_alone_with_its_reason(row, words):
    good, bad = read(lines({"text": "fine"}, row))
    assert isinstance(good, Message)
    assert isinstance(bad, Rejected)
    assert words in bad.reason
    assert bad.source == "t#2"


def test_broken_lines_are_rejected_alone():
    found = read('{"text": "one"}\n{"text": \n[1]\n\n{"text": "two"}\n')
    assert [isinstance(row, Rejected) for row in found] == [False, True, True, False]


def test_tables_without_a_text_say_what_they_have():
    (row,) = read("id,author\n1,Ann\n")
    assert isinstance(row, Rejected)
    assert "`text`" in row.reason
    assert "id, author" in row.reason


def test_damaged_parquet_is_rejected():
    (row,) = read(b"PAR1 and nothing more")
    assert isinstance(row, Rejected)
    assert "damaged Parquet" in row.reason


@pytest.mark.parametrize("content", ["Ann: hello\nBob: hi\n", "{", "[1, 2]\n", "", "a\x00,text\n"])
def test_other_files_are_no_tables(content):
    file = source(content)
    assert not [one.name for one in FORMATS if one.recognises(file, file.head())]


def test_long_first_lines_are_still_seen():
    (message,) = read(lines({"text": "long " * 5_000}))
    assert len(message.text) == 25_000


def test_a_data_frame_is_read_as_a_file_is():
    good, bad = messages_of(pd.DataFrame({"text": ["fine", None], "author": ["client", "x"]}))
    assert good.author == "client"
    assert bad == Rejected("row 2", "a row without `text`; expected a string in the column `text`")
    with pytest.raises(InputError, match="it has words"):
        list(messages_of(pd.DataFrame({"words": ["x"]})))


def test_the_tagger_takes_lines_of_text_and_tables(tmp_path):
    plain, table = tmp_path / "a.txt", tmp_path / "b.jsonl"
    plain.write_text("First line.\n\n  Second line. \n", encoding="utf-8")
    table.write_text(lines({"id": "1", "text": "x"}, {"id": "2"}), encoding="utf-8")
    assert [row.text for row in read_tagger_input(str(plain))] == ["First line.", "Second line."]
    message, rejected = read_tagger_input(str(table))
    assert message.id == "1"
    assert isinstance(rejected, Rejected)
    with pytest.raises(InputError, match="there is no file"):
        read_tagger_input(str(tmp_path / "none"))


def test_a_file_that_fails_while_it_is_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("One line.\n", encoding="utf-8")
    rows = read_tagger_input(str(tmp_path / "a.txt"))

    def broken(_source):
        raise OSError("Input/output error")

    monkeypatch.setattr("commsense.ingest.reader.SourceFile.read", broken)
    with pytest.raises(InputError, match=r"cannot read .*a\.txt: Input/output error"):
        next(rows)
