from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from commsense.conversations.terms import terms
from commsense.conversations.texts import Phrases, cues, normalise, sentences


def test_arabic_variants_meet():
    assert normalise("أُوافق إلى الأمام") == normalise("اوافق الي الامام")


def test_wrapped_lines_are_joined():
    text = (
        "Could you please tell me by tomorrow whether the second\nproof reached all of you?\nBest"
    )
    assert sentences(text) == [
        "Could you please tell me by tomorrow whether the second proof reached all of you?",
        "Best",
    ]


def test_latin_phrases_match_whole_words_only():
    phrases = Phrases(["no", "plan*"])
    assert phrases.within(normalise("No!"))
    assert phrases.within(normalise("planning"))
    assert not phrases.within(normalise("nothing known"))


def test_inflected_words_meet():
    assert terms(normalise("the suppliers")) & terms(normalise("our supplier"))
    assert terms(normalise("견적서는")) & terms(normalise("견적을"))
    assert terms(normalise("التقرير")) & terms(normalise("تقريرا"))


@given(st.text(max_size=500))
def test_normalised_text_is_stable(text: str):
    once = normalise(text)
    assert once.startswith(" ")
    assert once.endswith(" ")
    assert normalise(once) == once


def test_hostile_text_is_read_in_linear_time():
    started = time.perf_counter()
    for text in ("? " * 200_000, "a" * 400_000, "\n" * 400_000, "คะ" * 200_000):
        terms(normalise(text))
        sentences(text)
    assert time.perf_counter() - started < 2.0


def test_halves_of_characters_part_words_and_do_no_harm():
    assert normalise("late\ud83dagain") == " late again "
    assert cues("thanks").within(normalise("\udc00 Thank you \ud83d"))
