"""Assessments as the analysis gives them, one for each story that a report has to tell."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime

from commsense.clients.assessment import (
    Assessment,
    ChangePoint,
    DimensionAssessment,
    Estimate,
    Evidence,
    Finding,
    OpenLoop,
    PeriodValue,
    RelationshipType,
    Rhythm,
    Said,
    Stage,
    Step,
)
from commsense.taxonomy import Polarity, load_taxonomy

DIMENSIONS = tuple(load_taxonomy().dimensions)

GOOD = [0.45, 0.5, 0.48, 0.55, 0.52, 0.57, 0.6, 0.55, 0.58, 0.6, 0.62, 0.6]
DECLINE = [0.4, 0.45, 0.38, 0.42, 0.3, 0.1, -0.05, -0.2, -0.35, -0.3, -0.5, -0.55]
TURNED = [0.4, 0.42, 0.35, -0.05, -0.3, -0.35, -0.2, 0.05, 0.25, 0.35, 0.4, 0.42]


def estimate(value: float, messages: int = 24, width: float = 0.16) -> Estimate:
    return Estimate(value, max(value - width, -1.0), min(value + width, 1.0), messages)


def periods(values: list[float], messages: int = 18) -> list[PeriodValue]:
    return [
        PeriodValue(
            f"2025-{month:02d}",
            date(2025, month, 1),
            estimate(value, messages + (month * 7) % 11),
            strengths=round(messages * (1 + value) / 4),
            risks=round(messages * (1 - value) / 4),
        )
        for month, value in enumerate(values, start=1)
    ]


def dimension(name: str, now: float, baseline: float) -> DimensionAssessment:
    change = now - baseline
    course = [baseline + change * max(0, month - 5) / 6 for month in range(12)]
    return DimensionAssessment(
        dimension=name,
        now=estimate(now),
        baseline=estimate(baseline, 120, 0.07),
        change=change,
        change_low=change - 0.14,
        change_high=change + 0.14,
        client=estimate(now - 0.1, 11),
        provider=estimate(now + 0.08, 13),
        periods=periods(course, 6),
        strengths=12 + round(10 * now),
        risks=7 - round(6 * now),
    )


def evidence(label: str, text: str, words: str, number: int = 1, side: str = "client") -> Evidence:
    start = text.index(words)
    return Evidence(
        message_id=f"{label}.{number}@mail.harbourline.example",
        label=label,
        polarity=load_taxonomy()[label].polarity,
        dimension=load_taxonomy()[label].dimension,
        score=0.93 - number / 50,
        sent_at=datetime(2025, 11, 3 + number, 9, 30, tzinfo=UTC),
        author="maya.ortiz@harbourline.example" if side == "client" else "us@northlight.example",
        side=side,
        text=text,
        start=start,
        end=start + len(words),
    )


def loop(number: int, subject: str, text: str, side: str | None) -> OpenLoop:
    return OpenLoop(
        conversation_id=f"thread-{number}",
        message_id=f"loop.{number}@mail.example",
        subject=subject,
        text=text,
        since=datetime(2025, 11, number, 15, 0, tzinfo=UTC),
        waiting_for=side,
        days=30.0 - number,
    )


def good() -> Assessment:
    stage = [
        (f"2025-{month:02d}", "commitment" if month > 4 else "expansion") for month in range(1, 13)
    ]
    return Assessment(
        client="lumen.example",
        name="Lumen Optics",
        start=date(2025, 1, 4),
        end=date(2025, 12, 19),
        messages=214,
        standing=0.58,
        change=0.04,
        change_low=-0.1,
        change_high=0.18,
        baseline=estimate(0.54, 120),
        alert=False,
        since=None,
        findings=[],
        dimensions=[
            dimension(name, 0.5 + index / 40, 0.48) for index, name in enumerate(DIMENSIONS)
        ],
        timeline=periods(GOOD),
        changes=[],
        stage=Stage("commitment", 0.82, stage),
        relationship_type=RelationshipType(
            "long_term", 0.74, [Said("span", {"n": 214, "days": 349}), Said("pace", {"n": 18})]
        ),
        rhythm=Rhythm(190, 24, 5.2, 3.4, 0.52, 0.47, 1.8, 2.0, 0),
        open_questions=[],
        unresolved_debates=[],
        missing_strengths=[],
        strengths=[
            evidence(
                "courtesy",
                "Thank you for staying late on Thursday so that our launch page went out in time.",
                "Thank you for staying late",
            ),
            evidence(
                "strategic_planning",
                "Let us agree three goals for spring: the catalogue, the fair in Lyon, the news.",
                "agree three goals for spring",
                2,
                side="provider",
            ),
        ],
        evidence=[],
        advice=[],
        caveats=[],
    )


def declining() -> Assessment:
    return replace(
        good(),
        client="harbourline.example",
        name="Harbourline Ferries",
        messages=187,
        standing=-0.44,
        change=-0.71,
        alert=True,
        since=date(2025, 6, 12),
        findings=[
            Finding(
                "missed_expectations",
                0.92,
                date(2025, 6, 12),
                Said(
                    "rising",
                    {
                        "labels": ("missed_expectations",),
                        "count": 18,
                        "n": 61,
                        "share": 18 / 61,
                        "earlier": 4,
                        "n_before": 100,
                        "share_before": 0.04,
                    },
                ),
                ["missed_expectations.1@mail.harbourline.example"],
            ),
            Finding(
                "silence",
                0.55,
                date(2025, 11, 24),
                Said("silence", {"days": 25, "usual": 3}),
            ),
            Finding(
                "unanswered_questions",
                0.4,
                date(2025, 9, 2),
                Said("unanswered", {"count": 5, "threads": 4, "n": 14, "ours": 3}),
                ["loop.4@mail.example"],
            ),
            Finding(
                "missing_strengths",
                0.2,
                None,
                Said("missing", {"labels": ("strategic_planning", "reporting"), "n": 40}),
            ),
        ],
        dimensions=[
            dimension(name, 0.3 - index * 0.13, 0.42 - index * 0.02)
            for index, name in enumerate(DIMENSIONS)
        ],
        timeline=periods(DECLINE),
        changes=[
            ChangePoint(date(2025, 6, 12), "decline", 0.94, 61),
            ChangePoint(date(2025, 10, 28), "decline", 0.71, 19),
        ],
        stage=Stage(
            "dissolution",
            0.77,
            [(f"2025-{m:02d}", "commitment" if m < 8 else "dissolution") for m in range(1, 13)],
        ),
        rhythm=Rhythm(
            mails=171,
            calls=16,
            client_response_h=31.0,
            provider_response_h=12.5,
            client_initiates=0.31,
            client_word_share=0.38,
            usual_gap_days=3.1,
            current_gap_days=25.0,
            interruptions=4,
            client_response_now_h=31.0,
            provider_response_now_h=52.5,
            client_answer_rate=0.41,
            provider_answer_rate=0.35,
            interactivity=3.4,
            client_monologue_s=75.0,
            provider_monologue_s=310.0,
            client_patience_s=0.4,
            provider_patience_s=1.2,
            client_questions=5.0,
            provider_questions=2.5,
        ),
        open_questions=[
            loop(
                4,
                "Re: Timetable pages",
                "Who signs off the winter timetable, and by when?",
                "provider",
            ),
            loop(
                9,
                "Invoice 2207",
                "Could you tell us which item you query on invoice 2207?",
                "client",
            ),
            loop(11, "", "Is there still a budget for the posters?", None),
        ],
        unresolved_debates=[
            replace(
                loop(
                    6,
                    "Who owns the photographs?",
                    "We have said three times that the photographs belong to us. Why say it again?",
                    "provider",
                ),
                lasted_days=12.2,
                about=("photographs", "licence"),
            )
        ],
        missing_strengths=["strategic_planning", "reporting", "knowledge_sharing"],
        strengths=[good().strengths[0]],
        evidence=[
            evidence(
                "missed_expectations",
                "Hello all,\n\nthe timetable was promised for Monday and here we are on Friday "
                "without it. Our captains had to print their own. What happened?\n\nMaya",
                "promised for Monday and here we are on Friday without it",
            ),
            evidence(
                "negative_attitude",
                "Honestly, I have stopped expecting that these dates mean anything.",
                "stopped expecting that these dates mean anything",
                2,
            ),
            evidence(
                "dissolution",
                "Please take this as our notice for the end of March.",
                "our notice",
                3,
            ),
        ],
        advice=[
            Step(
                "listen_to_concern",
                "missed_expectations",
                ["missed_expectations.1@mail.harbourline.example"],
            ),
            Step(
                "answer_open_questions",
                "unanswered_questions",
                ["loop.4@mail.example"],
            ),
            Step(
                "agree_plan",
                "missing_strengths",
            ),
        ],
        caveats=[Said("undated", {"n": 31})],
    )


def recovered() -> Assessment:
    return replace(
        declining(),
        client="orchard.example",
        name="Orchard & Sons",
        standing=0.41,
        change=0.05,
        alert=False,
        since=date(2025, 8, 3),
        findings=[],
        timeline=periods(TURNED),
        changes=[
            ChangePoint(date(2025, 4, 2), "decline", 0.9, 22),
            ChangePoint(date(2025, 8, 3), "recovery", 0.86, 40),
        ],
        dimensions=[dimension(name, 0.4, 0.2) for name in DIMENSIONS],
        open_questions=[],
        unresolved_debates=[],
        advice=[],
    )


def too_little() -> Assessment:
    nothing = Estimate(math.nan, math.nan, math.nan, 0)
    empty = DimensionAssessment(
        "attitude", nothing, nothing, math.nan, math.nan, math.nan, nothing, nothing, [], 0, 0
    )
    return Assessment(
        client="brandnew.example",
        name="",
        start=None,
        end=None,
        messages=3,
        standing=math.nan,
        change=math.nan,
        change_low=math.nan,
        change_high=math.nan,
        baseline=nothing,
        alert=False,
        since=None,
        findings=[],
        dimensions=[empty],
        timeline=[],
        changes=[],
        stage=Stage("exploration", 0.3, []),
        relationship_type=RelationshipType("transactional", math.nan, []),
        rhythm=Rhythm(3, 0, None, None, None, None, None, None, 0),
        open_questions=[],
        unresolved_debates=[],
        missing_strengths=[],
        strengths=[],
        evidence=[],
        advice=[],
        caveats=[Said("too_little", {"n": 3, "needed": 20})],
    )


def multilingual() -> Assessment:
    return replace(
        declining(),
        client="baanrak.example",
        name="บ้านรัก Résidences",
        evidence=[
            evidence(
                "missing_reporting",
                "لم يصلنا تقرير المبيعات منذ شهرين، ونحن ننتظر الأرقام (Q3) قبل الاجتماع.",
                "لم يصلنا تقرير المبيعات",
                1,
            ),
            evidence(
                "withheld_opinion",
                "แล้วแต่ทางคุณเลยค่ะ ทางเราไม่มีความเห็นอะไรเพิ่มเติม",
                "แล้วแต่ทางคุณเลยค่ะ",
                2,
            ),
            evidence(
                "unresolved_debate",
                "같은 이야기를 벌써 세 번째 하고 있습니다. 결론이 나지 않네요.",
                "결론이 나지 않네요",
                3,
            ),
            evidence(
                "unclear_communication",
                "Je n’ai pas compris votre dernier message : quelle date, et pour qui ?",
                "Je n’ai pas compris",
                4,
            ),
        ],
    )


BIDI = "\u202egnp.exe\u202c \u2066hidden\u2069"
HOSTILE_TEXT = (
    "<script>document.title='owned'</script><img src=x onerror=alert(1)> "
    f'javascript:alert(1) "><svg onload=alert(2)> {{{{ 7*7 }}}} {BIDI} \x1b[31mred\x07\x00 \ud800 '
    "https://evil.example/track.png | `code` **bold** [link](javascript:alert(3)) =cmd()"
)


def hostile() -> Assessment:
    bad = HOSTILE_TEXT
    words = Said("main_writer", {"who": bad, "share": 0.5})
    item = Evidence(
        message_id="<x>\"'&id",
        label="poor_etiquette",
        polarity=Polarity.RISK,
        dimension="etiquette",
        score=0.9,
        sent_at=None,
        author=bad,
        side="client",
        text=bad,
        start=0,
        end=60,
    )
    long_text = "x" * 6_000 + " the deciding words " + "y" * 4_000
    long_item = evidence("vulgar_language", long_text, "the deciding words", 5)
    outside = replace(item, message_id="out-of-range", start=500_000, end=500_010)
    unknown = replace(
        item,
        label="own_label_of_a_user",
        polarity=Polarity.NEUTRAL,
        dimension=None,
        message_id="own",
        start=5,
        end=5,
    )
    open_loop = OpenLoop("c", bad, bad, bad * 30, None, "provider", math.nan)
    return replace(
        declining(),
        client='=HYPERLINK("http://evil.example")',
        name=bad,
        findings=[Finding("silence", 0.9, None, words, ["<x>\"'&id"])],
        advice=[Step("follow_up", bad, [bad])],
        evidence=[item, long_item, outside, unknown],
        strengths=[item],
        open_questions=[open_loop],
        unresolved_debates=[open_loop],
        missing_strengths=[bad],
        relationship_type=RelationshipType(bad, 0.5, [words]),
        stage=Stage(bad, 0.5, [("2025-01", bad)]),
        caveats=[words, Said("foreign", {"share": 0.5, "languages": "W" * 400})],
    )


STORIES = {
    story.__name__: story
    for story in (good, declining, recovered, too_little, multilingual, hostile)
}
