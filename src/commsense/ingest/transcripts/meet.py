"""JSON of the Google Meet API; moments in place of offsets, names where participants are told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from commsense.ingest.transcripts.call import Call, Turn
from commsense.ingest.transcripts.dates import Start
from commsense.ingest.transcripts.document import JsonFormat, dicts, get, numbered, string

_USERS = ("signedinUser", "anonymousUser", "phoneUser")


def _entries(document: dict[str, Any]) -> list[dict[str, Any]]:
    return dicts(document.get("transcriptEntries")) or dicts(document.get("entries"))


def _recognise(document: dict[str, Any]) -> bool:
    entries = _entries(document)
    return bool(entries) and {"participant", "text"} <= entries[0].keys()


def _calls(document: dict[str, Any]) -> list[Call]:
    names = {
        string(participant.get("name")): string(get(participant, user, "displayName"))
        for participant in dicts(document.get("participants"))
        for user in _USERS
        if user in participant
    }
    entries = _entries(document)
    began = min(filter(None, (_moment(entry.get("startTime")) for entry in entries)), default=None)
    turns = [_turn(entry, names, began) for entry in entries]
    return [Call(turns, start=Start(began, has_time=True) if began else None)]


def _turn(entry: dict[str, Any], names: dict[str, str], began: datetime | None) -> Turn:
    participant = string(entry.get("participant"))
    speaker = names.get(participant) or numbered("Speaker", participant.rpartition("/")[2])
    start, end = (_offset(_moment(entry.get(key)), began) for key in ("startTime", "endTime"))
    return Turn(speaker, string(entry.get("text")), start, end)


def _offset(moment: datetime | None, began: datetime | None) -> float | None:
    return (moment - began).total_seconds() if moment and began else None


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(string(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


MEET = JsonFormat("google-meet", _recognise, _calls)
