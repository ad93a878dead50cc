"""Plain text with speakers, and text that only looks like it."""

from datetime import UTC, datetime

import pytest

from .reading import format_of, rejection, said, turns

TIMED = """Atelier du printemps
Date: 2025-03-04 10:00
Participants: Zoé Dupré, Ann Li <ann@us.example>

00:00:02 Zoé Dupré: Bonjour à tous, on commence par le budget.
00:00:09 Ann Li: Oui, 15 % de plus que prévu.
Et la facture arrive demain.

00:01:05 Zoé Dupré: D'accord.
"""


def test_times_before_names():
    assert said(TIMED) == [
        ("Zoé Dupré", "Bonjour à tous, on commence par le budget."),
        ("Ann Li", "Oui, 15 % de plus que prévu.\nEt la facture arrive demain."),
        ("Zoé Dupré", "D'accord."),
    ]


def test_header_lines():
    turn = turns(TIMED)[2]
    assert turn.sent_at == datetime(2025, 3, 4, 10, 1, 5, tzinfo=UTC)
    assert (turn.subject, turn.start_s, turn.end_s) == ("Atelier du printemps", 65.0, None)
    assert turn.recipients == ["Zoé Dupré", "Ann Li <ann@us.example>"]
    assert {turn.language for turn in turns(TIMED)} == {"fr"}


@pytest.mark.parametrize(
    ("first", "second", "start"),
    [
        ("Ann: Hello all.", "Bob: Hello.", None),
        ("[00:00:05] Ann: Hello all.", "[00:00:09] Bob: Hello.", 5.0),
        ("(0:05) Ann: Hello all.", "(0:09) Bob: Hello.", 5.0),
        ("00:05 - Ann: Hello all.", "00:09 - Bob: Hello.", 5.0),
        ("[00:00:05 --> 00:00:07] Ann: Hello all.", "[00:00:09 --> 00:00:11] Bob: Hello.", 5.0),
        ("Ann (00:00:05): Hello all.", "Bob (00:00:09): Hello.", 5.0),
        ("**Ann:** Hello all.", "**Bob:** Hello.", None),
        ("[Ann]: Hello all.", "[Bob]: Hello.", None),
        ("Ann  0:05  \nHello all.\n", "Bob  0:09  \nHello.\n", 5.0),
        ("Ann:\nHello all.\n", "Bob:\nHello.\n", None),
        ("Ann： Hello all.", "Bob： Hello.", None),
    ],
)
def test_ways_to_write_turns(first, second, start):
    later = [
        line.replace("05", "25").replace("09", "29").replace("07", "27") for line in (first, second)
    ]
    later = [line.replace("00:11", "00:31") for line in later]
    text = "\n".join([first, second, *later])
    assert said(text)[:2] == [("Ann", "Hello all."), ("Bob", "Hello.")]
    assert turns(text)[0].start_s == start


def test_zooms_saved_text_gives_times_of_day():
    text = "[Ann Li] 23:59:30\nHello all.\n\n[Bob Stone] 00:00:10\nHello.\n"
    first, second = turns(text, "2025-03-04 weekly.txt")
    assert (first.start_s, second.start_s) == (0.0, 40.0)
    assert first.sent_at == datetime(2025, 3, 4, 23, 59, 30, tzinfo=UTC)
    assert second.sent_at == datetime(2025, 3, 5, 0, 0, 10, tzinfo=UTC)


def test_google_meets_blocks_and_footer():
    text = (
        "Weekly sync (2025-06-16 10:00 GMT+2) - Transcript\nAttendees\nAnn Li, Bob Stone\n"
        "Transcript\n\n00:00:00\n\nAnn Li: Okay, hello.\nBob Stone: Hi: a quick note.\n"
        "Ann Li's Presentation: a film's sound\n00:05:00\nAnn Li: The second block.\n\n"
        "Transcription ended after 00:32:49\n\nThis editable transcript was computer generated.\n"
    )
    assert said(text) == [
        ("Ann Li", "Okay, hello."),
        ("Bob Stone", "Hi: a quick note."),
        ("", "a film's sound"),
        ("Ann Li", "The second block."),
    ]
    last = turns(text)[-1]
    assert last.sent_at == datetime(2025, 6, 16, 8, 5, tzinfo=UTC)
    assert last.subject == "Weekly sync (2025-06-16 10:00 GMT+2)"
    assert last.recipients == ["Ann Li", "Bob Stone"]


def test_otters_headings_and_footer():
    text = (
        "Ann Li  0:00  \nHello and welcome.\nNote: this is recorded.\n\n"
        "Unknown Speaker  0:35  \nI am here.\n\n"
        "Ann Li  1:02:03  \nA late line.\n\nTranscribed by https://otter.ai\n"
    )
    assert said(text) == [
        ("Ann Li", "Hello and welcome.\nNote: this is recorded."),
        ("Unknown Speaker", "I am here."),
        ("Ann Li", "A late line."),
    ]
    assert turns(text)[2].start_s == 3723.0


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        ("김민지", "이준호", "네, 이번 주 안에 보내 드릴게요."),
        ("อนงค์", "พิมพ์ชนก", "ได้ค่ะ เดี๋ยวส่งให้นะคะ"),
        ("كريم", "سلمى العتيبي", "نعم، سأرسل التقرير اليوم."),
        ("Agent", "Customer", "Yes, I will send it today."),
        ("agent", "customer", "Yes, I will send it today."),
        ("maya", "tom", "Yes, I will send it today."),
        ("SPEAKER_00", "SPEAKER_01", "Yes, I will send it today."),
        ("Jean-Pierre de la Tour", "Dr. O'Neil", "Oui, je l'envoie aujourd'hui."),
        ("Nora Haddad (Acme)", "Bob | Us", "Yes, I will send it today."),
    ],
)
def test_names_of_all_kinds(ours, theirs, words):
    lines = [f"{name}: {words} {i}" for i, name in enumerate([ours, theirs, ours, theirs])]
    assert [turn.author for turn in turns("\n".join(lines))] == [ours, theirs, ours, theirs]


def test_long_wrapped_turns():
    filler = "\n".join(["and these are words that go on over several lines of text"] * 5)
    text = "\n".join(
        f"{name}: So,\n{filler}" for name in ["Ann", "Bob", "Ann", "Bob", "Ann", "Bob"]
    )
    assert [turn.author for turn in turns(text)] == ["Ann", "Bob"] * 3
    assert turns(text)[0].text.count("go on over") == 5


def test_a_title_with_a_colon_is_no_speaker():
    text = "Acme: spring campaign\n\nAnn: One.\nBob: Two.\nAnn: Three.\nBob: Four.\n"
    assert turns(text)[0].subject == "Acme: spring campaign"
    assert turns(text)[0].author == "Ann"


def test_who_speaks_once_is_heard_too():
    text = "Ann: One.\nBob: Two.\nAnn: Three.\nUli: Four.\nBob: Five.\nAnn: Six.\n"
    assert [turn.author for turn in turns(text)] == ["Ann", "Bob", "Ann", "Uli", "Bob", "Ann"]


def test_buddhist_years_and_local_keys():
    text = "วันที่: 2568-03-04 10:00\n\nธนา: สวัสดีครับ\nอนงค์: สวัสดีค่ะ\nธนา: เริ่มเลยครับ\n"
    assert turns(text)[0].sent_at == datetime(2025, 3, 4, 10, tzinfo=UTC)


def test_times_without_speakers_are_rejected():
    text = "00:00:01 hello everybody\n00:00:04 we begin now\n00:00:09 with the numbers\n"
    assert "without speakers" in rejection(text).reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Note: buy milk",
        "Note: buy milk\nNote: call Ann\nTodo: pay\nNote: sleep\nTodo: run\n",
        "To: ann@acme.example\nFrom: bob@us.example\nSubject: Plan\n\nHello Ann,\nsee you.\n",
        "Dear Ann,\n\nTwo things: the plan and the price.\n\nBest,\nBob\n",
        "INFO: started\nERROR: failed\nINFO: stopped\nERROR: again\n",
        "10:00 Welcome\n10:30 Coffee\n\nplease be on time\n",
        "Lunch  12:30\nDinner  19:30\nBreakfast  8:00\n",
        "Ingredients: flour\nOven: 180 degrees\nTime: one hour\nServes: four\n",
        "Q: What is it?\nA: A tool.\nQ: Is it free?\nA: Yes.\n",
        '{"speaker": "Ann"}\n{"speaker": "Bob"}\n',
        "https://a.example\nhttps://b.example\nhttps://c.example\n",
        "def f(x):\n    if x: return 1\n    else: return 2\n",
        "name: alpha\nversion: 2\nname: beta\nversion: 3\nname: gamma\nversion: 1\n",
        "BEGIN:VCARD\nFN:Ann Li\nEND:VCARD\nBEGIN:VCARD\nFN:Bob\nEND:VCARD\n",
    ],
)
def test_other_text_is_no_transcript(text):
    assert format_of(text) is None


def test_binary_is_no_transcript():
    assert format_of(b"\x00\x01\x02Ann: a\nBob: b\nAnn: c\n") is None


def test_settings_and_logs_are_no_transcripts():
    assert format_of("Ann: a b c\nBob: b\nAnn: c d e\nBob: e\n", "some.yaml") is None
