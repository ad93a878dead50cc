"""Turn an assessment into plain data: the one dict that every renderer and script reads.

Its keys are described by ``report.schema.json`` beside this file; a change of the keys is a new
``SCHEMA_VERSION`` there and here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from importlib.resources import files
from typing import Any

import numpy as np

from commsense.clients.assessment import (
    Assessment,
    ChangePoint,
    DimensionAssessment,
    Estimate,
    Evidence,
    Finding,
    PeriodValue,
    RelationshipType,
    Step,
)
from commsense.reports.words import Words, load_words

SCHEMA_VERSION = "1.2"

_DECIMALS = 4  # finer than any interval behind the figures
_STEADY_WITHIN = 0.1  # a change of standing below a twentieth of the scale is none
_LEVELS = ((0.3, "good"), (-0.1, "mixed"), (-0.5, "strained"), (-math.inf, "poor"))
_FLOORS = {name: floor for floor, name in _LEVELS}


def summarise(assessment: Assessment, *, language: str = "en") -> dict[str, Any]:
    """Return what is known of one client as plain, JSON-able data.

    Parameters
    ----------
    assessment : Assessment
        One client's assessment.
    language : str
        Language of the sentences.

    Returns
    -------
    dict
        Valid against :func:`load_schema`; dates as ISO strings, unknown figures as None.
    """
    words = load_words(language)
    summary: dict[str, Any] = _plain(
        {
            "schema_version": SCHEMA_VERSION,
            **_core(assessment),
            "period": {"start": assessment.start, "end": assessment.end},
            "verdict": _verdict(assessment, words),
            "findings": [_finding(finding, words) for finding in assessment.findings],
            "advice": [_step(step, words) for step in assessment.advice],
            "dimensions": {item.dimension: _dimension(item) for item in assessment.dimensions},
            "timeline": _periods(assessment.timeline),
            "changes": [asdict(change) for change in assessment.changes],
            "open_questions": [asdict(loop) for loop in assessment.open_questions],
            "unresolved_debates": [asdict(loop) for loop in assessment.unresolved_debates],
            "evidence": [_evidence(evidence) for evidence in assessment.evidence],
            "strengths": [_evidence(evidence) for evidence in assessment.strengths],
            "missing_strengths": assessment.missing_strengths,
            "rhythm": asdict(assessment.rhythm),
            "stage": _stage(assessment),
            "relationship_type": _type(assessment.relationship_type, words),
            "caveats": [words.say(caveat) for caveat in assessment.caveats],
        }
    )
    return summary


def portfolio(assessments: Iterable[Assessment], *, language: str = "en") -> list[dict[str, Any]]:
    """Return one row a client, in the order given.

    Returns
    -------
    list of dict
        ``client``, ``name``, ``messages``, ``standing`` (-1 to +1), ``change`` (against its own
        baseline), ``alert``, ``since`` (ISO date or None), ``reasons`` (ids of the findings),
        ``why`` (the first finding in words), ``level``, ``trend``, ``stage`` and ``timeline`` (the
        standing period by period, None where no message tells of it).
    """
    words = load_words(language)
    return [_row(assessment, words) for assessment in assessments]


def load_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of :func:`summarise`'s result."""
    text = (files("commsense.reports") / "report.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _row(assessment: Assessment, words: Words) -> dict[str, Any]:
    row: dict[str, Any] = _plain(
        {
            **_core(assessment),
            "why": words.say(assessment.findings[0].said) if assessment.findings else None,
            "level": level(assessment),
            "trend": trend(assessment),
            "stage": assessment.stage.stage,
            "timeline": [item["value"] for item in _periods(assessment.timeline)],
        }
    )
    return row


def _core(assessment: Assessment) -> dict[str, Any]:
    """Return what a report and a row of the portfolio have in common."""
    return {
        "client": assessment.client,
        "name": assessment.name or assessment.client,
        "messages": assessment.messages,
        "standing": assessment.standing,
        "change": assessment.change,
        "alert": assessment.alert,
        "since": assessment.since,
        "reasons": list(dict.fromkeys(finding.id for finding in assessment.findings)),
    }


def level(assessment: Assessment) -> str:
    """Return the standing in one word: good, mixed, strained, poor or unknown."""
    if not math.isfinite(assessment.standing):
        return "unknown"
    return next(name for floor, name in _LEVELS if assessment.standing >= floor)


def trend(assessment: Assessment) -> str:
    """Return the course in one word: declining, recovered, improving, steady or unknown.

    Only what the analysis holds for more than chance, a finding or a turning point, is a course.
    Where the balance differs from the client's own baseline by more than its interval and yet never
    turned, or where there is nothing to compare with, the course is unknown.
    """
    if level(assessment) == "unknown":
        return "unknown"
    directions = [change.direction for change in sorted(assessment.changes, key=_date)]
    if _declines(assessment, directions):
        return "declining"
    if directions[-1:] == ["recovery"]:
        return "recovered" if "decline" in directions else "improving"
    differs = assessment.change_low > 0 or assessment.change_high < 0
    small = abs(assessment.change) < _STEADY_WITHIN
    known = math.isfinite(assessment.change)
    return "steady" if known and (small or not differs) else "unknown"


def _date(change: ChangePoint) -> date:
    return change.date


def _declines(assessment: Assessment, directions: Sequence[str]) -> bool:
    if any(finding.id == "decline" for finding in assessment.findings):
        return True
    return directions[-1:] == ["decline"] and assessment.change <= -_STEADY_WITHIN


def _finding(finding: Finding, words: Words) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": finding.severity,
        "since": finding.since,
        "text": words.say(finding.said),
        "message_ids": finding.message_ids,
    }


def _step(step: Step, words: Words) -> dict[str, Any]:
    return {
        "id": step.id,
        "text": words(f"step.{step.id}"),
        "because": step.because,
        "message_ids": step.message_ids,
    }


def _type(relationship: RelationshipType, words: Words) -> dict[str, Any]:
    return {
        "type": relationship.type,
        "confidence": relationship.confidence,
        "reasons": [words.say(reason) for reason in relationship.reasons],
    }


def _verdict(assessment: Assessment, words: Words) -> dict[str, str]:
    how, course = level(assessment), trend(assessment)
    lasting = course != "unknown" and (course != "steady" or _as_before(assessment, how))
    sentence = words(
        f"verdict.{how}_{course}" if lasting else f"verdict.{how}",
        name=assessment.name or assessment.client,
    )
    if how != "unknown" and not math.isfinite(assessment.change):
        sentence = f"{sentence} {words('verdict.no_past')}"
    return {"level": how, "trend": course, "sentence": sentence}


def _as_before(assessment: Assessment, how: str) -> bool:
    """Tell whether the client fared no better before, which silence, say, may have changed."""
    better = [floor for floor in _FLOORS.values() if floor > _FLOORS[how]]
    return assessment.baseline.value < min(better, default=math.inf)


def _dimension(dimension: DimensionAssessment) -> dict[str, Any]:
    # Where no message speaks of it, what is estimated is the prior: that says nothing.
    silent = dimension.strengths + dimension.risks == 0
    return {
        **_estimate(dimension.now, silent=silent),
        "baseline": _estimate(dimension.baseline, silent=silent),
        "change": dimension.change,
        "change_interval": [dimension.change_low, dimension.change_high],
        "by_side": {
            "client": _estimate(dimension.client, silent=silent),
            "provider": _estimate(dimension.provider, silent=silent),
        },
        "periods": _periods(dimension.periods),
        "strengths": dimension.strengths,
        "risks": dimension.risks,
    }


def _estimate(estimate: Estimate, *, silent: bool = False) -> dict[str, Any]:
    known = estimate.messages > 0 and not silent
    return {
        "value": estimate.value if known else None,
        "interval": [estimate.low, estimate.high] if known else [None, None],
        "messages": estimate.messages,
    }


def _periods(periods: Sequence[PeriodValue]) -> list[dict[str, Any]]:
    return [
        {
            "period": item.period,
            "starts_on": item.starts_on,
            **_estimate(item.estimate, silent=item.strengths + item.risks == 0),
            "strengths": item.strengths,
            "risks": item.risks,
        }
        for item in periods
    ]


def _evidence(evidence: Evidence) -> dict[str, Any]:
    spanned = 0 <= evidence.start < evidence.end <= len(evidence.text)
    return {
        "message_id": evidence.message_id,
        "label": evidence.label,
        "polarity": evidence.polarity.value,
        "dimension": evidence.dimension,
        "score": evidence.score,
        "sent_at": evidence.sent_at,
        "author": evidence.author,
        "side": evidence.side,
        "text": evidence.text,
        "span": [evidence.start, evidence.end] if spanned else None,
    }


def _stage(assessment: Assessment) -> dict[str, Any]:
    stage = assessment.stage
    return {
        "stage": stage.stage,
        "confidence": stage.confidence,
        "history": [{"period": period, "stage": name} for period, name in stage.history],
    }


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Make a value fit for JSON: dates as ISO strings, figures that are none as None."""
    if isinstance(value, str):
        # No file can hold a lone surrogate; one character for one keeps offsets true.
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        # pandas gives NaT, a date unequal to itself, for an unknown time.
        return value.isoformat() if value == value else None
    return _figure(value)


def _figure(value: Any) -> bool | int | float | None:  # noqa: ANN401
    """Return a figure, from numpy too, as Python's own."""
    if value is None or isinstance(value, bool | np.bool_):
        return None if value is None else bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    return round(float(value), _DECIMALS) if math.isfinite(value) else None
