"""Tell how likely a question asks for a view that the reply holds back.

A regression over the signs of :mod:`commsense.conversations.signs`, over phrases by which people
ask for views, give and evade them, over what the tagger says of the turn that asks and of what
follows, over concepts and n-grams of question and reply.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from commsense.conversations.regression import (
    Floats,
    Observed,
    Regression,
    concepts_of,
    grams_of,
)
from commsense.conversations.signs import SIGNS, Asked, gives_view
from commsense.conversations.texts import cues
from commsense.conversations.threads import LABELS_READ, NO_ODDS
from commsense.tagging.lexicon import shipped_concepts

MODEL_FILE: Final = "withheld.npz"
PHRASES: Final = (
    "asks_for_view", "invites_view", "reply_evades", "reply_gives_view", "someone_evades",
    "someone_gives_view", "length_of_reply",
)  # fmt: skip
_TURNS: Final = ("question", "reply", "replies", "asker_next")
_REPLY_CHARACTERS = 1_500


@lru_cache(maxsize=1)
def shipped_view_model() -> Regression:
    """Return the model that comes with commsense."""
    path = Path(str(files("commsense.conversations").joinpath(MODEL_FILE)))
    return Regression.load(path, named_features())


def named_features() -> list[str]:
    """Return the names of the features beside the n-grams."""
    concepts = list(shipped_concepts().lists)
    return [
        *SIGNS,
        *PHRASES,
        *(f"{label}, {turn}" for turn in _TURNS for label in LABELS_READ),
        *(f"question speaks of {name}" for name in concepts),
        *(f"reply speaks of {name}" for name in concepts),
    ]


def observe(asked: Sequence[Asked]) -> Observed:
    """Return what some questions are judged by: columns :func:`named_features`, two texts."""
    asking = [one.question.text for one in asked]
    replies = [one.replies[0].text[:_REPLY_CHARACTERS] if one.replies else "" for one in asked]
    read = [[*one.signs.values(), *_phrases(one), *_labels(one)] for one in asked]
    named = [np.array(read, dtype=np.float32), concepts_of(asking), concepts_of(replies)]
    return Observed(np.concatenate(named, axis=1, dtype=np.float32), grams_of(asking, replies))


def _phrases(asked: Asked) -> list[float]:
    question, replies = asked.question.normalised, asked.replies
    evading = [cues("opinion_withheld").within(reply.normalised) for reply in replies]
    giving = [gives_view(reply.normalised) for reply in replies]
    return [
        float(cues("opinion_request").within(question)),
        float(cues("opinion_invited").within(question)),
        float(any(evading[:1])),
        float(any(giving[:1])),
        float(any(evading)),
        float(any(giving)),
        math.log1p(replies[0].words) if replies else 0.0,
    ]


def _labels(asked: Asked) -> Floats:
    """Return the labels' log-odds in the asking turn, the first reply, all, the asker's next."""
    own = next(iter(asked.thread.own_later(asked.position)), None)
    replies = [reply.odds for reply in asked.replies] or [NO_ODDS]
    found: Floats = np.concatenate(
        [
            asked.turn.odds,
            replies[0],
            np.max(replies, axis=0),
            NO_ODDS if own is None else own.odds,
        ]
    )
    return found
