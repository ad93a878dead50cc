"""Tell how likely a question is not answered in its thread.

A regression over the signs of :mod:`commsense.conversations.signs`, over what question and replies
speak of (the concepts of the tagger) and over the n-grams of what is said next. It has read five
languages; in others it goes by signs and concepts.
"""

from __future__ import annotations

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
    in_parts,
)
from commsense.conversations.signs import SIGNS, Asked
from commsense.tagging.lexicon import shipped_concepts

MODEL_FILE: Final = "answers.npz"
_REPLY_CHARACTERS = 1_500
_SENTENCES_READ = 40  # of the replies to one question
_NEARNESS = ("nearest", "is_near", "question_has_concepts")


@lru_cache(maxsize=1)
def shipped_answer_model() -> Regression:
    """Return the model that comes with commsense."""
    path = Path(str(files("commsense.conversations").joinpath(MODEL_FILE)))
    return Regression.load(path, named_features())


def stays_open(model: Regression, asked: Sequence[Asked]) -> Floats:
    """Return the probability that each question stays open, shape (questions,)."""
    return in_parts(model, asked, observe)


def named_features() -> list[str]:
    """Return the names of the features beside the n-grams: signs, then concepts."""
    concepts = list(shipped_concepts().lists)
    return [
        *SIGNS,
        *_NEARNESS,
        *(f"replies speak of {name}" for name in concepts),
        *(f"question speaks of {name}" for name in concepts),
    ]


def observe(asked: Sequence[Asked]) -> Observed:
    """Return what some questions are judged by: columns :func:`named_features`, two texts."""
    sentences = [one.sentences[:_SENTENCES_READ] for one in asked]
    of_questions = concepts_of([one.question.text for one in asked])
    of_sentences = concepts_of([sentence for some in sentences for sentence in some])
    held = np.split(of_sentences, np.cumsum([len(some) for some in sentences])[:-1])
    near = [_nearness(own, said) for own, said in zip(of_questions, held, strict=True)]
    nearest = [
        some[int(np.argmax(close))] if some else ""
        for some, close in zip(sentences, near, strict=True)
    ]
    read = [
        [*one.signs.values(), close.max(initial=0), close.any(), own.any()]
        for one, close, own in zip(asked, near, of_questions, strict=True)
    ]
    spoken = [said.max(axis=0, initial=0) for said in held]
    next_said = [one.replies[0].text[:_REPLY_CHARACTERS] if one.replies else "" for one in asked]
    return Observed(
        np.concatenate([read, spoken, of_questions], axis=1, dtype=np.float32),
        grams_of(next_said, nearest),
    )


def _nearness(own: Floats, said: Floats) -> Floats:
    """Return the share of concepts that each sentence has in common with a question (Jaccard)."""
    both = np.minimum(said, own).sum(axis=1)
    either = np.maximum(said, own).sum(axis=1)
    near: Floats = both / np.maximum(either, 1)
    return near
