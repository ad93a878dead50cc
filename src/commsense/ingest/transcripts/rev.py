"""JSON of Rev AI; times in seconds, spaces are elements of their own."""

from __future__ import annotations

from typing import Any

from commsense.ingest.transcripts.call import Call, Turn
from commsense.ingest.transcripts.document import JsonFormat, dicts, get, number, numbered, string


def _recognise(document: dict[str, Any]) -> bool:
    monologues = dicts(document.get("monologues"))
    return bool(monologues) and "elements" in monologues[0]


def _calls(document: dict[str, Any]) -> list[Call]:
    return [Call([_turn(monologue) for monologue in dicts(document["monologues"])])]


def _turn(monologue: dict[str, Any]) -> Turn:
    elements = dicts(monologue.get("elements"))
    name = string(get(monologue, "speaker_info", "display_name"))
    starts = [time for part in elements if (time := number(part.get("ts"))) is not None]
    ends = [time for part in elements if (time := number(part.get("end_ts"))) is not None]
    return Turn(
        name or numbered("Speaker", monologue.get("speaker")),
        "".join(part["value"] for part in elements if isinstance(part.get("value"), str)),
        min(starts, default=None),
        max(ends, default=None),
    )


REV = JsonFormat("rev", _recognise, _calls)
