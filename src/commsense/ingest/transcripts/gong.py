"""JSON of Gong's call transcripts; times in milliseconds, names where ``parties`` stand beside."""

from __future__ import annotations

from typing import Any

from commsense.ingest.transcripts.call import Call, Turn
from commsense.ingest.transcripts.dates import find_start
from commsense.ingest.transcripts.document import (
    MILLISECONDS,
    JsonFormat,
    dicts,
    get,
    number,
    numbered,
    string,
)
from commsense.schema import Side

_SIDES: dict[str, Side] = {"internal": "provider", "external": "client"}


def _recognise(document: dict[str, Any]) -> bool:
    return bool(dicts(document.get("callTranscripts")))


def _calls(document: dict[str, Any]) -> list[Call]:
    """Return the calls; what ``/v2/calls/extensive`` tells of them may be merged into the file."""
    told = {string(get(call, "metaData", "id")): call for call in dicts(document.get("calls"))}
    return [
        _call(entry, told.get(string(entry.get("callId")), {}))
        for entry in dicts(document["callTranscripts"])
    ]


def _call(entry: dict[str, Any], told: dict[str, Any]) -> Call:
    parties = {string(party.get("speakerId")): party for party in dicts(told.get("parties"))}
    return Call(
        turns=[
            _turn(sentence, string(part.get("speakerId")), parties)
            for part in dicts(entry.get("transcript"))
            for sentence in dicts(part.get("sentences"))
        ],
        title=string(get(told, "metaData", "title")),
        start=find_start(string(get(told, "metaData", "started"))),
        place=string(entry.get("callId")),
    )


def _turn(sentence: dict[str, Any], speaker: str, parties: dict[str, dict[str, Any]]) -> Turn:
    party = parties.get(speaker, {})
    start, end = (number(sentence.get(key), MILLISECONDS) for key in ("start", "end"))
    return Turn(
        string(party.get("name")) or numbered("Speaker", speaker),
        string(sentence.get("text")),
        start,
        end,
        _SIDES.get(string(party.get("affiliation")).lower()),
    )


GONG = JsonFormat("gong", _recognise, _calls)
