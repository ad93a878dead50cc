from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.tagging.characters import fold
from commsense.tagging.lexicon import Lexicon, search_of, shipped_concepts, shipped_lexicon
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


def test_a_phrase_within_a_longer_one_says_nothing() -> None:
    lexicon = Lexicon({"stay": ("갱신하", "renew"), "leave": ("갱신하지 않", "not renew")})
    texts = ["갱신하지 않겠습니다", "갱신하겠습니다", "will not renew", "renew, do not leave"]
    assert lexicon.counts(texts).tolist() == [[0, 1], [1, 0], [0, 1], [1, 0]]


def test_a_stem_is_found_where_stems_are_wanted_and_nowhere_else_within_a_phrase() -> None:
    lists = {"late": ("late", "늦"), "time": ("later on", "늦어졌"), "on": ("on",)}
    texts = ["later on", "늦어졌어요", "late"]
    assert Lexicon(lists, stems=True).counts(texts).tolist() == [[1, 1, 0], [1, 1, 0], [1, 0, 0]]
    assert Lexicon(lists).counts(texts).tolist() == [[0, 1, 0], [0, 1, 0], [1, 0, 0]]


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


LATE = (
    "The delivery is late again",
    "La livraison est encore en retard",
    "التسليم متأخر مرة أخرى",
    "배송이 또 늦어졌어요",
    "ส่งของล่าช้าอีกแล้ว",
    "納品がまた遅れています",
    "交货又延迟了",
    "Die Lieferung ist wieder verspätet",
    "La entrega llega otra vez con retraso",
    "A entrega está atrasada de novo",
)


@pytest.mark.parametrize("text", LATE)
def test_a_meaning_is_found_in_every_language(text: str) -> None:
    concepts = shipped_concepts()
    batch = fold([text])
    present = concepts.present(batch, *search_of(concepts).matches(batch))[0]
    held = {name for name, there in zip(concepts.lists, present, strict=True) if there}
    assert held & {"late_delay", "delay_delivery"}
    assert len(held) > 1


def test_the_shipped_concepts_have_words() -> None:
    lists = shipped_concepts().lists
    assert len(lists) > 900
    assert all(word.strip() for words in lists.values() for word in words)


def test_what_is_present_is_told_once() -> None:
    lexicon = Lexicon({"a": ("one", "two"), "b": ("three",)})
    batch = fold(["one one two", "", "three"])
    assert lexicon.present(batch, *search_of(lexicon).matches(batch)).tolist() == [
        [1, 0],
        [0, 0],
        [0, 1],
    ]


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_text_is_counted_by_itself(texts: list[str]) -> None:
    together = shipped_lexicon().counts(texts)
    for row, text in enumerate(texts):
        assert np.array_equal(together[row], shipped_lexicon().counts([text])[0])
