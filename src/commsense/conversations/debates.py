"""Debates: two parties hold different positions, and the thread ends with or without a way out."""

from __future__ import annotations

from dataclasses import dataclass

from commsense.conversations.elsewhere import Elsewhere
from commsense.conversations.questions import questions
from commsense.conversations.signs import gives_view
from commsense.conversations.texts import cues, normalise
from commsense.conversations.threads import Thread, Turn

_LABEL_POINTS = 2
_PHRASE_POINTS = 2
_OPINION_POINTS = 1
_DEBATE_POINTS = 3
"""Least sum over a thread: one stray tag is not enough, a position on each side is."""
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


@dataclass(frozen=True, slots=True)
class _Stance:
    turn: Turn
    points: int
    strong: bool
    resolves: bool


def find_debate(thread: Thread, elsewhere: Elsewhere) -> Debate | None:
    """Return the debate of a thread, None where the parties do not disagree."""
    if len(thread.parties) < 2:
        return None
    stances = [_stance(turn) for turn in thread.turns]
    held = [stance for stance in stances if stance.points]
    ends = [i for i, stance in enumerate(stances) if stance.resolves]
    if not _is_debate(held, ends, stances):
        return _likely_debate(thread)
    last_clash = max((i for i, stance in enumerate(stances) if stance.strong), default=-1)
    resolved = any(i > last_clash for i in ends) or _settled_elsewhere(held, thread, elsewhere)
    return Debate(tuple(stance.turn.id for stance in held), resolved)


def _likely_debate(thread: Thread) -> Debate | None:
    """Return the debate that no single turn proves but the turns together make likely."""
    arguing = [turn for turn in thread.turns if turn.debating >= _LEANS]
    highest = sorted((turn.debating for turn in thread.turns), reverse=True)[:_TURNS_SUMMED]
    parties = len({turn.party for turn in arguing})
    if parties == 0 or (parties == 1 and len(thread.turns) < _FEWEST_TURNS):
        return None
    if sum(highest) < _LIKELY:
        return None
    after = thread.turns[thread.turns.index(arguing[-1]) + 1 :]
    resolved = any(turn.settling >= _SETTLES for turn in after)
    return Debate(tuple(turn.id for turn in arguing), resolved)


# Chosen on one half of the threads in data/threads; the other half is in docs/threads.md.
_LEANS = 0.05
_TURNS_SUMMED = 4
_LIKELY = 0.15
"""Sum of the probabilities of the likeliest turns."""
_FEWEST_TURNS = 4
"""Of a thread in which one side alone seems to argue: a single mail is a complaint."""
_SETTLES = 0.3


def _is_debate(held: list[_Stance], ends: list[int], stances: list[_Stance]) -> bool:
    if len({stance.turn.party for stance in held}) < 2:
        return False
    if not any(stance.strong for stance in held):
        # Two views and a settlement that a tagger saw: they differed, politely.
        return any(stances[i].turn.holds("debate_resolution") for i in ends)
    return sum(stance.points for stance in held) >= _DEBATE_POINTS


def _stance(turn: Turn) -> _Stance:
    said = _said(turn)
    stuck = cues("stalemate").within(said)
    opposes = stuck or cues("disagreement").within(said)
    labelled = turn.holds("unresolved_debate")
    resolves = not stuck and _resolves(turn, said, opposes=opposes)
    strong = (opposes or labelled) and not resolves
    points = _LABEL_POINTS * labelled + _PHRASE_POINTS * opposes
    points += _OPINION_POINTS * (turn.holds("opinion_sharing") or gives_view(said))
    return _Stance(turn, 0 if resolves else points, strong, resolves)


def _said(turn: Turn) -> str:
    """Return the turn without its questions: "do you agree?" takes no position."""
    asked = {question.text for question in questions(turn)}
    if not asked:
        return turn.normalised
    return normalise("\n".join(s for s in turn.sentences if s not in asked))


def _resolves(turn: Turn, said: str, *, opposes: bool) -> bool:
    """Tell whether a turn ends a disagreement; a position in it outweighs the phrase."""
    if turn.holds("debate_resolution"):
        return not turn.holds("unresolved_debate") or not opposes
    if opposes or turn.holds("unresolved_debate") or turn.words > _LONGEST_RESOLUTION:
        return False
    if turn.holds("withheld_opinion") or cues("opinion_withheld").within(said):
        return False
    return cues("resolution").within(said)


def _settled_elsewhere(held: list[_Stance], thread: Thread, elsewhere: Elsewhere) -> bool:
    """Tell whether a call or another thread shortly after settled the same matter."""
    last = held[-1].turn
    subject = frozenset().union(*(stance.turn.terms for stance in held))
    later = elsewhere.soon_after(last, ("client", "provider"))
    return any(
        turn.holds("debate_resolution") and len(turn.terms & subject) >= _SHARED_TERMS
        for turn in later
    )
