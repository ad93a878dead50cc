from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from commsense.tagging.base import read_config
from commsense.training.card import card, lessons

SHIPPED = Path(__file__).parents[2] / "models" / "linear-v1"


def test_the_shipped_card_says_what_the_config_says() -> None:
    assert (SHIPPED / "README.md").read_text(encoding="utf-8") == card(read_config(SHIPPED))


def test_every_public_corpus_has_a_name_and_a_licence() -> None:
    config = read_config(SHIPPED)
    lines = card(config).splitlines()
    for one in config["training"]["sources"]:
        if one["kind"] == "real":
            found = [line for line in lines if f"| real | {one['source']} |" in line]
            assert found
            assert not any(line.endswith("| - | - |") for line in found)


def test_a_model_without_figures_has_a_card_too() -> None:
    config = read_config(SHIPPED)
    del config["metrics"], config["training"]
    text = card(config)
    assert "## Use" in text
    assert "How well" not in text


def taught(**own: object) -> dict[str, object]:
    base = {"name": "linear-v1", "hash": "0" * 64}
    return {
        **read_config(SHIPPED),
        "own_labels": [own] if own else [],
        "taught": {"base": base, "verdicts": {str(own.get("id", "courtesy")): 60}},
    }


OWN = {
    "id": "lift",
    "shown": 60,
    "against": 400,
    "average_precision": 0.712,
    "f1": 0.66,
    "false_alarms": 0.0125,
}


def test_a_model_that_was_corrected_has_no_empty_table() -> None:
    text = card(taught())
    section = text.split("## Taught by its user")[1].split("\n## ")[0]
    assert "`courtesy` (60)" in section
    assert "|" not in section
    assert "Each text below" not in section
    assert "| `lift` | 60 | 400 | 0.71 | 0.66 |" in card(taught(**OWN))


def test_the_user_is_told_what_a_lesson_came_to() -> None:
    (told,) = lessons(taught(**OWN))
    assert told.startswith("lift: 60 examples, 400 texts without it")
    assert "average precision 0.71" in told
    assert "false alarms in 1.2% of the texts without it" in told
    assert "hint" not in told
    assert "hint" in lessons(taught(**OWN | {"shown": 12}))[0]
    assert lessons(taught()) == ["courtesy: corrected by verdicts on 60 texts"]


def of_a_user(**metrics: object) -> dict[str, Any]:
    """The shipped config, as if it were of a model that a user trained."""
    config = copy.deepcopy(read_config(SHIPPED)) | {"name": "mine"}
    config["metrics"] |= metrics
    return config


SPLIT = {"trained": 700, "validated": 150, "tested": 160, "apart": True}


def test_a_card_does_not_say_of_another_model_what_is_true_of_the_shipped_one() -> None:
    text = card(of_a_user(folds=4))
    assert "shipped model" not in text
    assert "made for this project" not in text
    assert "by one reader" not in text
    assert "there are 4 folds" in text
    assert "The shipped model has seen them all" in card(read_config(SHIPPED))
    assert "by the register" not in card(of_a_user() | {"register": {"slope": 0.0, "offset": 0.0}})


def test_figures_of_one_split_are_said_to_be_so() -> None:
    text = card(of_a_user(split=SPLIT))
    assert "learnt from 700 texts, 150 others stopped its training" in text
    assert "the figures are of 160 that it saw in neither way" in text
    assert "folds" not in text
    assert "seen them all" not in text
    assert "expect somewhat less" in card(of_a_user(split=SPLIT | {"apart": False}))


@pytest.mark.parametrize("metrics", [{"folds": 5}, {"split": SPLIT}])
def test_one_file_holds_no_author_out(metrics: dict[str, object]) -> None:
    config = of_a_user(**metrics)
    config["training"]["parts"] = 1
    text = card(config)
    assert "## How well it does on texts that it has not seen" in text
    assert "whole parts" not in text
    assert "Every part" not in text


def test_a_card_tells_how_well_each_label_is_calibrated() -> None:
    config = of_a_user()
    for kind in config["metrics"]["held_out"]["kinds"].values():
        kind["calibration_error"] = 0.0042
        for place, label in enumerate(kind["labels"]):
            label |= {"calibration_error": 0.01 * (place + 1), "support": 9 if place < 3 else 2}
    text = card(config)
    section = text.split("## Calibration")[1].split("\n## ")[0]
    assert "| written | 0.004 | 0.020 |" in section
    first, *_, last = config["metrics"]["held_out"]["kinds"]["written"]["labels"]
    for label, end in ((first, "| 0.010 |"), (last, "| - |")):
        lines = [one for one in text.splitlines() if one.startswith(f"| `{label['label']}`")]
        assert all(line.endswith(end) for line in lines)


def test_it_is_said_where_the_user_named_no_messages() -> None:
    config = taught(**OWN)
    assert "commsense's own" not in card(config) + lessons(config)[0]
    config["taught"] = {**config["taught"], "background": "shipped"}  # type: ignore[dict-item]
    assert "commsense's own" in card(config)
    assert "messages of yours teach more" in lessons(config)[0]
