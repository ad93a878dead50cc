from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from commsense.clients.assessment import RelationshipType
from commsense.reports import render_markdown, summarise
from commsense.reports.markdown import escape
from commsense.reports.text import one_line

from .assessments import declining, multilingual, too_little

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for token in READER.parse(text):
        found += [token, *(token.children or [])]
    return found


def test_hostile_mail_makes_no_markup(assessment):
    kinds = {token.type for token in _tokens(render_markdown(summarise(assessment)))}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "s_open", "fence"}


def test_the_headings_stand_in_order():
    text = render_markdown(summarise(declining()))
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings[:5] == [
        "# Harbourline Ferries",
        "## Why",
        "## What to do next",
        "## Nine dimensions against the client’s own baseline",
        "## Strengths and risks over time",
    ]


def test_quotes_carry_their_words_and_message():
    text = render_markdown(summarise(declining()))
    assert "> Please take this as **our notice** for the end of March." in text
    assert "`dissolution.3@mail.harbourline.example`" in text
    assert "**Needs attention.** The relationship" in text


def test_every_dimension_has_a_row():
    tokens = _tokens(render_markdown(summarise(declining())))
    assert sum(token.type == "table_open" for token in tokens) == 2
    rows = sum(token.type == "tr_open" for token in tokens)
    assert rows == 1 + 9 + 1 + 12


def test_marks_work_in_every_script():
    text = render_markdown(summarise(multilingual()))
    bold = [
        tokens[1].content
        for tokens in zip(_tokens(text), _tokens(text)[1:], strict=False)
        if tokens[0].type == "strong_open"
    ]
    assert {"لم يصلنا تقرير المبيعات", "แล้วแต่ทางคุณเลยค่ะ", "결론이 나지 않네요"} <= set(bold)


def test_too_little_data_says_so():
    text = render_markdown(summarise(too_little()))
    assert "There is too little to judge" in text or "too little to say" in text
    assert "no dated messages" in text


def test_too_little_data_shows_no_standing_and_names_no_type():
    nothing = replace(too_little(), relationship_type=RelationshipType("unknown", math.nan, []))
    page = render_markdown(summarise(nothing))
    assert "- Standing: –\n- Against its own baseline: –\n" in page
    assert "- Type: **Unknown**\n" in page


@given(st.text(max_size=80))
def test_escaped_text_reads_as_it_was(text):
    tokens = READER.parse(f"> {escape(text)}")
    inline = [token for token in tokens if token.type == "inline"]
    shown = "".join(child.content for token in inline for child in token.children or [])
    assert shown == one_line(text)
    assert {token.type for token in tokens} <= {
        "blockquote_open",
        "paragraph_open",
        "inline",
        "paragraph_close",
        "blockquote_close",
    }
