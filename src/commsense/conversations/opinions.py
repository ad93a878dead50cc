"""Opinions that were asked for and not given."""

from __future__ import annotations

from dataclasses import dataclass

from commsense.conversations.elsewhere import Elsewhere, other_sides
from commsense.conversations.questions import questions
from commsense.conversations.texts import cues, normalise
from commsense.conversations.threads import Thread, Turn

_REPLIES_READ = 4
_REPLIES_READ_UNASKED = 2
"""Of a question that asks for no view in so many words: later evasions belong to other matters."""
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


def withheld_opinions(thread: Thread, elsewhere: Elsewhere) -> list[Withheld]:
    """Return the views that a thread holds back, in the order in which they were asked for."""
    found: list[Withheld] = []
    for position, turn in enumerate(thread.turns):
        asked = _opinion_asked(turn)
        if turn.inward or not (asked or questions(turn)):
            continue
        replies = thread.replies(position, _REPLIES_READ if asked else _REPLIES_READ_UNASKED)
        # The first that withholds or gives a view decides; later ones are on other matters.
        decisive = (r for r in replies if _gives_opinion(r) or _withholds(r, asked=asked))
        first = next(decisive, None)
        if first is not None and _withholds(first, asked=asked) and not _gives_opinion(first):
            found.append(Withheld(turn, first))
        elif asked and not replies and not _given_elsewhere(turn, elsewhere):
            found.append(Withheld(turn, turn))
    return found


def _opinion_asked(turn: Turn) -> bool:
    if any(question.for_opinion for question in questions(turn)):
        return True
    return any(_asks_politely(sentence) for sentence in turn.sentences)


def _asks_politely(sentence: str) -> bool:
    """Tell whether a request without a question mark asks for a view: "let us know …"."""
    said = normalise(sentence)
    return cues("opinion_invited").within(said) and not cues("opinion_withheld").within(said)


def _gives_opinion(reply: Turn) -> bool:
    return reply.holds("opinion_sharing") and not _deflects(reply)


def _withholds(reply: Turn, *, asked: bool) -> bool:
    """Tell whether a reply withholds; without a plain request for a view the signs are stronger."""
    labelled, deflects = reply.holds("withheld_opinion"), _deflects(reply)
    if asked:
        return labelled or deflects or reply.withholding >= _LIKELY_WHEN_ASKED
    likely = labelled or reply.withholding >= _LIKELY_UNASKED
    return (deflects and likely) or reply.withholding >= _SURE


# Chosen on one half of the threads in data/threads; the other half is in docs/threads.md.
_LIKELY_WHEN_ASKED = 0.02
_LIKELY_UNASKED = 0.3
"""Where a phrase says so too."""
_SURE = 0.6
"""Probability of a withheld opinion from which on any question before it was for a view."""


def _deflects(reply: Turn) -> bool:
    return cues("opinion_withheld").within(reply.normalised) and reply.words <= _LONGEST_EVASION


def _given_elsewhere(turn: Turn, elsewhere: Elsewhere) -> bool:
    later = elsewhere.soon_after(turn, other_sides(turn.party))
    return any(other.holds("opinion_sharing") or other.terms & turn.terms for other in later)
