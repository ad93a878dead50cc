from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from commsense.reports.text import clean, one_line, quote, shorten

HOSTILE = st.text(alphabet=st.characters(), max_size=600)


def test_steering_characters_are_made_harmless():
    assert clean("a\x1b[31mb\x07\x00c") == "a�[31mb��c"
    assert clean("\u202eabc\u202c \u2066d\u2069") == "abc d"
    assert clean("one\r\ntwo\u2028three") == "one\n\ntwo\nthree"
    assert one_line(" a\n\n b\tc ") == "a b c"


def test_marks_of_right_to_left_texts_stay():
    assert clean("مرحبا\u200f!") == "مرحبا\u200f!"


def test_a_short_text_is_quoted_whole_around_its_words():
    piece = quote("This is late again, sadly.", 8, 12)
    assert (piece.before, piece.marked, piece.after) == ("This is ", "late", " again, sadly.")


def test_a_long_text_is_cut_between_words_on_both_sides():
    text = "alpha beta " * 500 + "DECIDING WORDS" + " gamma delta" * 500
    start = text.index("DECIDING")
    piece = quote(text, start, start + 14, limit=100)
    assert piece.marked == "DECIDING WORDS"
    assert piece.before.startswith("…")
    assert piece.after.endswith("…")
    inner = piece.text.strip("…").split()
    assert set(inner) == {"alpha", "beta", "DECIDING", "WORDS", "gamma", "delta"}


def test_a_text_without_gaps_is_cut_all_the_same():
    piece = quote("x" * 10_000, 5_000, 5_010, limit=100)
    assert len(piece.text) <= 102
    assert piece.marked == "x" * 10


def test_deciding_words_longer_than_the_room_are_cut():
    piece = quote("y" * 1_000, 100, 900, limit=50)
    assert piece.marked == "y" * 50 + "…"


def test_thai_vowels_stay_with_their_letter():
    text = "ที่นี่" * 200
    for limit in range(20, 40):
        piece = quote(text, 0, 0, limit=limit)
        assert unicodedata.category(piece.text.strip("…")[0])[0] != "M"
        last = text.index("") + len(piece.text.strip("…"))
        assert not unicodedata.category(text[last]).startswith("M")


def test_impossible_spans_mark_nothing():
    for start, end in ((5, 3), (-1, 4), (0, 99), (2, 2)):
        assert quote("hello", start, end).marked == ""


@given(HOSTILE, st.integers(-5, 700), st.integers(-5, 700), st.integers(1, 300))
def test_quotes_are_bounded_clean_and_in_order(text, start, end, limit):
    piece = quote(text, start, end, limit)
    shown = piece.text
    assert len(shown) <= limit + 8 + 3
    assert shown == clean(shown)
    assert "\n" not in shown
    flat = "".join(clean(text).split())
    assert "".join(shown.replace("…", "").split()) in flat.replace("…", "")


@given(HOSTILE, st.integers(1, 80))
def test_shortened_texts_are_short(text, limit):
    assert len(shorten(text, limit)) <= limit + 8 + 2
