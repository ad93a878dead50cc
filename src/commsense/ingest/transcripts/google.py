"""JSON of Google Speech-to-Text: versions 1 and 2, speakers as tags of words, or channels."""

from __future__ import annotations

from typing import Any

from commsense.ingest.transcripts.call import Call
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

_NANOSECONDS = 1e-9


def _results(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the results, which a batch of version 2 keeps below the name of each recording."""
    found = dicts(document.get("results")) or dicts(get(document, "response", "results"))
    files = get(document, "results") or get(document, "response", "results")
    if found or not isinstance(files, dict):
        return found
    return [
        result
        for file in files.values()
        for result in dicts(get(file, "transcript", "results"))
        or dicts(get(file, "inlineResult", "transcript", "results"))
        or dicts(get(file, "inline_result", "transcript", "results"))
    ]


def _recognise(document: dict[str, Any]) -> bool:
    return any(
        "transcript" in best or "words" in best
        for result in _results(document)
        for best in dicts(result.get("alternatives"))[:1]
        if "timestamps" not in best  # of IBM
    )


def _calls(document: dict[str, Any]) -> list[Call]:
    """Return the call; with speakers, the last result repeats all words with their tags."""
    results = [_words(result) for result in _results(document)]
    words = [word for result in results for word in result]
    if any(map(_channel, _results(document))):
        return [Call(from_channels(results))]
    tagged = [word for word in words if word.speaker]
    return [Call(from_words(tagged or words))]


def _channel(result: dict[str, Any]) -> str:
    return numbered("Channel", result.get("channelTag") or result.get("channel_tag"))


def _words(result: dict[str, Any]) -> list[Word]:
    channel = _channel(result)
    best = get(result, "alternatives", 0)
    words = [_word(word, channel) for word in dicts(get(best, "words"))]
    text = string(get(best, "transcript"))
    return words or ([Word(text, channel)] if text else [])


def _word(word: dict[str, Any], channel: str) -> Word:
    tag = _first(word, "speakerTag", "speakerLabel", "speaker_tag", "speaker_label")
    start = _time(_first(word, "startTime", "startOffset", "start_time", "start_offset") or 0)
    end = _time(_first(word, "endTime", "endOffset", "end_time", "end_offset"))
    return Word(string(word.get("word")), channel or numbered("Speaker", tag), start, end)


def _first(word: dict[str, Any], *keys: str) -> object:
    return next((value for key in keys if (value := word.get(key))), None)


def _time(value: object) -> float | None:
    """Read ``"1.2s"``, or seconds and nanoseconds apart."""
    if not isinstance(value, dict):
        return number(value)
    nanos = number(value.get("nanos"), _NANOSECONDS) or 0.0
    return (number(value.get("seconds")) or 0.0) + nanos


GOOGLE = JsonFormat("google-speech", _recognise, _calls)
