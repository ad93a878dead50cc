"""JSON of Amazon: Transcribe (times are texts in seconds), Call Analytics and Bedrock (ms)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from commsense.ingest.transcripts.call import Call, Turn
from commsense.ingest.transcripts.document import (
    MILLISECONDS,
    JsonFormat,
    Word,
    attach,
    dicts,
    from_channels,
    from_words,
    get,
    number,
    string,
)
from commsense.schema import Side

_SIDES: dict[str, Side] = {"AGENT": "provider", "CUSTOMER": "client"}


def _is_batch(document: dict[str, Any]) -> bool:
    items = dicts(get(document, "results", "items"))
    return bool(items) and {"alternatives", "type"} <= items[0].keys()


def _batch_calls(document: dict[str, Any]) -> list[Call]:
    """Return the call; channels are read one by one, for their words may start together."""
    results = document["results"]
    channels = dicts(get(results, "channel_labels", "channels"))
    if any(dicts(channel.get("items")) for channel in channels):
        return [Call(from_channels(map(_channel_words, channels)))]
    return [Call(from_words(_words(results["items"], _speakers(results))))]


def _channel_words(channel: dict[str, Any]) -> list[Word]:
    label = string(channel.get("channel_label"))
    return [replace(word, speaker=label) for word in _words(channel.get("items"), {})]


def _words(items: object, speakers: dict[str, str]) -> list[Word]:
    words: list[Word] = []
    for item in dicts(items):
        text = string(get(item, "alternatives", 0, "content"))
        start, end = number(item.get("start_time")), number(item.get("end_time"))
        if item.get("type") == "punctuation" and words:
            attach(words, text)
        else:
            label = string(item.get("speaker_label")) or speakers.get(
                string(item.get("start_time")), string(item.get("channel_label"))
            )
            words.append(Word(text, label, start, end))
    return words


def _speakers(results: dict[str, Any]) -> dict[str, str]:
    """Return the label of the speaker of the word that starts at each time."""
    return {
        string(item.get("start_time")): string(segment.get("speaker_label"))
        for segment in dicts(get(results, "speaker_labels", "segments"))
        for item in dicts(segment.get("items"))
    }


def _is_analytics(document: dict[str, Any]) -> bool:
    turns = dicts(document.get("Transcript"))
    return bool(turns) and {"ParticipantRole", "Content"} <= turns[0].keys()


def _analytics_calls(document: dict[str, Any]) -> list[Call]:
    return [Call([_role_turn(part) for part in dicts(document["Transcript"])])]


def _role_turn(part: dict[str, Any]) -> Turn:
    role = string(part.get("ParticipantRole"))
    start, end = (
        number(part.get(key), MILLISECONDS) for key in ("BeginOffsetMillis", "EndOffsetMillis")
    )
    return Turn(role, string(part.get("Content")), start, end, _SIDES.get(role))


def _is_bedrock(document: dict[str, Any]) -> bool:
    return bool(dicts(document.get("audio_segments")))


def _bedrock_calls(document: dict[str, Any]) -> list[Call]:
    return [Call([_segment_turn(part) for part in dicts(document["audio_segments"])])]


def _segment_turn(part: dict[str, Any]) -> Turn:
    label = get(part, "speaker", "speaker_label") or get(part, "channel", "channel_label")
    start, end = (
        number(part.get(f"{key}_timestamp_millis"), MILLISECONDS) for key in ("start", "end")
    )
    return Turn(string(label), string(part.get("text")), start, end)


TRANSCRIBE = JsonFormat("aws-transcribe", _is_batch, _batch_calls)
CALL_ANALYTICS = JsonFormat("aws-call-analytics", _is_analytics, _analytics_calls)
BEDROCK = JsonFormat("aws-bedrock", _is_bedrock, _bedrock_calls)
