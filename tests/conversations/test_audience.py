"""Mail that stays within one side asks nothing of the other and answers it nothing."""

import numpy as np
import pandas as pd
import pytest

from commsense.conversations import find_conversations

TOM, MAYA, ANN = "tom@agency.example", "maya@agency.example", "ann@acme.example"
QUESTION = "Could you check when the warehouse in Lyon can deliver the second lot?"
ANSWER = "The warehouse in Lyon can deliver the second lot on Monday."


@pytest.fixture
def found(tables):
    """Read a thread of (author, recipients, text)."""

    def one(*mails):
        sides = ["client" if author == ANN else "provider" for author, _, _ in mails]
        lines = [f"{side}: {text}" for side, (_, _, text) in zip(sides, mails, strict=True)]
        messages, labels = tables(lines)
        messages["author"] = [author for author, _, _ in mails]
        messages["recipients"] = pd.Series([to for _, to, _ in mails], dtype=object)
        return find_conversations(messages, labels).iloc[0]

    return one


HELLO = (ANN, [TOM], "Good morning, here is the signed order.")


@pytest.mark.parametrize("to", [[MAYA], [MAYA, "new.hand@agency.example"], np.array([MAYA])])
def test_a_question_to_colleagues_alone_waits_for_no_client(found, to):
    row = found(HELLO, (MAYA, [ANN], "Thank you."), (TOM, to, QUESTION))
    assert list(row["unanswered"]) == []
    assert pd.isna(row["waiting_for"])


@pytest.mark.parametrize(
    "to",
    [
        [ANN],
        [MAYA, ANN],  # who is in copy may be meant too: the table does not tell copies apart
        [],
        [TOM],  # blind copies are not named
        ["someone@elsewhere.example"],
        [MAYA, "someone@gmail.com"],
    ],
)
def test_every_other_question_stays_open(found, to):
    row = found(HELLO, (MAYA, [ANN], "Thank you."), (TOM, to, QUESTION))
    assert list(row["unanswered"]) == ["t-2"]
    assert row["waiting_for"] == "client"


def test_what_colleagues_say_to_each_other_answers_no_client(found):
    asked = (ANN, [TOM], QUESTION)
    inside = found(asked, (TOM, [MAYA], ANSWER), (MAYA, [TOM], ANSWER))
    assert list(inside["unanswered"]) == ["t-0"]
    assert inside["waiting_for"] == "provider"
    assert np.isnan(inside["provider_response_h"])
    assert list(found(asked, (TOM, [ANN, MAYA], ANSWER))["unanswered"]) == []


def test_the_wait_for_an_answer_does_not_end_inside(found):
    asked, inside = (ANN, [TOM], QUESTION), (TOM, [MAYA], "Do you know?")
    direct = found(asked, (MAYA, [ANN], ANSWER))
    later = found(asked, inside, (MAYA, [ANN], ANSWER))
    assert later["provider_response_h"] > direct["provider_response_h"]


def test_a_domain_that_both_sides_write_from_tells_no_side(tables):
    messages, labels = tables(["client: Good morning.", f"provider: {QUESTION}"])
    messages["author"] = ["other@shared.example", "desk@shared.example"]
    messages["recipients"] = pd.Series([[], ["third@shared.example"]], dtype=object)
    found = find_conversations(messages, labels).iloc[0]
    assert list(found["unanswered"]) == ["t-1"]
