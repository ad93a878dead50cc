"""Which sentences ask a question that expects an answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsense.conversations.question_model import (
    SIGNS,
    observe,
    sentences_of,
    shipped_question_model,
)
from commsense.conversations.threads import Thread, threads

Tables = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]


@pytest.fixture(scope="session")
def asks(tables: Tables, asking_threads) -> Callable[..., list[str]]:
    def read(text: str, channel: str = "email") -> list[str]:
        (thread,) = asking_threads(*tables([f"client: {text}"], channel=channel))
        return [question.text for question in thread.questions[thread.turns[0]]]

    return read


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Thanks. When will the kiln be delivered?", "When will the kiln be delivered?"),
        ("My boss would like to know who signs the lease", None),
        ("Le four est arrivé. Vous livrez aussi le samedi ?", "Vous livrez aussi le samedi ?"),
        ("Je voudrais savoir si la garantie couvre la pose", None),
        ("وصلت العينات. كم سعر المتر؟", "كم سعر المتر؟"),
        ("متى تجهز الفاتورة", None),
        ("샘플 잘 받았습니다. 언제까지 회신드리면 될까요", "언제까지 회신드리면 될까요"),
        ("ได้รับของแล้วครับ ส่งใบกำกับภาษีวันไหนครับ", "ส่งใบกำกับภาษีวันไหนครับ"),
    ],
)
def test_questions_are_found_with_and_without_a_mark(asks, text: str, question: str | None) -> None:
    assert asks(text) == [question or text]


@pytest.mark.parametrize(
    "text",
    [
        "The kiln arrived on Monday and works well.",
        "Nous avons bien reçu votre devis.",
        "استلمنا الشحنة أمس وكل شيء سليم.",
        "말씀하신 자료는 어제 보내드렸습니다.",
        "ส่งเอกสารให้แล้วเมื่อวานครับ",
        "> Can you send the plan?\nIt is attached.",
        "The order is at https://shop.example/list?page=2",
    ],
)
def test_statements_quotations_and_addresses_ask_nothing(asks, text: str) -> None:
    assert asks(text) == []


def test_small_talk_expects_no_answer(asks) -> None:
    assert asks("How are you? The samples are here.") == []


def test_a_mark_makes_a_question_in_a_language_that_was_not_read(asks) -> None:
    assert asks("Das Muster ist da. Wann kommt die Rechnung?") == ["Wann kommt die Rechnung?"]


def test_a_short_thai_clause_is_shown_with_what_it_asks_about(asks) -> None:
    assert asks("ราคาป้ายไวนิล เท่าไหร่ครับ") == ["ราคาป้ายไวนิล เท่าไหร่ครับ"]


def test_each_turn_of_each_thread_has_its_own_questions(tables, asking_threads) -> None:
    tables_of = [
        tables(["client: When is it due?", "provider: On Monday. Who pays?"], key="a"),
        tables(["provider: Thanks for the parcel."], key="b"),
    ]
    messages, labels = (pd.concat(some, ignore_index=True) for some in zip(*tables_of, strict=True))
    first, second = asking_threads(messages, labels)
    assert [[one.text for one in first.questions[turn]] for turn in first.turns] == [
        ["When is it due?"],
        ["Who pays?"],
    ]
    assert second.questions == {second.turns[0]: []}


def test_sentences_know_their_place(tables) -> None:
    (thread,) = _threads(tables, "Hello Ben. Is it ready? Because we need it.")
    found = sentences_of(thread.turns[0])
    assert [one.place for one in found] == [0, 1, 2]
    assert {one.among for one in found} == {3}
    assert found[1].following == "Because we need it."


def test_what_is_observed_has_a_column_for_each_sign(tables) -> None:
    (thread,) = _threads(tables, "Is it ready?")
    assert observe(sentences_of(thread.turns[0])).named.shape == (1, len(SIGNS))
    assert observe([]).named.shape == (0, len(SIGNS))


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=200))
def test_any_text_has_probabilities(tables, text: str) -> None:
    for thread in _threads(tables, " ".join(text.split())):
        found = shipped_question_model().probabilities(observe(sentences_of(thread.turns[0])))
        assert np.isfinite(found).all()


def _threads(tables: Tables, text: str) -> list[Thread]:
    return list(threads(*tables([f"client: {text}"])))
