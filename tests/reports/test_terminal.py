from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from commsense.reports import portfolio, render_portfolio_terminal, render_terminal, summarise
from commsense.reports.terminal import sparks, track

from .assessments import STORIES, declining, good, recovered, too_little


def _print(renderable: object, width: int = 80) -> str:
    console = Console(width=width, record=True, file=io.StringIO(), color_system=None)
    console.print(renderable)
    return console.export_text()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_nothing_is_wider_than_the_terminal(assessment, width):
    text = _print(render_terminal(summarise(assessment)), width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    rows = portfolio([story() for story in STORIES.values()])
    text = _print(render_portfolio_terminal(rows), width)
    assert max(cell_len(line) for line in text.splitlines()) <= width


def test_no_escape_sequence_of_a_mail_reaches_the_terminal(assessment):
    text = _print(render_terminal(summarise(assessment)))
    assert not set(text) & set("\x1b\x07\x00\u202e\u2066")


def test_a_decline_reads_without_colour():
    text = _print(render_terminal(summarise(declining())))
    assert "▲ Needs attention" in text
    assert "The trouble goes back to 12 June 2025." in " ".join(text.replace("│", "").split())
    assert "!! Missed expectations (serious)" in text
    assert "1. Ask what worries the client" in text
    assert "»promised for Monday" in text
    assert "missed_expectations.1@mail.harbourline.example" in text
    assert "▼ −0.78 worse" in text
    assert "Waiting for us (1)" in text
    assert "8 times the usual gap" in text
    order = [
        text.index(word)
        for word in ("Why", "What to do next", "Nine dimensions", "Strengths and risks over time")
    ]
    assert order == sorted(order)


def test_calm_and_empty_reports_say_so():
    calm = _print(render_terminal(summarise(good())))
    assert "✓ No alarm" in calm
    assert "Nothing stands out." in calm
    empty = _print(render_terminal(summarise(too_little())))
    assert "There is too little to say how the relationship" in empty
    assert "Every strength that is expected was seen" not in empty


def test_the_portfolio_reads_without_colour():
    rows = portfolio([declining(), recovered(), too_little()])
    lines = _print(render_portfolio_terminal(rows)).splitlines()
    first = next(line for line in lines if "Harbourline" in line)
    assert first.lstrip().startswith("!")
    assert "−0.44 strained" in first
    text = "\n".join(lines)
    assert "−0.71 ▼ declining" in text
    assert "▲ recovered" in text
    assert "since 12 Jun" in text
    assert "There is no client" in _print(render_portfolio_terminal([]))


def test_sparks_rise_and_fall_and_show_gaps():
    assert sparks([-1.0, None, 0.0, 1.0]) == "▁·▅█"
    assert len(sparks([0.0] * 40)) == 12


def test_the_track_is_centred_on_zero():
    assert track(None, [None, None], None) == "─" * 10 + "┼" + "─" * 10
    line = track(-0.5, [-0.7, -0.3], 0.4)
    assert line.index("■") == 5
    assert line.index("◇") == 14
    assert len(line) == 21


@pytest.mark.parametrize("language", ["ko", "th"])
def test_advice_in_wide_letters_is_whole_at_every_width(language):
    summary = summarise(declining(), language=language)
    for width in range(60, 100, 3):
        text = "".join(_print(render_terminal(summary, language=language), width).split())
        for step in summary["advice"]:
            assert "".join(step["text"].split()) in text
