"""How a call is shared out: who speaks how long at a stretch, who waits, who asks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import Any, get_args

from commsense.conversations.interruptions import is_back_channel
from commsense.conversations.threads import Thread, Turn
from commsense.schema import Side

_SECONDS_A_MINUTE = 60.0

Stretch = list[Turn]
"""Turns in which one speaker has the floor."""


def talk(thread: Thread) -> dict[str, Any]:
    """Return the measures of a call, columns of :data:`commsense.schema.CONVERSATIONS`.

    Parameters
    ----------
    thread : Thread
        One that :func:`commsense.conversations.question_model.with_questions` has read.

    Returns
    -------
    dict
        The longest monologue and the patience (median pause before an answer) of each side in
        seconds, the speaker changes a minute, NaN where the transcript has no times; the questions
        that each side asks. Back-channels take the floor from nobody.
    """
    stretches = list(_stretches(thread)) if thread.channel == "call" else []
    return {
        "interactivity": _interactivity(stretches),
        **{f"{side}_monologue_s": _monologue(stretches, side) for side in get_args(Side)},
        **{f"{side}_patience_s": _patience(stretches, side) for side in get_args(Side)},
        **{f"{side}_questions": _questions(thread, side) for side in get_args(Side)},
    }


def _stretches(call: Thread) -> Iterator[Stretch]:
    timed = (turn for turn in _with_floor(call) if turn.start_s <= turn.end_s)
    for _, turns in groupby(timed, key=lambda turn: turn.author):
        yield list(turns)


def _with_floor(call: Thread) -> Iterator[Turn]:
    """Yield the turns that are no back-channel; after a question "yes" is an answer."""
    asked = False
    for turn in call.turns:
        if asked or not is_back_channel(turn):
            yield turn
            asked = bool(call.questions.get(turn))


def _starts(stretch: Stretch) -> float:
    return stretch[0].start_s


def _ends(stretch: Stretch) -> float:
    return max(turn.end_s for turn in stretch)


def _interactivity(stretches: Sequence[Stretch]) -> float:
    if not stretches:
        return math.nan
    minutes = (max(map(_ends, stretches)) - _starts(stretches[0])) / _SECONDS_A_MINUTE
    return (len(stretches) - 1) / minutes if minutes else math.nan


def _monologue(stretches: Sequence[Stretch], side: Side) -> float:
    lengths = [_ends(one) - _starts(one) for one in stretches if one[0].side == side]
    return max(lengths, default=math.nan)


def _patience(stretches: Sequence[Stretch], side: Side) -> float:
    """Return the median pause before a side speaks after the other; who cuts in waits for none."""
    pauses = [
        max(0.0, _starts(after) - _ends(before))
        for before, after in pairwise(stretches)
        if after[0].side == side and before[0].side not in (side, None)
    ]
    return median(pauses) if pauses else math.nan


def _questions(thread: Thread, side: Side) -> int:
    return sum(len(asked) for turn, asked in thread.questions.items() if turn.side == side)
