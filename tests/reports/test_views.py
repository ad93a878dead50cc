from __future__ import annotations

import pytest

from commsense.reports import render_html, render_markdown, summarise
from commsense.reports.views import debate_course, rhythm_figures
from commsense.reports.words import languages, load_words

from .assessments import declining, good, too_little

WORDS = load_words("en")


def figures(assessment) -> dict[str, str]:
    return dict(rhythm_figures(summarise(assessment)["rhythm"], WORDS))


def test_response_times_are_office_hours_and_say_how_it_is_of_late():
    shown = figures(declining())
    assert shown["We answer within (office hours)"] == "12 h, of late 52 h"
    assert shown["The client answers within (office hours)"] == "31 h"


def test_calls_have_their_measures():
    shown = figures(declining())
    assert shown["Calls: speaker changes a minute"] == "3.4"
    assert shown["Calls: the client’s longest monologue"] == "75 s"
    assert shown["Calls: our longest monologue"] == "5 min"
    assert shown["Calls: pause before the client answers"] == "0.4 s"
    assert shown["Calls: questions we ask"] == "2.5"
    assert shown["The client’s mails we answer within two office days"] == "35%"


def test_without_calls_nothing_is_said_of_them():
    assert not any(name.startswith("Calls") for name in figures(too_little()))


def test_a_debate_tells_how_long_it_went_on_and_over_what():
    (debate,) = summarise(declining())["unresolved_debates"]
    assert debate_course(debate, WORDS) == ["went on for 12 days", "about: photographs, licence"]
    question = summarise(declining())["open_questions"][0]
    assert debate_course(question, WORDS) == []


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("render", [render_html, render_markdown])
def test_every_page_shows_them_in_every_language(render, language):
    summary, words = summarise(declining(), language=language), load_words(language)
    page = render(summary, language=language).replace("&#39;", "'")
    for name, _ in rhythm_figures(summary["rhythm"], words):
        assert name in page
    for part in debate_course(summary["unresolved_debates"][0], words):
        assert part in page


def test_what_is_not_known_of_calls_is_a_dash():
    assert figures(good())["Calls: our longest monologue"] == "–"
