"""JSON of Google Speech-to-Text; times as ``"1.2s"``, speakers as tags of words."""

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


def _results(document: dict[str, Any]) -> list[dict[str, Any]]:
    return dicts(document.get("results")) or dicts(get(document, "response", "results"))


def _recognise(document: dict[str, Any]) -> bool:
    return any(dicts(result.get("alternatives")) for result in _results(document))


def _calls(document: dict[str, Any]) -> list[Call]:
    """Return the call; with speakers, the last result repeats all words with their tags."""
    words = [
        _word(word)
        for result in _results(document)
        for word in dicts(get(result, "alternatives", 0, "words"))
    ]
    tagged = [word for word in words if word.speaker]
    return [Call(from_words(tagged or words))]


def _word(word: dict[str, Any]) -> Word:
    tag = word.get("speakerTag") or word.get("speakerLabel")
    start = number(word.get("startTime") or word.get("startOffset") or 0)
    end = number(word.get("endTime") or word.get("endOffset"))
    return Word(string(word.get("word")), numbered("Speaker", tag), start, end)


GOOGLE = JsonFormat("google-speech", _recognise, _calls)
