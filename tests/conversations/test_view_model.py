"""How likely a view was asked for and is held back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from commsense.conversations.regression import in_parts
from commsense.conversations.signs import Asked, asked_in
from commsense.conversations.threads import LABELS_READ
from commsense.conversations.view_model import named_features, observe, shipped_view_model
from commsense.tagging import load_tagger, tag_messages

Ask = Callable[[Sequence[str]], list[Asked]]


@pytest.fixture(scope="session")
def ask(tables, asking_threads) -> Ask:
    def read(turns: Sequence[str]) -> list[Asked]:
        messages, _ = tables(turns)
        labels = tag_messages(messages, load_tagger(), evidence=False)
        return [one for thread in asking_threads(messages, labels) for one in asked_in(thread)]

    return read


@pytest.mark.parametrize(
    ("question", "evades", "answers"),
    [
        ("What do you think of the draft?", "Whatever suits you, really.", "Too long, I find."),
        ("Que pensez-vous du projet ?", "Comme vous voulez.", "Je le trouve trop long."),
        ("ما رأيكم في المسودة؟", "القرار لكم.", "أراها طويلة جدا."),
        ("시안 어떻게 생각하세요?", "알아서 해 주세요.", "너무 긴 것 같습니다."),
        ("คิดอย่างไรกับร่างนี้คะ", "แล้วแต่ทางทีมเลยค่ะ", "คิดว่ายาวเกินไปค่ะ"),
    ],
)
def test_who_evades_is_told_from_who_answers(ask: Ask, question, evades, answers) -> None:
    both = [ask([f"provider: {question}", f"client: {reply}"])[0] for reply in (evades, answers)]
    held_back, given = in_parts(shipped_view_model(), both, observe)
    assert held_back > given


def test_a_question_for_a_fact_asks_for_no_view(ask: Ask) -> None:
    asked = ask(["provider: When does the lift arrive?", "client: On Tuesday at nine."])
    assert not shipped_view_model().holds(observe(asked)).any()


def test_each_label_has_a_column_for_each_turn_that_is_looked_at(tables, asking_threads) -> None:
    asking, label = "provider: What do you think?", "withheld_opinion"
    for turns, name in (
        ([f"{asking} [{label}]", "client: Hm."], "question"),
        ([asking, f"client: Hm. [{label}]"], "reply"),
        ([asking, "client: Hm.", f"client: Hm. [{label}]"], "replies"),
        ([asking, "client: Hm.", f"provider: Well. [{label}]"], "asker_next"),
    ):
        asked = next(one for thread in asking_threads(*tables(turns)) for one in asked_in(thread))
        row = dict(zip(named_features(), observe([asked]).named[0], strict=True))
        raised = [key for key in row if key.endswith(f", {name}") and row[key] > 0]
        assert raised == [f"{label}, {name}"]
    assert label in LABELS_READ


def test_no_questions_have_no_probabilities() -> None:
    assert in_parts(shipped_view_model(), [], observe).shape == (0,)


def test_many_are_judged_as_each_alone(ask: Ask) -> None:
    one = ask(["provider: Which one do you prefer?", "client: Either."])
    model = shipped_view_model()
    together = in_parts(model, one * 300, observe)
    assert np.allclose(together, model.probabilities(observe(one)), atol=1e-6)
