import pytest

from commsense.ingest.mail.author import author
from commsense.ingest.mail.headers import Headers

VIA = "From: \"'Ann Lee' via Sales\" <sales@agency.example>\n"


@pytest.mark.parametrize(
    "fields",
    [
        "X-Original-From: Ann Lee <ann@acme.example>\n",
        "X-Original-Sender: ann@acme.example\n",
        "List-Post: <mailto:sales@agency.example>\nReply-To: Ann Lee <ann@acme.example>\n",
    ],
)
def test_the_author_behind_a_list(fields):
    assert author(Headers((VIA + fields).encode())) == ("Ann Lee", "ann@acme.example")


@pytest.mark.parametrize(
    "fields",
    [
        "Reply-To: Ann Lee <ann@acme.example>\n",  # a service that writes in her name
        "List-Post: <mailto:sales@agency.example>\nReply-To: sales@agency.example\n",
    ],
)
def test_where_nothing_tells_the_address_stays(fields):
    assert author(Headers((VIA + fields).encode()))[1] == "sales@agency.example"


def test_other_mail_is_by_whom_it_says():
    fields = b"From: Bo <bo@agency.example>\nX-Original-Sender: ann@acme.example\n"
    assert author(Headers(fields)) == ("Bo", "bo@agency.example")
    assert author(Headers(b"From: Ann Lee\n")) == ("Ann Lee", "ann lee")
    assert author(Headers(b"Sender: a@b.example\n")) == ("", "a@b.example")
