"""JSON of Verbit; times in seconds, speakers by id with labels beside."""

from __future__ import annotations

from typing import Any

from commsense.ingest.transcripts.call import Call
from commsense.ingest.transcripts.document import (
    JsonFormat,
    Word,
    attach,
    dicts,
    from_words,
    get,
    number,
    numbered,
    string,
)


def _items(document: dict[str, Any]) -> list[dict[str, Any]]:
    return dicts(get(document, "response", "alternatives", 0, "items"))


def _recognise(document: dict[str, Any]) -> bool:
    return any({"kind", "value"} <= item.keys() for item in _items(document))


def _calls(document: dict[str, Any]) -> list[Call]:
    names = {
        string(speaker.get("id")): string(speaker.get("label"))
        for speaker in dicts(get(document, "response", "speakers"))
    }
    words: list[Word] = []
    for item in _items(document):
        text, speaker = string(item.get("value")), string(item.get("speaker_id"))
        if item.get("kind") == "punct" and words:
            attach(words, text)
        else:
            label = names.get(speaker) or numbered("Speaker", speaker)
            start, end = number(item.get("start")), number(item.get("end"))
            words.append(Word(text, label, start, end))
    return [Call(from_words(words))]


VERBIT = JsonFormat("verbit", _recognise, _calls)
