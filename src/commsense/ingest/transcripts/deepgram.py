"""JSON of Deepgram; times in seconds, speakers or channels by number."""

from __future__ import annotations

from typing import Any

from commsense.ingest.transcripts.call import Call, Turn
from commsense.ingest.transcripts.document import (
    JsonFormat,
    Word,
    dicts,
    from_words,
    get,
    number,
    numbered,
    string,
)


def _recognise(document: dict[str, Any]) -> bool:
    return bool(dicts(get(document, "results", "channels")))


def _calls(document: dict[str, Any]) -> list[Call]:
    channels = dicts(get(document, "results", "channels"))
    several = len(channels) > 1
    utterances = dicts(get(document, "results", "utterances"))
    if utterances:
        return [Call([_turn(utterance, several) for utterance in utterances])]
    turns = [
        turn
        for place, channel in enumerate(channels)
        for turn in _channel_turns(channel, numbered("Channel", place) if several else "")
    ]
    return [Call(turns)]


def _turn(utterance: dict[str, Any], several: bool) -> Turn:
    speaker = numbered("Speaker", utterance.get("speaker"))
    channel = numbered("Channel", utterance.get("channel")) if several else ""
    text = string(utterance.get("transcript"))
    start, end = number(utterance.get("start")), number(utterance.get("end"))
    return Turn(channel or speaker, text, start, end)


def _channel_turns(channel: dict[str, Any], label: str) -> list[Turn]:
    words = dicts(get(channel, "alternatives", 0, "words"))
    return from_words(
        Word(
            string(word.get("punctuated_word")) or string(word.get("word")),
            label or numbered("Speaker", word.get("speaker")),
            number(word.get("start")),
            number(word.get("end")),
        )
        for word in words
    )


DEEPGRAM = JsonFormat("deepgram", _recognise, _calls)
