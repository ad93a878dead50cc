"""JSON of Speechmatics, version 2; times in seconds, punctuation as results of its own."""

from __future__ import annotations

from typing import Any

from commsense.ingest.transcripts.call import Call
from commsense.ingest.transcripts.dates import find_start
from commsense.ingest.transcripts.document import (
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

_UNKNOWN = "UU"


def _recognise(document: dict[str, Any]) -> bool:
    results = dicts(document.get("results"))
    return any({"alternatives", "type", "start_time"} <= result.keys() for result in results)


def _calls(document: dict[str, Any]) -> list[Call]:
    channels: dict[str, list[Word]] = {}
    for result in dicts(document["results"]):
        channel = string(result.get("channel"))
        _add(channels.setdefault(channel, []), result, channel)
    several = len(channels) > 1
    turns = from_channels(channels.values()) if several else from_words(*channels.values())
    return [Call(turns, made=find_start(string(get(document, "job", "created_at"))))]


def _add(words: list[Word], result: dict[str, Any], channel: str) -> None:
    best = get(result, "alternatives", 0)
    text, speaker = string(get(best, "content")), string(get(best, "speaker"))
    if result.get("type") == "punctuation" and words:
        attach(words, text)
        return
    label = channel or ("" if speaker == _UNKNOWN else speaker)
    start, end = number(result.get("start_time")), number(result.get("end_time"))
    words.append(Word(text, label, start, end))


SPEECHMATICS = JsonFormat("speechmatics", _recognise, _calls)
