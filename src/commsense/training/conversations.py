"""Fit what conversations are judged by on threads of which the truth is known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from commsense.conversations.answer_model import named_features as answer_features
from commsense.conversations.answer_model import observe as observe_questions
from commsense.conversations.debate_model import DebateModel
from commsense.conversations.debate_model import named_features as debate_features
from commsense.conversations.debate_model import observe as observe_threads
from commsense.conversations.opinions import invitations
from commsense.conversations.question_model import SIGNS as QUESTION_SIGNS
from commsense.conversations.question_model import Sentence, sentences_of, with_questions
from commsense.conversations.question_model import observe as observe_sentences
from commsense.conversations.questions import Question
from commsense.conversations.regression import Observed, Regression
from commsense.conversations.signs import SIGNS, Asked, asked_in
from commsense.conversations.texts import normalise
from commsense.conversations.threads import Thread
from commsense.conversations.threads import threads as threads_of
from commsense.conversations.view_model import PHRASES
from commsense.conversations.view_model import named_features as view_features
from commsense.conversations.view_model import observe as observe_views
from commsense.schema import LABELS, MESSAGES, Message, frame
from commsense.tagging import Tagger, tag_messages
from commsense.tagging.base import Flags, Floats
from commsense.tagging.lexicon import shipped_concepts

KnownThread = dict[str, Any]
"""A thread as ``data/threads/README.md`` describes it."""

_FOLDS: Final = 10  # of authors
_FEWEST: Final = 3  # rows with an n-gram
_LEAST_SPREAD: Final = 0.01
_BARS: Final = np.arange(0.2, 0.9, 0.02)


@dataclass(frozen=True)
class Fitting:
    """How a regression is fitted; chosen on authors that it had not read.

    Attributes
    ----------
    strength : float
        Of the regression (``C``).
    spread : float
        To which named features are brought, beside n-grams, whose vectors have length one.
    precision : float
        That the bar gives on authors who were not read.
    """

    strength: float
    spread: float
    precision: float


QUESTIONS: Final = Fitting(strength=8.0, spread=0.3, precision=0.96)
ANSWERS: Final = Fitting(strength=0.3, spread=0.3, precision=0.6)
DEBATED: Final = Fitting(strength=0.3, spread=0.15, precision=0.95)
UNRESOLVED: Final = Fitting(strength=0.3, spread=0.15, precision=0.85)
VIEWS: Final = Fitting(strength=0.3, spread=0.3, precision=2 / 3)
_EXPECTING_NOTHING: Final = ("courtesy", "rhetorical")
_LABEL_SPREAD: Final = 0.15  # there are several times as many as signs
_CONCEPT: Final = 0.3  # what a concept counts, which is there or not


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


def fit_questions(threads: Sequence[KnownThread]) -> Regression:
    """Fit the model of questions that expect an answer.

    A sentence asks where a listed question is a part of it. A question that goes over several
    clauses is asked by the last; the others count neither way.

    Parameters
    ----------
    threads : sequence of dict
        Of two authors and more; with ``questions``.
    """
    by_id = {thread["id"]: thread for thread in threads}
    said, asks, authors = [], [], []
    for thread in threads_of(messages_of(threads), frame(LABELS, [])):
        for position, turn in enumerate(thread.turns):
            listed = [
                normalise(one["words"]).strip()
                for one in by_id[thread.id]["questions"]
                if one["message"] == position and one["how"] not in _EXPECTING_NOTHING
            ]
            for one, asking in _asking(sentences_of(turn), listed):
                said.append(one)
                asks.append(asking)
                authors.append(author_of(thread.id))
    seen = observe_sentences(said)
    scale = _to_spread(seen.named, QUESTIONS.spread)
    return _fitted(QUESTION_SIGNS, seen, scale, np.array(asks), authors, QUESTIONS)


def _asking(said: Sequence[Sentence], listed: Sequence[str]) -> Iterator[tuple[Sentence, bool]]:
    """Yield sentences with whether they ask one of the listed questions."""
    texts = [normalise(one.asks).strip() for one in said]
    holding = [
        [bool(text) and (question in text or text in question) for question in listed]
        for text in texts
    ]
    last = np.zeros(len(listed), dtype=int)
    for place, held in enumerate(holding):
        last[np.flatnonzero(held)] = place
    for place, (one, held) in enumerate(zip(said, holding, strict=True)):
        asking = any(last[question] == place for question in np.flatnonzero(held))
        if asking or not any(held):
            yield one, asking


def known_questions(threads: Sequence[KnownThread], model: Regression) -> Known:
    """Return the questions that are found in threads and of which the threads tell more.

    A question is one of theirs where the one's words are a part of the other's.

    Parameters
    ----------
    threads : sequence of dict
        With ``questions``.
    model : Regression
        What finds questions; such as :func:`fit_questions` gives.
    """
    by_id = {thread["id"]: thread for thread in threads}
    asked, stays_open, authors = [], [], []
    told_of = list(threads_of(messages_of(threads), frame(LABELS, [])))
    for thread in with_questions(told_of, model):
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
                authors.append(author_of(thread.id))
    return Known(asked, np.array(stays_open, dtype=bool), authors)


def fit_answers(known: Known) -> Regression:
    """Fit the model of answered questions.

    Parameters
    ----------
    known : Known
        Of two authors and more.
    """
    seen = observe_questions(known.asked)
    scale = _to_spread(seen.named, ANSWERS.spread)
    scale[len(SIGNS) :] = _CONCEPT
    names = answer_features()
    return _fitted(names, seen, scale, known.stays_open, known.authors, ANSWERS)


def fit_debates(threads: Sequence[KnownThread], tagger: Tagger) -> DebateModel:
    """Fit the model of debates.

    Parameters
    ----------
    threads : sequence of dict
        Of two authors and more; with ``unresolved_debates`` and ``settled_debates``.
    tagger : Tagger
        What judges the turns; it must not have read the threads.
    """
    by_id = {thread["id"]: thread for thread in threads}
    found = _tagged(threads, tagger)
    seen = observe_threads(found)
    unresolved = np.array([by_id[one.id]["unresolved_debates"] > 0 for one in found])
    settled = np.array([by_id[one.id]["settled_debates"] > 0 for one in found])
    authors = [author_of(one.id) for one in found]

    def fitted(truth: Flags, how: Fitting) -> Regression:
        scale = _to_spread(seen.named, how.spread)
        return _fitted(debate_features(), seen, scale, truth, authors, how)

    return DebateModel(fitted(unresolved | settled, DEBATED), fitted(unresolved, UNRESOLVED))


def fit_views(threads: Sequence[KnownThread], tagger: Tagger, asking: Regression) -> Regression:
    """Fit the model of views that are held back.

    Parameters
    ----------
    threads : sequence of dict
        Of two authors and more; with ``views``.
    tagger : Tagger
        What judges the turns; it must not have read the threads.
    asking : Regression
        What finds questions; such as :func:`fit_questions` gives.
    """
    by_id = {thread["id"]: thread for thread in threads}
    asked = [
        one
        for thread in with_questions(_tagged(threads, tagger), asking)
        for one in (*asked_in(thread), *invitations(thread))
        if one.replies
    ]
    held_back = np.array(
        [
            any(
                not view["given"]
                and view["message"] == one.position
                and view["by"] == one.thread.turns.index(one.replies[0])
                and _same(view["words"], one.question)
                for view in by_id[one.thread.id]["views"]
            )
            for one in asked
        ]
    )
    seen = observe_views(asked)
    scale = _to_spread(seen.named, VIEWS.spread)
    few = len(SIGNS) + len(PHRASES)
    concepts = 2 * len(shipped_concepts().lists)
    scale[few:-concepts] *= _LABEL_SPREAD / VIEWS.spread
    scale[-concepts:] = _CONCEPT
    authors = [author_of(one.thread.id) for one in asked]
    return _fitted(view_features(), seen, scale, held_back, authors, VIEWS)


def _tagged(threads: Sequence[KnownThread], tagger: Tagger) -> list[Thread]:
    messages = messages_of(threads)
    return list(threads_of(messages, tag_messages(messages, tagger, evidence=False)))


def author_of(thread: str) -> str:
    """Return who wrote a thread, by its id."""
    return thread.rpartition("-")[0]


def _fitted(
    names: Sequence[str],
    seen: Observed,
    scale: Floats,
    truth: Flags,
    authors: Sequence[str],
    how: Fitting,
) -> Regression:
    """Fit a regression; its bar gives the wanted precision on authors that it had not read."""
    rarity = _rarity(seen.grams)
    vectors = sparse.hstack(
        [sparse.csr_matrix(seen.named * scale), seen.weighted(rarity)], format="csr"
    )
    regression = LogisticRegression(C=how.strength, max_iter=2_000)
    folds = GroupKFold(min(_FOLDS, len(set(authors))))
    held_out = cross_val_predict(
        regression, vectors, truth, groups=authors, cv=folds, method="predict_proba"
    )[:, 1]
    fitted = regression.fit(vectors, truth)
    weights = fitted.coef_[0].astype(np.float32)
    return Regression(
        tuple(names),
        weights[: len(scale)] * scale,
        weights[len(scale) :],
        rarity,
        float(fitted.intercept_[0]),
        _bar(held_out, truth, how.precision),
    )


def _rarity(grams: sparse.csr_matrix) -> Floats:
    """Return the inverse document frequency of n-grams; the rarest weigh nothing."""
    holding = np.bincount(grams.indices, minlength=grams.shape[1])
    rarity = np.log((grams.shape[0] + 1) / (holding + 1)) + 1
    return np.where(holding >= _FEWEST, rarity, 0).astype(np.float32)


def _to_spread(named: Floats, spread: float) -> Floats:
    """Return what each named feature is multiplied by to be of one spread."""
    scale: Floats = (spread / np.maximum(named.std(axis=0), _LEAST_SPREAD)).astype(np.float32)
    return scale


def _bar(probabilities: Floats, truth: Flags, precision: float) -> float:
    """Return the lowest bar above which the wanted share is true."""
    for bar in _BARS:
        found = probabilities >= bar
        if found.any() and truth[found].mean() >= precision:
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
