"""From tables to one assessment a client, the most worrying first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from commsense.clients.advice import advice
from commsense.clients.assessment import (
    Assessment,
    ChangePoint,
    Finding,
    Grain,
    OpenLoop,
    RelationshipType,
    Said,
)
from commsense.clients.changes import change_points, signal
from commsense.clients.dimensions import by_period, dimensions, overall
from commsense.clients.evidence import Spans, evidence, spans
from commsense.clients.findings import (
    decline,
    leaving,
    missing_finding,
    missing_strengths,
    prevailing_risks,
    rising_risks,
    withholding,
)
from commsense.clients.lifecycle import stage
from commsense.clients.loops import (
    debate_finding,
    open_questions,
    unanswered_finding,
    unresolved_debates,
)
from commsense.clients.periods import day, seconds
from commsense.clients.relationship import relationship_type
from commsense.clients.rhythm import fading, rhythm, silence, slower_responses
from commsense.clients.view import ClientView, tags, views
from commsense.clients.windows import Windows, windows
from commsense.profiles import ClientProfile
from commsense.taxonomy import Polarity, Taxonomy, load_taxonomy

TOO_LITTLE = 20
"""Messages below which there is too little to say: no finding, no alert."""
_ALERT = 0.5
"""Joint severity of all findings from which somebody should act."""
_FEWEST_BEFORE = 10
"""Earlier messages below which there is nothing to compare with."""
_FOREIGN_SHARE = 0.2
_NO_TYPE = RelationshipType("unknown", math.nan, [])


def assess(
    messages: pd.DataFrame,
    labels: pd.DataFrame,
    conversations: pd.DataFrame,
    *,
    profiles: Sequence[ClientProfile] = (),
    by: Grain = "month",
    since: date | None = None,
    until: date | None = None,
    taxonomy: Taxonomy | None = None,
) -> list[Assessment]:
    """Assess every client.

    Parameters
    ----------
    messages, labels, conversations : pandas.DataFrame
        Tables of :mod:`commsense.schema`.
    profiles : sequence of ClientProfile
        Names and weights of the clients that have any.
    by : {"month", "week", "quarter"}
        Length of the periods of the time line.
    since, until : date, optional
        First and last day of the reported period; earlier messages still serve as baseline.
    taxonomy : Taxonomy, optional
        The built-in one where left out.

    Returns
    -------
    list of Assessment
        The most worrying first: those with an alert, by standing, then the others by standing; last
        those of which there is too little to say.
    """
    taxonomy = taxonomy or load_taxonomy()
    found = tags(messages, labels, conversations, taxonomy)
    last = seconds(until + timedelta(days=1)) - 1e-6 if until else math.inf
    known = spans(labels)
    assessed = [
        assess_client(view, known, by, since)
        for view in views(found, conversations, taxonomy, profiles, last)
    ]
    return sorted(assessed, key=_rank)


def _rank(one: Assessment) -> tuple[bool, bool, float, str]:
    unknown = math.isnan(one.standing)
    return not one.alert, unknown, 0.0 if unknown else one.standing, one.client


def assess_client(view: ClientView, known: Spans, by: Grain, since: date | None) -> Assessment:
    """Assess one client."""
    sequence = signal(view)
    changes = change_points(sequence)
    divided = windows(view, changes, since, by)
    scale = overall(view, divided)
    questions, debates = open_questions(view, divided), unresolved_debates(view, divided)
    missing = missing_strengths(view)
    enough = len(view) >= TOO_LITTLE
    if not enough:
        # Plain notice needs no rate: one message of a few says it.
        findings = _ranked(leaving(view, divided))
    else:
        findings = _ranked(
            decline(view, divided, changes, sequence),
            leaving(view, divided),
            prevailing_risks(view, divided, scale),
            silence(view),
            fading(view),
            debate_finding(view, debates),
            unanswered_finding(view, questions),
            withholding(view, divided),
            slower_responses(view, divided, "client"),
            slower_responses(view, divided, "provider"),
            missing_finding(view, missing),
            *rising_risks(view, divided),
        )
    joint = _joint(findings)
    alert = joint >= _ALERT
    reported = int(divided.reported.sum())
    told = bool(findings) or reported >= TOO_LITTLE
    standing = (1 - joint) * scale.now.value - joint if told else math.nan
    compared = divided.baseline.sum() >= _FEWEST_BEFORE
    change, low, high = scale.change() if told and compared else (math.nan,) * 3
    dated = view.times[divided.reported & ~np.isnan(view.times)]
    return Assessment(
        client=view.client,
        name=view.profile.name or view.client,
        start=day(float(dated[0])) if len(dated) else None,
        end=day(float(dated[-1])) if len(dated) else None,
        messages=reported,
        standing=standing,
        change=change,
        change_low=low,
        change_high=high,
        baseline=scale.baseline,
        alert=alert,
        since=_since(findings, changes, troubled=alert or standing < 0),
        findings=findings,
        dimensions=dimensions(view, divided),
        timeline=by_period(view, scale, divided),
        changes=changes,
        stage=stage(view, divided),
        relationship_type=relationship_type(view) if enough else _NO_TYPE,
        rhythm=rhythm(view, divided),
        open_questions=questions,
        unresolved_debates=debates,
        missing_strengths=missing,
        strengths=evidence(view, divided.reported, Polarity.STRENGTH, known),
        evidence=evidence(view, _shown(divided, findings), Polarity.RISK, known, findings),
        advice=advice(view, findings, missing),
        caveats=_caveats(view, questions),
    )


def _ranked(*findings: Finding | None) -> list[Finding]:
    """Return the findings, worst first; of one id the graver."""
    best: dict[str, Finding] = {}
    for finding in sorted((f for f in findings if f), key=lambda f: -f.severity):
        best.setdefault(finding.id, finding)
    return list(best.values())


def _joint(findings: Sequence[Finding]) -> float:
    """Return the severity of all findings together, each a separate reason to worry.

    Silence, late answers and open questions are one reason, seen from three sides; so are a decline
    and what it has come to.
    """
    gravest: dict[str, float] = {}
    for finding in findings:
        reason = _REASONS.get(finding.id, finding.id)
        gravest[reason] = max(gravest.get(reason, 0.0), finding.severity)
    return 1 - math.prod(1 - severity for severity in gravest.values())


_REASONS = {
    "silence": "contact",
    "slower_responses": "contact",
    "our_slower_responses": "contact",
    "unanswered_questions": "contact",
    "decline": "balance",
    "risks_prevail": "balance",
}


def _since(
    findings: Sequence[Finding], changes: Sequence[ChangePoint], *, troubled: bool
) -> date | None:
    """Return when the trouble began, or where there is none when things last turned."""
    if not troubled or not findings:
        return changes[-1].date if changes else None
    since = {finding.id: finding.since for finding in findings if finding.since}
    if "decline" in since:
        return since["decline"]
    first = [since[key] for key in (findings[0].id, "risks_prevail") if key in since]
    return min(first or since.values(), default=None)


def _shown(divided: Windows, findings: Sequence[Finding]) -> np.ndarray:
    """Return where risks are quoted from: in trouble the present, otherwise the whole report."""
    trouble = bool(findings) and (divided.now & divided.reported).any()
    return divided.now & divided.reported if trouble else divided.reported


def _caveats(view: ClientView, questions: Sequence[OpenLoop]) -> list[Said]:
    caveats = []
    if len(view) < TOO_LITTLE:
        caveats.append(Said("too_little", {"n": len(view), "needed": TOO_LITTLE}))
    undated = int(np.isnan(view.times).sum())
    if undated:
        caveats.append(Said("undated", {"n": undated}))
    foreign = view.unjudged
    if foreign.mean() > _FOREIGN_SHARE:
        names = ", ".join(sorted(set(view.messages.loc[foreign, "language"].dropna())))
        share = float(foreign.mean())
        caveats.append(Said("foreign", {"share": share, "languages": names}))
    if view.messages["side"].isna().any():
        caveats.append(Said("sideless"))
    caveats.append(Said("tags_err"))
    if questions:
        caveats.append(Said("answered_elsewhere"))
    return caveats
