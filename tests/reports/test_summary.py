from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date

import jsonschema
import pandas as pd
import pytest

from commsense.clients.assessment import ChangePoint, Finding, Said
from commsense.reports import (
    SCHEMA_VERSION,
    load_schema,
    portfolio,
    render_json,
    render_portfolio_json,
    summarise,
)
from commsense.reports.summary import level, trend
from commsense.reports.views import judge, judged_words, period_words, since_words
from commsense.reports.words import load_words

from .assessments import HOSTILE_TEXT, STORIES, declining, good, hostile, recovered, too_little

INTERFACE_KEYS = {
    "client",
    "period",
    "messages",
    "standing",
    "alert",
    "dimensions",
    "changes",
    "stage",
    "relationship_type",
    "open_questions",
    "unresolved_debates",
    "missing_strengths",
    "evidence",
    "advice",
    "caveats",
}


def test_every_story_is_valid_against_the_schema(assessment):
    schema = load_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    summary = json.loads(render_json(summarise(assessment)))
    assert [error.message for error in validator.iter_errors(summary)] == []


def test_the_schema_refuses_a_report_without_evidence():
    summary = summarise(good())
    del summary["evidence"]
    with pytest.raises(jsonschema.ValidationError, match="evidence"):
        jsonschema.validate(summary, load_schema())


def test_the_schema_and_the_code_speak_of_the_same_version():
    schema = load_schema()
    assert schema["properties"]["schema_version"]["const"] == SCHEMA_VERSION
    assert SCHEMA_VERSION in schema["$id"]


def test_the_documented_keys_are_there(assessment):
    assert set(summarise(assessment)) >= INTERFACE_KEYS


def test_the_story_of_a_decline():
    summary = summarise(declining())
    assert summary["alert"] is True
    assert summary["since"] == "2025-06-12"
    assert summary["verdict"]["level"] == "strained"
    assert summary["verdict"]["trend"] == "declining"
    assert "Harbourline Ferries" in summary["verdict"]["sentence"]
    assert summary["changes"][0] == {
        "date": "2025-06-12",
        "direction": "decline",
        "probability": 0.94,
        "messages": 61,
    }
    assert summary["reasons"][0] == "missed_expectations"
    assert summary["dimensions"]["attitude"]["by_side"]["client"]["value"] == -0.58


def test_spans_point_at_the_deciding_words():
    for item in summarise(declining())["evidence"]:
        start, end = item["span"]
        assert item["text"][start:end] in {
            "promised for Monday and here we are on Friday without it",
            "stopped expecting that these dates mean anything",
            "our notice",
        }


def test_impossible_spans_are_none_and_offsets_survive_lone_surrogates():
    summary = summarise(hostile())
    first, long_item, outside, unknown = summary["evidence"]
    assert outside["span"] is None
    assert unknown["span"] is None
    assert unknown["polarity"] == "neutral"
    assert len(first["text"]) == len(HOSTILE_TEXT)
    assert "\ud800" not in first["text"]
    start, end = long_item["span"]
    assert long_item["text"][start:end] == "the deciding words"


def test_unknown_figures_are_none():
    summary = summarise(too_little())
    attitude = summary["dimensions"]["attitude"]
    assert attitude["value"] is None
    assert attitude["interval"] == [None, None]
    assert summary["relationship_type"]["confidence"] is None
    assert summary["period"] == {"start": None, "end": None}
    assert summary["name"] == "brandnew.example"


def test_a_dimension_that_no_message_speaks_of_has_no_value():
    course = [replace(one, strengths=0, risks=0) for one in good().dimensions[0].periods]
    silent = replace(good().dimensions[0], strengths=0, risks=0, periods=course)
    summary = summarise(replace(good(), dimensions=[silent]))
    communication = summary["dimensions"]["communication"]
    assert communication["value"] is None
    assert communication["by_side"]["client"]["value"] is None
    assert communication["baseline"]["value"] is None
    assert {period["value"] for period in communication["periods"]} == {None}
    assert judge(communication) == "unsure"


def test_a_dimension_that_is_no_longer_spoken_of_says_since_when():
    nothing = too_little().dimensions[0].now
    course = [replace(one, strengths=0, risks=0) for one in good().dimensions[0].periods]
    course[5] = good().dimensions[0].periods[5]
    quiet = replace(good().dimensions[0], now=nothing, periods=course)
    found = summarise(replace(good(), dimensions=[quiet]))["dimensions"]["communication"]
    assert found["value"] is None
    assert found["periods"][5]["value"] is not None
    assert judged_words(found, load_words()) == "no sign since Jun 2025"


def test_a_single_day_is_no_span():
    words = load_words()
    summary = summarise(good())
    assert period_words(summary, words, words.day) == "4 Jan 2025 to 19 Dec 2025"
    summary = summarise(replace(good(), end=good().start))
    assert period_words(summary, words, words.day) == "4 Jan 2025"


def test_an_unknown_pandas_time_is_none():
    item = replace(declining().evidence[0], sent_at=pd.NaT)
    summary = summarise(replace(declining(), evidence=[item]))
    assert summary["evidence"][0]["sent_at"] is None


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (0.8, "good"),
        (0.3, "good"),
        (0.29, "mixed"),
        (0.0, "mixed"),
        (-0.2, "strained"),
        (-0.9, "poor"),
    ],
)
def test_level_follows_the_standing(standing, expected):
    assert level(replace(good(), standing=standing)) == expected


@pytest.mark.parametrize(
    ("change", "directions", "margin", "expected"),
    [
        (-0.3, [], 0.4, "steady"),  # nothing says that it is more than chance
        (-0.3, [], 0.2, "unknown"),  # another balance than before, and yet it never turned
        (-0.3, ["decline"], 0.2, "declining"),
        (0.05, ["decline"], 0.2, "steady"),
        (0.05, ["decline", "recovery"], 0.2, "recovered"),
        (0.05, ["recovery", "decline"], 0.2, "steady"),
        (0.4, ["recovery"], 0.2, "improving"),
        (0.05, [], 0.02, "steady"),
        (math.nan, [], 0.0, "unknown"),  # nothing to compare with
    ],
)
def test_trend_follows_what_is_more_than_chance(change, directions, margin, expected):
    changes = [
        ChangePoint(date(2025, 3 + index, 1), direction, 0.9, 20)
        for index, direction in enumerate(directions)
    ]
    story = replace(good(), change=change, change_low=change - margin, change_high=change + margin)
    for alert in (True, False):
        assert trend(replace(story, changes=changes, alert=alert)) == expected


@pytest.mark.parametrize(
    ("standing", "before", "said"),
    [
        (-0.9, -0.8, "is in trouble, as it has been for some time."),
        (-0.9, 0.7, "is in trouble."),
        (-0.9, -0.3, "is in trouble."),
        (-0.3, -0.8, "is strained, as it has been for some time."),
        (-0.3, 0.0, "is strained."),
        (0.0, 0.6, "is mixed."),
        (0.0, 0.2, "is mixed and steady."),
        (0.6, 0.5, "is good and steady."),
    ],
)
def test_only_what_was_no_better_before_goes_on(standing, before, said):
    story = replace(good(), standing=standing, baseline=replace(good().baseline, value=before))
    assert summarise(story)["verdict"]["sentence"] == f"The relationship with Lumen Optics {said}"


def test_where_there_is_no_earlier_time_the_sentence_says_so():
    nan = math.nan
    story = replace(good(), standing=-0.9, change=nan, change_low=nan, change_high=nan)
    summary = summarise(story)
    assert summary["change"] is None
    assert summary["verdict"]["trend"] == "unknown"
    assert summary["verdict"]["sentence"] == (
        "The relationship with Lumen Optics is in trouble. "
        "There is no earlier time to compare with."
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"standing": -0.9, "since": date(2025, 7, 30)}, "The trouble goes back to 30 July 2025."),
        ({"alert": True, "since": date(2025, 7, 30)}, "The trouble goes back to 30 July 2025."),
        (
            {"alert": True, "since": date(2025, 7, 30), "changes": recovered().changes},
            "Better since 3 August 2025.",
        ),
    ],
)
def test_since_when_is_said_of_trouble_and_of_recovery(changed, said):
    assert since_words(summarise(replace(good(), **changed)), load_words()) == said


def test_a_period_without_any_sign_has_no_value():
    course = good().timeline
    quiet = [replace(course[0], strengths=0, risks=0), *course[1:]]
    values = portfolio([replace(good(), timeline=quiet)])[0]["timeline"]
    assert values[0] is None
    assert None not in values[1:]


def test_a_finding_of_decline_is_a_decline():
    finding = Finding("decline", 0.6, date(2025, 5, 1), "Fewer strengths, more risks.")
    assert trend(replace(good(), findings=[finding])) == "declining"


def test_a_short_period_with_findings_gets_its_verdict():
    assert level(replace(declining(), messages=9)) == "strained"


def test_few_messages_get_no_verdict():
    assert level(too_little()) == trend(too_little()) == "unknown"
    assert "too little to say" in summarise(too_little())["verdict"]["sentence"]


def test_every_level_and_trend_has_its_sentence():
    for standing in (0.8, 0.0, -0.3, -0.9):
        for changes in ([], recovered().changes, recovered().changes[1:]):
            for findings in (
                [],
                [Finding("decline", 0.6, None, Said("debates", {"count": 1, "n": 2}))],
            ):
                story = replace(good(), standing=standing, changes=changes, findings=findings)
                assert "Lumen Optics" in summarise(story)["verdict"]["sentence"]


def test_portfolio_keeps_the_order_and_says_who_needs_attention():
    rows = portfolio([declining(), recovered(), good()])
    assert [row["client"] for row in rows] == [
        "harbourline.example",
        "orchard.example",
        "lumen.example",
    ]
    assert [row["alert"] for row in rows] == [True, False, False]
    assert rows[0]["since"] == "2025-06-12"
    assert rows[0]["reasons"] == [
        "missed_expectations",
        "silence",
        "unanswered_questions",
        "missing_strengths",
    ]
    assert rows[2]["since"] is None
    assert rows[2]["reasons"] == []
    assert len(rows[0]["timeline"]) == 12


def test_reasons_name_each_finding_once():
    twice = replace(declining(), findings=[declining().findings[0]] * 2)
    assert summarise(twice)["reasons"] == ["missed_expectations"]


def test_every_story_can_be_written_as_json():
    rows = portfolio([story() for story in STORIES.values()])
    assert json.loads(render_portfolio_json(rows)) == rows
