from base64 import b64encode

import pytest

from commsense.ingest.mail import to_message
from commsense.ingest.reader import RawMail
from commsense.schema import Message, Rejected


def read(labels: bytes) -> Message | Rejected:
    head = b"From: a@a.example\r\nTo: b@b.example\r\nSubject: Hi\r\nX-Gmail-Labels: "
    return to_message(RawMail(head + labels + b"\r\n\r\nHello.", "box#1"))


def encoded(text: str) -> bytes:
    return b"=?UTF-8?B?" + b64encode(text.encode()) + b"?="


@pytest.mark.parametrize(
    "labels",
    [
        b"Drafts",
        b"Opened,Drafts",
        encoded("Important,Brouillons"),
        encoded("중요,임시보관함"),
        encoded("المسودات"),
        encoded("ร่างจดหมาย"),
        b"Wichtig,\r\n " + encoded("Entwürfe"),  # folded
    ],
)
def test_a_draft_was_never_sent(labels):
    found = read(labels)
    assert isinstance(found, Rejected)
    assert "draft" in found.reason
    assert "mend" in found.reason


@pytest.mark.parametrize("labels", [b"Spam,Unread", encoded("스팸함"), encoded("จดหมายขยะ")])
def test_spam_counts_for_nothing(labels):
    found = read(labels)
    assert isinstance(found, Message)
    assert found.automatic


@pytest.mark.parametrize(
    "labels", [b"Inbox,Opened", b"Draft contracts", encoded("Boîte de réception"), b""]
)
def test_other_mail_is_mail(labels):
    found = read(labels)
    assert isinstance(found, Message)
    assert not found.automatic
