"""Open loops: questions and debates that nobody brought to an end, and what they amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from commsense.clients.assessment import Finding, OpenLoop, Said
from commsense.clients.periods import DAY_S, day
from commsense.clients.view import ClientView
from commsense.clients.windows import Windows
from commsense.conversations.terms import terms
from commsense.conversations.texts import normalise
from commsense.schema import Side

LOOK_BACK_DAYS = 180.0
"""Older questions are history, not something to close."""
_DEBATE_LOOK_BACK_DAYS = 365.0
"""A debate does not lapse by itself: what was left undecided last winter still is."""
_GRACE_DAYS = 3.0
"""A question or debate younger than this may still be answered."""
_FEWEST = 3
"""Loops of one kind below which they are listed without being a finding."""
_SHOWN_CHARS = 280


def open_questions(view: ClientView, windows: Windows) -> list[OpenLoop]:
    """Return the unanswered questions of the reported period, newest first."""
    threads = view.conversations
    rows = [
        (key, conversation, subject)
        for keys, conversation, subject in _columns(threads, "unanswered")
        for key in keys
    ]
    return _loops(view, windows, rows)


def unresolved_debates(view: ClientView, windows: Windows) -> list[OpenLoop]:
    """Return the debates of the reported period without an end, newest first."""
    threads = view.conversations
    left = threads[threads["unresolved_debate"].astype(bool)]
    debated = {
        conversation: [view.place[key] for key in keys if key in view.place]
        for keys, conversation, _ in _columns(left, "debate_messages")
    }
    rows = [
        (keys[-1], conversation, subject)
        for keys, conversation, subject in _columns(left, "debate_messages")
        if len(keys)
    ]
    return _newest_first(
        _whole(view, loop, debated[loop.conversation_id]) for loop in _loops(view, windows, rows)
    )


def _whole(view: ClientView, loop: OpenLoop, places: Sequence[int]) -> OpenLoop:
    """Return a debate's last message with when the debate began, how long it went on, over what."""
    sent = view.messages["sent_at"].iloc[list(places)].dropna()
    about = _shared_words(view, places)
    if loop.days is None or sent.empty:
        return replace(loop, about=about)
    began = sent.min()
    days = (view.end - began.timestamp()) / DAY_S
    return replace(
        loop,
        since=began.to_pydatetime(),
        days=days,
        lasted_days=days - loop.days,
        about=about,
    )


def _shared_words(view: ClientView, places: Sequence[int]) -> tuple[str, ...]:
    """Return the words that both sides use, most frequent first; none of unspaced writing."""
    used: dict[str, set[str | None]] = {}
    times: Counter[str] = Counter()
    written: dict[str, str] = {}
    for place, text in zip(places, view.messages["text"].iloc[list(places)], strict=True):
        said = {stem: word for word in normalise(text).split() for stem in _stem(word)}
        times.update(said.keys())
        written = {**said, **written}
        for stem in said:
            used.setdefault(stem, set()).add(view.sides[place])
    shared = [stem for stem, _ in times.most_common() if len(used[stem] - {None}) > 1]
    return tuple(written[stem] for stem in shared[:_MOST_WORDS])


def _stem(word: str) -> frozenset[str]:
    stems = terms(word)
    return stems if len(stems) == 1 else frozenset()


_MOST_WORDS = 3


def _columns(threads: pd.DataFrame, name: str) -> Iterator[tuple[list[str], str, str]]:
    return zip(threads[name], threads["conversation_id"], threads["subject"], strict=True)


def _loops(
    view: ClientView, windows: Windows, rows: Sequence[tuple[str, str, str]]
) -> list[OpenLoop]:
    places = view.place
    found = [
        _loop(view, places[key], conversation, subject)
        for key, conversation, subject in rows
        if key in places and windows.reported[places[key]]
    ]
    return _newest_first(found)


def _newest_first(loops: Iterable[OpenLoop]) -> list[OpenLoop]:
    return sorted(loops, key=lambda loop: (loop.days is None, _quiet_days(loop) or 0.0))


def _quiet_days(loop: OpenLoop) -> float | None:
    """Return the days since the last message of it."""
    return None if loop.days is None else loop.days - (loop.lasted_days or 0.0)


def _loop(view: ClientView, i: int, conversation: str, subject: str) -> OpenLoop:
    sent = view.messages["sent_at"].iloc[i]
    days = (view.end - view.times[i]) / DAY_S
    return OpenLoop(
        conversation_id=conversation,
        message_id=str(view.ids[i]),
        subject=subject or "",
        text=_shortened(view.messages["text"].iloc[i]),
        since=None if pd.isna(sent) else sent.to_pydatetime(),
        waiting_for=_other(view.sides[i]),
        days=None if np.isnan(days) else float(days),
    )


def _other(side: str | None) -> Side | None:
    if side is None:
        return None
    return "provider" if side == "client" else "client"


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN_CHARS else flat[: _SHOWN_CHARS - 1] + "…"


def unanswered_finding(view: ClientView, loops: Sequence[OpenLoop]) -> Finding | None:
    """Find that a fair share of the recent threads left a question open."""
    counted = _counted(loops, LOOK_BACK_DAYS)
    threads = int(_recent(view, view.conversations, LOOK_BACK_DAYS).sum())
    open_threads = len({loop.conversation_id for loop in counted})
    share = open_threads / max(threads, 1)
    if open_threads < _FEWEST or share < _QUESTION_SHARE:
        return None
    ours = sum(loop.waiting_for == "provider" for loop in counted)
    said = Said(
        "unanswered", {"count": len(counted), "threads": open_threads, "n": threads, "ours": ours}
    )
    severity = min(0.8, 0.3 + share)
    return _finding("unanswered_questions", severity, said, counted)


def debate_finding(view: ClientView, loops: Sequence[OpenLoop]) -> Finding | None:
    """Find that debates do not come to an end."""
    counted = _counted(loops, _DEBATE_LOOK_BACK_DAYS)
    threads = view.conversations
    recent = _recent(view, threads, _DEBATE_LOOK_BACK_DAYS)
    debates = int((threads["had_debate"].astype(bool) & recent).sum())
    share = len(counted) / max(debates, 1)
    of_all = len(counted) / max(int(recent.sum()), 1)
    if len(counted) < _FEWEST or share < _DEBATE_SHARE or of_all < _DEBATES_OF_THREADS:
        return None
    said = Said("debates", {"count": len(counted), "n": debates})
    severity = min(_DEBATE_GRAVEST, 0.35 + 0.05 * len(counted) + of_all)
    return _finding("unresolved_debate", severity, said, counted)


_QUESTION_SHARE = 0.5
"""Share of threads with an open question: half of those that are found are none
(docs/threads.md), and every client has some."""
_DEBATE_SHARE = 0.5
_DEBATE_GRAVEST = 0.75
"""Who argues still talks: notice of leaving is graver."""
_DEBATES_OF_THREADS = 0.08
"""Share of all threads: where tags err, some debates are none."""


def _counted(loops: Sequence[OpenLoop], days: float) -> list[OpenLoop]:
    quiet = ((loop, _quiet_days(loop)) for loop in loops)
    return [loop for loop, past in quiet if past is not None and _GRACE_DAYS <= past <= days]


def _recent(view: ClientView, threads: pd.DataFrame, days: float) -> pd.Series:
    ended = threads["ended_at"]
    if np.isnan(view.end):
        return ended.isna()
    return ended >= pd.Timestamp(view.end - days * DAY_S, unit="s", tz="UTC")


def _finding(key: str, severity: float, said: Said, loops: Sequence[OpenLoop]) -> Finding:
    oldest = min((loop.since for loop in loops if loop.since), default=None)
    since = day(oldest.timestamp()) if oldest else None
    return Finding(key, severity, since, said, [loop.message_id for loop in loops])
