from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import commsense as cs
from commsense import training
from commsense.clients.assessment import Assessment
from commsense.errors import UsageError
from commsense.reports import render_html, render_terminal, summarise
from commsense.tagging import LinearTagger, load_tagger, taxonomy_of
from commsense.taxonomy import load_taxonomy
from commsense.training import teach, teach_file
from commsense.training.teach import (
    BACKGROUND_FILE,
    FEWEST,
    read_background,
    shipped_background,
)

CORPUS = Path(__file__).parents[2] / "data" / "corpus"
PRICES = [
    f"{opening} the {thing} is far too expensive, {ending}"
    for opening in ("Honestly,", "We feel", "I fear")
    for thing in ("invoice", "new offer", "monthly fee", "last bill")
    for ending in ("others are cheaper.", "please lower it.", "so think of a discount.")
]
OTHERS = [
    f"{opening} the {thing} {ending}"
    for opening in ("Attached is", "Here comes", "Please find", "I have read")
    for thing in ("signed form", "agenda", "photo of the stand")
    for ending in ("for Tuesday.", "as agreed on the phone.", "with two small changes.")
]
DEFINITION = """
[[labels]]
id = "price_pressure"
name = "Price pressure"
polarity = "risk"
dimension = "expectations"
rule = "says that it costs too much"
"""


def verdicts(texts: list[str], label: str, *, holds: bool = True) -> pd.DataFrame:
    return pd.DataFrame({"text": texts, "label": label, "holds": holds})


@pytest.fixture(scope="module")
def base() -> LinearTagger:
    tagger = load_tagger()
    assert isinstance(tagger, LinearTagger)
    return tagger


@pytest.fixture(scope="module")
def taught(base: LinearTagger) -> LinearTagger:
    return teach(base, verdicts(PRICES[::2], "price_pressure"), OTHERS[::2], load_taxonomy())


def test_a_new_label_is_found_in_texts_that_were_not_shown(taught: LinearTagger) -> None:
    column = taught.labels.index("price_pressure")
    texts = [*PRICES[1::2], *OTHERS[1::2]]
    holds = taught.judge(texts, ["en"] * len(texts)).holds[:, column]
    assert holds[: len(PRICES) // 2].mean() > 0.9
    assert holds[len(PRICES) // 2 :].mean() < 0.1


def test_the_other_labels_stay_as_they_were(base: LinearTagger, taught: LinearTagger) -> None:
    texts = ["Thank you so much for staying late!", "Merci d'avoir pensé à nous.", PRICES[0]]
    old = base.predict(texts)
    np.testing.assert_allclose(taught.predict(texts)[:, : len(base.labels)], old, atol=2e-3)
    assert base.labels == load_taxonomy().text_ids
    assert taught.config["hash"] != base.config["hash"]


def test_evidence_of_a_new_label_is_where_it_is_said(taught: LinearTagger) -> None:
    text = "Here comes the agenda as agreed. Sadly it is far too expensive. See you on Tuesday."
    start, end = taught.spans(text, ["price_pressure"])["price_pressure"]
    assert text.index("Sadly") - 2 <= start < end <= text.index("See") + 1


def test_a_corrected_tag_changes_and_hardly_anything_else_does(base: LinearTagger) -> None:
    wrong = "The delivery came a day late, which suited us very well."
    column = base.labels.index("missed_expectations")
    corrected = teach(
        base, verdicts([wrong], "missed_expectations", holds=False), [], load_taxonomy()
    )
    before, after = base.scores([wrong, *OTHERS]), corrected.scores([wrong, *OTHERS])
    assert after[0, column] < 0.5 * before[0, column]
    assert np.abs(after - before)[1:].max() < 0.1
    assert corrected.labels == base.labels
    assert corrected.config["own_labels"] == []


def test_a_label_that_is_shown_too_seldom_is_refused(base: LinearTagger) -> None:
    few = verdicts(PRICES[: FEWEST - 1], "price_pressure")
    with pytest.raises(UsageError, match=f"shown by {FEWEST - 1} texts"):
        teach(base, few, OTHERS, load_taxonomy())
    with pytest.raises(UsageError, match="0 are shown without"):
        teach(base, verdicts(PRICES, "price_pressure"), [], load_taxonomy())


def test_examples_alone_are_enough(tmp_path: Path) -> None:
    verdicts(PRICES[::2], "price_pressure").to_csv(tmp_path / "prices.csv", index=False)
    new = teach_file(tmp_path / "prices.csv", tmp_path / "model")
    texts = [*PRICES[1::2], *OTHERS]
    holds = new.judge(texts, ["en"] * len(texts)).holds[:, -1]
    assert holds[: len(PRICES) // 2].mean() > 0.9
    assert holds[len(PRICES) // 2 :].mean() < 0.1
    assert "commsense's own" in (tmp_path / "model" / "README.md").read_text("utf-8")


def test_the_shipped_background_speaks_the_language_of_the_examples() -> None:
    packed = (Path(training.__file__).parent / BACKGROUND_FILE).read_bytes()
    assert len(packed) < 200_000
    rows = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
    assert {row["lang"] for row in rows} == set(load_tagger().languages)
    written = {
        json.loads(line)["text"]
        for path in CORPUS.glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    }
    assert {row["text"] for row in rows} <= written  # nothing of others is passed on
    korean = {row["text"] for row in rows if row["lang"] == "ko"}
    found = shipped_background(["가격이 너무 비싸다는 말이 또 나왔습니다."])
    assert korean <= set(found)
    assert len(korean) < len(found) < len(rows) / 3
    assert len(shipped_background(["Cena jest dla nas zdecydowanie za wysoka."])) > FEWEST


def test_a_verdict_overrules_the_background(base: LinearTagger) -> None:
    shown = verdicts(PRICES, "price_pressure")
    both = teach(base, shown, [*OTHERS, *PRICES], load_taxonomy())
    alone = teach(base, shown, OTHERS, load_taxonomy())
    np.testing.assert_array_equal(both.scores(PRICES), alone.scores(PRICES))


def test_a_model_is_taught_a_label_of_the_taxonomy_that_it_lacks() -> None:
    labels = ["courtesy", "reporting"]
    small = LinearTagger(labels=labels, languages=["en"], bits=14)
    small.fit([*PRICES, *OTHERS], [[0, 0]] * len(PRICES) + [[0, 1]] * len(OTHERS))
    known = teach(small, verdicts(PRICES, "missed_expectations"), OTHERS, load_taxonomy())
    assert known.labels == (*labels, "missed_expectations")
    assert known.judge(PRICES).holds[:, 2].mean() > 0.9


def test_only_linear_models_learn_this_way() -> None:
    class Other:
        config = {"kind": "transformer"}  # noqa: RUF012

    with pytest.raises(UsageError, match="kind 'transformer'"):
        teach(Other(), verdicts(PRICES, "x"), OTHERS, load_taxonomy())  # type: ignore[arg-type]


def test_labels_and_messages_serve_as_background(tmp_path: Path, base: LinearTagger) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "One.", "labels": ["courtesy"]}\n', "utf-8")
    (tmp_path / "real-1.labels.jsonl").write_text('{"id": "x-0", "labels": []}\n', "utf-8")
    lines = tmp_path / "lines.txt"
    lines.write_text("Two.\n\nThree.\n", encoding="utf-8")
    assert read_background([tmp_path, lines]) == ["One.", "Two.", "Three."]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    verdicts(PRICES, "price_pressure").to_csv(folder / "prices.csv", index=False)
    (folder / "own.toml").write_text(DEFINITION, encoding="utf-8")
    (folder / "mail.txt").write_text("\n".join(OTHERS), encoding="utf-8")
    teach_file(
        folder / "prices.csv",
        folder / "model",
        background=[folder / "mail.txt"],
        taxonomy=folder / "own.toml",
    )
    return folder / "model"


def test_a_taught_model_is_saved_whole(model: Path) -> None:
    loaded = load_tagger(model)
    assert loaded.labels[-1] == "price_pressure"
    own = taxonomy_of(loaded.config)["price_pressure"]
    assert (own.polarity, own.dimension, own.name) == ("risk", "expectations", "Price pressure")
    figures = loaded.config["own_labels"][0]
    card = (model / "README.md").read_text(encoding="utf-8")
    assert (
        f"| `price_pressure` | {len(PRICES)} | {len(OTHERS)} | {figures['average_precision']:.2f} |"
    ) in card
    assert (
        json.loads((model / "config.json").read_text(encoding="utf-8"))["taught"]["base"]["hash"]
        == load_tagger().config["hash"]
    )


def test_a_label_brings_its_own_dimension_into_the_model(
    base: LinearTagger, tmp_path: Path
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[dimensions]\nmoney = "Money"\n'
        + DEFINITION.replace('dimension = "expectations"', 'dimension = "money"'),
        "utf-8",
    )
    defined = load_taxonomy().extended(path)
    teach(base, verdicts(PRICES, "price_pressure"), OTHERS, defined).save(tmp_path / "model")
    known = taxonomy_of(load_tagger(tmp_path / "model").config)
    assert known["price_pressure"].dimension == "money"
    assert known.dimensions["money"] == "Money"


def test_a_taught_model_takes_corrections_but_no_second_lesson(model: Path, tmp_path: Path) -> None:
    text = "The colour of the carpet."
    path = tmp_path / "more.jsonl"
    path.write_text(json.dumps({"text": text, "label": "courtesy"}) + "\n", "utf-8")
    again = teach_file(path, tmp_path / "model", base=model)
    once = load_tagger(model)
    assert isinstance(once, LinearTagger)
    column = again.labels.index("courtesy")
    assert again.scores([text])[0, column] > once.scores([text])[0, column] + 0.3
    assert again.config["own_labels"] == once.config["own_labels"]
    assert "background" not in again.config["taught"]
    path.write_text(json.dumps({"text": text, "label": "price_pressure"}) + "\n", "utf-8")
    with pytest.raises(UsageError, match="learnt your label 'price_pressure' already"):
        teach_file(path, tmp_path / "model", base=model)


def test_an_own_label_reaches_the_report(model: Path) -> None:
    dates = pd.date_range("2025-01-06", periods=60, freq="3D", tz="UTC")
    rows = []
    for number, date in enumerate(dates):
        late = number >= 40
        rows.append(
            {
                "text": PRICES[number % len(PRICES)] if late else OTHERS[number % len(OTHERS)],
                "sent_at": date,
                "side": "client" if number % 2 else "provider",
                "client": "acme.example",
                "conversation_id": f"talk {number // 2}",
                "channel": "email",
            }
        )
    result = cs.analyze(pd.DataFrame(rows), model=model)
    assert result.taxonomy["price_pressure"].name == "Price pressure"
    assert "price_pressure" in set(result.clients["label"])
    assessment: Assessment = result.assess()[0]
    summary = summarise(assessment)
    shown = [one for one in summary["evidence"] if one["label"] == "price_pressure"]
    assert shown
    assert {one["polarity"] for one in shown} == {"risk"}
    assert any(finding["id"] == "price_pressure" for finding in summary["findings"])
    assert "Price pressure" in render_html(summary)
    assert render_terminal(summary)
