"""Texts to numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from commsense.tagging.features import Features, FeatureSettings
from commsense.tagging.lexicon import Lexicon


def test_threads_that_ask_at_once_are_told_the_same() -> None:
    for _ in range(5):
        features = Features(FeatureSettings(bits=21), buckets=np.arange(1 << 20, dtype=np.int32))
        together = Barrier(4)

        def known(features: Features = features, together: Barrier = together) -> int:
            together.wait()
            return int((features.places(features.buckets) >= 0).sum())

        with ThreadPoolExecutor(max_workers=4) as pool:
            asked = [pool.submit(known) for _ in range(4)]
        assert [one.result() for one in asked] == [1 << 20] * 4


CONCEPTS = Lexicon(
    {"late": ("late", "en retard"), "not": ("not ", "pas "), "paid": ("paid", "paye")}
)


@pytest.fixture
def features() -> Features:
    texts = ["it is late", "not paid", "pas en retard", "good morning", "bonjour", "not now"]
    settings = FeatureSettings(bits=10, concept_weight=0.5)
    return Features(settings, Lexicon(), CONCEPTS).fit(texts)


def test_a_concept_is_rarer_where_fewer_texts_hold_it(features: Features) -> None:
    late, negated, paid = features.concept_weights.tolist()
    assert paid > late > negated > 0


def test_words_of_one_meaning_are_one_feature(features: Features) -> None:
    english, french, neither = features.read(["not late", "pas en retard", "hello"]).measured[
        :, -3:
    ]
    assert english.tolist() == french.tolist()
    assert english[0] > 0
    assert not neither.any()


def test_many_concepts_weigh_no_more_than_the_settings_say(features: Features) -> None:
    features.concept_weights = np.full(3, 9.0, dtype=np.float32)
    few, many = features.read(["late", "not late, not paid"]).measured[:, -3:]
    assert np.linalg.norm(many) == pytest.approx(0.5)
    assert np.linalg.norm(few) == pytest.approx(0.5)
    features.concept_weights = np.full(3, 1.0, dtype=np.float32)
    assert np.linalg.norm(features.read(["late"]).measured[:, -3:]) < 0.1
