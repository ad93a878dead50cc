"""Transcripts in JSON, one small document a vendor, written for these tests."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.transcripts import FORMATS
from commsense.schema import Message, Rejected

from .reading import format_of, source_of, turns

WORDS = [
    {"word": "hello", "punctuated_word": "Hello", "start": 0.5, "end": 0.9, "speaker": 0},
    {"word": "there", "punctuated_word": "there.", "start": 1.0, "end": 1.4, "speaker": 0},
    {"word": "hi", "punctuated_word": "Hi!", "start": 2.0, "end": 2.5, "speaker": 1},
]
ALTERNATIVE = {"transcript": "hello there hi", "words": WORDS}
UTTERANCES = [
    {"start": 0.5, "end": 1.4, "channel": 0, "speaker": 0, "transcript": "Hello there."},
    {"start": 2.0, "end": 2.5, "channel": 1, "speaker": 1, "transcript": "Hi!"},
]
SPOKEN = [
    {"text": "Hello there.", "start": 500, "end": 1400, "speaker": "A"},
    {"text": "Hi!", "start": 2000, "end": 2500, "speaker": "B"},
]


def aws_item(text, start=None, end=None, **more):
    kind = "punctuation" if start is None else "pronunciation"
    times = {} if start is None else {"start_time": start, "end_time": end}
    return {"type": kind, "alternatives": [{"content": text}], **times, **more}


def speechmatics_item(text, start, end, speaker, kind="word"):
    best = {"content": text, "speaker": speaker}
    return {"type": kind, "start_time": start, "end_time": end, "alternatives": [best]}


def verbit_item(text, start, end, speaker, kind="text"):
    return {"kind": kind, "value": text, "start": start, "end": end, "speaker_id": speaker}


def meet_entry(text, start, end, participant):
    return {
        "participant": f"conferenceRecords/a/participants/{participant}",
        "text": text,
        "startTime": f"2025-03-04T10:00:{start}Z",
        "endTime": f"2025-03-04T10:00:{end}Z",
    }


DOCUMENTS = {
    "whisper": {
        "text": "Hello there. Hi!",
        "segments": [
            {"start": 0.5, "end": 1.4, "text": " Hello there.", "speaker": "one"},
            {
                "start": 2.0,
                "end": 2.5,
                "text": " Hi!",
                "words": [{"word": "Hi!", "speaker": "two"}],
            },
        ],
    },
    "insanely-fast-whisper": {
        "chunks": [{"timestamp": [0.5, 2.5], "text": "Hello there. Hi!"}],
        "speakers": [
            {"speaker": "one", "timestamp": [0.5, 1.4], "text": "Hello there."},
            {"speaker": "two", "timestamp": [2.0, 2.5], "text": "Hi!"},
        ],
    },
    "podcast-index": {
        "version": "1.0.0",
        "segments": [
            {"speaker": "one", "startTime": 0.5, "endTime": 1.4, "body": "Hello there."},
            {"speaker": "two", "startTime": 2.0, "endTime": 2.5, "body": "Hi!"},
        ],
    },
    "assemblyai": {"id": "x", "words": [], "utterances": SPOKEN, "audio_duration": 3},
    "deepgram": {"metadata": {}, "results": {"channels": [{"alternatives": [ALTERNATIVE]}]}},
    "aws-transcribe": {
        "results": {
            "items": [
                aws_item("Hello", "0.5", "0.9", speaker_label="spk_0"),
                aws_item("there", "1.0", "1.4"),
                aws_item("."),
                aws_item("Hi", "2.0", "2.5"),
                aws_item("!"),
            ],
            "speaker_labels": {
                "segments": [
                    {"speaker_label": "spk_0", "items": [{"start_time": "1.0"}]},
                    {"speaker_label": "spk_1", "items": [{"start_time": "2.0"}]},
                ]
            },
        }
    },
    "aws-call-analytics": {
        "Transcript": [
            {
                "ParticipantRole": "CUSTOMER",
                "BeginOffsetMillis": 500,
                "EndOffsetMillis": 1400,
                "Content": "Hello there.",
            },
            {
                "ParticipantRole": "AGENT",
                "BeginOffsetMillis": 2000,
                "EndOffsetMillis": 2500,
                "Content": "Hi!",
            },
        ]
    },
    "aws-bedrock": {
        "audio_segments": [
            {
                "text": "Hello there.",
                "speaker": {"speaker_label": "spk_0"},
                "start_timestamp_millis": 500,
                "end_timestamp_millis": 1400,
            },
            {
                "text": "Hi!",
                "channel": {"channel_label": "ch_1"},
                "start_timestamp_millis": 2000,
                "end_timestamp_millis": 2500,
            },
        ]
    },
    "rev": {
        "monologues": [
            {
                "speaker": 0,
                "elements": [
                    {"type": "text", "value": "Hello", "ts": 0.5, "end_ts": 0.9},
                    {"type": "punct", "value": " "},
                    {"type": "text", "value": "there", "ts": 1.0, "end_ts": 1.4},
                    {"type": "punct", "value": "."},
                ],
            },
            {
                "speaker": 1,
                "speaker_info": {"display_name": "Ann"},
                "elements": [{"type": "text", "value": "Hi!", "ts": 2.0, "end_ts": 2.5}],
            },
        ]
    },
    "gong": {
        "callTranscripts": [
            {
                "callId": "7",
                "transcript": [
                    {
                        "speakerId": "1",
                        "sentences": [{"start": 500, "end": 1400, "text": "Hello there."}],
                    },
                    {"speakerId": "2", "sentences": [{"start": 2000, "end": 2500, "text": "Hi!"}]},
                ],
            }
        ],
        "calls": [
            {
                "metaData": {"id": "7", "title": "Kick-off", "started": "2025-03-04T10:00:00Z"},
                "parties": [
                    {"speakerId": "1", "name": "Nora", "affiliation": "External"},
                    {"speakerId": "2", "name": "Bob", "affiliation": "Internal"},
                ],
            }
        ],
    },
    "whisper.cpp": {
        "transcription": [
            {"offsets": {"from": 500, "to": 1400}, "text": " Hello there.", "speaker": "0"},
            {"offsets": {"from": 2000, "to": 2500}, "text": " Hi!", "speaker": "1"},
        ]
    },
    "speechmatics": {
        "results": [
            speechmatics_item("Hello", 0.5, 0.9, "S1"),
            speechmatics_item("there", 1.0, 1.4, "S1"),
            speechmatics_item(".", 1.4, 1.4, "S1", "punctuation"),
            speechmatics_item("Hi", 2.0, 2.5, "S2"),
            speechmatics_item("!", 2.5, 2.5, "S2", "punctuation"),
        ]
    },
    "ibm": {
        "results": [
            {
                "alternatives": [
                    {
                        "transcript": "Hello there. Hi! ",
                        "timestamps": [
                            ["Hello", 0.5, 0.9],
                            ["there.", 1.0, 1.4],
                            ["Hi!", 2.0, 2.5],
                        ],
                    }
                ]
            }
        ],
        "speaker_labels": [
            {"from": 0.5, "to": 0.9, "speaker": 0},
            {"from": 1.0, "to": 1.4, "speaker": 0},
            {"from": 2.0, "to": 2.5, "speaker": 1},
        ],
    },
    "verbit": {
        "response": {
            "speakers": [{"id": "u1", "label": "Ann"}],
            "alternatives": [
                {
                    "items": [
                        verbit_item("Hello", 0.5, 0.9, "u1"),
                        verbit_item("there", 1.0, 1.4, "u1"),
                        verbit_item(".", 1.4, 1.4, "u1", "punct"),
                        verbit_item("Hi!", 2.0, 2.5, "u2"),
                    ]
                }
            ],
        }
    },
    "google-meet": {
        "transcriptEntries": [
            meet_entry("Hello there.", "00.5", "01.4", "1"),
            meet_entry("Hi!", "02", "02.5", "2"),
        ]
    },
    "google-speech": {
        "results": [
            {"alternatives": [{"words": [{"word": "Hello", "startTime": "0.5s"}]}]},
            {
                "alternatives": [
                    {
                        "words": [
                            {
                                "word": "Hello",
                                "startTime": "0.5s",
                                "endTime": "0.9s",
                                "speakerTag": 1,
                            },
                            {
                                "word": "there.",
                                "startTime": "1s",
                                "endTime": "1.4s",
                                "speakerTag": 1,
                            },
                            {"word": "Hi!", "startTime": "2s", "endTime": "2.5s", "speakerTag": 2},
                        ]
                    }
                ]
            },
        ]
    },
}


def test_every_json_format_has_an_example():
    assert set(DOCUMENTS) == {one.name for one in FORMATS} - {
        "webvtt",
        "subrip",
        "docx",
        "plain transcript",
    }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_speakers_words_and_times(name):
    text = json.dumps(DOCUMENTS[name])
    assert format_of(text, "export") == name
    first, second = turns(text)
    assert (first.text, second.text) == ("Hello there.", "Hi!")
    assert first.author != second.author
    assert "" not in (first.author, second.author)
    began = (
        0.5 if name == "google-meet" else 0.0
    )  # it tells moments, of which the first is the start
    times = [first.start_s, first.end_s, second.start_s, second.end_s]
    assert times == pytest.approx([time - began for time in (0.5, 1.4, 2.0, 2.5)])


def test_only_one_format_claims_a_document():
    for name, document in DOCUMENTS.items():
        source = source_of(json.dumps(document), "x")
        claims = [one.name for one in FORMATS if one.recognises(source, source.head())]
        assert claims == [name]


def test_a_document_is_recognised_by_keys_beyond_its_head():
    document = {"text": "word " * 5_000, **DOCUMENTS["whisper"]}
    assert format_of(json.dumps(document)) == "whisper"


def test_sides_that_the_document_states():
    for name in ("aws-call-analytics", "gong"):
        found = turns(json.dumps(DOCUMENTS[name]))
        assert [turn.side for turn in found] == ["client", "provider"]


def test_gong_calls_have_their_own_names_places_and_times():
    turn = turns(json.dumps(DOCUMENTS["gong"]), "g.json")[0]
    assert (turn.author, turn.subject, turn.source) == ("Nora", "Kick-off", "g.json#7.1")
    assert turn.sent_at.isoformat() == "2025-03-04T10:00:00.500000+00:00"


def test_deepgram_utterances_and_channels():
    document = {"results": {"channels": [{}, {}], "utterances": UTTERANCES}}
    assert [turn.author for turn in turns(json.dumps(document))] == ["Channel 0", "Channel 1"]
    document = {"results": {"channels": [{}], "utterances": UTTERANCES}}
    assert [turn.author for turn in turns(json.dumps(document))] == ["Speaker 0", "Speaker 1"]


def test_assemblyai_words_where_there_are_no_utterances():
    document = {"words": SPOKEN, "utterances": None}
    assert [turn.author for turn in turns(json.dumps(document))] == ["Speaker A", "Speaker B"]


def nobody(value):
    """A document in which the speakers are left out."""
    if isinstance(value, dict):
        return {
            key: nobody(below)
            for key, below in value.items()
            if key not in ("speaker", "speaker_label", "speaker_labels", "speakers")
        }
    return [nobody(below) for below in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "name",
    [
        *("whisper", "whisper.cpp", "podcast-index", "assemblyai", "deepgram", "aws-transcribe"),
        *("speechmatics", "ibm"),
    ],
)
def test_without_speakers(name):
    found = turns(json.dumps(nobody(DOCUMENTS[name])))
    assert [(turn.author, turn.text) for turn in found] == [("", "Hello there."), ("", "Hi!")]
    assert (found[0].start_s, found[0].end_s, found[1].start_s) == pytest.approx((0.5, 1.4, 2.0))


def test_insanely_fast_whisper_without_speakers():
    document = {"speakers": [], "chunks": [{"timestamp": [0.5, None], "text": " Hello."}]}
    (turn,) = turns(json.dumps(document))
    assert (turn.author, turn.text, turn.start_s, turn.end_s) == ("", "Hello.", 0.5, None)


def test_whisperx_leaves_out_times():
    document = {"segments": [{"text": "Oh.", "speaker": "A"}, *DOCUMENTS["whisper"]["segments"]]}
    assert format_of(json.dumps(document)) == "whisper"
    assert turns(json.dumps(document))[0].text == "Oh."


def test_aws_words_that_start_together_keep_their_channels():
    document = {
        "results": {
            "items": [aws_item("Hello", "0.5", "0.9"), aws_item("Hi", "0.5", "0.7")],
            "channel_labels": {
                "channels": [
                    {
                        "channel_label": "ch_0",
                        "items": [
                            aws_item("Hello", "0.5", "0.9"),
                            aws_item("."),
                            aws_item("Well", "9.0", "9.2"),
                        ],
                    },
                    {"channel_label": "ch_1", "items": [aws_item("Hi", "0.5", "0.7")]},
                ]
            },
        }
    }
    found = turns(json.dumps(document))
    assert [(turn.author, turn.text) for turn in found] == [
        ("ch_0", "Hello."),
        ("ch_1", "Hi"),
        ("ch_0", "Well"),
    ]


def test_an_aws_item_may_tell_its_channel_itself():
    items = [
        aws_item("Hello", "0.5", "0.9", channel_label="ch_0"),
        aws_item("Hi", "2.0", "2.5", channel_label="ch_1"),
    ]
    found = turns(json.dumps({"results": {"items": items}}))
    assert [turn.author for turn in found] == ["ch_0", "ch_1"]


GOOGLE_WORDS = [
    {
        "word": "Hello",
        "start_time": {"seconds": "1", "nanos": 500_000_000},
        "end_time": {"seconds": 2},
        "speaker_tag": 1,
    },
    {"word": "Hi!", "start_time": "3s", "end_time": "4s", "speaker_tag": 2},
]
SNAKE = {"results": [{"alternatives": [{"words": GOOGLE_WORDS}]}]}


@pytest.mark.parametrize(
    "document",
    [
        SNAKE,
        {"results": {"gs://a/b.wav": {"transcript": SNAKE}}},
        {"response": {"results": {"gs://a/b.wav": {"inlineResult": {"transcript": SNAKE}}}}},
    ],
)
def test_googles_other_layouts(document):
    first, second = turns(json.dumps(document))
    assert (first.author, first.start_s, first.end_s) == ("Speaker 1", 1.5, 2.0)
    assert (second.author, second.text, second.start_s) == ("Speaker 2", "Hi!", 3.0)


def test_googles_channels():
    results = [
        {"channelTag": tag, "alternatives": [{"words": [{"word": text, "startTime": start}]}]}
        for tag, text, start in ((1, "Hello.", "1s"), (2, "Hi!", "3s"))
    ]
    found = turns(json.dumps({"results": results}))
    assert [(turn.author, turn.text) for turn in found] == [
        ("Channel 1", "Hello."),
        ("Channel 2", "Hi!"),
    ]


def test_deepgrams_channels_without_utterances_take_turns():
    def channel(*words):
        told = [{"word": text, "start": start, "end": start + 0.5} for text, start in words]
        return {"alternatives": [{"words": told}]}

    channels = [channel(("one", 1.0), ("three", 9.0)), channel(("two", 5.0))]
    found = turns(json.dumps({"results": {"channels": channels}}))
    assert [turn.text for turn in found] == ["one", "two", "three"]


def test_deepgrams_paragraphs_where_words_were_left_out():
    sentences = [{"text": "Hello.", "start": 1.0, "end": 2.0}]
    best = {"paragraphs": {"paragraphs": [{"speaker": 1, "sentences": sentences}]}}
    document = {"results": {"channels": [{"alternatives": [best]}]}}
    (turn,) = turns(json.dumps(document))
    assert (turn.author, turn.text, turn.start_s) == ("Speaker 1", "Hello.", 1.0)


@pytest.mark.parametrize(("name", "day"), [("call.json", 5), ("2025-03-04 call.json", 4)])
def test_when_a_transcript_was_made_dates_a_call_that_nothing_else_does(name, day):
    document = {**DOCUMENTS["deepgram"], "metadata": {"created": "2025-03-05T10:00:00.123Z"}}
    assert turns(json.dumps(document), name)[0].sent_at.day == day


def test_gong_in_seconds_and_a_call_alone():
    sentence = {"start": 5, "end": 7, "text": "Hello there, all of you."}
    document = {"callId": "7", "transcript": [{"speakerId": "1", "sentences": [sentence]}]}
    (turn,) = turns(json.dumps(document))
    assert (turn.author, turn.start_s, turn.end_s) == ("Speaker 1", 5.0, 7.0)


def test_google_meet_tells_moments_and_names():
    participant = {
        "name": "conferenceRecords/a/participants/1",
        "signedinUser": {"displayName": "Ann"},
    }
    document = {**DOCUMENTS["google-meet"], "participants": [participant]}
    first, second = turns(json.dumps(document))
    assert (first.author, second.author) == ("Ann", "Speaker 2")
    assert second.sent_at.isoformat() == "2025-03-04T10:00:02+00:00"


def test_speechmatics_unknown_speakers_are_nobody():
    text = json.dumps(DOCUMENTS["speechmatics"]).replace("S1", "UU")
    assert turns(text)[0].author == ""


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"text": "Hello"}',
        '{"text": "Hello", "segments": [{"start": 0, "end": 1, "text": "x"}]}\n{"text": "Hi"}\n',
        '{"segments": [',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"results": {"items": "none"}}',
    ],
    ids=range(7),
)
def test_other_json_is_no_transcript(text):
    assert format_of(text) is None


def keys_of(value):
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


KEYS = st.sampled_from(sorted(keys_of(list(DOCUMENTS.values()))))
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))


@st.composite
def damaged(draw):
    """A good document with one value replaced by anything."""
    document = json.loads(json.dumps(DOCUMENTS[draw(st.sampled_from(sorted(DOCUMENTS)))]))
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(keys))
        below = place[key]
        if not isinstance(below, dict | list) or not below or draw(st.booleans()):
            place[key] = draw(
                st.recursive(
                    LEAVES,
                    lambda inner: (
                        st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2)
                    ),
                    max_leaves=4,
                )
            )
            return document
        place = below


@given(damaged())
def test_damaged_documents_are_read_without_error(document):
    source = source_of(json.dumps(document), "x.json")
    for one in FORMATS:
        one.recognises(source, source.head())
        assert all(isinstance(row, Message | Rejected) for row in one.read(source))
