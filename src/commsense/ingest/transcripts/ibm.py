"""JSON of IBM Watson Speech to Text; times in seconds, speakers by number and time."""

from __future__ import annotations

from typing import Any

from commsense.ingest.transcripts.call import Call
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


def _best(document: dict[str, Any]) -> list[object]:
    return [get(result, "alternatives", 0) for result in dicts(document.get("results"))]


def _recognise(document: dict[str, Any]) -> bool:
    return any(isinstance(get(best, "timestamps"), list) for best in _best(document))


def _calls(document: dict[str, Any]) -> list[Call]:
    speakers = {
        number(label.get("from")): numbered("Speaker", label.get("speaker"))
        for label in dicts(document.get("speaker_labels"))
    }
    words = []
    for best in _best(document):
        timed = get(best, "timestamps")
        for place in range(len(timed) if isinstance(timed, list) else 0):
            text, start, end = (get(timed, place, part) for part in range(3))
            label = speakers.get(number(start), "")
            words.append(Word(string(text), label, number(start), number(end)))
    return [Call(from_words(words))]


IBM = JsonFormat("ibm", _recognise, _calls)
