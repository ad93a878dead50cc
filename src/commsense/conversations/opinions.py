"""Opinions that were asked for and not given.

Whether a reply evades is learnt (:mod:`commsense.conversations.view_model`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commsense.conversations.elsewhere import Elsewhere, other_sides
from commsense.conversations.questions import question_of
from commsense.conversations.regression import Regression, in_parts
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
    words : tuple of str
        The sentences that asked for it.
    """

    asked: Turn
    by: Turn
    words: tuple[str, ...]

    @property
    def evaded(self) -> bool:
        """Whether somebody replied."""
        return self.by is not self.asked


def find_withheld(
    threads: Sequence[Thread], asked: Sequence[Asked], model: Regression, elsewhere: Elsewhere
) -> list[list[Withheld]]:
    """Return the views that each thread holds back, in the order in which they were asked for.

    Parameters
    ----------
    threads : sequence of Thread
    asked : sequence of Asked
        Their questions.
    model : Regression
        Of :mod:`commsense.conversations.view_model`; the tagger and plain phrases decide too.
    elsewhere : Elsewhere
        Where a view may be given too.
    """
    invited = [one for thread in threads for one in invitations(thread)]
    every = [*asked, *invited]
    held: dict[str, dict[int, list[Asked]]] = {thread.id: {} for thread in threads}
    for one, evaded in zip(every, _evaded(every, model), strict=True):
        met_with_silence = not one.replies and _asks_for_view(one)
        if evaded or (met_with_silence and not _given_elsewhere(one.turn, elsewhere)):
            held[one.thread.id].setdefault(one.position, []).append(one)
    return [[_withheld(found[place]) for place in sorted(found)] for found in held.values()]


def _withheld(asked: Sequence[Asked]) -> Withheld:
    """Return the view that one turn asked for, in a sentence or several."""
    turn, replies = asked[0].turn, asked[0].replies
    return Withheld(
        turn, replies[0] if replies else turn, tuple(one.question.text for one in asked)
    )


def invitations(thread: Thread) -> list[Asked]:
    """Return the sentences of a thread that put no question and ask for a view all the same."""
    found = []
    for position, turn in enumerate(thread.turns):
        if turn.inward:
            continue
        asked = [question.text for question in thread.questions[turn]]
        beside = tuple(
            question_of(sentence)
            for sentence in turn.sentences
            if _invites(sentence) and not any(text in sentence for text in asked)
        )
        found += [Asked(thread, position, question, beside) for question in beside]
    return found


def _invites(sentence: str) -> bool:
    """Tell whether a request without a question mark asks for a view: "let us know …"."""
    said = normalise(sentence)
    return cues("opinion_invited").within(said) and not cues("opinion_withheld").within(said)


def _asks_for_view(asked: Asked) -> bool:
    return asked.question.for_opinion or _invites(asked.question.text)


def _evaded(asked: Sequence[Asked], model: Regression) -> list[bool]:
    """Tell of each question whether the reply holds back a view."""
    tagged = [one for one in asked if one.replies and one.replies[0].probabilities.any()]
    likely = (in_parts(model, tagged, observe) >= model.bar).tolist()
    judged = dict(zip(map(id, tagged), likely, strict=True))
    return [judged.get(id(one), False) or _evades(one) for one in asked]


def _evades(asked: Asked) -> bool:
    """Tell by the tagger or by phrases whether a plain question for a view is evaded."""
    if not asked.replies or not _asks_for_view(asked):
        return False
    reply = asked.replies[0]
    if reply.holds("withheld_opinion"):
        return not reply.holds("opinion_sharing")
    evades = cues("opinion_withheld").within(reply.normalised)
    return evades and reply.words <= _LONGEST_EVASION


def _given_elsewhere(turn: Turn, elsewhere: Elsewhere) -> bool:
    later = elsewhere.soon_after(turn, other_sides(turn.party))
    return any(other.holds("opinion_sharing") or other.terms & turn.terms for other in later)
