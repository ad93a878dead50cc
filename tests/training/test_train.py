from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from commsense.errors import InputError, UsageError
from commsense.tagging import LinearTagger, load_tagger
from commsense.training import evaluate_file, render_evaluation, train
from commsense.training.card import card
from commsense.training.train import text_weights, train_linear


def written(path: Path, corpus: pd.DataFrame) -> Path:
    """Write a corpus as files of its parts."""
    path.mkdir()
    for part, rows in corpus.groupby("part"):
        lines = [
            json.dumps({"text": text, "labels": list(labels)}, ensure_ascii=False)
            for text, labels in zip(rows["text"], rows["labels"], strict=True)
        ]
        (path / f"{part}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return path


def test_from_a_folder_of_labels_to_a_model_with_a_card(
    small_corpus: pd.DataFrame, tmp_path: Path
) -> None:
    folder = written(tmp_path / "corpus", small_corpus)
    stages: list[str] = []
    train([folder], tmp_path / "model", progress=lambda stage, *_: stages.append(stage))
    assert {"fitting", "held-out parts"} <= set(stages)
    config = load_tagger(tmp_path / "model").config
    assert config["training"]["texts"] == len(small_corpus)
    held_out = config["metrics"]["held_out"]
    assert set(held_out["sources"]) == set(small_corpus["part"])
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert f"{held_out['kinds']['written']['micro_f1']:.2f}" in card
    assert "| ko | written | ko-a |" in card
    assert config["metrics"]["folds"] == len(set(small_corpus["part"]))
    assert f"there are {config['metrics']['folds']} folds" in card
    assert "## Calibration" in card

    found = evaluate_file(folder / "en-a.jsonl", model=tmp_path / "model")
    assert found.model_hash == config["hash"]
    assert set(found.groups["languages"]) == {"en"}
    # It has seen these texts, so it must do better than on held-out ones.
    mean = held_out["sources"]["en-a"]["mean_average_precision"]
    assert found.overall.mean_average_precision is not None
    assert found.overall.mean_average_precision > mean
    assert json.loads(found.to_json())["overall"]["texts"] == found.overall.texts
    console = Console(width=120, record=True)
    console.print(render_evaluation(found))
    shown = console.export_text()
    assert "courtesy" in shown
    # Nobody shall take the figures on texts that it has seen for its worth.
    assert found.trained_on == ("en-a",)
    assert "trained on en-a" in shown


def test_too_little_to_learn_from_is_said(tmp_path: Path) -> None:
    path = tmp_path / "few.jsonl"
    path.write_text('{"text": "a", "labels": []}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="1 labelled texts"):
        train([path], tmp_path / "model")
    with pytest.raises(InputError, match="missing"):
        train([tmp_path / "missing.jsonl"], tmp_path / "model")


def test_whole_kinds_are_held_out_where_there_are_several(
    small_corpus: pd.DataFrame,
) -> None:
    real = small_corpus.assign(kind="real", source="goemotions", part="goemotions")
    half = len(real) // 2
    mail = {"source": "email_intent", "part": "email_intent"}
    two_kinds = pd.concat([real[:half], real[half:].assign(**mail)], ignore_index=True)
    tagger = LinearTagger(bits=14)
    one = train_linear(real, tagger).config["metrics"]
    # Folds of one source are no kinds.
    assert "held_out_families" not in one
    two = train_linear(two_kinds, tagger).config["metrics"]["held_out_families"]
    assert sum(figures["texts"] for figures in two.values()) == len(real)
    assert "### Kinds of text never seen" in card(tagger.config)


def test_a_single_file_is_held_out_in_folds(small_corpus: pd.DataFrame, tmp_path: Path) -> None:
    folder = written(tmp_path / "c", small_corpus[small_corpus["part"] == "en-b"])
    tagger = train([folder], tmp_path / "model")
    assert tagger.config["metrics"]["held_out"]["kinds"]["written"]["mean_average_precision"] > 0.1


def test_large_sources_do_not_take_over() -> None:
    corpus = pd.DataFrame(
        {
            "id": range(1_010),
            "kind": ["real"] * 110 + ["written"] * 900,
            "source": ["reviews"] * 100 + ["calls"] * 10 + ["en-a"] * 900,
        }
    )
    weights = text_weights(corpus)
    assert weights[:100].sum() < 4 * weights[100:110].sum()
    assert np.isclose(weights[:110].mean(), weights[110:].mean())
