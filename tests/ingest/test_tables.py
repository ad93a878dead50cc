import dataclasses
import json
import os
import threading
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
        ({"rejected": "no mail", "source": "box#3"}, "no mail"),
    ],
)
def test_a_bad_row_is_rejected_alone_with_its_reason(row, words):
    good, bad = read(lines({"text": "fine"}, row))
    assert isinstance(good, Message)
    assert isinstance(bad, Rejected)
    assert words in bad.reason
    assert bad.source == "t#2"


@pytest.mark.parametrize(
    "cell",
    [
        {"sent_at": "soon"},
        {"sent_at": "0001-01-01T00:00:00+05:00"},
        {"sent_at": 10**200},
        {"start_s": "a while"},
        {"end_s": "inf"},
        {"side": "them"},
        {"channel": "fax"},
        {"attachments": [{"name": "a", "bytes": "three"}]},
        {"attachments": [{"name": "a", "bytes": 1e300}]},
        {"attachments": "[1"},
    ],
)
def test_a_cell_that_cannot_be_read_costs_no_message(cell):
    (message,) = read(lines({"text": "fine", **cell}))
    assert (message.text, message.channel, message.side) == ("fine", "email", None)
    assert (message.sent_at, message.start_s, message.end_s) == (None, None, None)
    assert [one.bytes for one in message.attachments] in ([], [0])


def test_one_bad_cell_leaves_the_others():
    (message,) = read(lines({**FULL, "side": "them"}))
    check_full(dataclasses.replace(message, side="client"))


def test_a_message_with_times_of_a_call_is_a_turn():
    (message,) = read(lines({"id": "1", "text": "Yes.", "start_s": 3}))
    assert message.channel == "call"


def test_columns_by_other_names_are_found_beside_the_text():
    data = (
        "text,From,To,Cc,Sent On\nYes.,Ann Lee <a@b.example>,c@d.example; e@f.example,,13/3/2025\n"
    )
    (message,) = read(data)
    assert (message.text, message.author, message.author_name) == ("Yes.", "a@b.example", "Ann Lee")
    assert message.recipients == ["c@d.example", "e@f.example"]
    assert message.sent_at == datetime(2025, 3, 13, tzinfo=UTC)


def test_a_column_of_dates_tells_what_comes_first():
    american, european = (
        read(f"text,sent_at\nOne.,3/4/2025 9:30 AM\nTwo.,{last} 14:00\n")
        for last in ("3/13/2025", "13/3/2025")
    )
    assert american[0].sent_at == datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
    assert european[0].sent_at == datetime(2025, 4, 3, 9, 30, tzinfo=UTC)
    assert american[1].sent_at == european[1].sent_at == datetime(2025, 3, 13, 14, tzinfo=UTC)


def test_json_arrays_are_read_up_to_a_damage():
    rows = json.dumps([{"text": "one"}, {"text": "two"}, 3], indent=1)
    found = read(rows)
    assert [getattr(row, "text", "") for row in found] == ["one", "two", ""]
    first, broken = read(rows[: rows.index("two")])
    assert first.text == "one"
    assert isinstance(broken, Rejected)
    assert len(read(json.dumps([{"text": "long " * 5_000}]))) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
@pytest.mark.parametrize(
    "data", ["text,author\nYes,ทดสอบ\n", '{"text": "Yes", "author": "ทดสอบ"}\n']
)
def test_marked_encodings_are_read(data, encoding):
    (message,) = read(data.encode(encoding))
    assert (message.text, message.author) == ("Yes", "ทดสอบ")


def test_a_first_line_may_tell_the_delimiter():
    (message,) = read("sep=;\ntext;author\nYes, sure;a@b.example\n")
    assert (message.text, message.author) == ("Yes, sure", "a@b.example")


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


@pytest.mark.parametrize(
    "content",
    [
        "Ann: hello\nBob: hi\n",
        "{",
        "[1, 2]\n",
        "",
        "a\x00,text\n",
        "Message\nhello\n",
        lines({"timestamp": "2025-03-03T10:00:00Z", "level": "info", "message": "started"}),
    ],
)
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
    (mail,) = messages_of(pd.DataFrame({"From": ["a@b.example"], "Body": ["Fine.\n\n> old"]}))
    assert (mail.text, mail.quoted, mail.source) == ("Fine.", "> old", "row 1")
    with pytest.raises(InputError, match="it has words"):
        list(messages_of(pd.DataFrame({"words": ["x"]})))


def test_the_tagger_takes_lines_of_text_and_tables(tmp_path):
    plain, table = tmp_path / "a.txt", tmp_path / "b.jsonl"
    plain.write_text("First line.\n\n  Second line. \n", encoding="utf-8")
    table.write_text(lines({"id": "1", "text": "x"}, {"id": "2"}), encoding="utf-8")
    assert [row.text for row in read_tagger_input(str(plain))] == ["First line.", "Second line."]
    (tmp_path / "call.csv").write_text("start,speaker,text\n0,Ann,One\n1,Ann,two.\n", "utf-8")
    turns = read_tagger_input(str(tmp_path / "call.csv"))
    assert [(row.text, row.language) for row in turns] == [("One", ""), ("two.", "")]
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


def test_the_tagger_takes_utf_16_and_a_pipe_that_is_named(tmp_path):
    (tmp_path / "u.txt").write_bytes("Late again.\nThanks.\n".encode("utf-16"))
    assert [one.text for one in read_tagger_input(str(tmp_path / "u.txt"))] == [
        "Late again.",
        "Thanks.",
    ]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("Late again.\n",))
    writer.start()
    assert [one.text for one in read_tagger_input(str(pipe))] == ["Late again."]
    writer.join()


@pytest.mark.parametrize("written", ['{"text": "Late \\ud83d"}\n', '[{"text": "Late \\uD83D"}]'])
def test_halves_of_characters_in_json_are_replaced(tmp_path, written):
    (tmp_path / "m.json").write_text(written, encoding="utf-8")
    assert [one.text for one in read_tagger_input(str(tmp_path / "m.json"))] == ["Late \ufffd"]
