from __future__ import annotations

from pathlib import Path

from commsense.tagging.base import read_config
from commsense.training.card import card

SHIPPED = Path(__file__).parents[2] / "models" / "linear-v1"


def test_the_shipped_card_says_what_the_config_says() -> None:
    assert (SHIPPED / "README.md").read_text(encoding="utf-8") == card(read_config(SHIPPED))


def test_every_public_corpus_has_a_name_and_a_licence() -> None:
    config = read_config(SHIPPED)
    lines = card(config).splitlines()
    for one in config["training"]["sources"]:
        if one["kind"] == "real":
            (line,) = (line for line in lines if f"| real | {one['source']} |" in line)
            assert not line.endswith("| - | - |")


def test_a_model_without_figures_has_a_card_too() -> None:
    config = read_config(SHIPPED)
    del config["metrics"], config["training"]
    text = card(config)
    assert "## Use" in text
    assert "How well" not in text
