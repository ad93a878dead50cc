"""Tables that are the transcript of one call."""

import json

import pytest

from commsense.ingest.reader import SourceFile
from commsense.ingest.tables import FORMATS
from commsense.schema import Message, Rejected

WORDS = "The crates came late and two of them were open."


def read(content: str, name: str = "2025-03-03 crates.csv") -> list[Message | Rejected]:
    file = SourceFile(name, content=content.encode())
    return list(next(f for f in FORMATS if f.recognises(file, file.head())).read(file))


@pytest.mark.parametrize(
    "data",
    [
        f"Start,Speaker,Text\n00:00:03,Ann,{WORDS}\n00:01:08,Ben,Sorry.\n",
        f"start,end,speaker,text\n3,7,Ann,{WORDS}\n68,70,Ben,Sorry.\n",
        f"start,end,speaker,text\n3000,7000,Ann,{WORDS}\n68000,70000,Ben,Sorry.\n",
        f"Start Time;Speaker Name;Utterance\n00:00:03:12;Ann;{WORDS}\n00:01:08:01;Ben;Sorry.\n",
        f"timestamp\tspeaker\ttext\n0:03\tAnn\t{WORDS}\n1:08\tBen\tSorry.\n",
        f"시작,화자,내용\n0:00:03,Ann,{WORDS}\n0:01:08,Ben,Sorry.\n",
        json.dumps(
            [
                {"start": 3.0, "end": 7.0, "speaker": "Ann", "text": WORDS},
                {"start": 68.0, "end": 70.0, "speaker": "Ben", "text": "Sorry."},
            ]
        ),
    ],
)
def test_a_table_of_turns_is_one_call(data):
    first, second = read(data)
    assert (first.channel, first.author, first.start_s, first.text) == ("call", "Ann", 3.0, WORDS)
    assert (second.author, second.start_s, second.text) == ("Ben", 68.0, "Sorry.")
    assert first.end_s in (None, 7.0)
    assert first.conversation_id == second.conversation_id != ""
    assert (str(first.sent_at), first.subject) == ("2025-03-03 00:00:03+00:00", "2025-03-03 crates")


def test_times_of_whisper_are_milliseconds():
    first, second = read("start\tend\ttext\n0\t2500\tGood morning.\n2500\t5000\tIt is wrong.\n")
    assert (first.start_s, first.end_s, second.end_s) == (0.0, 2.5, 5.0)


def test_a_side_that_the_table_tells_is_kept():
    first, second = read("start,side,text\n0,Agency,Hello.\n9,Customer,Hello!\n")
    assert (first.side, second.side) == ("provider", "client")


@pytest.mark.parametrize("more", ["id", "client", "conversation_id", "recipients", "sent_at"])
def test_tables_that_tell_more_are_messages_row_by_row(more):
    first, second = read(f"start_s,author,text,{more}\n0,Ann,One,1\n1,Ann,two.,2\n")
    assert (first.text, second.text, first.channel) == ("One", "two.", "call")


def test_days_are_no_times_of_a_call():
    (message,) = read("timestamp,speaker,text\n2025-03-03 10:00,Ann,Hello.\n")
    assert (message.channel, message.start_s) == ("email", None)


def test_a_call_in_which_nothing_is_said_is_told():
    (row,) = read("start,speaker,text\n0:03,Ann,\n")
    assert isinstance(row, Rejected)
