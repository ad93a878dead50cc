"""JSON of Deepgram; times in seconds, speakers or channels by number."""

from __future__ import annotations

from typing import Any

from commsense.ingest.transcripts.call import Call, Turn
from commsense.ingest.transcripts.dates import find_start
from commsense.ingest.transcripts.document import (
    JsonFormat,
    Word,
    dicts,
    from_channels,
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
        turns = [_turn(utterance, several) for utterance in utterances]
    elif several:
        turns = from_channels(
            _words(channel, numbered("Channel", place)) for place, channel in enumerate(channels)
        )
    else:
        turns = from_words(_words(channels[0])) or _sentences(channels[0])
    return [Call(turns, made=find_start(string(get(document, "metadata", "created"))))]


def _turn(utterance: dict[str, Any], several: bool) -> Turn:
    speaker = numbered("Speaker", utterance.get("speaker"))
    channel = numbered("Channel", utterance.get("channel")) if several else ""
    text = string(utterance.get("transcript"))
    start, end = number(utterance.get("start")), number(utterance.get("end"))
    return Turn(channel or speaker, text, start, end)


def _words(channel: dict[str, Any], label: str = "") -> list[Word]:
    return [
        Word(
            string(word.get("punctuated_word")) or string(word.get("word")),
            label or numbered("Speaker", word.get("speaker")),
            number(word.get("start")),
            number(word.get("end")),
        )
        for word in dicts(get(channel, "alternatives", 0, "words"))
    ]


def _sentences(channel: dict[str, Any]) -> list[Turn]:
    """Return the turns of a document from which the words were left out."""
    told = get(channel, "alternatives", 0)
    sentences = [
        Turn(
            numbered("Speaker", paragraph.get("speaker")),
            string(sentence.get("text")),
            number(sentence.get("start")),
            number(sentence.get("end")),
        )
        for paragraph in dicts(get(told, "paragraphs", "paragraphs"))
        for sentence in dicts(paragraph.get("sentences"))
    ]
    return sentences or [Turn("", string(get(told, "transcript")))]


DEEPGRAM = JsonFormat("deepgram", _recognise, _calls)
