"""Opinions that were asked for and not given.

Whether a reply evades is learnt (:mod:`commsense.conversations.view_model`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commsense.conversations.elsewhere import Elsewhere, other_sides
from commsense.conversations.questions import question_of, questions
from commsense.conversations.regression import Regression
from commsense.conversations.signs import Asked
from commsense.conversations.texts import cues, normalise
from commsense.conversations.threads import Thread, Turn
from commsense.conversations.view_model import observe

_LONGEST_EVASION = 40
"""Words above which a reply with a withholding phrase mostly says what its author thinks."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A view that was asked for and not given.

    Attributes
    ----------
    asked : Turn
        Where it was asked for.
    by : Turn
        The reply that evades, or the question itself where nobody replied.
    """

    asked: Turn
    by: Turn

    @property
    def evaded(self) -> bool:
        """Whether somebody replied."""
        return self.by is not self.asked


def find_withheld(
    threads: Sequence[Thread], model: Regression, elsewhere: Elsewhere
) -> list[list[Withheld]]:
    """Return the views that each thread holds back, in the order in which they were asked for.

    Parameters
    ----------
    threads : sequence of Thread
    model : Regression
        Of :mod:`commsense.conversations.view_model`; plain phrases decide too.
    elsewhere : Elsewhere
        Where a view may be given too.
    """
    asked = [one for thread in threads for one in may_ask_for_view(thread)]
    held: dict[str, dict[int, Withheld]] = {thread.id: {} for thread in threads}
    for one, evaded in zip(asked, _evaded(asked, model), strict=True):
        met_with_silence = not one.replies and _asks_for_view(one)
        if evaded or (met_with_silence and not _given_elsewhere(one.turn, elsewhere)):
            by = one.replies[0] if evaded else one.turn
            held[one.thread.id].setdefault(one.position, Withheld(one.turn, by))
    return [list(held[thread.id].values()) for thread in threads]


def may_ask_for_view(thread: Thread) -> list[Asked]:
    """Return what in a thread may ask the other side for a view: questions and invitations."""
    found = []
    for position, turn in enumerate(thread.turns):
        if turn.inward:
            continue
        beside = list(questions(turn))
        known = {question.text for question in beside}
        beside += [
            question_of(sentence)
            for sentence in turn.sentences
            if sentence not in known and _invites(sentence)
        ]
        found += [Asked(thread, position, question, tuple(beside)) for question in beside]
    return found


def _invites(sentence: str) -> bool:
    """Tell whether a request without a question mark asks for a view: "let us know …"."""
    said = normalise(sentence)
    return cues("opinion_invited").within(said) and not cues("opinion_withheld").within(said)


def _asks_for_view(asked: Asked) -> bool:
    return asked.question.for_opinion or _invites(asked.question.text)


def _evaded(asked: Sequence[Asked], model: Regression) -> list[bool]:
    """Tell of each question whether the reply holds back a view."""
    answered = [one for one in asked if one.replies]
    likely = model.holds(observe(answered)).tolist() if answered else []
    judged = dict(zip(map(id, answered), likely, strict=True))
    return [judged.get(id(one), False) or _evades(one) for one in asked]


def _evades(asked: Asked) -> bool:
    """Tell by the tagger, or by phrases after a plain question for a view, whether it is evaded."""
    if not asked.replies:
        return False
    reply = asked.replies[0]
    if reply.holds("withheld_opinion"):
        return not reply.holds("opinion_sharing")
    evades = cues("opinion_withheld").within(reply.normalised)
    return evades and reply.words <= _LONGEST_EVASION and _asks_for_view(asked)


def _given_elsewhere(turn: Turn, elsewhere: Elsewhere) -> bool:
    later = elsewhere.soon_after(turn, other_sides(turn.party))
    return any(other.holds("opinion_sharing") or other.terms & turn.terms for other in later)
