"""Debates: two parties hold different positions, and the thread ends with or without a way out.

Whether they do is learnt (:mod:`commsense.conversations.debate_model`). Phrases alone decide where
no tagger has judged the thread, as in a language that it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commsense.conversations.debate_model import DebateModel
from commsense.conversations.elsewhere import Elsewhere
from commsense.conversations.signs import gives_view
from commsense.conversations.texts import cues, normalise
from commsense.conversations.threads import Thread, Turn

_LABEL = "unresolved_debate"
_LEANS = 0.1
"""Probability of the label from which on a turn is shown as a part of a debate."""
_PHRASE_POINTS = 2
_OPINION_POINTS = 1
_DEBATE_POINTS = 3
"""Least sum over a thread: a position on each side, one of them in so many words."""
_SHARED_TERMS = 2
"""Content words that a settlement in another conversation shares with the debate."""
_LONGEST_RESOLUTION = 120
"""Words above which a word of agreement is about something else in a long text."""


@dataclass(frozen=True, slots=True)
class Debate:
    """A disagreement within one thread.

    Attributes
    ----------
    messages : tuple of str
        The messages that take a position.
    resolved : bool
    """

    messages: tuple[str, ...]
    resolved: bool


def find_debates(
    threads: Sequence[Thread], model: DebateModel, elsewhere: Elsewhere
) -> list[Debate | None]:
    """Return the debate of each thread, None where the parties do not disagree.

    Parameters
    ----------
    threads : sequence of Thread
    model : DebateModel
    elsewhere : Elsewhere
        Where a debate may be settled too.
    """
    tagged = [thread for thread in threads if _is_tagged(thread)]
    found = {
        thread.id: _likely(thread, elsewhere, *bars)
        for thread, bars in zip(tagged, model.holds(tagged), strict=True)
    }
    return [
        found[thread.id] if thread.id in found else _by_phrases(thread, elsewhere)
        for thread in threads
    ]


def _is_tagged(thread: Thread) -> bool:
    return any(turn.probabilities.any() for turn in thread.turns)


def _likely(thread: Thread, elsewhere: Elsewhere, debated: bool, unresolved: bool) -> Debate | None:
    if len(thread.parties) == 1 or not (debated or unresolved):
        return None
    arguing = _arguing(thread)
    resolved = not unresolved or _settled_elsewhere(arguing, elsewhere)
    return Debate(tuple(turn.id for turn in arguing), resolved)


def _arguing(thread: Thread) -> list[Turn]:
    """Return the turns that most likely take a position, of two parties at least."""
    chance = {turn: turn.probability(_LABEL) for turn in thread.turns}
    likeliest: dict[str, Turn] = {}
    for turn in sorted(thread.turns, key=chance.__getitem__, reverse=True):
        likeliest.setdefault(turn.party, turn)
    two = list(likeliest.values())[:2]
    return [turn for turn in thread.turns if chance[turn] >= _LEANS or turn in two]


@dataclass(frozen=True, slots=True)
class _Stance:
    turn: Turn
    points: int
    opposes: bool
    resolves: bool


def _by_phrases(thread: Thread, elsewhere: Elsewhere) -> Debate | None:
    stances = [_stance(thread, turn) for turn in thread.turns]
    held = [stance for stance in stances if stance.points]
    clashes = [i for i, stance in enumerate(stances) if stance.opposes]
    points = sum(stance.points for stance in held)
    parties = {stance.turn.party for stance in held}
    if len(parties) == 1 or not clashes or points < _DEBATE_POINTS:
        return None
    turns = [stance.turn for stance in held]
    resolved = any(stance.resolves for stance in stances[clashes[-1] + 1 :])
    return Debate(
        tuple(turn.id for turn in turns),
        resolved or _settled_elsewhere(turns, elsewhere),
    )


def _stance(thread: Thread, turn: Turn) -> _Stance:
    said = _said(thread, turn)
    stuck = cues("stalemate").within(said)
    opposes = stuck or cues("disagreement").within(said)
    resolves = not opposes and _resolves(turn, said)
    points = _PHRASE_POINTS * opposes + _OPINION_POINTS * gives_view(said)
    return _Stance(turn, 0 if resolves else points, opposes, resolves)


def _said(thread: Thread, turn: Turn) -> str:
    """Return the turn without its questions: "do you agree?" takes no position."""
    asked = {question.text for question in thread.questions[turn]}
    if not asked:
        return turn.normalised
    return normalise("\n".join(s for s in turn.sentences if s not in asked))


def _resolves(turn: Turn, said: str) -> bool:
    """Tell whether a turn ends a disagreement."""
    if turn.words > _LONGEST_RESOLUTION or cues("opinion_withheld").within(said):
        return False
    return cues("resolution").within(said)


def _settled_elsewhere(arguing: Sequence[Turn], elsewhere: Elsewhere) -> bool:
    """Tell whether a call or another thread shortly after settled the same matter."""
    subject = frozenset().union(*(turn.terms for turn in arguing))
    last = next((turn for turn in reversed(arguing) if turn.client), arguing[-1])
    later = elsewhere.soon_after(last, ("client", "provider"))
    return any(
        turn.holds("debate_resolution") and len(turn.terms & subject) >= _SHARED_TERMS
        for turn in later
    )
