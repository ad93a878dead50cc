import pytest

from commsense import workers
from commsense.errors import InputError
from commsense.ingest import reading
from commsense.ingest.collecting import ingest
from commsense.ingest.formats import FORMATS, recognise
from commsense.ingest.mail.mbox import Mbox
from commsense.ingest.reader import Format, MailFormat, SourceFile
from commsense.ingest.reading import Batch, MailRange, iter_messages
from commsense.schema import Message, Rejected

MAIL = (
    "From ann@a.example Mon Sep  1 10:00:00 2025\n"
    "From: ann@a.example\nMessage-ID: <{0}@a>\n\n{0}\n\n"
)
CALL = "Ann: Did the figures come in?\nBob: Not yet, sorry.\nAnn: When will they?\nBob: Friday.\n"


@pytest.fixture
def export(tmp_path):
    (tmp_path / "box.mbox").write_text("".join(MAIL.format(n) for n in range(40)), "utf-8")
    (tmp_path / "call.txt").write_text(CALL, "utf-8")
    (tmp_path / "empty.eml").touch()
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff" + bytes(range(256)))
    (tmp_path / "table.csv").write_text("text\nOne row.\n", "utf-8")
    return tmp_path


def test_every_format_keeps_its_contract():
    assert all(isinstance(one, MailFormat) != isinstance(one, Format) for one in FORMATS)
    assert len({one.name for one in FORMATS}) == len(FORMATS)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (MAIL.format(1), "mbox"),
        ("From: a@b.example\nSubject: x\n\nText", "eml"),
        (CALL, "plain transcript"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v Ann>Hi", "webvtt"),
        ("1\n00:00:00,000 --> 00:00:01,000\nAnn: Hi\n", "subrip"),
        ('{"text": "x", "author": "y"}\n', "jsonl"),
        ("id,text\n1,Ann: hello\n", "csv"),
    ],
)
def test_files_are_known_by_their_content(content, name):
    assert recognise(SourceFile("x.dat", content=content.encode())).name == name


def test_messages_stream_one_by_one(export):
    rows = list(iter_messages(export))
    assert sum(isinstance(row, Message) for row in rows) == 45
    reasons = {
        row.source.rpartition("/")[2]: row.reason for row in rows if isinstance(row, Rejected)
    }
    assert "an empty file" in reasons["empty.eml"]
    assert "no known format" in reasons["photo.jpg"]
    with pytest.raises(InputError):
        next(iter_messages(export / "none"))


def test_batches_and_processes_change_nothing(export, monkeypatch):
    alone = ingest([str(export)])
    monkeypatch.setattr(reading, "_PIECE_BYTES", 400)  # many batches: other processes read them
    monkeypatch.setattr(workers, "cpu_count", lambda: 2)
    shared = ingest([str(export)])
    assert shared.messages.equals(alone.messages)  # sources too: mails are numbered in their file
    assert shared.messages["source"].str.endswith("box.mbox#40").any()
    assert shared.rejected.equals(alone.rejected)
    assert (shared.found, shared.duplicates) == (alone.found, alone.duplicates) == (47, 0)


def test_a_file_that_may_not_be_read_is_rejected(export, monkeypatch):
    def refuse(_self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(reading.SourceFile, "size", refuse)
    rows = list(iter_messages(export))
    assert rows
    assert all("Permission denied" in row.reason for row in rows)


def test_progress_counts_what_is_found(export):
    told = []
    ingest([str(export)], progress=lambda stage, done, total: told.append((stage, done, total)))
    assert told[-1] == ("reading", 47, None)


def test_what_vanishes_while_it_is_read_is_rejected(tmp_path):
    file = SourceFile("gone.mbox", path=tmp_path / "gone.mbox")
    batch = Batch.of(MailRange(file, Mbox(), 0, 10).mails())
    assert [one.source for one in batch.rejected] == ["gone.mbox"]
    assert "No such file" in batch.rejected[0].reason


def test_a_range_that_is_carried_needs_no_disk(tmp_path):
    path = tmp_path / "box.mbox"
    path.write_text("".join(MAIL.format(n) for n in range(6)), "utf-8")
    file = SourceFile("box.mbox", path=path)
    ranges = [MailRange(file, Mbox(), *one) for one in Mbox().ranges(file, 200)]
    expected = [mail for one in ranges for mail in one.mails()]
    carried = [one.carried() for one in ranges]
    path.unlink()
    assert [mail for one in carried for mail in one.mails()] == expected
    assert len(expected) == 6
