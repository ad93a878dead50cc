"""How likely a question stays open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsense.conversations.answer_model import (
    named_features,
    observe,
    shipped_answer_model,
    stays_open,
)
from commsense.conversations.signs import Asked, asked_in

Ask = Callable[[Sequence[str]], list[Asked]]


@pytest.fixture(scope="session")
def asked(tables, asking_threads) -> Ask:
    def read(turns: Sequence[str]) -> list[Asked]:
        return [one for thread in asking_threads(*tables(turns)) for one in asked_in(thread)]

    return read


@pytest.mark.parametrize(
    ("question", "answer", "beside"),
    [
        ("When will the parts arrive?", "They arrive on Thursday.", "Thanks for your mail."),
        ("Quand arrivent les pièces ?", "Elles arrivent jeudi.", "Merci pour votre message."),
        ("متى تصل القطع؟", "تصل يوم الخميس.", "شكرا على رسالتك."),
        ("부품은 언제 도착하나요?", "목요일에 도착합니다.", "메일 감사합니다."),
        ("อะไหล่จะมาถึงเมื่อไหร่คะ", "มาถึงวันพฤหัสค่ะ", "ขอบคุณสำหรับอีเมลค่ะ"),
    ],
)
def test_an_answer_closes_a_question_more_than_thanks_do(
    asked: Ask, question: str, answer: str, beside: str
) -> None:
    answered, passed_over = (
        stays_open(shipped_answer_model(), asked([f"client: {question}", f"provider: {reply}"]))[0]
        for reply in (answer, beside)
    )
    assert answered < passed_over


def test_silence_leaves_it_open(asked: Ask) -> None:
    model = shipped_answer_model()
    assert stays_open(model, asked(["client: When will the parts arrive?"]))[0] >= model.bar


def test_no_questions_have_no_probabilities() -> None:
    assert stays_open(shipped_answer_model(), []).shape == (0,)


def test_a_question_is_judged_the_same_alone_and_among_many(asked: Ask) -> None:
    model = shipped_answer_model()
    some = asked(["client: When? And who pays for the lift?", "provider: On Monday, we do."])
    together = stays_open(model, some * 200)
    alone = np.concatenate([stays_open(model, [one]) for one in some])
    assert np.allclose(together[: len(some)], alone, atol=1e-6)
    assert np.allclose(together[-len(some) :], alone, atol=1e-6)


def test_what_is_observed_has_a_column_for_each_name(asked: Ask) -> None:
    seen = observe(asked(["client: Who pays?"]))
    assert seen.named.shape == (1, len(named_features()))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_reply_has_a_probability(asked: Ask, replies: list[str]) -> None:
    said = [f"provider: {' '.join(reply.split())}" for reply in replies]
    found = stays_open(shipped_answer_model(), asked(["client: Who pays for it?", *said]))
    assert ((found >= 0) & (found <= 1)).all()
