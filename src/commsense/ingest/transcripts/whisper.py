"""JSON of Whisper, WhisperX and insanely-fast-whisper; times in seconds."""

from __future__ import annotations

from collections import Counter
from typing import Any

from commsense.ingest.transcripts.call import Call, Turn
from commsense.ingest.transcripts.document import JsonFormat, dicts, get, number, string


def _has_segments(document: dict[str, Any]) -> bool:
    segments = dicts(document.get("segments"))
    return bool(segments) and {"start", "end", "text"} <= segments[0].keys()


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


WHISPER = JsonFormat("whisper", _has_segments, _segment_calls)
INSANELY_FAST_WHISPER = JsonFormat("insanely-fast-whisper", _has_chunks, _chunk_calls)
