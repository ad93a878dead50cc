"""JSON of AssemblyAI; times in milliseconds."""

from __future__ import annotations

from typing import Any

from commsense.ingest.transcripts.call import Call, Turn
from commsense.ingest.transcripts.document import (
    MILLISECONDS,
    JsonFormat,
    Word,
    dicts,
    from_words,
    number,
    numbered,
    string,
)


def _recognise(document: dict[str, Any]) -> bool:
    keys = {"utterances", "words", "audio_duration"} & document.keys()
    return len(keys) > 1


def _calls(document: dict[str, Any]) -> list[Call]:
    utterances = dicts(document.get("utterances"))
    parts = [_word(part) for part in utterances or dicts(document.get("words"))]
    if utterances:
        return [Call([Turn(part.speaker, part.text, part.start_s, part.end_s) for part in parts])]
    return [Call(from_words(parts))]


def _word(part: dict[str, Any]) -> Word:
    start, end = (number(part.get(key), MILLISECONDS) for key in ("start", "end"))
    return Word(string(part.get("text")), numbered("Speaker", part.get("speaker")), start, end)


ASSEMBLYAI = JsonFormat("assemblyai", _recognise, _calls)
