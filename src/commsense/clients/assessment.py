"""What the analysis says of one client: plain data, ready to be summarised and rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from commsense.schema import Side
from commsense.taxonomy import Polarity

Direction = Literal["decline", "recovery"]
Grain = Literal["week", "month", "quarter"]


SaidValue = int | float | str | date | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence before it is put into words, which the reports do in the reader's language.

    Attributes
    ----------
    key : str
        Which sentence, see ``[said]`` in the reports' language files.
    filled : dict
        What to fill in: an int is a number, a float a share from 0 to 1, a tuple lists labels.
    """

    key: str
    filled: dict[str, SaidValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 90 % interval and the number of messages behind it.

    Attributes
    ----------
    value, low, high : float
        From -1 (only risks) to +1 (only strengths); NaN where none of the messages tells.
    messages : int
    """

    value: float
    low: float
    high: float
    messages: int


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """An estimate for one period; ``period`` as ``2025-03``, ``2025-W10`` or ``2025-Q1``.

    ``strengths`` and ``risks`` count its messages that carry at least one.
    """

    period: str
    starts_on: date
    estimate: Estimate
    strengths: int
    risks: int


@dataclass(frozen=True, slots=True)
class DimensionAssessment:
    """One of the nine dimensions.

    Attributes
    ----------
    dimension : str
    now : Estimate
        Over the recent part of the reported period.
    baseline : Estimate
        Over this client's own earlier messages.
    change, change_low, change_high : float
        Now minus baseline with its 90 % interval.
    client, provider : Estimate
        ``now`` by who wrote.
    periods : list of PeriodValue
    strengths, risks : int
        Messages in the whole reported period that carry a strength, or a risk.
    """

    dimension: str
    now: Estimate
    baseline: Estimate
    change: float
    change_low: float
    change_high: float
    client: Estimate
    provider: Estimate
    periods: list[PeriodValue]
    strengths: int
    risks: int


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A date at which the relationship turned, with the probability that it did."""

    date: date
    direction: Direction
    probability: float
    messages: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A message that shows a label; ``start`` to ``end`` decide, as characters of ``text``."""

    message_id: str
    label: str
    polarity: Polarity
    dimension: str | None
    score: float
    sent_at: datetime | None
    author: str
    side: Side | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OpenLoop:
    """A question or debate that was left open.

    Attributes
    ----------
    conversation_id, message_id, subject, text : str
        Of a debate the last message that takes a position.
    since : datetime or None
        When it began.
    waiting_for : str or None
        The side whose turn it is.
    days : float or None
        Days between ``since`` and the last message known of the client.
    lasted_days : float or None
        Days between a debate's first and last message; None of a question.
    about : tuple of str
        Words that both sides of a debate use.
    """

    conversation_id: str
    message_id: str
    subject: str
    text: str
    since: datetime | None
    waiting_for: Side | None
    days: float | None
    lasted_days: float | None = None
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to look at a client, worst first in a report.

    Attributes
    ----------
    id : str
        A label id, or one of ``silence``, ``unanswered_questions``, ``slower_responses`` (the
        client's), ``our_slower_responses``, ``missing_strengths``, ``decline``.
    severity : float
        From 0 to 1; orders the findings.
    since : date or None
    said : Said
        One sentence with the figures.
    message_ids : list of str
        The messages that show it.
    """

    id: str
    severity: float
    since: date | None
    said: Said
    message_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next, a step of ``advice.toml``, and because of which finding."""

    id: str
    because: str
    message_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stage:
    """The life-cycle stage now, how sure, and the stage period by period."""

    stage: str
    confidence: float
    history: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """The kind of relationship and the reasons for it."""

    type: str
    confidence: float
    reasons: list[Said]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How the two sides keep in touch over the reported period; None where unknown.

    Attributes
    ----------
    mails, calls : int
    client_response_h, provider_response_h : float or None
        Median office hours until a side answers.
    client_initiates, client_word_share : float or None
        Shares from 0 to 1.
    usual_gap_days, current_gap_days : float or None
    interruptions : int
    client_response_now_h, provider_response_now_h : float or None
        The response times of late: since the last change, or over the last weeks.
    client_answer_rate, provider_answer_rate : float or None
        Share of the other side's mails that a side answers within two office days.
    interactivity : float or None
        Speaker changes a minute; this and what follows is of the median call.
    client_monologue_s, provider_monologue_s : float or None
        Longest monologue in seconds.
    client_patience_s, provider_patience_s : float or None
        Pause before a side answers the other, in seconds.
    client_questions, provider_questions : float or None
        Questions that a side asks in a call.
    """

    mails: int
    calls: int
    client_response_h: float | None
    provider_response_h: float | None
    client_initiates: float | None
    client_word_share: float | None
    usual_gap_days: float | None
    current_gap_days: float | None
    interruptions: int
    client_response_now_h: float | None = None
    provider_response_now_h: float | None = None
    client_answer_rate: float | None = None
    provider_answer_rate: float | None = None
    interactivity: float | None = None
    client_monologue_s: float | None = None
    provider_monologue_s: float | None = None
    client_patience_s: float | None = None
    provider_patience_s: float | None = None
    client_questions: float | None = None
    provider_questions: float | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that is said of one client.

    Attributes
    ----------
    client, name : str
    start, end : date or None
        First and last day of the reported period.
    messages : int
    standing : float
        From -1 to +1; NaN where there is too little to say.
    change, change_low, change_high : float
        The balance now minus that of this client's own baseline with its 90 % interval; NaN where
        there is no earlier time to compare with.
    baseline : Estimate
        Balance of this client's own earlier messages.
    alert : bool
        True where somebody should act.
    since : date or None
        When the present trouble, or change, began.
    timeline : list of PeriodValue
        Standing period by period.
    missing_strengths : list of str
        Labels of strengths that are expected and absent.
    """

    client: str
    name: str
    start: date | None
    end: date | None
    messages: int
    standing: float
    change: float
    change_low: float
    change_high: float
    baseline: Estimate
    alert: bool
    since: date | None
    findings: list[Finding]
    dimensions: list[DimensionAssessment]
    timeline: list[PeriodValue]
    changes: list[ChangePoint]
    stage: Stage
    relationship_type: RelationshipType
    rhythm: Rhythm
    open_questions: list[OpenLoop]
    unresolved_debates: list[OpenLoop]
    missing_strengths: list[str]
    strengths: list[Evidence]
    evidence: list[Evidence]
    advice: list[Step]
    caveats: list[Said]
