import pytest

from commsense.ingest.formats import recognise
from commsense.ingest.mail.emlx import Emlx
from commsense.ingest.reader import SourceFile

MAIL = (
    b"From: Ann <ann@a.example>\nTo: bob@b.example\nSubject: Hi\n\nFirst line.\n1500\nLast line.\n"
)
FLAGS = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0">\n'
    b"<plist><dict><key>flags</key><integer>8590195713</integer></dict></plist>\n"
)


def only(content: bytes) -> bytes:
    (mail,) = Emlx().mails(SourceFile("1.emlx", content=content))
    return mail.raw


def test_the_mail_is_what_the_length_says():
    assert only(b"%d      \n" % len(MAIL) + MAIL + FLAGS) == MAIL


@pytest.mark.parametrize("change", [-20, 30, 10_000])
def test_a_wrong_length_neither_cuts_the_mail_nor_takes_the_flags_along(change):
    raw = only(b"%d\n" % (len(MAIL) + change) + MAIL + FLAGS)
    assert raw.rstrip(b"\n") == MAIL.rstrip(b"\n")


def test_it_is_recognised_by_its_content():
    found = recognise(SourceFile("42.partial.emlx", content=b"9\r\n" + MAIL))
    assert isinstance(found, Emlx)
    assert not isinstance(recognise(SourceFile("n.emlx", content=b"12\n13\n14\n")), Emlx)
