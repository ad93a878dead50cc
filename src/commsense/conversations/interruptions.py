"""Interruptions in calls: somebody takes the floor while another still speaks."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import pandas as pd

from commsense.conversations.texts import cues, normalise
from commsense.conversations.threads import Thread, Turn, threads
from commsense.schema import LABELS, frame

LABEL = "interruption"
OVERLAP_S = 0.3
"""Overlaps below this come from the recogniser: speakers' ends are known to about 0.2 s."""
_DASH_END = re.compile(r"(?:--|[—–―]|\s-|\w-)[\"”’»\])]*\s*$")
_DOTS_END = re.compile(r"(?:\.\.\.|…)[\"”’»\])]*\s*$")
_LATCHED_S = 0.2
"""After dots (a voice that trails off) the next speaker cuts in only if the gap is this short."""
_BRACKETS = re.compile(r"[\[(（]([^\])）]{1,40})[\])）]")
_BACK_CHANNEL_CHARS = 60
"""A longer turn takes the floor, whatever it says."""
_SCORE_OVERLAP, _SCORE_MARK = 0.9, 0.8
"""Measured times are surer than a transcriber's punctuation."""


def interruption_labels(messages: pd.DataFrame) -> pd.DataFrame:
    """Find the interruptions in the calls of a messages table.

    Parameters
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`commsense.schema.LABELS`: one row for each turn that interrupts.
    """
    calls = messages[messages["channel"] == "call"]
    rows = [
        {"message_id": turn.id, "label": LABEL, "score": score, "holds": True, "spans": []}
        for call in threads(calls, frame(LABELS, []))
        for turn, score in interruptions(call)
    ]
    return frame(LABELS, rows)


def interruptions(call: Thread) -> Iterator[tuple[Turn, float]]:
    """Yield the turns of a call that interrupt, each with a score from 0 to 1."""
    speaking: Turn | None = None
    previous: Turn | None = None
    for turn in call.turns:
        score = _score(turn, speaking, previous)
        if score:
            yield turn, score
        if speaking is None or not turn.end_s <= speaking.end_s:
            speaking = turn
        previous = turn


def _score(turn: Turn, speaking: Turn | None, previous: Turn | None) -> float:
    if previous is None or is_back_channel(turn):
        return 0.0
    if speaking is not None and _overlaps(turn, speaking):
        return _SCORE_OVERLAP
    if _marked(turn) or (_other_speaker(turn, previous) and _cut_off(turn, previous)):
        return _SCORE_MARK
    return 0.0


def _other_speaker(turn: Turn, other: Turn) -> bool:
    return turn.author != other.author


def _overlaps(turn: Turn, speaking: Turn) -> bool:
    """Tell whether a turn starts inside another's and goes on after it: it took the floor."""
    return (
        _other_speaker(turn, speaking)
        and not is_back_channel(speaking)
        and turn.start_s < speaking.end_s - OVERLAP_S
        and turn.start_s > speaking.start_s
        and turn.end_s > speaking.end_s
        and not _starts_listening(turn)
    )


def _cut_off(turn: Turn, previous: Turn) -> bool:
    text = previous.text
    if _DASH_END.search(text):
        return not is_back_channel(previous)
    gap = turn.start_s - previous.end_s
    return bool(_DOTS_END.search(text)) and not math.isnan(gap) and gap <= _LATCHED_S


def _marked(turn: Turn) -> bool:
    found = _BRACKETS.search(turn.text[:60])
    return found is not None and cues("interruption_mark").within(normalise(found[1]))


def is_back_channel(turn: Turn) -> bool:
    """Tell whether a turn only shows that somebody listens, as "mm-hm" or "okay, got it" do."""
    return len(turn.text) <= _BACK_CHANNEL_CHARS and _shows_listening(turn.normalised)


def _shows_listening(normalised: str) -> bool:
    phrases = cues("back_channel")
    if phrases.equal(normalised):
        return True
    # Single words first: a phrase without spaces, as in Thai, may be the beginning of another.
    rest = (word for word in normalised.split() if not phrases.equal(word))
    return all(map(phrases.equal, phrases.without(f" {' '.join(rest)} ").split()))


def _starts_listening(turn: Turn) -> bool:
    """Tell whether a transcript joined a back-channel with what its speaker said next.

    When those next words began is then unknown; the turn's start is that of the back-channel.
    """
    first = turn.sentences[:1]
    return bool(first) and _shows_listening(normalise(first[0]))
