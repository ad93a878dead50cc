"""WebVTT as real programs write it."""

from datetime import UTC, datetime

import pytest

from .reading import format_of, read, rejection, said, turns

ZOOM = """WEBVTT

1
00:00:03.120 --> 00:00:05.400
Nora Haddad: Good morning, can you hear me?

2
00:00:05.900 --> 00:00:08.000
Bob Stone: Yes, loud and clear.

3
00:00:08.300 --> 00:00:11.000
Shall we begin with the numbers?

4
00:00:11.500 --> 00:00:14.000
Nora Haddad: One thing first: the invoice.
"""

TEAMS = """WEBVTT

3f2c/12-0
00:00:01.000 --> 00:00:03.500
<v 김민지>안녕하세요.
들리세요?</v>

3f2c/13-0
00:00:03.700 --> 00:00:06.000
<v.loud สมชาย ใจดี>ได้ยินครับ A &amp; B &lt;ok&gt;</v>

3f2c/14-0
00:00:06.500 --> 00:00:09.000
<v سلمى>
السلام عليكم
</v>

00:00:09.500 --> 00:00:10.000
nobody's words
"""


def cue(start, end, text):
    return f"\n00:00:{start:06.3f} --> 00:00:{end:06.3f}\n{text}\n"


def test_zoom_names_lead_the_text_and_hold_for_later_cues():
    assert said(ZOOM) == [
        ("Nora Haddad", "Good morning, can you hear me?"),
        ("Bob Stone", "Yes, loud and clear. Shall we begin with the numbers?"),
        ("Nora Haddad", "One thing first: the invoice."),
    ]


def test_a_turn_lasts_from_its_first_cue_to_its_last():
    second = turns(ZOOM)[1]
    assert (second.start_s, second.end_s) == (5.9, 11.0)


def test_teams_voices_classes_entities_and_voices_alone_on_a_line():
    assert said(TEAMS) == [
        ("김민지", "안녕하세요. 들리세요?"),
        ("สมชาย ใจดี", "ได้ยินครับ A & B <ok>"),
        ("سلمى", "السلام عليكم"),
        ("", "nobody's words"),
    ]
    assert [turn.language for turn in turns(TEAMS)][:3] == ["ko", "th", "ar"]


def test_several_voices_in_one_cue():
    text = "WEBVTT\n" + cue(1, 2, "<v Ann>Ready?</v>\n<v Bob>Ready.</v>")
    assert said(text) == [("Ann", "Ready?"), ("Bob", "Ready.")]


def test_names_with_entities():
    assert said("WEBVTT\n" + cue(1, 2, "<v Smith &amp; Sons>Hello there"))[0][0] == "Smith & Sons"


def test_within_voices_a_colon_names_nobody():
    assert said("WEBVTT\n" + cue(1, 2, "<v Ann>Bob: that is his name")) == [
        ("Ann", "Bob: that is his name")
    ]


def test_notes_styles_and_regions_are_not_speech():
    text = (
        "WEBVTT - weekly\nKind: captions\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\n"
        "REGION\nid:fred\n\nNOTE\nmade by\na machine\n"
        + cue(1, 2, "<v Ann>One.")
        + "\nNOTE Confidence: 0.9\n"
        + cue(9, 10, "<v Bob>Two.")
    )
    assert said(text) == [("Ann", "One."), ("Bob", "Two.")]


def test_notes_tell_date_title_and_participants():
    text = (
        "WEBVTT\n\nNOTE Date: 2025-03-04T10:00:00+07:00\n\nNOTE Title: Kick-off\n\n"
        "NOTE\nParticipants: Ann Li, Bob Stone\n" + cue(1.5, 2, "<v Ann>Hello.")
    )
    (turn,) = turns(text)
    assert turn.sent_at == datetime(2025, 3, 4, 3, 0, 1, 500_000, tzinfo=UTC)
    assert turn.subject == "Kick-off"
    assert turn.recipients == ["Ann Li", "Bob Stone"]


@pytest.mark.parametrize(
    ("name", "sent_at"),
    [
        ("GMT20250304-100000_Recording.transcript.vtt", datetime(2025, 3, 4, 10, 0, 1, tzinfo=UTC)),
        ("2025-03-04_10-00.vtt", datetime(2025, 3, 4, 10, 0, 1, tzinfo=UTC)),
        ("20250304.vtt", datetime(2025, 3, 4, 0, 0, 1, tzinfo=UTC)),
        ("calls.zip!2025/2025-03-04 weekly.vtt", datetime(2025, 3, 4, 0, 0, 1, tzinfo=UTC)),
        ("weekly.vtt", None),
        ("2025-13-44.vtt", None),
    ],
)
def test_the_file_name_tells_the_date_where_the_transcript_does_not(name, sent_at):
    assert turns("WEBVTT\n" + cue(1, 2, "<v Ann>Hello."), name)[0].sent_at == sent_at


def test_the_title_is_the_file_name_where_there_is_none():
    assert turns(ZOOM, "calls/acme weekly.vtt")[0].subject == "acme weekly"


def test_rolling_captions_are_said_once():
    text = "WEBVTT\n" + "".join(
        [
            cue(1, 2, "<v Ann>we should start\n"),
            cue(2, 4, "<v Ann>we should start\nwith the budget"),
            cue(4, 6, "<v Ann>with the budget\nand then the plan"),
            cue(7, 8, "<v Bob>fine"),
        ]
    )
    assert said(text) == [
        ("Ann", "we should start with the budget and then the plan"),
        ("Bob", "fine"),
    ]


def test_captions_that_grow_are_said_once():
    text = "WEBVTT\n" + "".join(
        [
            cue(1, 2, "<v Ann>we should"),
            cue(2, 3, "<v Ann>we should start"),
            cue(5, 6, "<v Bob>ok now"),
        ]
    )
    assert said(text) == [("Ann", "we should start"), ("Bob", "ok now")]


def test_what_is_said_twice_stays_twice():
    text = "WEBVTT\n" + "".join(
        [cue(2 * i, 2 * i + 1, f"<v Ann>point {i}") for i in range(6)]
        + [cue(20, 21, "<v Bob>No."), cue(21.1, 22, "<v Bob>No.")]
    )
    assert said(text)[-1] == ("Bob", "No. No.")


def test_a_pause_divides_turns_of_one_speaker():
    text = (
        "WEBVTT\n"
        + cue(1, 2, "<v Ann>First.")
        + cue(3, 4, "<v Ann>Still.")
        + cue(30, 31, "<v Ann>Later.")
    )
    assert said(text) == [("Ann", "First. Still."), ("Ann", "Later.")]


def test_a_monologue_is_cut_into_readable_turns():
    line = "word " * 60
    text = "WEBVTT\n" + "".join(cue(i, i + 1, f"<v Ann>{i} {line}") for i in range(40))
    assert 1 < len(turns(text)) < 40


def test_word_times_and_markup_are_taken_out():
    text = "WEBVTT\n" + cue(
        1, 2, "<v Ann><i>When</i> the <00:01.500><c.green>moon</c> is 3 < 4 & high"
    )
    assert said(text) == [("Ann", "When the moon is 3 < 4 & high")]


def test_damaged_times_lose_no_words():
    text = "WEBVTT\n" + cue(1, 2, "<v Ann>One.") + "\n00:00:03.000 --> 00:0x\n<v Bob>Two.\n"
    assert said(text) == [("Ann", "One."), ("Bob", "Two.")]
    assert turns(text)[1].start_s == 1.0


def test_cues_without_blank_lines_between_them():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>One.\n00:02.000 --> 00:03.000\n<v Bob>Two."
    assert said(text) == [("Ann", "One."), ("Bob", "Two.")]


def test_cues_out_of_order_are_put_in_order():
    text = "WEBVTT\n" + cue(9, 10, "<v Bob>Two.") + cue(1, 2, "<v Ann>One.")
    assert said(text) == [("Ann", "One."), ("Bob", "Two.")]


def test_without_speakers_a_turn_lasts_until_a_sentence_ends_or_a_pause():
    text = "WEBVTT\n" + "".join(
        [
            cue(1, 2, "Welcome to"),
            cue(2, 3, "all of you."),
            cue(3, 4, "We begin with"),
            cue(9, 10, "“the numbers.”"),
            cue(10, 11, "Note: bring a pen."),
        ]
    )
    assert said(text) == [
        ("", "Welcome to all of you."),
        ("", "We begin with"),
        ("", "“the numbers.”"),
        ("", "Note: bring a pen."),
    ]
    first = turns(text)[0]
    assert (first.start_s, first.end_s, first.side) == (1.0, 3.0, None)


def test_chance_colons_make_no_speakers():
    cues_ = [cue(2 * i, 2 * i + 1, f"some words {i}") for i in range(9)]
    text = "WEBVTT\n" + "".join(cues_) + cue(40, 41, "Remember: nothing is certain")
    assert {turn.author for turn in turns(text)} == {""}


@pytest.mark.parametrize(
    "label",
    [
        "+1 415-555-0100",
        "14155550100",
        "010****1234",
        "bob_stone",
        "bob",
        "Bob Stone - Acme",
        "Bob Stone / Acme",
        "Conference Room 3 (5th floor)",
        "María del Mar de la Cruz",
    ],
)
def test_who_speaks_once(label):
    text = "WEBVTT\n" + cue(1, 2, "Ann Li: Hello.") + cue(3, 4, f"{label}: Fine.")
    text += cue(5, 6, "Ann Li: We begin.")
    assert said(text) == [("Ann Li", "Hello."), (label, "Fine."), ("Ann Li", "We begin.")]


def test_company_after_the_name_where_other_cues_name_nobody():
    text = "WEBVTT\n" + cue(1, 2, "Ann Li: Hello.") + cue(3, 4, "Bob Stone - Acme: Two points:")
    text += cue(5, 6, "the price and the time.") + cue(7, 8, "Ann Li: One thing: no.")
    assert [author for author, _ in said(text)] == ["Ann Li", "Bob Stone - Acme", "Ann Li"]


def test_names_are_few_where_one_speaks_long():
    filler = "".join(cue(2 * i, 2 * i + 1, f"and point {i} is this") for i in range(2, 9))
    text = "WEBVTT\n" + cue(1, 2, "Ann Li: The list.") + filler + cue(40, 41, "Bob Stone: Thanks.")
    assert [author for author, _ in said(text)] == ["Ann Li", "Bob Stone"]


@pytest.mark.parametrize("label", ["2025-03-04", "2025-03-04 10:00", "10.03.2025", "1234"])
def test_dates_and_numbers_are_no_phones(label):
    text = "WEBVTT\n" + cue(1, 2, "Ann Li: Hello.") + cue(3, 4, f"{label}: it was.")
    assert {author for author, _ in said(text)} == {"Ann Li"}


def test_webex_names_the_speaker_in_the_cues_identifier():
    text = (
        'WEBVTT\n\n1 "Ann Li" (31234)\n00:01.000 --> 00:02.000\nReady?\n\n'
        '2 "Bob Stone" (41234)\n00:03.000 --> 00:04.000\nReady: yes.\n'
    )
    assert said(text) == [("Ann Li", "Ready?"), ("Bob Stone", "Ready: yes.")]


def test_teams_wraps_cues_in_json():
    text = "WEBVTT\n" + cue(
        1, 2, '{"speakerName":"Ann & Li","spokenText":"Is 3 < <v x> 4?","spokenLanguage":"en-us"}'
    )
    assert said(text + cue(3, 4, '{"spokenText": broken')) == [
        ("Ann & Li", "Is 3 < <v x> 4?"),
        ("", '{"spokenText": broken'),
    ]


def test_teams_writes_times_without_zeros():
    text = "WEBVTT\n\n0:0:1.5 --> 0:0:2.350\n<v Ann>One.\n\n0:1:2.0 --> 0:1:3.0\n<v Bob>Two.\n"
    first, second = turns(text)
    assert (first.start_s, first.end_s, second.start_s) == (1.5, 2.35, 62.0)


@pytest.mark.parametrize(
    "content", ["WEBVTT", "WEBVTT\n\nNOTE nothing\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n"]
)
def test_a_transcript_without_words_is_rejected(content):
    assert "nothing is said" in rejection(content).reason


def test_the_encoding_is_found():
    text = "WEBVTT\n" + cue(1, 2, "<v Zoé>Déjà vu, c'est très drôle.")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert said(text.encode(encoding)) == [("Zoé", "Déjà vu, c'est très drôle.")]


def test_line_ends_do_not_matter():
    assert said(ZOOM.replace("\n", "\r\n")) == said(ZOOM) == said(ZOOM.replace("\n", "\r"))


def test_recognised_by_its_signature():
    assert format_of(ZOOM, "anything.dat") == "webvtt"
    assert format_of("WEBVTTX\n\nNora") != "webvtt"


def test_the_same_call_has_the_same_ids_from_two_exports():
    srt = ZOOM.replace("WEBVTT\n\n", "").replace(".", ",", 0)
    one, two = turns(ZOOM, "a.vtt"), turns(srt, "b.srt")
    assert [turn.id for turn in one] == [turn.id for turn in two]
    assert len({turn.id for turn in one}) == len(one)
    assert {turn.conversation_id for turn in one} == {turn.conversation_id for turn in two}


def test_other_words_make_another_call():
    other = ZOOM.replace("invoice", "contract")
    assert {turn.id for turn in turns(ZOOM)}.isdisjoint(turn.id for turn in turns(other))


def test_short_calls_of_different_days_are_different_calls():
    text = "WEBVTT\n" + cue(1, 2, "<v Ann>Hello?")
    assert read(text, "2025-03-04.vtt")[0].id != read(text, "2025-03-05.vtt")[0].id


def test_every_turn_is_a_call_message():
    turn = turns(ZOOM, "x.vtt")[0]
    assert (turn.channel, turn.author_name, turn.source) == ("call", "Nora Haddad", "x.vtt#1")
    assert turn.id.startswith(turn.conversation_id)
