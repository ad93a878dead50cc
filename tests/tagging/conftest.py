"""A small linear model, trained once on a slice of the written corpus."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from commsense.tagging import LinearTagger
from commsense.training import read_corpora, train_linear

CORPUS = Path(__file__).parents[2] / "data" / "corpus"
EVERY = 4  # the slice: one text of so many


@pytest.fixture(scope="session")
def small_corpus() -> pd.DataFrame:
    corpus = read_corpora([CORPUS / f"{part}.jsonl" for part in ("en-a", "en-b", "th-a", "ar-a")])
    return corpus.iloc[::EVERY].reset_index(drop=True)


@pytest.fixture(scope="session")
def small_tagger(small_corpus: pd.DataFrame) -> LinearTagger:
    return train_linear(small_corpus, LinearTagger(bits=16))
