import pandas as pd
import pytest

from commsense.privacy import token, without
from commsense.schema import MESSAGES, Message, frame


@pytest.fixture
def messages() -> pd.DataFrame:
    rows = [
        Message(
            id="1", text="Mine.", source="a#1", author="dana@acme.example", author_name="Dana Wills"
        ),
        Message(
            id="2",
            text="Dana said so, dana@acme.example has it. Danaides are myths.",
            source="a#2",
            author="tom@agency.example",
            recipients=["dana@acme.example", "jo@acme.example"],
        ),
        Message(id="3", text="Hello?", source="b#1", channel="call", author="Dana Wills"),
    ]
    return frame(MESSAGES, rows)


def test_a_persons_messages_go_and_are_accounted_for(messages):
    rest = without(messages, {token("Dana@Acme.example")})
    assert rest.messages["id"].tolist() == ["2"]
    assert rest.rejected["source"].tolist() == ["a#1", "b#1"]
    assert rest.rejected["reason"].str.contains("asked to be forgotten").all()


def test_others_messages_keep_their_length_and_lose_the_person(messages):
    rest = without(messages, {token("dana@acme.example")}).messages
    before, after = messages["text"][1], rest["text"][0]
    assert len(after) == len(before)
    assert after == "████ said so, █████████████████ has it. Danaides are myths."
    assert rest["recipients"][0] == ["jo@acme.example"]


def test_a_speaker_is_forgotten_by_name_with_the_mail_beside_it(messages):
    rest = without(messages, {token("Wills, Dana")})
    assert rest.messages["id"].tolist() == ["2"]


def test_nobody_to_forget_changes_nothing(messages):
    rest = without(messages, {token("ann@acme.example")})
    pd.testing.assert_frame_equal(rest.messages, messages)
    assert rest.rejected.empty


def test_a_token_does_not_hold_the_person():
    assert "dana" not in token("dana@acme.example")
    assert token("dana@acme.example") != token("dan@acme.example")


@pytest.mark.parametrize(
    ("name", "text", "after"),
    [
        ("김민수", "김민수님께 여쭤보세요", "███님께 여쭤보세요"),
        ("สมชาย ใจดี", "ให้คุณสมชายส่ง", "ให้คุณ█████ส่ง"),
        ("محمد العلي", "قال محمد العلي ذلك", "قال ██████████ ذلك"),
    ],
)
def test_names_in_other_scripts_are_blacked_out(name, text, after):
    rows = [Message(id="1", text="x", author=name), Message(id="2", text=text, author="Jo Park")]
    rest = without(frame(MESSAGES, rows), {token(name)})
    assert rest.messages["text"].tolist() == [after]


@pytest.mark.parametrize("person", ["Jo@acme.example", "lee@other.example"])
def test_who_never_wrote_is_removed_as_recipient_and_in_texts(messages, person):
    messages.loc[1, "text"] = (
        "Ask (Jo@acme.example) or lee@other.example, lee@other.example께도; "
        "not mary.jo@acme.example or lee@other.example.net."
    )
    messages.loc[1, "client"] = "jo@acme.example"
    rest = without(messages, {token(person)})
    assert rest.found
    assert rest.rejected.empty
    assert len(rest.messages) == len(messages)
    text = rest.messages["text"][1]
    assert text.lower().count(person.lower()) == 1  # only within the longer address
    assert "mary.jo@acme.example or lee@other.example.net." in text
    if person.startswith("Jo"):
        assert rest.messages["recipients"][1] == ["dana@acme.example"]
        assert pd.isna(rest.messages["client"][1])
