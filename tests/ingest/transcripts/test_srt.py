"""SubRip captions."""

import pytest

from .reading import format_of, said, turns

SRT = """1
00:00:00,000 --> 00:00:02,000
[SPEAKER_00]: مرحبا، هل تسمعني؟

2
00:00:02,500 --> 00:00:04,000
[SPEAKER_01]: نعم أسمعك جيدا.

3
00:00:04,200 --> 00:00:06,000
[SPEAKER_00]: ممتاز، لنبدأ.
"""


def test_diarised_labels():
    assert said(SRT)[:2] == [("SPEAKER_00", "مرحبا، هل تسمعني؟"), ("SPEAKER_01", "نعم أسمعك جيدا.")]
    assert {turn.language for turn in turns(SRT)} == {"ar"}


@pytest.mark.parametrize(
    "label", ["[SPEAKER_00]", "(Speaker 0)", ">> [SPEAKER_00]:", "SPEAKER_00:"]
)
def test_ways_to_write_a_diarised_label(label):
    (turn,) = turns(f"1\n00:00:01,000 --> 00:00:02,000\n{label} Hello there.\n")
    assert turn.author.casefold() in ("speaker_00", "speaker 0")
    assert turn.text == "Hello there."


def test_names_with_spaces_before_the_colon():
    assert said("1\n00:00:01,000 --> 00:00:02,000\nZoé Dupré : On commence ?\n") == [
        ("Zoé Dupré", "On commence ?")
    ]


def test_numbers_are_not_words_even_without_blank_lines():
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nAnn: One.\n2\n00:00:02,000 --> 00:00:03,000\nBob: 7\n8\n"
    )
    assert said(text) == [("Ann", "One."), ("Bob", "7 8")]


def test_blank_lines_within_captions_lose_no_words():
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nAnn: One.\n\nAnd more.\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\nBob: Two.\n"
    )
    assert said(text) == [("Ann", "One. And more."), ("Bob", "Two.")]


def test_points_in_place_of_commas_and_styles():
    text = '1\n00:00:01.000 --> 00:00:02.000\n{\\an8}<font color="red">Ann: One.</font>\n'
    assert said(text) == [("Ann", "One.")]


def test_overlapping_times_are_kept():
    text = (
        "1\n00:00:01,000 --> 00:00:05,000\nAnn: I mean—\n\n"
        "2\n00:00:04,000 --> 00:00:06,000\nBob: No.\n"
    )
    first, second = turns(text)
    assert second.start_s < first.end_s


def test_an_end_before_the_start_is_dropped():
    (turn,) = turns("1\n00:00:05,000 --> 00:00:02,000\nAnn: One.\n")
    assert (turn.start_s, turn.end_s) == (5.0, None)


def test_without_speakers():
    assert said("1\n00:00:01,000 --> 00:00:02,000\nHello.\n") == [("", "Hello.")]


def test_dashes_before_the_speakers_of_one_cue():
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n- ANN: One - or two.\n- BOB: Two.\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\n- ANN: Three.\n- and more\n"
    )
    assert said(text) == [("ANN", "One - or two."), ("BOB", "Two."), ("ANN", "Three. - and more")]


def test_subviewers_times():
    text = "0:00:03.000,0:00:05.500\nAnn: One.\n\n0:00:06.000,0:00:09.000\nBob: Two.\n"
    assert said(text) == [("Ann", "One."), ("Bob", "Two.")]
    assert (turns(text)[0].start_s, turns(text)[0].end_s) == (3.0, 5.5)


def test_recognised_by_content():
    assert format_of(SRT, "x.bin") == "subrip"
    assert format_of("\ufeff" + SRT) == "subrip"
    assert format_of("a text about 00:01 --> 00:02 arrows\n") is None
    assert format_of("1\n2\n3\n") is None
