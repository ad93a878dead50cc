"""How the two sides keep in touch, and when a client fell silent or slow."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.special import bdtr

from commsense.clients.assessment import Finding, Rhythm, Said
from commsense.clients.periods import DAY_S, Floats, day
from commsense.clients.view import ClientView
from commsense.clients.windows import Windows

_FEWEST_DAYS = 8
"""Days with messages below which a client has no rhythm of its own yet."""
_LONG_GAP = 3.0
"""A silence is this many times the gap that only one in ten of the client's own gaps exceeds."""
_SHORTEST_SILENCE_DAYS = 21.0
_ENDED_DAYS = 400.0
"""After so long the relationship has ended: worth knowing, too late to act on."""
_ENDED_SEVERITY = 0.3
_SLOWER = 2.0
_FEWEST_ANSWERS = 5
_SLOWER_P = 0.01


def rhythm(view: ClientView, windows: Windows) -> Rhythm:
    """Measure a client's rhythm over the reported messages."""
    threads = view.conversations
    reported = windows.reported
    first = view.times[reported & ~np.isnan(view.times)]
    if len(first) and len(threads):
        started = threads["ended_at"].isna() | (threads["ended_at"] >= _stamp(first.min()))
        threads = threads[started]
    gaps = _gaps(view.times)
    return Rhythm(
        mails=int((reported & ~view.calls).sum()),
        calls=int(view.messages.loc[reported & view.calls, "conversation_id"].nunique()),
        client_response_h=_median(threads["client_response_h"]),
        provider_response_h=_median(threads["provider_response_h"]),
        client_initiates=_share(threads["initiated_by"]),
        client_word_share=_median(threads["client_word_share"]),
        usual_gap_days=float(np.median(gaps)) if len(gaps) else None,
        current_gap_days=current_gap(view.times, view.end),
        interruptions=int(threads["interruptions"].sum()),
    )


def _stamp(seconds: float) -> pd.Timestamp:
    return pd.Timestamp(seconds, unit="s", tz="UTC")


def _median(values: pd.Series) -> float | None:
    known = values.dropna().astype("float64")
    return float(known.median()) if len(known) else None


def _share(initiators: pd.Series) -> float | None:
    known = initiators.dropna()
    return float((known == "client").mean()) if len(known) else None


def _gaps(times: Floats) -> Floats:
    """Return the days between the days on which there were messages."""
    days: Floats = np.unique(np.floor(times[~np.isnan(times)] / DAY_S))
    return np.diff(days)


def current_gap(times: Floats, end: float) -> float | None:
    """Return the days since the last message, None where no time is known."""
    known = times[~np.isnan(times)]
    return (end - float(known.max())) / DAY_S if len(known) else None


def silence(view: ClientView) -> Finding | None:
    """Find a gap far above the client's own rhythm, of both sides or of the client's side."""
    sides = (view.times[view.sides == "client"], view.times)
    found = [silent for times in sides if (silent := _silent(times, view.end)) is not None]
    if not found:
        return None
    gap, usual, last = max(found)
    longer = math.log2(gap / usual / _LONG_GAP) if gap > usual * _LONG_GAP else 0.0
    severity = _ENDED_SEVERITY if gap > _ENDED_DAYS else min(0.9, 0.5 + 0.1 * longer)
    said = Said("silence", {"days": round(gap), "usual": round(usual)})
    places = np.flatnonzero(view.times == last)
    return Finding("silence", severity, day(last), said, [str(view.ids[i]) for i in places[:1]])


def _silent(times: Floats, end: float) -> tuple[float, float, float] | None:
    gaps = _gaps(times)
    current = current_gap(times, end)
    if len(gaps) < _FEWEST_DAYS or current is None:
        return None
    usual = max(float(np.quantile(gaps, 0.9)), 1.0)
    if current < max(_LONG_GAP * usual, _SHORTEST_SILENCE_DAYS):
        return None
    return current, usual, float(np.nanmax(times))


def fading(view: ClientView) -> Finding | None:
    """Find that the client writes and calls far less often than it used to."""
    times = _contacts(view)
    start = view.end - _FADING_DAYS * DAY_S
    if not len(times) or start - times[0] < _FADING_PAST_DAYS * DAY_S:
        return None
    now, past = int((times >= start).sum()), int((times < start).sum())
    earlier_days = (start - float(times[0])) / DAY_S
    expected = past / earlier_days * _FADING_DAYS
    # Were the rate unchanged, the contacts would fall to both stretches by their lengths.
    p = float(bdtr(now, now + past, _FADING_DAYS / (_FADING_DAYS + earlier_days)))
    if now > _FADING_SHARE * expected or p > _FADING_P:
        return None
    said = Said("fading", {"count": now, "expected": round(expected)})
    return Finding("silence", _FADING_SEVERITY, day(start), said)


def _contacts(view: ClientView) -> Floats:
    """Return when the client wrote each mail and took part in each call, in order."""
    rows = (view.sides == "client") & ~np.isnan(view.times)
    talk = view.messages["conversation_id"].astype(object).to_numpy(object)
    keys = np.where(view.calls, talk, view.ids)[rows]
    _, first = np.unique(keys.astype(str), return_index=True)
    return np.sort(view.times[rows][first])


_FADING_DAYS = 182.0
"""Half a year: shorter stretches hold holidays and quiet seasons."""
_FADING_PAST_DAYS = 120.0
_FADING_SHARE = 0.4
_FADING_P = 0.005
_FADING_SEVERITY = 0.5


def slower_responses(view: ClientView, windows: Windows) -> Finding | None:
    """Find that the client's answers take at least twice as long as before."""
    threads = view.conversations
    answered = threads[threads["client_response_h"].notna() & threads["ended_at"].notna()]
    if math.isnan(windows.starts) or math.isinf(windows.starts):
        return None
    late = answered["started_at"] >= _stamp(windows.starts)
    now, past = answered.loc[late, "client_response_h"], answered.loc[~late, "client_response_h"]
    if min(len(now), len(past)) < _FEWEST_ANSWERS or now.median() < _SLOWER * past.median():
        return None
    # Imported here: loading it takes half a second that reading mail need not wait for.
    from scipy.stats import mannwhitneyu

    p = float(mannwhitneyu(now, past, alternative="greater").pvalue)
    if p > _SLOWER_P:
        return None
    said = Said(
        "slower",
        {"hours": round(now.median()), "n": len(now), "hours_before": round(past.median())},
    )
    return Finding("slower_responses", _SLOWER_SEVERITY, day(windows.starts), said)


_SLOWER_SEVERITY = 0.3
