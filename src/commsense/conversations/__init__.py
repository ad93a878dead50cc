"""Conversations: what only the thread or the call as a whole can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from commsense.conversations.answer_model import shipped_answer_model
from commsense.conversations.answers import Left, likely_open, unanswered_turns
from commsense.conversations.debate_model import shipped_debate_model
from commsense.conversations.debates import Debate, find_debates
from commsense.conversations.elsewhere import Elsewhere
from commsense.conversations.interruptions import interruption_labels, interruptions
from commsense.conversations.opinions import Withheld, find_withheld
from commsense.conversations.question_model import shipped_question_model, with_questions
from commsense.conversations.rhythm import answer_rate, client_word_share, response_hours
from commsense.conversations.signs import asked_in
from commsense.conversations.talk import talk
from commsense.conversations.threads import Thread, Turn, threads
from commsense.conversations.view_model import shipped_view_model
from commsense.office import OfficeHours
from commsense.schema import CONVERSATIONS, frame

__all__ = ["OfficeHours", "find_conversations", "interruption_labels"]

_ALIKE: Final[Mapping[str, OfficeHours]] = MappingProxyType({})


def find_conversations(
    messages: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    authors: pd.DataFrame | None = None,
    office: OfficeHours | None = None,
    office_of: Mapping[str, OfficeHours] = _ALIKE,
) -> pd.DataFrame:
    """Find debates, open questions, withheld opinions, interruptions and rhythm of each thread.

    Parameters
    ----------
    messages, labels : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES` and :data:`commsense.schema.LABELS`.
    authors : pandas.DataFrame, optional
        Who writes for which side, where these messages are a part of more; see
        :func:`commsense.ingest.collecting.authors_of`.
    office : OfficeHours, optional
        Hours that count for response times; Monday to Friday, 9 to 18 UTC where left out.
    office_of : mapping of str to OfficeHours
        Those of the clients that keep others.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`commsense.schema.CONVERSATIONS`, one row a conversation, oldest first.
    """
    usual = office or OfficeHours()
    found = list(threads(messages, labels, authors))
    elsewhere = Elsewhere(found)
    rows = [
        row
        for first in range(0, len(found), _AT_ONCE)
        for row in _rows(found[first : first + _AT_ONCE], elsewhere, usual, office_of)
    ]
    table = frame(CONVERSATIONS, rows)
    return table.sort_values(["started_at", "conversation_id"], ignore_index=True)


_AT_ONCE = 256  # threads; what is computed of their texts would fill the memory else


def _rows(
    some: Sequence[Thread],
    elsewhere: Elsewhere,
    usual: OfficeHours,
    office_of: Mapping[str, OfficeHours],
) -> Iterator[dict[str, Any]]:
    """Yield the rows of some threads, and drop what was computed of their texts."""
    read = with_questions(some, shipped_question_model())
    asked = [one for thread in read for one in asked_in(thread)]
    left = likely_open(asked, shipped_answer_model())
    debates = find_debates(read, shipped_debate_model(), elsewhere)
    withheld = find_withheld(read, asked, shipped_view_model(), elsewhere)
    for thread, debate, held_back in zip(read, debates, withheld, strict=True):
        office = office_of.get(thread.client or "", usual)
        yield _row(thread, debate, held_back, left, elsewhere, office)
        for turn in thread.turns:
            turn.forget()


def _row(
    thread: Thread,
    debate: Debate | None,
    withheld: Sequence[Withheld],
    left: Left,
    elsewhere: Elsewhere,
    office: OfficeHours,
) -> dict[str, Any]:
    unanswered = _unanswered(thread, left, elsewhere, withheld)
    interrupting = (
        [turn.id for turn, _ in interruptions(thread)] if thread.channel == "call" else []
    )
    return {
        "conversation_id": thread.id,
        "client": thread.client,
        "channel": thread.channel,
        "subject": next((turn.subject for turn in thread.turns if turn.subject), ""),
        **_times(thread),
        "messages": len(thread.turns),
        "had_debate": debate is not None,
        "unresolved_debate": debate is not None and not debate.resolved,
        "debate_messages": list(debate.messages) if debate else [],
        "withheld_opinion": bool(withheld),
        "withheld_messages": list(dict.fromkeys(one.by.id for one in withheld)),
        "unanswered": [turn.id for turn in unanswered],
        "interruptions": len(interrupting),
        "interruption_messages": interrupting,
        "client_response_h": response_hours(thread, "client", office),
        "provider_response_h": response_hours(thread, "provider", office),
        "client_answer_rate": answer_rate(thread, "client", office),
        "provider_answer_rate": answer_rate(thread, "provider", office),
        "client_word_share": client_word_share(thread),
        **talk(thread),
        "initiated_by": thread.turns[0].side,
        "waiting_for": _waiting_for(thread, unanswered, debate),
    }


def _unanswered(
    thread: Thread, left: Left, elsewhere: Elsewhere, withheld: Sequence[Withheld]
) -> list[Turn]:
    """Return the turns with an open question; a view that was evaded is withheld, and not open."""
    evaded = {(one.asked, text) for one in withheld if one.evaded for text in one.words}
    return [
        turn
        for turn, asked in unanswered_turns(thread, left, elsewhere)
        if any((turn, question.text) not in evaded for question in asked)
    ]


def _times(thread: Thread) -> dict[str, Any]:
    known = [turn.time for turn in thread.turns if turn.time == turn.time]
    if not known:
        return {"started_at": None, "ended_at": None}
    return {
        "started_at": pd.Timestamp(min(known), unit="s", tz="UTC"),
        "ended_at": pd.Timestamp(max(known), unit="s", tz="UTC"),
    }


def _waiting_for(thread: Thread, unanswered: list[Turn], debate: Debate | None) -> str | None:
    """Return whose turn it is: of an open question, else of a debate that was left open."""
    last = unanswered[-1] if unanswered else None
    if last is None and debate is not None and not debate.resolved:
        last = next((turn for turn in reversed(thread.turns) if not turn.inward), None)
    if last is None or last.side is None:
        return None
    return "provider" if last.side == "client" else "client"
