"""Fit the model of answered questions on threads whose open questions are known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

from commsense.conversations.answer_model import AnswerModel, observe
from commsense.conversations.questions import Question
from commsense.conversations.signs import SIGNS, Asked, asked_in
from commsense.conversations.texts import normalise
from commsense.conversations.threads import threads as threads_of
from commsense.schema import LABELS, MESSAGES, Message, frame
from commsense.tagging.base import Flags, Floats

KnownThread = dict[str, Any]
"""A thread as ``data/threads/README.md`` describes it."""

_STRENGTH: Final = 0.3  # of the regression (``C``); at 0.6 held-out precision is the same
# Of each sign and each concept, beside n-grams, whose vectors have length one.
_SIGN_SPREAD: Final = 0.3
_CONCEPT: Final = 0.3
_LEAST_SPREAD: Final = 0.01
_FEWEST: Final = 3  # questions with an n-gram
_PRECISION: Final = 0.6  # of open questions, by authors that were not read
_BARS: Final = np.arange(0.2, 0.8, 0.02)


@dataclass(frozen=True)
class Known:
    """Questions of which it is known whether they stay open.

    Attributes
    ----------
    asked : list of Asked
    stays_open : array of bool, shape (questions,)
    authors : list of str
        Who wrote each one's thread.
    """

    asked: list[Asked]
    stays_open: Flags
    authors: list[str]


def read_threads(path: Path) -> list[KnownThread]:
    """Read a file of threads, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def messages_of(threads: Iterable[KnownThread]) -> pd.DataFrame:
    """Return the messages of threads as a table of :data:`commsense.schema.MESSAGES`."""
    return frame(MESSAGES, [turn for thread in threads for turn in _messages(thread)])


def known_questions(threads: Sequence[KnownThread]) -> Known:
    """Return the questions that are found in threads and of which the threads tell more.

    A question is one of theirs where the one's words are a part of the other's.
    """
    by_id = {thread["id"]: thread for thread in threads}
    asked, stays_open, authors = [], [], []
    for thread in threads_of(messages_of(threads), frame(LABELS, [])):
        told = by_id[thread.id]
        for one in asked_in(thread):
            answered = [
                listed["answered"]
                for listed in told["questions"]
                if listed["message"] == one.position and _same(listed["words"], one.question)
            ]
            if answered:
                asked.append(one)
                stays_open.append(not all(answered))
                authors.append(thread.id.rpartition("-")[0])
    return Known(asked, np.array(stays_open, dtype=bool), authors)


def fit_answers(known: Known) -> AnswerModel:
    """Fit the model; its bar gives the wanted precision on authors that it had not read.

    Parameters
    ----------
    known : Known
        Of two authors and more.
    """
    seen = observe(known.asked)
    rarity, scale = _rarity(seen.grams), _scale(seen.named)
    vectors = sparse.hstack(
        [sparse.csr_matrix(seen.named * scale), seen.weighted(rarity)], format="csr"
    )
    held_out = cross_val_predict(
        _regression(),
        vectors,
        known.stays_open,
        groups=known.authors,
        cv=LeaveOneGroupOut(),
        method="predict_proba",
    )[:, 1]
    fitted = _regression().fit(vectors, known.stays_open)
    weights = fitted.coef_[0].astype(np.float32)
    return AnswerModel(
        weights[: len(scale)] * scale,
        weights[len(scale) :],
        rarity,
        float(fitted.intercept_[0]),
        _bar(held_out, known.stays_open),
    )


def _regression() -> LogisticRegression:
    return LogisticRegression(C=_STRENGTH, max_iter=2_000)


def _rarity(grams: sparse.csr_matrix) -> Floats:
    """Return the inverse document frequency of n-grams; the rarest weigh nothing."""
    holding = np.bincount(grams.indices, minlength=grams.shape[1])
    rarity = np.log((grams.shape[0] + 1) / (holding + 1)) + 1
    return np.where(holding >= _FEWEST, rarity, 0).astype(np.float32)


def _scale(named: Floats) -> Floats:
    """Return what each named feature is multiplied by: signs are brought to one spread."""
    scale = np.full(named.shape[1], _CONCEPT, dtype=np.float32)
    spread = named[:, : len(SIGNS)].std(axis=0)
    scale[: len(SIGNS)] = _SIGN_SPREAD / np.maximum(spread, _LEAST_SPREAD)
    return scale


def _bar(probabilities: Floats, stays_open: Flags) -> float:
    """Return the lowest bar above which the wanted share of questions is open."""
    for bar in _BARS:
        found = probabilities >= bar
        if found.any() and stays_open[found].mean() >= _PRECISION:
            return float(bar)
    return float(_BARS[-1])


def _same(words: str, question: Question) -> bool:
    listed, found = normalise(words).strip(), question.normalised.strip()
    return listed in found or found in listed


def _messages(thread: KnownThread) -> Iterable[Message]:
    for number, said in enumerate(thread["messages"]):
        side, _, name = said["from"].partition(":")
        yield Message(
            id=f"{thread['id']}-{number}",
            text=said["text"],
            channel=thread["channel"],
            conversation_id=thread["id"],
            sent_at=datetime.fromisoformat(said["at"]).replace(tzinfo=UTC),
            author=name,
            author_name=name,
            side=side,
            client=f"{thread['id']}.example",
            subject=thread["subject"],
            language=thread["language"],
        )
