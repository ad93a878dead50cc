"""A slice of the written corpus, and the labels of real texts of our own."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from commsense.training import read_corpora

CORPUS = Path(__file__).parents[2] / "data" / "corpus"
EVERY = 4

REAL = [
    ("Your driver waited ten minutes for me, that was so kind.", ["courtesy"]),
    ("Where do I find the invoice?", []),
    ("배송이 또 늦었어요.", ["missed_expectations"]),
]


@pytest.fixture(scope="session")
def small_corpus() -> pd.DataFrame:
    corpus = read_corpora([CORPUS / f"{part}.jsonl" for part in ("en-a", "en-b", "ko-a", "fr-b")])
    return corpus.iloc[::EVERY].reset_index(drop=True)


@pytest.fixture
def real_labels(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of labels by hash, and a folder with their texts."""
    labels, texts = tmp_path / "corpus" / "real", tmp_path / "texts" / "pool"
    labels.mkdir(parents=True)
    texts.mkdir(parents=True)
    with (labels / "xx-1.labels.jsonl").open("w", encoding="utf-8") as file:
        for text, traits in REAL:
            digits = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:12]
            entry = {"id": f"ours-{digits}", "lang": "en", "source": "ours", "traits": traits}
            file.write(json.dumps(entry) + "\n")
    with gzip.open(texts / "ours.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": text}) + "\n" for text, _ in REAL)
    return labels.parent, texts.parent
