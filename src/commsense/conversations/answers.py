"""Decide which questions stay open: neither answered in their thread, nor shortly after elsewhere.

Whether a reply answers is learnt (:mod:`commsense.conversations.answer_model`); who takes a
question back, asks it again or answers it elsewhere is read off by rules.
"""

from __future__ import annotations

from collections.abc import Sequence

from commsense.conversations.answer_model import stays_open
from commsense.conversations.elsewhere import Elsewhere, other_sides
from commsense.conversations.questions import Question
from commsense.conversations.regression import Regression
from commsense.conversations.signs import Asked
from commsense.conversations.texts import cues
from commsense.conversations.threads import Thread, Turn

Left = dict[Turn, list[Question]]
"""Questions by the turn that asks them."""


def likely_open(asked: Sequence[Asked], model: Regression) -> Left:
    """Return the questions that nobody seems to have answered in their thread."""
    left: Left = {}
    for one, probability in zip(asked, stays_open(model, asked), strict=True):
        if probability >= model.bar:
            left.setdefault(one.turn, []).append(one.question)
    return left


def unanswered_turns(
    thread: Thread, left: Left, elsewhere: Elsewhere
) -> list[tuple[Turn, list[Question]]]:
    """Return the turns with a question that stays open, each with those questions.

    Parameters
    ----------
    thread : Thread
    left : mapping of Turn to list of Question
        As :func:`likely_open` gives it.
    elsewhere : Elsewhere
    """
    found = []
    for position, turn in enumerate(thread.turns):
        if turn not in left or _withdrawn(thread, position):
            continue
        others = other_sides(turn.party)
        asked = [one for one in left[turn] if not elsewhere.answered(turn, one, others)]
        if asked:
            found.append((turn, asked))
    return _last_asked(found)


def _last_asked(found: list[tuple[Turn, list[Question]]]) -> list[tuple[Turn, list[Question]]]:
    """Keep one turn of a question that its asker repeated: the last."""
    kept: list[tuple[Turn, list[Question]]] = []
    for i, (turn, asked) in enumerate(found):
        fresh = [q for q in asked if not any(_repeats(turn, q, later) for later in found[i + 1 :])]
        if fresh:
            kept.append((turn, fresh))
    return kept


def _repeats(turn: Turn, question: Question, later: tuple[Turn, list[Question]]) -> bool:
    return later[0].party == turn.party and any(
        question.terms and len(question.terms & other.terms) * 2 > len(question.terms)
        for other in later[1]
    )


def _withdrawn(thread: Thread, position: int) -> bool:
    withdrawn = cues("withdrawn")
    return any(withdrawn.within(turn.normalised) for turn in thread.own_later(position))
