"""The measured side of a conversation: who starts, who answers how fast, who says how much."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import median

from commsense.conversations.threads import Thread, Turn
from commsense.office import OfficeHours
from commsense.schema import Side

ANSWERED_WITHIN = 2.0
"""Office days within which a mail counts as answered."""


def response_hours(thread: Thread, side: Side, office: OfficeHours) -> float:
    """Return the median office hours until a side answers, NaN where it never does.

    Waiting begins with the first message that the other side sent and nobody answered yet.
    """
    waits = [wait[0] for wait in _waits(thread, side, office) if wait and wait[0] < math.inf]
    return median(waits) if waits else math.nan


def answer_rate(thread: Thread, side: Side, office: OfficeHours) -> float:
    """Return the share of the other side's mails that a side answered in good time.

    An answer counts for each mail since the last one, within :data:`ANSWERED_WITHIN` office days
    of that mail. NaN for calls, and where the other side wrote none.
    """
    waits = [wait for group in _waits(thread, side, office) for wait in group]
    in_time = sum(wait <= ANSWERED_WITHIN * office.day for wait in waits)
    return in_time / len(waits) if waits else math.nan


def _waits(thread: Thread, side: Side, office: OfficeHours) -> Iterator[list[float]]:
    """Yield how long each mail of the other side waited, those together that one answer ended.

    Of those that never saw one the wait is infinite.
    """
    waiting: list[float] = []
    for turn in _outward(thread.turns) if thread.channel == "email" else ():
        if turn.side != side:
            waiting.append(turn.time)
        elif waiting:
            yield [office.between(since, turn.time) for since in waiting]
            waiting = []
    yield [math.inf] * len(waiting)


def _outward(turns: Sequence[Turn]) -> Iterator[Turn]:
    """Yield the turns that the other side read, as far as it is known when."""
    for turn in turns:
        if turn.side is not None and not turn.inward and not math.isnan(turn.time):
            yield turn


def client_word_share(thread: Thread) -> float:
    """Return the client's share of the words that either side wrote or said, NaN if none."""
    sides = {"client": 0, "provider": 0}
    for turn in thread.turns:
        if turn.side is not None:
            sides[turn.side] += turn.words
    total = sum(sides.values())
    return sides["client"] / total if total else math.nan
