from __future__ import annotations

import numpy as np
import pandas as pd

from commsense.tagging import LinearTagger
from commsense.training.corpus import targets
from commsense.training.crossvalidate import held_out_scores


def test_held_out_scores_are_those_of_a_model_that_never_saw_the_part(
    small_corpus: pd.DataFrame,
) -> None:
    labels = ["courtesy", "missed_expectations"]
    tagger = LinearTagger(labels=labels, bits=16, penalty=1.0)
    texts = small_corpus["text"].tolist()
    wanted = targets(small_corpus, labels)
    weights = np.where(np.arange(len(texts)) % 3, 1.0, 2.0).astype(np.float32)
    tagger.fit(texts, wanted, weights)
    parts = small_corpus["part"].tolist()
    fast = held_out_scores(tagger, texts, wanted, weights, parts)

    outside = np.array([part != "en-b" for part in parts])
    vectors = tagger.vectors(texts).toarray()
    mean = np.average(wanted, axis=0, weights=weights)
    kernel = vectors[outside] @ vectors[outside].T + np.diag(1.0 / weights[outside])
    slow = vectors[~outside] @ vectors[outside].T @ np.linalg.solve(kernel, wanted[outside] - mean)
    assert np.allclose(fast[~outside], slow + mean, atol=1e-4)


def test_what_was_held_out_scores_lower_than_what_was_seen(small_corpus: pd.DataFrame) -> None:
    tagger = LinearTagger(labels=["courtesy"], bits=16)
    texts, wanted = small_corpus["text"].tolist(), targets(small_corpus, ["courtesy"])
    weights = np.ones(len(texts), np.float32)
    tagger.fit(texts, wanted, weights)
    held = held_out_scores(tagger, texts, wanted, weights, small_corpus["part"].tolist())
    positives = wanted[:, 0] > 0
    assert held[positives].mean() < tagger.scores(texts)[positives].mean()
    assert held[positives].mean() > held[~positives].mean()
