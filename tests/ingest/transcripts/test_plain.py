"""Plain text with speakers, and text that only looks like it."""

from datetime import UTC, datetime

import pytest

from commsense.ingest.transcripts.dates import find_start

from .reading import format_of, said, turns

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


def test_times_without_speakers():
    text = "00:00:01 Hello everybody.\n00:00:04 We begin now.\n00:00:09 With the numbers.\n"
    assert said(text) == [
        ("", "Hello everybody."),
        ("", "We begin now."),
        ("", "With the numbers."),
    ]
    assert [turn.start_s for turn in turns(text)] == [1.0, 4.0, 9.0]


@pytest.mark.parametrize(
    "heading",
    [
        "00:00:{} {}",
        "[00:00:{}] {}",
        "[00:00:{}.250] - {}",
        "0:{} - {} (Acme)",
        "0:{} | {}",
        "{1} 00:{0}",
        "{1} @ 0:{0}",
        "{1}, 0:{0}",
    ],
)
@pytest.mark.parametrize("gap", ["", "\n"])
def test_name_and_time_above_the_words(heading, gap):
    told = [("03", "Ann Li"), ("07", "참석자 2"), ("12", "Ann Li")]
    text = "\n".join(f"{heading.format(*one)}\n{gap}Words: number {one[0]}.\n" for one in told)
    found = turns(f"Weekly\n2025.03.04 화 오전 10:00\n\n{text}")
    assert [turn.author.partition(" (")[0] for turn in found] == [name for _, name in told]
    assert [int(turn.start_s) for turn in found] == [3, 7, 12]
    assert found[0].text == "Words: number 03."
    assert found[0].sent_at.hour == 10


@pytest.mark.parametrize("signed", [True, False])
def test_names_alone_above_the_words(signed):
    names = ["Ann Li", "Bob Stone", "Unknown Speaker"] * (1 if signed else 3) + ["Ann Li"] * 2
    text = "\n\n".join(f"{name}  \nNote: it is said by {i}." for i, name in enumerate(names))
    text += "\n\nTranscribed by https://otter.ai\n" if signed else ""
    assert said(text)[:3] == [
        (name, f"Note: it is said by {i}.") for i, name in enumerate(names[:3])
    ]


@pytest.mark.parametrize(
    "line",
    [
        "{}: [00:00:{}] Hello.",
        "00:00:{1}\t{0}\tHello.",
        "00:00:{1} | {0} | Hello.",
        "- {} (00:{}): Hello.",
    ],
)
def test_times_between_names_and_words(line):
    text = "\n".join(line.format(*one) for one in [("Ann", "05"), ("Bob", "09"), ("Ann", "15")])
    assert said(text) == [("Ann", "Hello."), ("Bob", "Hello."), ("Ann", "Hello.")]
    assert turns(text)[1].start_s == 9.0


def test_times_of_day_with_am_and_pm():
    text = "[11:59 AM] Ann: One.\n[12:01 PM] Bob: Two.\n[1:00 PM] Ann: Three.\n"
    found = turns(text, "2025-03-04.txt")
    assert [turn.start_s for turn in found] == [0.0, 120.0, 3660.0]
    assert found[0].sent_at == datetime(2025, 3, 4, 11, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "10:02:{}\t From  {} : Words to all",
        "10:02:{}\t From  {}  to  Everyone : Words to all",
        "10:02:{} From {} to Everyone:\n\tWords to all",
        "2025-03-04 10:02:{} From {} to Bob Stone(Direct Message):\n\tWords to all",
    ],
)
def test_zooms_saved_chat(line):
    names = ["Ann Li", "Bob (Acme)", "Ann Li"]
    text = "\n".join(line.format(11 + 5 * i, name) for i, name in enumerate(names))
    assert said(text) == [(name, "Words to all") for name in names]
    first, second, _ = turns(text)
    assert (first.start_s, second.start_s) == (0.0, 5.0)
    if text.startswith("2025"):
        assert first.sent_at == datetime(2025, 3, 4, 10, 2, 11, tzinfo=UTC)


MEET = """{date}

{title} - {word}

{listed}

{ours}, {theirs}

{word}

00:00:00

{ours}: A b c.
{theirs}: D e f.
{shared}: a film's sound

{ended}

{computer}
"""


@pytest.mark.parametrize(
    "told",
    [
        {
            "date": "4. März 2025",
            "word": "Transkript",
            "listed": "Teilnehmer",
            "ours": "Sabine Krüger",
            "theirs": "Tom Haas",
            "shared": "Präsentation von Tom Haas",
            "ended": "Das Transkript endet nach 00:08:45",
        },
        {
            "date": "4 mars 2025",
            "word": "Transcription",
            "listed": "Participants",
            "ours": "Zoé Dupré",
            "theirs": "Jean Martin",
            "shared": "Présentation de Jean Martin",
            "ended": "La transcription est finie après 00:08:45",
        },
        {
            "date": "2025년 3월 4일",
            "word": "스크립트",
            "listed": "참석자",
            "ours": "김민지",
            "theirs": "이준호",
            "shared": "김민지님의 프레젠테이션",
            "ended": "00:08:45 후 스크립트가 끝남",
        },
        {
            "date": "4 มี.ค. 2568",
            "word": "การถอดเสียง",
            "listed": "ผู้เข้าร่วม",
            "ours": "อนงค์",
            "theirs": "พิมพ์ชนก",
            "shared": "การนำเสนอของ อนงค์",
            "ended": "การถอดเสียงจบหลังจาก 00:08:45",
        },
    ],
    ids=["de", "fr", "ko", "th"],
)
def test_google_meet_in_other_languages(told):
    found = turns(MEET.format(title="Acme \\<\\> Us", computer="Made by a machine.", **told))
    assert [(turn.author, turn.text) for turn in found] == [
        (told["ours"], "A b c."),
        (told["theirs"], "D e f."),
        ("", "a film's sound"),
    ]
    assert found[0].subject == "Acme <> Us"
    assert found[0].recipients == [told["ours"], told["theirs"]]
    assert found[0].sent_at == datetime(2025, 3, 4, tzinfo=UTC)


def test_the_title_of_the_transcript_stands_above_that_of_the_notes():
    text = (
        "# Notes\n\nMar 4, 2025\n\n# Transcript\n\n## Weekly \\- Transcript\n\n### 00:00:00\n\n"
        "**Ann:** One.\n**Bob:** Two.\n**Ann:** Three.\n"
    )
    assert {turn.subject for turn in turns(text)} == {"Weekly"}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Mar 4, 2025", datetime(2025, 3, 4)),
        ("Tue, March 4th, 2025 10:30PM • 12:44", datetime(2025, 3, 4, 22, 30)),
        ("Meeting started: Mar 4, 2025, 10:00:05 AM", datetime(2025, 3, 4, 10, 0, 5)),
        ("4 de marzo de 2025", datetime(2025, 3, 4)),
        ("4 mars 2025 à 10h30", datetime(2025, 3, 4, 10, 30)),
        ("1er août 2025", datetime(2025, 8, 1)),
        ("4 مارس 2025", datetime(2025, 3, 4)),
        ("2025.03.04 화 오후 3:05", datetime(2025, 3, 4, 15, 5)),
        ("the 4 may 2025, 10:00 GMT+2", datetime(2025, 5, 4, 8)),
        ("in March 2025", None),
        ("45 March 2025", None),
    ],
)
def test_dates_with_the_name_of_a_month(text, at):
    found = find_start(text)
    assert (found.at if found else None) == (at and at.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("سلمى: صباح الخير، هل تسمعني؟\nكريم: نعم أسمعك.\nسلمى: نبدأ.\nكريم: جيد.\n", "cp1256"),
        ("김민지: 안녕하세요, 들리세요?\n이준호: 네, 잘 들립니다.\n김민지: 시작하죠.\n", "cp949"),
        ("อนงค์: สวัสดีค่ะ ได้ยินไหมคะ\nธนา: ได้ยินครับ\nอนงค์: เริ่มเลยค่ะ\n", "tis-620"),
        ("Zoé: Très bien, c'est drôle.\nJo: Oui, très.\nZoé: Voilà, à bientôt.\n", "cp1252"),
        ("Ann: Hello.\nBob: Yes.\nAnn: Good.\n", "utf-16-le"),
        ("김민지: 안녕하세요\n이준호: 네\n김민지: 시작하죠.\n", "utf-16-be"),
    ],
)
def test_encodings_that_nothing_names(text, encoding):
    assert said(text.encode(encoding)) == said(text)


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
        "10:00 Welcome\n10:30 Coffee\n11:00 The plan\n",
        "10:00:01 INFO begun\n10:00:02 DEBUG going\n10:00:09 INFO done\n",
        "Lunch 12:30\nPlease be there\nDinner 19:30\nPlease be there too\n",
        "first_name: Ann\nlast_name: Li\nfirst_name: Bob\nlast_name: Stone\n",
        "* Bug: mended one thing\n* Feature: added two things\n* Bug: and one more\n" * 2,
        "font-size: 1 of 2\nfont-style: very small\n" * 4,
        "Acme Ltd\nStreet 1\n\nBig Co\nStreet 2\n\nSmall Co\nStreet 3\n",
        "Hello Ann\nhow are you?\n\nBest\nBob\n",
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
