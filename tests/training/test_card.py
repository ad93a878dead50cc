from __future__ import annotations

from pathlib import Path

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
