from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from commsense.tagging import LinearTagger
from commsense.training.corpus import targets
from commsense.training.crossvalidate import folds_of, held_out, held_out_scores
from commsense.training.ridge import Blend, MixedRidge
from commsense.training.train import fitted_ridge

LABELS = ["courtesy", "missed_expectations"]


def fitted(corpus: pd.DataFrame, families: list[str]) -> tuple[LinearTagger, MixedRidge]:
    tagger = LinearTagger(labels=LABELS, bits=16)
    texts = corpus["text"].tolist()
    tagger.features.fit(texts)
    weights = np.where(np.arange(len(texts)) % 3, 1.0, 2.0).astype(np.float32)
    ridge = MixedRidge.fit(
        tagger.vectors(texts),
        np.pad(targets(corpus, LABELS), ((0, 0), (1, 0))),
        penalty=1.0,
        weights=weights,
        families=families,
    )
    return tagger, ridge


@pytest.mark.parametrize("with_families", [False, True])
def test_held_out_scores_are_those_of_a_model_that_never_saw_the_part(
    small_corpus: pd.DataFrame, with_families: bool
) -> None:
    parts = small_corpus["part"].tolist()
    families = [f"kind {len(part) % 2}{row % 2}" for row, part in enumerate(parts)]
    _, ridge = fitted(small_corpus, families if with_families else [])
    fast = held_out_scores(ridge, parts)

    outside = np.array([part != "en-b" for part in parts])
    vectors = ridge.vectors.toarray()
    weights = np.where(np.arange(len(parts)) % 3, 1.0, 2.0)[outside]
    own = np.array(families)[outside]
    same = (own[:, None] == own[None, :]) if with_families else False
    kernel = vectors[outside] @ vectors[outside].T
    kernel = kernel + same * (0.5 * kernel + 0.05) + np.diag(1.0 / weights)
    wanted = ridge.wanted[outside]
    mean = np.average(wanted, axis=0, weights=weights)
    slow = vectors[~outside] @ vectors[outside].T @ np.linalg.solve(kernel, wanted - mean)
    spread = fast.std()
    assert np.sqrt(np.mean((fast[~outside] - slow - mean) ** 2)) < 0.03 * spread


def test_a_blend_lies_between_its_parts(small_corpus: pd.DataFrame) -> None:
    families = [f"kind {row % 2}" for row in range(len(small_corpus))]
    _, alike = fitted(small_corpus, [])
    _, mixed = fitted(small_corpus, families)
    blend = Blend((alike, mixed))
    rows = np.arange(7)
    assert np.allclose(blend.without(rows), (alike.without(rows) + mixed.without(rows)) / 2)
    assert np.allclose(blend.coefficients, (alike.coefficients + mixed.coefficients) / 2)
    of_kinds, alone = (
        fitted_ridge(LinearTagger(labels=LABELS, bits=16), small_corpus, kinds)
        for kinds in (families, [])
    )
    assert len(of_kinds.parts) == 2
    assert np.allclose(alone.coefficients, of_kinds.parts[0].coefficients)


def test_what_was_held_out_scores_lower_than_what_was_seen(small_corpus: pd.DataFrame) -> None:
    tagger, ridge = fitted(small_corpus, [])
    tagger.set_weights(ridge.coefficients, ridge.mean)
    held = held_out_scores(ridge, small_corpus["part"].tolist())
    positives = ridge.wanted[:, 1] > 0
    seen = tagger.outputs(small_corpus["text"].tolist())
    assert held[positives, 1].mean() < seen[positives, 1].mean()
    assert held[positives, 1].mean() > held[~positives, 1].mean()


def test_a_mark_of_one_family_alone_says_little_elsewhere() -> None:
    """Where all reviews praise, their stars stand for reviews, not for praise."""
    texts = [
        f"{words} {row}" for row in range(30) for words in ("stars", "invoice", "good invoice")
    ]
    families = ["reviews" if text.startswith("stars") else "mail" for text in texts]
    praised = [[0.0, float(not text.startswith("invoice"))] for text in texts]
    tagger = LinearTagger(labels=["positive_attitude"], bits=12)
    tagger.features.fit(texts)
    pull = {}
    for kinds in ((), families):
        ridge = MixedRidge.fit(
            tagger.vectors(texts),
            np.array(praised, np.float32),
            penalty=0.5,
            weights=np.ones(len(texts), np.float32),
            families=kinds,
        )
        tagger.set_weights(ridge.coefficients, ridge.mean)
        stars, good = tagger.scores(["stars", "good"])[:, 0] - ridge.mean[1]
        pull[bool(kinds)] = stars / good
    assert pull[True] < 0.95 * pull[False]


def test_a_part_lies_in_one_fold_and_languages_are_spread() -> None:
    parts = [f"{lang}-{part}" for lang in ("en", "th") for part in "abcd" for _ in range(10)]
    corpus = pd.DataFrame({"part": parts, "lang": [part[:2] for part in parts]})
    corpus["fold"] = folds_of(corpus, 4)
    assert len(corpus[["part", "fold"]].drop_duplicates()) == 8
    assert (corpus.groupby("fold")["lang"].value_counts() == 10).all()
    assert len(set(corpus["fold"])) == 4


def test_texts_of_no_group_are_not_judged(small_corpus: pd.DataFrame) -> None:
    _, ridge = fitted(small_corpus, [])
    groups = ["judged" if row < 30 else "" for row in range(len(small_corpus))]
    scores = held_out_scores(ridge, groups)
    assert scores[:30].any()
    assert not scores[30:].any()
    found = held_out(small_corpus, scores, ridge.wanted, groups)
    assert found.probabilities[:30].any()
    assert not found.probabilities[30:].any()
