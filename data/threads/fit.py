"""Fit anew what conversations are judged by: python data/threads/fit.py."""

from __future__ import annotations

from pathlib import Path

from commsense import conversations
from commsense.conversations.answer_model import MODEL_FILE
from commsense.conversations.debate_model import DEBATED_FILE, UNRESOLVED_FILE
from commsense.conversations.question_model import MODEL_FILE as QUESTIONS_FILE
from commsense.conversations.view_model import MODEL_FILE as WITHHELD_FILE
from commsense.tagging import load_tagger
from commsense.training.conversations import (
    author_of,
    fit_answers,
    fit_debates,
    fit_questions,
    fit_views,
    known_questions,
    read_threads,
)

THREADS = Path(__file__).parent
MODELS = Path(conversations.__file__).parent

answers = read_threads(THREADS / "answers.jsonl")
asking = fit_questions(answers)
asking.save(MODELS / QUESTIONS_FILE)
print(f"a sentence asks from {asking.bar:.2f}")

known = known_questions(answers, asking)
answered = fit_answers(known)
answered.save(MODELS / MODEL_FILE)
print(
    f"{len(known.asked)} questions, {known.stays_open.sum()} open, by {len(set(known.authors))}"
    f" authors; a question is open from {answered.bar:.2f}"
)

known_threads = [*read_threads(THREADS / "debates.jsonl"), *answers]
tagger = load_tagger()
model = fit_debates(known_threads, tagger)
model.debated.save(MODELS / DEBATED_FILE)
model.unresolved.save(MODELS / UNRESOLVED_FILE)
unresolved = sum(one["unresolved_debates"] > 0 for one in known_threads)
authors = len({author_of(one["id"]) for one in known_threads})
print(
    f"{len(known_threads)} threads, {unresolved} with a debate that is unresolved, by {authors}"
    f" authors; there is a debate from {model.debated.bar:.2f}, an unresolved one from"
    f" {model.unresolved.bar:.2f}"
)

views = fit_views(known_threads, tagger, asking)
views.save(MODELS / WITHHELD_FILE)
asked = sum(len(one["views"]) for one in known_threads)
withheld = sum(len(one["withheld_opinions"]) for one in known_threads)
print(f"{asked} views asked for, {withheld} held back; one is from {views.bar:.2f}")
