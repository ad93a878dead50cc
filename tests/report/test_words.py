from __future__ import annotations

import re
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from commsense.errors import UsageError
from commsense.report.words import load_words
from commsense.taxonomy import load_taxonomy

WORDS = load_words()
SOURCES = [
    path
    for path in Path(str(files("commsense.report"))).rglob("*")
    if path.suffix in {".py", ".j2"}
]


def test_figures_read_well():
    assert WORDS.signed(0.316) == "+0.32"
    assert WORDS.signed(-0.5) == "−0.50"
    assert WORDS.signed(-0.001) == "0.00"
    assert WORDS.signed(None) == "–"
    assert WORDS.percent(0.936) == "94\N{NO-BREAK SPACE}%"
    assert WORDS.count("messages", 1) == "1 message"
    assert WORDS.count("messages", 12_000) == "12,000 messages"


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
    with pytest.raises(UsageError, match="expected one of en"):
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


def test_the_package_exports_what_it_names():
    package = sys.modules["commsense.report"]
    assert all(hasattr(package, name) for name in package.__all__)
