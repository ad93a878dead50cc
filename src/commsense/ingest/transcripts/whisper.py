"""JSON of Whisper, WhisperX and insanely-fast-whisper, in seconds, and whisper.cpp, in ms."""

from __future__ import annotations

from collections import Counter
from typing import Any

from commsense.ingest.transcripts.call import Call, Turn
from commsense.ingest.transcripts.document import (
    MILLISECONDS,
    JsonFormat,
    dicts,
    get,
    number,
    numbered,
    string,
)


def _has_segments(document: dict[str, Any]) -> bool:
    # WhisperX leaves out the times of words that it cannot place.
    segments = dicts(document.get("segments"))
    return any({"start", "end", "text"} <= segment.keys() for segment in segments)


def _segment_calls(document: dict[str, Any]) -> list[Call]:
    return [Call([_turn(segment) for segment in dicts(document["segments"])])]


def _turn(segment: dict[str, Any]) -> Turn:
    speaker = string(segment.get("speaker")) or _usual_speaker(segment)
    text = string(segment.get("text"))
    return Turn(speaker, text, number(segment.get("start")), number(segment.get("end")))


def _usual_speaker(segment: dict[str, Any]) -> str:
    """Return who says most words of a segment that WhisperX left without a speaker."""
    words = Counter(string(word.get("speaker")) for word in dicts(segment.get("words")))
    del words[""]
    return words.most_common(1)[0][0] if words else ""


def _has_chunks(document: dict[str, Any]) -> bool:
    chunks = dicts(document.get("chunks"))
    return bool(chunks) and {"timestamp", "text"} <= chunks[0].keys()


def _chunk_calls(document: dict[str, Any]) -> list[Call]:
    chunks = dicts(document.get("speakers")) or dicts(document["chunks"])
    return [
        Call(
            [
                Turn(
                    string(chunk.get("speaker")),
                    string(chunk.get("text")),
                    number(get(chunk, "timestamp", 0)),
                    number(get(chunk, "timestamp", 1)),
                )
                for chunk in chunks
            ]
        )
    ]


def _has_offsets(document: dict[str, Any]) -> bool:
    parts = dicts(document.get("transcription"))
    return bool(parts) and {"offsets", "text"} <= parts[0].keys()


def _offset_calls(document: dict[str, Any]) -> list[Call]:
    return [
        Call(
            [
                Turn(
                    numbered("Speaker", part.get("speaker")),
                    string(part.get("text")),
                    number(get(part, "offsets", "from"), MILLISECONDS),
                    number(get(part, "offsets", "to"), MILLISECONDS),
                )
                for part in dicts(document["transcription"])
            ]
        )
    ]


WHISPER = JsonFormat("whisper", _has_segments, _segment_calls)
INSANELY_FAST_WHISPER = JsonFormat("insanely-fast-whisper", _has_chunks, _chunk_calls)
WHISPER_CPP = JsonFormat("whisper.cpp", _has_offsets, _offset_calls)
