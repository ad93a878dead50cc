"""Fit the model of answered questions anew: python data/threads/fit.py."""

from __future__ import annotations

from pathlib import Path

from commsense import conversations
from commsense.conversations.answer_model import MODEL_FILE
from commsense.training.answers import fit_answers, known_questions, read_threads

known = known_questions(read_threads(Path(__file__).with_name("answers.jsonl")))
model = fit_answers(known)
model.save(Path(conversations.__file__).with_name(MODEL_FILE))
print(
    f"{len(known.asked)} questions, {known.stays_open.sum()} open, by {len(set(known.authors))}"
    f" authors; a question is open from {model.bar:.2f}"
)
