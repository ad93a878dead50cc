"""Fitting what conversations are judged by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from commsense.conversations.answer_model import stays_open
from commsense.conversations.debate_model import observe
from commsense.conversations.question_model import shipped_question_model
from commsense.conversations.threads import threads as threads_of
from commsense.tagging import load_tagger, tag_messages
from commsense.training.conversations import (
    Known,
    KnownThread,
    fit_answers,
    fit_debates,
    fit_views,
    known_questions,
    messages_of,
    read_threads,
)

THREADS = Path(__file__).parents[2] / "data" / "threads" / "answers.jsonl"
DEBATES = THREADS.with_name("debates.jsonl")


@pytest.fixture(scope="module")
def known() -> Known:
    threads = read_threads(THREADS)
    some = [one for one in threads if int(one["id"].rpartition("-")[2]) % 5 == 0]
    return known_questions(some, shipped_question_model())


def test_every_thread_says_of_its_questions_whether_they_were_answered() -> None:
    threads = read_threads(THREADS)
    assert len({one["id"] for one in threads}) == len(threads)
    for thread in threads:
        texts = [turn["text"] for turn in thread["messages"]]
        assert all(one["words"] in texts[one["message"]] for one in thread["questions"])
        assert all(isinstance(one["answered"], bool) for one in thread["questions"])


def test_questions_are_matched_with_what_is_told_of_them(known: Known) -> None:
    assert len(known.asked) == len(known.stays_open) == len(known.authors)
    assert 0.25 < known.stays_open.mean() < 0.6
    assert {author[:2] for author in known.authors} == {"en", "fr", "ar", "ko", "th"}


def test_authors_that_were_not_read_are_ranked_better_than_by_chance(known: Known) -> None:
    unread = np.array([author.endswith("-g") for author in known.authors])
    model = fit_answers(_some(known, ~unread))
    likely = stays_open(model, _some(known, unread).asked)
    is_open = known.stays_open[unread]
    pairs = likely[is_open][:, None] > likely[~is_open][None, :]
    assert pairs.mean() > 0.6
    assert 0.2 <= model.bar <= 0.8


def _some(known: Known, rows: np.ndarray) -> Known:
    places = np.flatnonzero(rows)
    return Known(
        [known.asked[place] for place in places],
        known.stays_open[places],
        [known.authors[place] for place in places],
    )


@pytest.fixture(scope="module")
def short() -> list[KnownThread]:
    """Return the short threads of two languages, each by one author."""
    return [one for one in read_threads(DEBATES) if one["id"][:5] in ("en-s-", "fr-s-")]


def test_every_thread_says_who_gave_a_view() -> None:
    for path in (THREADS, DEBATES):
        threads = read_threads(path)
        assert len({one["id"] for one in threads}) == len(threads)
        for thread in threads:
            texts = [turn["text"] for turn in thread["messages"]]
            held_back = {
                view["by"]
                for view in thread["views"]
                if not view["given"] and view["by"] is not None
            }
            assert held_back == set(thread["withheld_opinions"])
            assert all(view["words"] in texts[view["message"]] for view in thread["views"])


def test_debates_by_an_author_who_was_not_read_are_ranked_above_the_rest(
    short: list[KnownThread],
) -> None:
    read, unread = (
        [one for one in short if one["language"] == language] for language in ("en", "fr")
    )
    halves = [one | {"id": f"{'ab'[i % 2]}-{one['id']}"} for i, one in enumerate(read)]
    halves = [one | {"id": one["id"].replace("en-s", f"en{one['id'][0]}")} for one in halves]
    tagger = load_tagger()
    model = fit_debates(halves, tagger)
    messages = messages_of(unread)
    threads = list(threads_of(messages, tag_messages(messages, tagger, evidence=False)))
    truth = {one["id"]: one["unresolved_debates"] > 0 for one in unread}
    is_open = np.array([truth[thread.id] for thread in threads])
    likely = model.unresolved.probabilities(observe(threads))
    assert (likely[is_open][:, None] > likely[~is_open][None, :]).mean() > 0.75


def test_views_are_fitted_on_replies(short: list[KnownThread]) -> None:
    model = fit_views(short, load_tagger(), shipped_question_model())
    assert 0.2 <= model.bar < 0.9
    weights = dict(zip(model.names, model.named_weights, strict=True))
    assert weights["asks_for_view"] > 0
