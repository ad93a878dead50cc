import pytest

from commsense.ingest.mail.eml import Eml
from commsense.ingest.reader import RawMail, SourceFile


def recognised(content: bytes, name: str = "a") -> bool:
    return Eml().recognises(SourceFile(name, content=content), content[:8192])


@pytest.mark.parametrize(
    "content",
    [
        b"From: a@b.example\nSubject: Hi\n\nText",
        b"Received: by x\n\n",
        b"\xef\xbb\xbfFrom: a@b.example\r\nTo: c@d.example\r\n\r\nText",
        b"From: a@b.example\rDate: x\r\rText",
        b"X-Gmail-Labels: =?UTF-8?Q?Bo=C3=AEte?=\n de\nMIME-Version: 1.0\n\n",
    ],
)
def test_mail_is_known_by_its_fields(content):
    assert recognised(content)


@pytest.mark.parametrize(
    "content",
    [
        b"Ann: Did you see it?\nBob: Yes.\n",
        b"id,from,subject\n1,a,b\n",
        b"{}",
        b"",
        b"Date: 2025-01-01\nAnn: Hello.\nBob: Hello.\n",
    ],
)
def test_other_text_is_no_mail(content):
    assert not recognised(content)


def test_the_ending_is_a_hint():
    assert recognised(b"Subject: Hi\n\nText", "a.eml")
    assert not recognised(b"Subject: Hi\n\nText", "a.txt")


def test_the_whole_file_is_one_mail():
    content = b"From: a@b.example\nTo: b@c.example\n\nText"
    assert list(Eml().mails(SourceFile("a.eml", content=content))) == [RawMail(content, "a.eml")]
