"""Podcast-index JSON; times in seconds."""

from __future__ import annotations

from typing import Any

from commsense.ingest.transcripts.call import Call, Turn
from commsense.ingest.transcripts.document import JsonFormat, dicts, number, string


def _recognise(document: dict[str, Any]) -> bool:
    segments = dicts(document.get("segments"))
    return bool(segments) and {"startTime", "body"} <= segments[0].keys()


def _calls(document: dict[str, Any]) -> list[Call]:
    return [Call([_turn(segment) for segment in dicts(document["segments"])])]


def _turn(segment: dict[str, Any]) -> Turn:
    start, end = number(segment.get("startTime")), number(segment.get("endTime"))
    return Turn(string(segment.get("speaker")), string(segment.get("body")), start, end)


PODCAST_INDEX = JsonFormat("podcast-index", _recognise, _calls)
