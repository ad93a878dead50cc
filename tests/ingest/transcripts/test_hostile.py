"""No transcript reader fails, hangs or loses count, whatever it is given."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.transcripts import FORMATS
from commsense.ingest.transcripts.call import Call, Turn, messages
from commsense.ingest.transcripts.dates import find_start
from commsense.schema import MESSAGES, Message, Rejected, frame

from .reading import source_of

PIECES = st.sampled_from(
    [
        *("WEBVTT", "\n", "\n\n", "00:00:01.000 --> 00:00:02.000", "00:00:09,5 --> 9", "-->", "1"),
        *("<v Ann>", "</v>", "<v", "Ann: ", "Bob : ", "[SPEAKER_00]", "NOTE ", "Date: 2025-03-04"),
        *("Date: 2500-99-99", "[Ann] 10:00:00", "Ann  0:05", "&lt;", "&#x110000;", "{\\an8}", "**"),
        *(
            "99999:99:99.999",
            "\u202e",
            "\x00",
            "김민지: ",
            "สวัสดี",
            "{",
            "[",
            '"',
            '"segments"',
            ":",
        ),
        *(
            "10:00:00 From Ann to",
            "10:00 AM",
            "0:0:1.5",
            '{"spokenText":',
            "4 mars 2025",
            "\t",
            "- ",
        ),
        *("Transcription ended after", "\ud7ff", "\u0661\u0662:\u0663\u0664", "²:³4"),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=8))).map("".join))


@pytest.mark.parametrize("reader", FORMATS, ids=lambda reader: reader.name)
@given(text=TEXTS)
def test_any_text_is_read_without_error(reader, text):
    source = source_of(text.encode("utf-8", "replace"), "2025-03-04 call.txt")
    reader.recognises(source, source.head())
    rows = list(reader.read(source))
    assert all(isinstance(row, Message | Rejected) for row in rows)
    found = [row for row in rows if isinstance(row, Message)]
    assert len({row.id for row in found}) == len(found)
    assert all(row.text.strip() for row in found)
    assert len(frame(MESSAGES, found)) == len(found)


@pytest.mark.parametrize("reader", FORMATS, ids=lambda reader: reader.name)
@given(data=st.binary())
def test_any_bytes_are_read_without_error(reader, data):
    source = source_of(data, "x")
    reader.recognises(source, source.head())
    list(reader.read(source))


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v " * 200_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "line\n" * 200_000,
        "WEBVTT\n\n" + "00:01.000 --> 00:02.000\n" * 50_000,
        "Ann: a\nBob: b\nAnn: " + "x " * 500_000,
        "Ann: a\nBob: b\nAnn: c\n" + " " * 1_000_000,
        "Ann: a\nBob: b\nAnn: c\n" + "(" * 1_000_000,
        "Ann: a\nBob: b\nAnn: c\n" + ("a" * 59 + " ") * 20_000,
        "\n".join(f"S{i}: hello" for i in range(100_000)),
        "10:02:11 From " + " " * 1_000_000,
        "10:02:11 From Ann to to" + " to" * 300_000,
        "Ann Li\nhello\n\n" * 50_000,
        "00:00:01 Ann Li\nhello\n" * 50_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + '{"spokenText":' * 50_000,
        "Mar " * 200_000 + "\nAnn: a\nBob: b\nAnn: c\n",
    ],
    ids=range(14),
)
def test_hostile_text_takes_linear_time(text):
    started = time.monotonic()
    for reader in FORMATS:
        source = source_of(text, "x.txt")
        reader.recognises(source, source.head())
        list(reader.read(source))
    assert time.monotonic() - started < 20


def test_mad_times_are_dropped():
    mad = [float("nan"), float("inf"), -1.0, 1e300]
    rows = list(messages("x", Call([Turn("Ann", "hi", start, start) for start in mad])))
    assert all(row.start_s is None and row.end_s is None for row in rows)


@given(st.text())
def test_any_text_is_searched_for_a_date(text):
    assert find_start(text) is None or find_start(text).at.tzinfo is not None
