import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.mail import mbox
from commsense.ingest.mail.mbox import Mbox, split
from commsense.ingest.reader import RawMail, SourceFile
from commsense.schema import Rejected

LINE = b"From ann@acme.example Mon Sep  1 10:00:00 2025\n"
MAIL = b"From: ann@acme.example\nSubject: %d\n\nHello %d.\n\n"


def source(content: bytes) -> SourceFile:
    return SourceFile("box.mbox", content=content)


def raws(content: bytes) -> list[bytes]:
    found = list(Mbox().mails(source(content)))
    assert all(isinstance(mail, RawMail) for mail in found)
    return [mail.raw for mail in found]


def test_each_separator_begins_a_mail():
    content = b"".join(LINE + MAIL % (number, number) for number in range(5))
    assert [raw.count(b"Hello") for raw in raws(content)] == [1] * 5
    assert Mbox().recognises(source(content), content[:8192])


def test_places_are_numbered_and_the_separator_gives_a_date():
    found = list(Mbox().mails(source((LINE + MAIL % (1, 1)) * 2)))
    assert [mail.source for mail in found] == ["box.mbox#1", "box.mbox#2"]
    assert found[0].envelope_date == "Mon Sep  1 10:00:00 2025"


@pytest.mark.parametrize(
    "line",
    [
        b"From - Mon Sep  1 10:00:00 2025\n",
        b"From ann at acme.example  Mon Sep  1 10:00:00 2025\n",
        b"From 1234567890@xxx Mon Sep 01 10:00:00 +0000 2025\r\n",
        b"From MAILER-DAEMON Mon Sep  1 10:00 CEST 2025\n",
        b"From nobody\n",  # no date: the field below proves it
    ],
)
def test_separators_as_programs_write_them(line):
    assert len(raws((line + MAIL % (1, 1)) * 2)) == 2


def test_text_that_begins_with_from_is_text():
    body = (
        b"From: a@b.example\n\nAs said:\n\nFrom Monday on we start at 9:00.\nFrom here on, fine.\n"
    )
    (raw,) = raws(LINE + body)
    assert b"From Monday on" in raw


def test_escapes_are_taken_off_once():
    (raw,) = raws(LINE + b"From: a@b.example\n\n>From Monday\n>>From her mail\n> From mine\n")
    assert raw.endswith(b"\nFrom Monday\n>From her mail\n> From mine\n")


def test_a_cut_mailbox_keeps_what_is_there():
    whole = LINE + MAIL % (1, 1) + LINE + b"From: b@c.example\nSubj"
    assert len(raws(whole)) == 2


def test_mailboxes_larger_than_a_block(monkeypatch):
    content = b"".join(LINE + MAIL % (number, number) * 3 for number in range(50))
    at_once = raws(content)
    for block in (1_000, 1_017, 5_000):
        monkeypatch.setattr(mbox, "_BLOCK_BYTES", block)
        assert raws(content) == at_once
    assert len(at_once) == 50


def test_a_mail_beyond_all_measure_is_rejected_and_the_next_one_read(monkeypatch):
    monkeypatch.setattr(mbox, "MAX_MAIL_BYTES", 10_000)
    monkeypatch.setattr(mbox, "_BLOCK_BYTES", 4_096)
    huge = LINE + b"From: a@b.example\n\n" + b"x" * 50_000 + b"\n"
    first, second = Mbox().mails(source(huge + LINE + MAIL % (1, 1)))
    assert isinstance(first, Rejected)
    assert f"a mail of {len(huge)} bytes" in first.reason
    assert isinstance(second, RawMail)
    assert b"Hello 1" in second.raw


def test_empty_lines_above_the_first_mail_are_no_mail():
    assert len(raws(b"\xef\xbb\xbf\n\r\n" + (LINE + MAIL % (1, 1)) * 2)) == 2


def test_a_mail_file_is_no_mailbox():
    content = b"From: ann@acme.example\nSubject: From me\n\nText\n"
    assert not Mbox().recognises(source(content), content)
    assert not Mbox().recognises(source(b""), b"")


def test_real_files_are_read_from_disk(tmp_path: Path):
    path = tmp_path / "box"
    path.write_bytes((LINE + MAIL % (1, 1)) * 3)
    assert len(list(Mbox().mails(SourceFile("box", path=path)))) == 3


@given(st.lists(st.sampled_from([LINE, MAIL % (1, 1), b"From x\n", b"\n", b"a\xff", b">From \n"])))
def test_no_byte_is_lost(pieces):
    content = b"".join(pieces)
    found = list(split(io.BytesIO(content), len(content)))
    assert b"".join(text for text, _ in found).strip() == content.strip()
    assert all(len(text) == size for text, size in found)


MADE = st.lists(
    st.sampled_from(
        [LINE + MAIL % (1, 1), LINE + b"\n", MAIL % (2, 2), b"From x\n", b"a\xff" * 900]
    ),
    min_size=1,
)


@given(MADE, st.integers(1, 5_000), st.integers(2_010, 6_000))
def test_ranges_hold_the_mails_of_the_whole(pieces, size, window):
    box = source(LINE + b"".join(pieces))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mbox, "_WINDOW_BYTES", window)
        ranges = list(Mbox().ranges(box, size))
    assert [begin for begin, _ in ranges] == [0, *(end for _, end in ranges[:-1])]
    assert ranges[-1][1] == box.size()
    assert all(end - begin >= size for begin, end in ranges[:-1])
    parted = [mail.raw for part in ranges for mail in Mbox().mails_between(box, *part)]
    assert parted == [mail.raw for mail in Mbox().mails(box)]
