"""JSON of Gong's call transcripts; names where ``parties`` stand beside.

Times are in milliseconds, or in seconds where another program has written the file.
"""

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
    return any(dicts(entry.get("transcript")) for entry in _entries(document))


def _entries(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the calls of a document, which is one call itself where it was cut out of many."""
    entries = dicts(document.get("callTranscripts"))
    return entries or ([document] if "callId" in document else [])


def _calls(document: dict[str, Any]) -> list[Call]:
    """Return the calls; what ``/v2/calls/extensive`` tells of them may be merged into the file."""
    told = {string(get(call, "metaData", "id")): call for call in dicts(document.get("calls"))}
    return [_call(entry, told.get(string(entry.get("callId")), {})) for entry in _entries(document)]


def _call(entry: dict[str, Any], told: dict[str, Any]) -> Call:
    parties = {string(party.get("speakerId")): party for party in dicts(told.get("parties"))}
    said = [
        (string(part.get("speakerId")), sentence)
        for part in dicts(entry.get("transcript"))
        for sentence in dicts(part.get("sentences"))
    ]
    unit = _unit([sentence for _, sentence in said])
    return Call(
        turns=[_turn(sentence, speaker, parties, unit) for speaker, sentence in said],
        title=string(get(told, "metaData", "title")),
        start=find_start(string(get(told, "metaData", "started"))),
        place=string(entry.get("callId")),
    )


def _unit(sentences: list[dict[str, Any]]) -> float:
    """Tell milliseconds from seconds: nobody says a letter a millisecond."""
    letters = sum(len(string(sentence.get("text"))) for sentence in sentences)
    lasted = sum(
        (number(sentence.get("end")) or 0.0) - (number(sentence.get("start")) or 0.0)
        for sentence in sentences
    )
    return 1.0 if 0 < lasted < letters else MILLISECONDS


def _turn(
    sentence: dict[str, Any], speaker: str, parties: dict[str, dict[str, Any]], unit: float
) -> Turn:
    party = parties.get(speaker, {})
    start, end = (number(sentence.get(key), unit) for key in ("start", "end"))
    return Turn(
        string(party.get("name")) or numbered("Speaker", speaker),
        string(sentence.get("text")),
        start,
        end,
        _SIDES.get(string(party.get("affiliation")).lower()),
    )


GONG = JsonFormat("gong", _recognise, _calls)
