"""How the two sides keep in touch, and when a client fell silent or slow."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
import pandas as pd
from scipy.special import bdtr

from commsense.clients.assessment import Finding, Rhythm, Said, SaidValue
from commsense.clients.periods import DAY_S, Floats, day
from commsense.clients.view import ClientView
from commsense.clients.windows import Windows
from commsense.schema import Side

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
    calls = threads[threads["channel"] == "call"]
    late = _recent(threads, windows)
    theirs = view.times[view.sides == "client"]
    gaps = _gaps(theirs)
    return Rhythm(
        mails=int((reported & ~view.calls).sum()),
        calls=int(view.messages.loc[reported & view.calls, "conversation_id"].nunique()),
        client_response_h=_median(threads["client_response_h"]),
        provider_response_h=_median(threads["provider_response_h"]),
        client_initiates=_share(threads["initiated_by"]),
        client_word_share=_median(threads["client_word_share"]),
        usual_gap_days=float(np.median(gaps)) if len(gaps) else None,
        current_gap_days=current_gap(theirs, view.end),
        interruptions=int(threads["interruptions"].sum()),
        client_response_now_h=_median(late["client_response_h"]),
        provider_response_now_h=_median(late["provider_response_h"]),
        # A thread holds a few mails: the median of such shares would be 0, a half or 1.
        client_answer_rate=_mean(threads["client_answer_rate"]),
        provider_answer_rate=_mean(threads["provider_answer_rate"]),
        **{name: _median(calls[name]) for name in _OF_CALLS},
    )


_OF_CALLS = (
    "interactivity",
    "client_monologue_s",
    "provider_monologue_s",
    "client_patience_s",
    "provider_patience_s",
    "client_questions",
    "provider_questions",
)


def _recent(threads: pd.DataFrame, windows: Windows) -> pd.DataFrame:
    """Return the threads that began now; none where no time is known."""
    if not math.isfinite(windows.starts):
        return threads.iloc[:0]
    return threads[threads["started_at"] >= _stamp(windows.starts)]


def _stamp(seconds: float) -> pd.Timestamp:
    return pd.Timestamp(seconds, unit="s", tz="UTC")


def _median(values: pd.Series) -> float | None:
    known = values.dropna().astype("float64")
    return float(known.median()) if len(known) else None


def _mean(values: pd.Series) -> float | None:
    known = values.dropna().astype("float64")
    return float(known.mean()) if len(known) else None


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


def slower_responses(view: ClientView, windows: Windows, side: Side) -> Finding | None:
    """Find that a side's answers take at least twice as long as before, and hours longer."""
    column = f"{side}_response_h"
    threads = view.conversations
    answered = threads[threads[column].notna() & threads["ended_at"].notna()]
    recent = _recent(answered, windows)
    now, past = recent[column], answered[column].drop(recent.index)
    if min(len(now), len(past)) < _FEWEST_ANSWERS:
        return None
    if now.median() < max(_SLOWER * past.median(), past.median() + _SLOWER_HOURS):
        return None
    # Imported here: loading it takes half a second that reading mail need not wait for.
    from scipy.stats import mannwhitneyu

    p = float(mannwhitneyu(now, past, alternative="greater").pvalue)
    if p > _SLOWER_P:
        return None
    hours: dict[str, SaidValue] = {
        "hours": round(now.median()),
        "n": len(now),
        "hours_before": round(past.median()),
    }
    ours = side == "provider"
    said = Said("our_slower", hours) if ours else Said("slower", hours)
    finding = "our_slower_responses" if ours else "slower_responses"
    shown = _answers(view, side, set(recent.nlargest(_SHOWN, column)["conversation_id"]))
    return Finding(finding, _SLOWER_SEVERITY, day(windows.starts), said, shown)


_SHOWN = 3
_SLOWER_HOURS = 4.0
"""Half a working day: an hour more or less says nothing, however many times the usual it is."""


def _answers(view: ClientView, side: Side, threads: Collection[str]) -> list[str]:
    """Return the first message of a side in each of some threads that the other side began."""
    rows = view.messages[view.messages["conversation_id"].isin(threads)]
    since = rows["side"].ne(side).groupby(rows["conversation_id"]).cummax()
    answers = rows[since & rows["side"].eq(side)].drop_duplicates("conversation_id")
    return [str(key) for key in answers["id"]]


_SLOWER_SEVERITY = 0.3
