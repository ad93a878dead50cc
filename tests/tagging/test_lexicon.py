from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.tagging.characters import fold
from commsense.tagging.lexicon import Lexicon, shipped_lexicon
from commsense.taxonomy import load_taxonomy

LEXICON = Lexicon({"leaving": ("cancel", "résili", "해지", "ass "), "thanks": ("thank you for",)})


def counts(text: str) -> list[float]:
    return LEXICON.counts([text])[0].tolist()


@pytest.mark.parametrize(
    ("text", "leaving"),
    [
        ("We CANCELLED it.", 1),
        ("(cancel)", 1),
        ("Nous allons resilier, oui, résilier.", 1),
        ("계약을 해지합니다", 1),
        ("uncancelled", 0),
        ("you ass", 1),
        ("as assets go", 0),
        ("", 0),
    ],
)
def test_phrases_are_found_in_folded_text_where_words_begin(text: str, leaving: int) -> None:
    assert counts(text) == [leaving, 0]


def test_each_phrase_counts_once_and_three_are_enough() -> None:
    lexicon = Lexicon({"all": ("one", "two", "three", "four")})
    assert lexicon.counts(["one one", "one two three four"]).tolist() == [[1], [3]]


def test_no_phrase_spans_two_texts() -> None:
    assert LEXICON.counts(["thank you", "for"]).tolist() == [[0, 0], [0, 0]]


def test_matches_say_where() -> None:
    batch = fold(["Please cancel."])
    found = LEXICON.matches(batch)
    assert found.lists.tolist() == [0]
    assert found.phrases.tolist() == [0]
    assert batch.origin[found.starts[0] : found.ends[0]].tolist() == list(range(7, 13))


def test_a_phrase_within_a_longer_one_says_nothing() -> None:
    lexicon = Lexicon({"stay": ("갱신하", "renew"), "leave": ("갱신하지 않", "not renew")})
    texts = ["갱신하지 않겠습니다", "갱신하겠습니다", "will not renew", "renew, do not leave"]
    assert lexicon.counts(texts).tolist() == [[0, 1], [1, 0], [0, 1], [1, 0]]


def test_a_phrase_of_two_lists_counts_in_both() -> None:
    shared = Lexicon({"a": ("fine", "bad"), "b": ("bad",)})
    assert shared.counts(["bad", "fine"]).tolist() == [[1, 1], [1, 0]]


def test_no_lists_find_nothing() -> None:
    assert Lexicon().counts(["cancel"]).shape == (1, 0)
    assert Lexicon({"empty": ()}).counts(["cancel"]).tolist() == [[0]]


def test_the_shipped_lists_cover_every_label_that_a_text_shows() -> None:
    lists = shipped_lexicon().lists
    assert set(lists) == set(load_taxonomy().text_ids)
    assert all(phrase.strip() for phrases in lists.values() for phrase in phrases)


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_text_is_counted_by_itself(texts: list[str]) -> None:
    together = shipped_lexicon().counts(texts)
    for row, text in enumerate(texts):
        assert np.array_equal(together[row], shipped_lexicon().counts([text])[0])
