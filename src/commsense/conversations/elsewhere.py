"""Look for what a client's other threads and calls say of a subject."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable

from commsense.conversations.questions import Question
from commsense.conversations.texts import cues
from commsense.conversations.threads import Thread, Turn

ELSEWHERE_DAYS = 10.0
"""An answer in another thread or call counts within so many days; later it is another matter."""
_ELSEWHERE_SHARED = 2
"""Content words that an answer elsewhere must share with the question."""


class Elsewhere:
    """The turns of every client, by time.

    Parameters
    ----------
    conversations : iterable of Thread
    """

    def __init__(self, conversations: Iterable[Thread]) -> None:
        self._turns: dict[tuple[str, str], list[Turn]] = defaultdict(list)
        for thread in conversations:
            for turn in thread.turns:
                heard = turn.side and not turn.inward and not math.isnan(turn.time)
                if turn.client is not None and heard:
                    self._turns[turn.client, turn.party].append(turn)
        for turns in self._turns.values():
            turns.sort(key=_time)

    def answered(self, asked: Turn, question: Question, parties: Iterable[str]) -> bool:
        """Tell whether another party spoke of a question elsewhere shortly after it."""
        return any(
            len(turn.terms & question.terms) >= min(_ELSEWHERE_SHARED, len(question.terms))
            and not cues("deflection").within(turn.normalised)
            for turn in self.soon_after(asked, parties)
        )

    def soon_after(self, turn: Turn, parties: Iterable[str]) -> list[Turn]:
        """Return the parties' turns in other conversations within :data:`ELSEWHERE_DAYS`."""
        if turn.client is None or math.isnan(turn.time):
            return []
        found = []
        for party in parties:
            theirs = self._turns.get((turn.client, party), [])
            first = bisect_right(theirs, turn.time, key=_time)
            last = bisect_left(theirs, turn.time + ELSEWHERE_DAYS * 86_400, key=_time)
            found += [t for t in theirs[first:last] if t.conversation_id != turn.conversation_id]
        return found


def _time(turn: Turn) -> float:
    return turn.time


def other_sides(party: str) -> tuple[str, ...]:
    """Return the sides that are not the party's own."""
    return tuple(side for side in ("client", "provider") if side != party)
