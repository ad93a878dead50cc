from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.tagging import LinearTagger
from commsense.tagging.evidence import deciding_span, lay_on_characters, pieces
from commsense.training.faithfulness import faithfulness


def span_of(text: str, part: str) -> str:
    """Return the span found where one part of a text carries all the weight."""
    weights = np.zeros(len(text), np.float32)
    begin = text.index(part)
    weights[begin : begin + len(part)] = 1
    start, end = deciding_span(text, weights)
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("The parts came on Friday, two weeks late, as you know.", "two weeks late,"),
        ("وصلت الشحنة متأخرة أسبوعين كما تعلمون جميعا", "متأخرة أسبوعين"),
        ("부품이 금요일에 이 주나 늦게 도착했습니다", "이 주나 늦게"),
        ("Les pièces sont arrivées avec deux semaines de retard", "deux semaines de retard"),
    ],
)
def test_the_span_is_the_words_that_carry_the_weight(text: str, part: str) -> None:
    assert span_of(text, part) == part


def test_half_a_word_becomes_the_word() -> None:
    assert span_of("everything was unacceptable today", "accept") == "unacceptable"


def test_thai_is_cut_within_a_run_but_not_within_a_letter() -> None:
    assert span_of("ของมาช้ามากเลยครับพี่", "ช้ามาก") == "ช้ามาก"
    # The vowel sign belongs to its consonant.
    assert span_of("ดีค่ะ", "ด") == "ดี"


@given(st.text(max_size=60))
def test_any_text_has_a_span_inside_it(text: str) -> None:
    start, end = deciding_span(text, np.ones(len(text), np.float32))
    assert 0 <= start <= end <= len(text)


@given(st.text(min_size=1, max_size=80), st.integers(1, 10))
def test_pieces_follow_each_other(text: str, most: int) -> None:
    found = pieces(text, most)
    assert 1 <= len(found) <= most
    assert all(start < end for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


def test_weight_is_laid_evenly() -> None:
    laid = lay_on_characters(
        4, np.array([0, 1]), np.array([2, 4]), np.array([[2.0], [3.0]], np.float32)
    )
    assert laid[:, 0].tolist() == [1.0, 2.0, 1.0, 1.0]


def test_deleting_the_evidence_hurts_more_than_deleting_as_much_elsewhere(
    small_tagger: LinearTagger, small_corpus: pd.DataFrame
) -> None:
    found = faithfulness(small_corpus["text"].tolist(), small_tagger)
    assert found["tried"] >= 20
    assert found["evidence_drop"] > 1.3 * found["random_drop"]
    assert found["evidence_wins"] > 0.75
    assert found["mean_share"] < 0.6
