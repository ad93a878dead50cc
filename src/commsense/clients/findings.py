"""Reasons to look at a client: what its labels show against its own past and the portfolio."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from scipy.special import bdtr, bdtrc, ndtr

from commsense.clients.assessment import ChangePoint, Finding, Said
from commsense.clients.changes import (
    MIN_PROBABILITY,
    Signal,
    drop,
    has_baseline,
    probability_of,
)
from commsense.clients.dimensions import Scale
from commsense.clients.periods import DAY_S, Bools, Ints, day, seconds
from commsense.clients.view import VULGAR, ClientView
from commsense.clients.windows import Windows, recent_start
from commsense.taxonomy import Label, Polarity

EXPECTED_STRENGTHS = (
    "strategic_planning",
    "reporting",
    "knowledge_sharing",
    "opinion_sharing",
    "clear_communication",
    "positive_attitude",
)
"""What every good working relationship shows within a quarter, whatever the trade."""
_QUARTER_DAYS = 91.0
_MISSING_MESSAGES = 30
"""Messages in the quarter below which nothing can be said to be missing."""
_MISSING_P = 0.05
"""Chance of so few messages with a strength, were it as frequent as expected."""
_RISE_P = 0.002
"""Chance of so many messages with a risk at the client's own rate; some 20 risks are tested."""
_RISE_FEWEST = 4
_LEAVING_P = 0.05
_LEAVING_SURE = 0.6
"""Probability that at least one of the messages does speak of leaving."""
_SHOWN = 5
_DROP_ALERT = 2.2
"""Standard errors that recent messages must be worse by. With :data:`_SURE` it keeps alerts on a
steady client to about one in two years (benchmarks/detection.py)."""
_DROP_RANGE = 2.0
"""Standard errors beyond that over which a drop becomes as grave as a sure change."""
_SURE = 0.975
"""Probability from which on a dated change alone calls for somebody to act."""
_MILD, _GRAVE, _GRAVEST = 0.3, 0.5, 0.9
"""Severity of a change that is barely reported, of one that alerts, of one beyond doubt."""


def decline(
    view: ClientView, windows: Windows, changes: Sequence[ChangePoint], found: Signal
) -> Finding | None:
    """Find that things are worse now than in this client's own past."""
    if changes:
        last = changes[-1]
        if last.direction == "recovery":
            return None
        severity = _severity(last.probability)
        return _decline(view, seconds(last.date), last.probability, severity)
    if not len(found):
        return None
    start = recent_start(found.times)
    depth = drop(found, found.times >= start)
    if depth < _DROP_ALERT or not has_baseline(found, start):
        return None
    beyond = min((depth - _DROP_ALERT) / _DROP_RANGE, 1.0)
    severity = _GRAVE + (_GRAVEST - _GRAVE) * beyond
    return _decline(view, start, probability_of(float(ndtr(-depth))), severity)


def _severity(probability: float) -> float:
    """Return how grave a change is by how sure it is."""
    if probability < _SURE:
        share = (probability - MIN_PROBABILITY) / (_SURE - MIN_PROBABILITY)
        return _MILD + (_GRAVE - _MILD) * share * 0.99
    return _GRAVE + (_GRAVEST - _GRAVE) * (probability - _SURE) / (1 - _SURE)


def _decline(view: ClientView, start: float, probability: float, severity: float) -> Finding:
    after = view.times >= start
    past = ~np.isnan(view.times) & ~after
    since = day(start)
    said = Said(
        "decline",
        {
            "since": since or "",
            "n": int(after.sum()),
            "strengths": _share(view.strengths > 0, after),
            "strengths_before": _share(view.strengths > 0, past),
            "risks": _share(view.risks > 0, after),
            "risks_before": _share(view.risks > 0, past),
            "probability": probability,
        },
    )
    first_signs = _pointed(view, after & (view.risks > 0))[:_SHOWN]
    return Finding("decline", severity, since, said, _ids(view, first_signs))


def _pointed(view: ClientView, risky: Bools) -> Ints:
    """Return the places of risks to point at: those that were raised, where any was."""
    telling = np.flatnonzero(risky & view.telling)
    return telling if len(telling) else np.flatnonzero(risky)


def _share(holds: Bools, chosen: Bools) -> float:
    return float(holds[chosen].mean()) if chosen.any() else 0.0


def _ids(view: ClientView, places: Iterable[int]) -> list[str]:
    return [str(view.ids[i]) for i in places]


def rising_risks(view: ClientView, windows: Windows) -> list[Finding]:
    """Find the risks that are more frequent now than this client's own rate."""
    risks = view.taxonomy.select(polarity=Polarity.RISK)
    found = [_rising(view, windows, label) for label in risks if view.weight(label) > 0]
    return [finding for finding in found if finding is not None]


def _rising(view: ClientView, windows: Windows, label: Label) -> Finding | None:
    carrying = view.carrying(label.id)
    now, past = windows.now, windows.baseline
    count, n = int((carrying & now).sum()), int(now.sum())
    earlier, past_n = int((carrying & past).sum()), int(past.sum())
    if count < _RISE_FEWEST or past_n < _MISSING_MESSAGES or count * past_n <= earlier * n:
        return None
    # The client's own rate is itself uncertain: Beta around it, drawn towards the portfolio's.
    a = earlier + _PRIOR * view.usual[label.id]
    b = past_n - earlier + _PRIOR * (1 - view.usual[label.id])
    # Imported here: loading it takes half a second that reading mail need not wait for.
    from scipy.stats import betabinom

    p = float(betabinom.sf(count - 1, n, a, b))
    if p > _RISE_P:
        return None
    said = Said(
        "rising",
        {
            "labels": (label.id,),
            "count": count,
            "n": n,
            "share": count / n,
            "earlier": earlier,
            "n_before": past_n,
            "share_before": earlier / past_n,
        },
    )
    severity = _VULGAR_SEVERITY if label.id == VULGAR else _RISE_SEVERITY
    return _labelled(view, label.id, severity, said, carrying & now)


_PRIOR = 10.0
_RISE_SEVERITY = 0.35
_VULGAR_SEVERITY = 0.1


def _labelled(
    view: ClientView, label: str, severity: float, said: Said, carrying: Bools
) -> Finding:
    places = [int(i) for i in np.flatnonzero(carrying)]
    column = view.column[label]
    best = sorted(places, key=lambda i: (not view.raised[i, column], -view.scores[i, column]))
    shown = sorted(best[:_SHOWN])
    return Finding(label, severity, day(float(view.times[places[0]])), said, _ids(view, shown))


def prevailing_risks(view: ClientView, windows: Windows, scale: Scale) -> Finding | None:
    """Find that risks outweigh strengths now, whether it was ever better or not."""
    now = scale.now
    if now.high >= 0 or now.value > _PREVAILING or not windows.now.any():
        return None
    risky = windows.now & (view.risks > 0)
    strong = windows.now & (view.strengths > 0)
    said = Said("prevail", {"risks": int(risky.sum()), "strengths": int(strong.sum())})
    shown = _pointed(view, risky)[:_SHOWN]
    return Finding("risks_prevail", _GRAVE, _prevail_since(view, risky), said, _ids(view, shown))


def _prevail_since(view: ClientView, risky: Bools) -> date | None:
    """Return since when risks prevail: as far back as they go on and outweigh the strengths."""
    dated = np.flatnonzero(~np.isnan(view.times))
    risks = dated[view.risks[dated] > 0]
    if not len(risks) or not risky.any():
        return None
    pauses = np.flatnonzero(np.diff(view.times[risks]) > _PAUSE_DAYS * DAY_S)
    course = dated[dated >= (risks[pauses[-1] + 1] if len(pauses) else risks[0])]
    # The stretch up to now in which risks exceed strengths the most (a cumulative sum).
    back = course[::-1]
    start = back[int(np.cumsum((view.risks - view.strengths)[back]).argmax())]
    return day(float(min(view.times[start], np.nanmin(view.times[risky]))))


_PAUSE_DAYS = 91.0
"""A quarter without any risk ends a trouble; what comes later is another."""
_PREVAILING = -0.3
"""Balance from which on risks prevail; a relationship that is merely mixed stays above."""


def leaving(view: ClientView, windows: Windows) -> Finding | None:
    """Find cues of a client that leaves, more than stray tags would give."""
    label = view.taxonomy["dissolution"]
    recent = _recent(view, _QUARTER_DAYS) & windows.reported
    carrying = view.carrying(label.id) & recent
    count, n = int(carrying.sum()), int(recent.sum())
    if not count or view.weight(label) == 0:
        return None
    scores = view.scores[carrying, view.column[label.id]]
    any_true = 1 - float(np.prod(1 - scores))
    stray = float(bdtrc(count - 1, n, _STRAY_RATE))
    plain = float(scores.max()) >= _PLAIN_NOTICE
    too_little = n < _LEAVING_FEWEST or any_true < _LEAVING_SURE or stray > _LEAVING_P
    if not plain and too_little:
        return None
    said = Said("leaving", {"count": count, "n": n})
    return _labelled(view, label.id, min(any_true, _LEAVING_MOST), said, carrying)


_STRAY_RATE = 0.005
"""False alarms of a tagger on this rare label, per message; the model cards give the figures."""
_LEAVING_FEWEST = 5
"""Messages of a quarter below which only plain notice counts."""
_PLAIN_NOTICE = 0.75
"""Probability of a single message that is notice enough, in however many messages it stands."""
_LEAVING_MOST = 0.95


def _recent(view: ClientView, days: float) -> Bools:
    """Return the messages of the client's own last days: silence is another finding."""
    if np.isnan(view.times).all():
        return np.full(len(view), True)
    return view.times >= float(np.nanmax(view.times)) - days * DAY_S


def missing_strengths(view: ClientView) -> list[str]:
    """Return the strengths that are expected and, over a quarter, absent.

    A strength is expected as often as in this client's own past or, drawn towards it, in the
    portfolio; it is missing where so few messages with it would be a rare chance.
    """
    recent = _recent(view, _QUARTER_DAYS)
    n = int(recent.sum())
    if n < _MISSING_MESSAGES:
        return []
    return [label for label in EXPECTED_STRENGTHS if _is_missing(view, label, recent, n)]


def _is_missing(view: ClientView, label: str, recent: Bools, n: int) -> bool:
    if view.weight(view.taxonomy[label]) == 0:
        return False
    carrying = view.carrying(label)
    usual = view.usual[label]
    past = ~recent & ~np.isnan(view.times)
    own = (carrying[past].sum() + _MISSING_MESSAGES * usual) / (past.sum() + _MISSING_MESSAGES)
    count = int(carrying[recent].sum())
    expected = max(usual, float(own))
    return count <= _ABSENT * expected * n and float(bdtr(count, n, expected)) <= _MISSING_P


_ABSENT = 0.25
"""Share of the expected messages up to which a strength counts as absent: tags err."""


def missing_finding(view: ClientView, missing: Sequence[str]) -> Finding | None:
    """Find that expected strengths are absent."""
    if not missing:
        return None
    n = int(_recent(view, _QUARTER_DAYS).sum())
    start = float(np.nanmax(view.times)) - _QUARTER_DAYS * DAY_S if n < len(view) else np.nan
    said = Said("missing", {"labels": tuple(missing), "n": n})
    severity = min(0.6, 0.15 * len(missing))
    return Finding("missing_strengths", severity, day(start), said)


def withholding(view: ClientView, windows: Windows) -> Finding | None:
    """Find that opinions are asked for in vain, thread after thread."""
    threads = view.conversations
    held_back = threads[threads["withheld_opinion"].astype(bool)]
    recent = _recent(view, _LOOK_BACK_DAYS) & windows.reported
    ids = set(view.ids[recent])
    shown = [key for keys in held_back["withheld_messages"] for key in keys if key in ids]
    talks = view.messages.loc[recent, "conversation_id"].nunique()
    share = len(shown) / max(talks, 1)
    if len(shown) < _WITHHELD_FEWEST or share < _WITHHELD_SHARE:
        return None
    said = Said("withheld", {"count": len(shown), "n": talks})
    first = min(view.times[view.place[key]] for key in shown)
    return Finding("withheld_opinion", min(0.6, 0.3 + share), day(first), said, shown[-_SHOWN:])


_LOOK_BACK_DAYS = 365.0
"""Views are seldom asked for: in half a year there may be one."""
_WITHHELD_FEWEST = 3
_WITHHELD_SHARE = 0.05
