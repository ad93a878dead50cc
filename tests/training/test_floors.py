"""A model that does worse than the one before is noticed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from commsense.tagging import load_tagger
from commsense.training import evaluate, read_corpora
from commsense.training.corpus import corpus_hash

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))
DATA = Path(__file__).parents[2] / "data"
CORPUS, UNREAD = DATA / "corpus", DATA / "held_out"
ROUNDING = 0.005
A_FEW_WORDS = 20  # letters; who writes "ok" writes what others wrote


@pytest.mark.parametrize("kind", ["real", "written"])
def test_held_out_figures_stay_above_their_floors(kind: str) -> None:
    found = load_tagger().config["metrics"]["held_out"]["kinds"][kind]
    floors = FLOORS["held_out"][kind]
    assert found["micro_f1"] >= floors["micro_f1"]
    assert found["mean_average_precision"] >= floors["mean_average_precision"]
    assert found["false_alarms"] <= floors["false_alarms"]


def test_the_shipped_model_tags_as_it_did() -> None:
    corpus, floors = read_corpora([CORPUS]), FLOORS["written_corpus"]
    assert corpus_hash(corpus) == floors["corpus_sha256"], "train anew and move the floors"
    overall = evaluate(corpus, load_tagger()).overall
    for name in ("mean_average_precision", "micro_f1"):
        assert getattr(overall, name) == pytest.approx(floors[name], abs=ROUNDING)


def test_messages_that_no_model_was_trained_on_are_tagged_as_they_were() -> None:
    overall, floors = (
        evaluate(read_corpora([UNREAD]), load_tagger()).overall,
        FLOORS["held_out_texts"],
    )
    assert overall.micro_f1 >= floors["micro_f1"]
    assert overall.mean_average_precision >= floors["mean_average_precision"]
    assert overall.false_alarms <= floors["false_alarms"]


def test_what_is_held_out_is_not_in_the_corpus() -> None:
    known = set(read_corpora([CORPUS])["text"])
    shared = [text for text in read_corpora([UNREAD])["text"] if text in known]
    assert all(len(text) < A_FEW_WORDS for text in shared)
