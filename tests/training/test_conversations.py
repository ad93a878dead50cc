"""Fitting the model of answered questions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from commsense.conversations.answer_model import stays_open
from commsense.training.conversations import Known, fit_answers, known_questions, read_threads

THREADS = Path(__file__).parents[2] / "data" / "threads" / "answers.jsonl"


@pytest.fixture(scope="module")
def known() -> Known:
    threads = read_threads(THREADS)
    some = [one for one in threads if int(one["id"].rpartition("-")[2]) % 5 == 0]
    return known_questions(some)


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
