"""What is read off a question and its replies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from commsense.conversations.signs import SIGNS, Asked, asked_in

Tables = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]
ASKED = "client: When is the launch? And who writes the press release?"


@pytest.fixture
def asked(tables: Tables, asking_threads) -> Callable[[Sequence[str]], list[Asked]]:
    def read(turns: Sequence[str]) -> list[Asked]:
        return [one for thread in asking_threads(*tables(turns)) for one in asked_in(thread)]

    return read


def test_every_question_has_the_same_signs(asked) -> None:
    for turns in ([ASKED], [ASKED, "provider: On Monday."], [ASKED, "client: Hello?"]):
        assert all(tuple(one.signs) == SIGNS for one in asked(turns))


def test_a_question_knows_those_beside_it(asked) -> None:
    when, who = asked([ASKED, "provider: The launch is on Monday."])
    assert (when.signs["is_first"], who.signs["is_last"]) == (1, 1)
    assert when.signs["is_alone"] == 0
    assert when.signs["asks_time"] == who.signs["asks_person"] == 1


def test_the_reply_that_gives_what_was_asked_shows(asked) -> None:
    when, who = asked([ASKED, "provider: The launch is on Monday."])
    assert when.signs["reply_fits"] == 1
    assert when.signs["shared"] > who.signs["shared"]


@pytest.mark.parametrize(
    ("reply", "sign"),
    [
        ("Thank you!", "reply_thanks"),
        ("Let me check and get back to you.", "reply_puts_off"),
        ("And what do you need it for?", "reply_asks_back"),
        ("1. Monday\n2. Ann", "reply_lists_as_many"),
        ("Because the printer was late.", "reply_gives_reason"),
        ("It costs 400 euros.", "reply_has_number"),
    ],
)
def test_signs_of_a_reply(asked, reply: str, sign: str) -> None:
    assert asked([ASKED, f"provider: {reply}"])[0].signs[sign] == 1
    assert asked([ASKED])[0].signs[sign] == 0


def test_silence_and_asking_again_show(asked) -> None:
    first, *_ = asked([ASKED, "client: I ask again about the launch."])
    assert first.signs["no_reply"] == 1
    assert first.signs["asker_repeats"] == 1
