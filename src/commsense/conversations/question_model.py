"""Tell which sentences ask a question that expects an answer.

What asks in a known form does, see :mod:`commsense.conversations.forms`; beyond that a regression
over how a sentence begins and ends, what it asks about and a few signs decides. It has read five
languages, in which people often ask in other words and without a mark.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from commsense.conversations.forms import asks_in_form, expects_answer, has_mark
from commsense.conversations.questions import Asks, Question, kind_of, question_of
from commsense.conversations.regression import Observed, Regression, grams_of, in_parts
from commsense.conversations.texts import cues, normalise
from commsense.conversations.threads import Thread, Turn

MODEL_FILE: Final = "questions.npz"
SIGNS: Final = (
    *(f"asks_{kind}" for kind in Asks),
    "asks_in_form",
    "expects_answer",
    "has_mark",
    "is_small_talk",
    "has_courtesy_formula",
    "is_rhetorical",
    "for_opinion",
    "reason_follows",
    "in_call",
    "words",
    "is_short",
    "is_first",
    "is_last",
    "is_alone",
    "is_thai",
)
"""The named features, in their order."""

_URL = re.compile(r"https?://\S*\?\S*$")
_BEGINNING, _END = 30, 20  # characters
_SHORT = 4  # words
_SHORT_CLAUSE = 16
"""Letters below which a Thai clause asks about what the clause before it names."""


@dataclass(frozen=True)
class Sentence:
    """What may be a question: a sentence, or in Thai a clause, which no mark ends.

    Attributes
    ----------
    turn : Turn
    text : str
        As it is shown, a short clause with the one before it.
    asks : str
        What of it may ask.
    following : str
        What the turn says next.
    place, among : int
        Which one it is, of how many in its turn.
    """

    turn: Turn
    text: str
    asks: str
    following: str
    place: int
    among: int

    @cached_property
    def normalised(self) -> str:
        """The shown text without case and punctuation."""
        return normalise(self.text)

    @property
    def is_thai(self) -> bool:
        """Whether what may ask is Thai."""
        return _is_thai(self.asks)

    @property
    def in_form(self) -> bool:
        """Whether it asks in a known form."""
        return asks_in_form(self.asks, is_thai=self.is_thai)

    @property
    def expects_answer(self) -> bool:
        """Whether it is more than courtesy, should it ask."""
        return expects_answer(self.text, self.normalised, normalise(self.following))

    @property
    def keeps_talk_going(self) -> bool:
        """Whether it is as short as what only keeps a call going: "Sorry?", "The red one?"."""
        return self.turn.channel == "call" and len(self.normalised.split()) < _SHORT


@lru_cache(maxsize=1)
def shipped_question_model() -> Regression:
    """Return the model that comes with commsense."""
    path = Path(str(files("commsense.conversations").joinpath(MODEL_FILE)))
    return Regression.load(path, SIGNS)


def with_questions(threads: Sequence[Thread], model: Regression) -> list[Thread]:
    """Return threads that know what is asked in each turn.

    Many threads at once are far faster than one at a time.

    Parameters
    ----------
    threads : sequence of Thread
    model : Regression
        Such as :func:`shipped_question_model`.
    """
    said = [one for thread in threads for turn in thread.turns for one in sentences_of(turn)]
    found: dict[Turn, list[Question]] = {turn: [] for thread in threads for turn in thread.turns}
    for one, likely in zip(said, in_parts(model, said, observe).tolist(), strict=True):
        plain = one.in_form and not one.keeps_talk_going
        if (likely >= model.bar or plain) and one.expects_answer:
            found[one.turn].append(question_of(one.text))
    return [
        replace(thread, questions={turn: found[turn] for turn in thread.turns})
        for thread in threads
    ]


def sentences_of(turn: Turn) -> list[Sentence]:
    """Return what of a turn may be a question, in order."""
    parts = list(_parts(turn))
    following = [*(asks for _, asks in parts), ""]
    return [
        Sentence(turn, text, asks, following[place + 1], place, len(parts))
        for place, (text, asks) in enumerate(parts)
    ]


def _parts(turn: Turn) -> Iterator[tuple[str, str]]:
    """Yield each sentence as it is shown, and what of it may ask."""
    for sentence in turn.sentences:
        if sentence.startswith(">") or _URL.search(sentence):
            continue
        if not _is_thai(sentence):
            yield sentence, sentence
            continue
        before = ""
        for clause in sentence.split():
            yield f"{before} {clause}".strip() if len(clause) < _SHORT_CLAUSE else clause, clause
            before = clause


def _is_thai(sentence: str) -> bool:
    return "\u0e00" <= max(sentence[:_END]) <= "\u0e7f"


def observe(said: Sequence[Sentence]) -> Observed:
    """Return what some sentences are judged by: columns :data:`SIGNS`, beginnings and ends."""
    signs = np.array([_signs(one) for one in said], dtype=np.float32)
    beginnings = [one.asks[:_BEGINNING] for one in said]
    return Observed(
        signs.reshape(len(said), len(SIGNS)),
        grams_of(beginnings, [one.asks[-_END:] for one in said]),
    )


def _signs(said: Sentence) -> list[float]:
    normalised = said.normalised
    words = len(normalised.split())
    kind = kind_of(normalised)
    return [
        *(float(kind == one) for one in Asks),
        float(said.in_form),
        float(said.expects_answer),
        float(has_mark(said.text)),
        float(cues("courtesy_question").equal(normalised)),
        float(cues("courtesy_formula").within(normalised)),
        float(cues("rhetorical_question").within(normalised)),
        float(cues("opinion_request").within(normalised)),
        float(cues("because").start(normalise(said.following))),
        float(said.turn.channel == "call"),
        math.log1p(words),
        float(words < _SHORT),
        float(said.place == 0),
        float(said.place == said.among - 1),
        float(said.among == 1),
        float(said.is_thai),
    ]
