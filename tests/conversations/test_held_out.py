"""What is found in threads by another author must not fall silently: docs/threads.md."""

from __future__ import annotations

import pytest

from commsense.training.conversations import read_threads
from conversations import (
    FINDINGS,
    ORDINARY,
    SECOND,
    THREADS,
    UNREAD,
    found_in,
    is_seen,
    score,
)

FLOORS = {
    THREADS: {"unresolved debates": 0.7, "unanswered questions": 0.5, "withheld opinions": 0.75},
    SECOND: {"unresolved debates": 0.7, "unanswered questions": 0.42, "withheld opinions": 0.6},
    ORDINARY: {"unresolved debates": 0.85, "unanswered questions": 0.4, "withheld opinions": 0.68},
    UNREAD: {"unresolved debates": 0.88, "unanswered questions": 0.4, "withheld opinions": 0.5},
}


@pytest.fixture(scope="module", params=FLOORS, ids=lambda path: path.stem)
def scores(request):
    threads = read_threads(request.param)
    return request.param, score(threads, found_in(threads))


@pytest.mark.parametrize("finding", FINDINGS)
def test_findings_stay_above_their_floors(scores, finding):
    path, found = scores
    assert found.of[finding].f1 >= FLOORS[path][finding]


def test_a_reported_debate_is_one(scores):
    assert scores[1].of["unresolved debates"].precision >= 0.85


def test_the_threads_are_complete():
    threads = read_threads(THREADS)
    assert len(threads) == 60
    assert sum(map(is_seen, threads)) == 30
    assert_complete(threads)


def test_the_threads_of_further_authors_are_complete():
    threads = read_threads(SECOND)
    assert len(threads) == 300
    assert sum(map(is_seen, threads)) == 150
    assert not {thread["id"] for thread in threads} & {
        thread["id"] for thread in read_threads(THREADS)
    }
    assert_complete(threads)


@pytest.mark.parametrize(("path", "size"), [(ORDINARY, 300), (UNREAD, 180)])
def test_ordinary_threads_are_complete(path, size):
    threads = read_threads(path)
    assert len({thread["id"] for thread in threads}) == size
    assert_complete(threads)


def test_threads_to_develop_with_are_complete_and_counted_nowhere():
    threads = read_threads(THREADS.with_name("development.jsonl"))
    assert all(thread["id"].startswith("dev-") for thread in threads)
    assert not {thread["id"] for thread in threads} & {
        thread["id"] for thread in read_threads(THREADS)
    }
    assert_complete(threads)


def assert_complete(threads):
    for thread in threads:
        texts = [turn["text"] for turn in thread["messages"]]
        for question in thread["unanswered_questions"]:
            assert question["words"] in texts[question["message"]]
        assert all(0 <= number < len(texts) for number in thread["withheld_opinions"])
