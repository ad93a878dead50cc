from __future__ import annotations

import re
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from commsense.clients.advice import practices
from commsense.clients.assessment import Said
from commsense.errors import UsageError
from commsense.reports.words import languages, load_words
from commsense.taxonomy import load_taxonomy

WORDS = load_words()
OTHERS = [language for language in languages() if language != "en"]
CLIENTS = Path(str(files("commsense.clients")))
SOURCES = [
    path
    for path in Path(str(files("commsense.reports"))).rglob("*")
    if path.suffix in {".py", ".j2"}
]


def test_figures_read_well():
    assert WORDS.signed(0.316) == "+0.32"
    assert WORDS.signed(-0.5) == "−0.50"
    assert WORDS.signed(-0.001) == "0.00"
    assert WORDS.signed(None) == "–"
    assert WORDS.signed(0.0049) == "0.00"
    assert [WORDS.tick(value) for value in (-1.0, -0.5, 0.0, 0.25)] == ["−1", "−0.5", "0", "+0.25"]
    assert WORDS.percent(0.936) == "94%"
    assert WORDS.count("messages", 1) == "1 message"
    assert WORDS.count("messages", 12_000) == "12,000 messages"


def test_a_figure_in_a_sentence_has_its_noun_in_the_right_number():
    assert WORDS.say(Said("pace", {"n": 1})) == "about 1 message a month"
    assert WORDS.say(Said("pace", {"n": 1_200})) == "about 1,200 messages a month"
    assert WORDS.say(Said("span", {"n": 1, "days": 2})) == "1 message over 2 days"
    assert load_words("fr").say(Said("span", {"n": 2, "days": 1})) == "2 messages en 1 jour"


@pytest.mark.parametrize(
    ("language", "said", "sentence"),
    [
        (
            "en",
            Said("leaving", {"count": 1, "n": 1}),
            "Leaving or cooling is spoken of in 1 of 1 message of the last quarter.",
        ),
        (
            "en",
            Said("slower", {"hours": 1, "n": 1, "hours_before": 0}),
            "The client’s answers take 1 office hour (median of 1 thread), against 0 before.",
        ),
        (
            "en",
            Said("unanswered", {"count": 1, "threads": 1, "n": 1, "ours": 1}),
            "Questions that were never answered: 1, in 1 of 1 thread; waiting for us: 1.",
        ),
        (
            "en",
            Said("withheld", {"count": 1, "n": 1}),
            "Opinions were asked for and not given: 1, among 1 thread.",
        ),
        (
            "fr",
            Said("leaving", {"count": 1, "n": 1}),
            "Il est question de partir ou de prendre ses distances dans 1 message sur 1 "
            "au cours des trois derniers mois.",
        ),
        (
            "fr",
            Said("slower", {"hours": 1, "n": 1, "hours_before": 0}),
            "Les réponses du client prennent 1 heure ouvrée (médiane de 1 échange), "
            "contre 0 avant.",
        ),
    ],
)
def test_one_is_no_plural(language, said, sentence):
    assert load_words(language).say(said) == sentence


def test_a_probability_never_claims_to_be_certain():
    assert WORDS.probability(0.94) == "94%"
    assert WORDS.probability(0.999) == WORDS.probability(1.0) == "over 99%"
    assert WORDS.probability(None) == "–"
    assert WORDS.percent(1.0) == "100%"
    said = Said("decline", dict.fromkeys(("strengths", "strengths_before", "risks"), 1.0))
    said.filled.update(risks_before=1.0, probability=1.0, n=20, since=date(2025, 6, 12))
    assert "(probability of a change over 99%)" in WORDS.say(said)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.5, "30 min"),
        (3.25, "3.2 h"),
        (4.0, "4 h"),
        (31.0, "31 h"),
        (60.0, "2.5 days"),
        (None, "–"),
    ],
)
def test_times_come_in_the_unit_that_reads_best(hours, said):
    assert WORDS.hours(hours) == said


def test_decimals_are_written_as_the_language_writes_them():
    french = load_words("fr")
    assert french.signed(-0.316) == "−0,32"
    assert french.interval([0.1, 0.32]) == "+0,10 … +0,32"
    assert french.tick(0.5) == "+0,5"
    assert french.hours(3.25) == "3,2 h"
    assert french.hours(60.0) == "2,5 jours"


def test_dates_and_periods():
    assert WORDS.date("2025-06-12") == "12 June 2025"
    assert WORDS.date("2025-06-12T09:30:00+00:00") == "12 June 2025"
    assert WORDS.date(None) == "unknown"
    assert WORDS.day("2025-06-12") == "12 Jun 2025"
    assert WORDS.period("2025-03") == "Mar 2025"
    assert WORDS.period("2025-W07") == "week 7 of 2025"
    assert WORDS.period("2025-Q4") == "Q4 2025"
    assert WORDS.period("2025-13") == "2025-13"


def test_labels_have_names_even_those_of_a_user():
    assert WORDS.label("vulgar_language") == load_taxonomy()["vulgar_language"].name
    assert WORDS.label("attitude") == "Attitude"
    assert WORDS.label("slower_responses") == "Slower responses"
    assert WORDS.label("scope_creep") == "Scope creep"
    assert WORDS.named("type", "self-service") == "Self-service"
    assert WORDS.named("type", "dedicated personal assistance") == "Dedicated personal assistance"


def test_an_unknown_language_is_told():
    with pytest.raises(UsageError, match="expected one of ar, en, fr, ko, th"):
        load_words("xx")


def test_every_key_in_code_and_templates_has_words():
    used = {
        key
        for path in SOURCES
        for key in re.findall(
            r"""\b(?:w|words)\(\s*["']([a-z_]+\.[a-z_]+)["']\s*[,)]""", path.read_text()
        )
    }
    assert len(used) > 60
    assert used <= set(WORDS.entries)


def test_no_words_are_left_over():
    code = "\n".join(path.read_text() for path in SOURCES)
    # Sections whose keys are put together at run time from the data.
    composed = {
        "verdict",
        "level",
        "trend",
        "section",
        "short",
        "severity",
        "finding",
        "stage",
        "type",
        "count",
        "said",
        "step",
    }
    unused = [
        key
        for key in WORDS.entries
        if key.split(".")[0] not in composed
        and key not in code
        and not re.search(
            rf"""["']{key.split(".")[0]}\.[a-z_]*["'] *[~+]|f"{key.split(".")[0]}\.""", code
        )
        and f'"{key.split(".")[1]}"' not in code
    ]
    assert unused == []


def test_sentences_are_put_into_words():
    said = Said(
        "decline",
        {
            "since": date(2025, 6, 12),
            "n": 1_200,
            "strengths": 0.1,
            "strengths_before": 0.35,
            "risks": 0.4,
            "risks_before": 0.051,
            "probability": 0.97,
        },
    )
    assert WORDS.say(said) == (
        "Since 12 Jun 2025 strengths stand in 10% of 1,200 messages against 35% before, "
        "risks in 40% against 5% (probability of a change 97%)."
    )
    french = load_words("fr").say(said)
    assert french.startswith("Depuis le 12 juin 2025, des atouts figurent dans 10")
    listed = Said("missing", {"labels": ("reporting", "courtesy"), "n": 40})
    assert "reporting, courtesy" in WORDS.say(listed)
    assert "보고, 배려" in load_words("ko").say(listed)


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)(?::\w+)?\}", text))


def plain_keys(entries) -> set[str]:
    return {key for key in entries if not key.startswith(("count.", "label."))}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_everything(language):
    entries = load_words(language).entries
    assert plain_keys(entries) == plain_keys(WORDS.entries)
    wrong = [
        key for key in plain_keys(entries) if places(entries[key]) != places(WORDS.entries[key])
    ]
    assert wrong == []
    nouns = {noun for text in entries.values() for noun in re.findall(r"\{\w+:(\w+)\}", text)}
    assert all(f"count.{noun}_other" in entries for noun in nouns)
    taxonomy = load_taxonomy()
    named = {key.removeprefix("label.") for key in entries if key.startswith("label.")}
    assert named == {*taxonomy.ids, *taxonomy.dimensions}
    assert not {key for key, text in entries.items() if not text.strip()}


@pytest.mark.parametrize("language", languages())
def test_every_count_has_the_plural_forms_of_its_language(language):
    words = load_words(language)
    counted = {key.removesuffix("_other") for key in WORDS.entries if key.startswith("count.")}
    counted = {key.removeprefix("count.") for key in counted if not key.endswith("_one")}
    for key in counted:
        for n in (0, 1, 2, 3, 10, 11, 25, 100, 1_000, 1_000_000):
            assert words.count(key, n)
    assert load_words("ar").count("messages", 2) == "رسالتان"


def test_whole_days_have_the_plural_of_the_language():
    arabic = load_words("ar")
    assert arabic.days(2) == "يومان"
    assert arabic.days(5) == f"{arabic.count('days', 5)}"
    assert "أيام" in arabic.days(5)
    assert load_words("en").days(40.4) == "40 days"
    assert load_words("en").days(120.54) == "121 days"


@pytest.mark.parametrize("language", OTHERS)
def test_dates_are_those_of_the_language(language):
    words = load_words(language)
    assert "2025" in words.date("2025-06-12")
    assert words.date("2025-06-12") != WORDS.date("2025-06-12")
    assert words.period("2025-03") != "2025-03"
    assert words.period("2025-W07") != WORDS.period("2025-W07")


def test_every_step_and_sentence_of_the_analysis_has_words():
    steps = {f"step.{practice.id}" for practice in practices()}
    assert steps == {key for key in WORDS.entries if key.startswith("step.")}
    code = "\n".join(path.read_text() for path in CLIENTS.rglob("*.py"))
    said = {f"said.{key}" for key in re.findall(r'Said\(\s*"(\w+)"', code)}
    assert said == {key for key in WORDS.entries if key.startswith("said.")}


def test_the_package_exports_what_it_names():
    package = sys.modules["commsense.reports"]
    assert all(hasattr(package, name) for name in package.__all__)
