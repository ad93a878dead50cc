import pandas as pd
import pytest

from commsense.privacy import (
    Pseudonyms,
    pseudonymise,
    pseudonymous_profiles,
    pseudonymous_rejected,
)
from commsense.profiles import ClientProfile
from commsense.schema import MESSAGES, REJECTED, Attachment, Message, Rejected, frame

PSEUDONYMS = Pseudonyms(bytes(32))
SECRETS = ("dana", "wills", "reyes", "7946", "dw@", "host.example", "home/")


@pytest.fixture
def messages() -> pd.DataFrame:
    rows = [
        Message(
            id="1@host.example",
            text="Hi Tom, call me on +44 20 7946 0018.\nDana",
            source="/home/dana/export.mbox#1",
            conversation_id="1@host.example",
            author="dana.wills@acme.example",
            author_name="Dana Wills",
            recipients=["tom.reyes@agency.example"],
            side="client",
            client="acme.example",
            subject="Dana's figures",
            quoted="Tom Reyes wrote:",
            signature="Dana Wills, Acme",
            attachments=[Attachment("Dana Wills.pdf", "application/pdf", 7)],
        ),
        Message(
            id="2@host.example",
            text="Thank you, Dana.",
            source="/home/dana/export.mbox#2",
            author="tom.reyes@agency.example",
            author_name="Tom Reyes",
            recipients=["dw@gmail.com"],
            side="provider",
            client="dw@gmail.com",
            in_reply_to="1@host.example",
            references=["1@host.example"],
        ),
        Message(id="3", text="Hello?", channel="call", author="Dana Wills", side="client"),
    ]
    return frame(MESSAGES, rows)


def test_nothing_personal_is_left_in_any_column(messages):
    whole = pseudonymise(messages, PSEUDONYMS).to_json(date_format="iso").casefold()
    assert not [secret for secret in SECRETS if secret in whole]


def test_who_is_who_can_still_be_told(messages):
    hidden = pseudonymise(messages, PSEUDONYMS)
    assert hidden["author"].nunique() == 3
    assert hidden["recipients"][0] == [hidden["author"][1]]
    assert hidden["author"][2] == hidden["author_name"][0]
    assert hidden["text"][0].endswith(hidden["text"][1].split()[-1].rstrip("."))


def test_threads_and_clients_stay(messages):
    hidden = pseudonymise(messages, PSEUDONYMS)
    assert hidden["in_reply_to"][1] == hidden["id"][0] == hidden["conversation_id"][0]
    assert hidden["references"][1] == [hidden["id"][0]]
    assert hidden["client"][0] == "acme.example"
    assert hidden["client"][1].endswith("@gmail.com")
    assert hidden["side"].tolist() == ["client", "provider", "client"]


def test_a_client_that_is_a_person_has_its_pseudonym_as_address_and_as_key(messages):
    hidden = pseudonymise(messages, PSEUDONYMS)
    assert hidden["client"][1] == hidden["recipients"][1][0]


def test_the_place_in_a_file_stays_readable(messages):
    hidden = pseudonymise(messages, PSEUDONYMS)
    assert [name.partition("#")[2] for name in hidden["source"][:2]] == ["1", "2"]
    rejected = frame(REJECTED, [Rejected("/home/dana/export.mbox#3", "empty")])
    source = pseudonymous_rejected(rejected, PSEUDONYMS)["source"][0]
    assert source.partition("#")[0] == hidden["source"][0].partition("#")[0]


def test_a_side_given_as_author_stays():
    table = frame(MESSAGES, [Message(id="1", text="Hello", author="client")])
    assert pseudonymise(table, PSEUDONYMS)["author"].tolist() == ["client"]


def test_profiles_name_the_same_people(messages):
    profile = ClientProfile(
        "acme.example", addresses=("dana.wills@acme.example",), speakers=("Dana Wills",)
    )
    (hidden,) = pseudonymous_profiles([profile], PSEUDONYMS)
    table = pseudonymise(messages, PSEUDONYMS)
    assert hidden.addresses == (table["author"][0],)
    assert hidden.speakers == (table["author"][2],)
    assert hidden.client == "acme.example"
