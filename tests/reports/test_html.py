from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from commsense.errors import UsageError
from commsense.reports import portfolio, render_html, render_portfolio_html, summarise
from commsense.reports.views import stage_runs
from commsense.reports.words import languages, load_words

from .assessments import STORIES, declining, good, hostile, multilingual, recovered, too_little

VOID = {"meta", "br", "img", "input", "link", "hr"}
ALLOWED = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "nav",
        "main",
        "section",
        "footer",
    ),
    *(
        "h1",
        "h2",
        "h3",
        "p",
        "a",
        "bdi",
        "div",
        "span",
        "strong",
        "time",
        "code",
        "mark",
        "blockquote",
    ),
    *("dl", "dt", "dd", "ul", "ol", "li", "figure", "figcaption", "details", "summary"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("svg", "desc", "line", "rect", "circle", "polygon", "polyline", "text"),
}


class Page(HTMLParser):
    """The elements of a page, and whether they close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def _report(story, **options) -> Page:
    return Page(render_html(summarise(story()), **options))


def test_pages_are_well_formed_and_hold_only_our_elements(assessment):
    page = Page(render_html(summarise(assessment)))
    assert page.open == []
    assert {tag for tag, _ in page.elements} <= ALLOWED
    for _, attributes in page.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in {"style", "src"}
        ]


def test_links_stay_inside_the_page_and_lead_somewhere(assessment):
    page = Page(render_html(summarise(assessment)))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for link in page.all("a"):
        assert link["href"].startswith("#")
        assert link["href"][1:] in ids


def test_the_policy_allows_our_style_and_nothing_else():
    text = render_html(summarise(good()))
    policy = next(
        meta["content"]
        for meta in Page(text).all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    )
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_no_file_names_anything_of_the_network(assessment):
    text = render_html(summarise(assessment))
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_sections_stand_in_the_order_of_need():
    page = _report(declining)
    assert [section["id"] for section in page.all("section")] == [
        "why",
        "advice",
        "dimensions",
        "timeline",
        "loops",
        "evidence",
        "strengths",
        "missing",
        "rhythm",
        "stage",
        "caveats",
    ]


def test_headings_and_landmarks_serve_a_screen_reader():
    page = _report(declining, link_back="index.html")
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3"}]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(heading.get("scope") in {"col", "row"} for heading in page.all("th"))
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in page.all("svg"))
    assert page.all("html")[0] == {"lang": "en", "dir": "ltr"}
    assert all(quote["dir"] == "auto" for quote in page.all("blockquote"))


def test_the_decline_is_told_first():
    text = render_html(summarise(declining()))
    assert "strained and getting worse" in text
    assert "The trouble goes back to 12 June 2025." in text
    assert text.index("Needs attention") < text.index("18 of 61 (30%)") < text.index("<table")


def test_deciding_words_are_marked_with_their_message():
    page = _report(declining)
    assert "our notice" in page.texts["mark"]
    assert "dissolution.3@mail.harbourline.example" in page.texts["code"]


def test_findings_link_to_the_messages_that_show_them():
    page = _report(declining)
    hrefs = [link["href"] for link in page.all("a")]
    assert "#evidence-1" in hrefs
    assert "#open-questions-1" in hrefs


def test_open_loops_are_sorted_by_whose_turn_it_is():
    text = render_html(summarise(declining()))
    us, them = text.index("Waiting for us"), text.index("Waiting for them")
    assert us < text.index("winter timetable, and by when") < them < text.index("invoice 2207?")


def test_hostile_texts_are_shown_as_texts():
    text = render_html(summarise(hostile()))
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "{{ 7*7 }}" in text
    assert not set(text) & set("\x1b\x07\x00\u202e\u2066\ud800")
    assert "the deciding words" in text
    assert "x" * 1_000 not in text


def test_too_little_data_shows_no_standing():
    text = render_html(summarise(too_little()))
    assert "too little to say how" in text
    assert "There is too little to draw a line." in text
    assert "0.00" not in text


def test_good_reports_are_calm():
    text = render_html(summarise(good()))
    assert "No alarm" in text
    assert "Nothing stands out." in text
    assert "Nothing waits for us." in text


def test_recovery_is_told_as_such():
    text = render_html(summarise(recovered()))
    assert "good again after a decline" in text
    assert "Better since 3 August 2025." in text


def test_every_script_is_kept():
    text = render_html(summarise(multilingual()))
    for words in ("لم يصلنا تقرير المبيعات", "แล้วแต่ทางคุณเลยค่ะ", "결론이 나지 않네요"):
        assert f"<mark>{words}</mark>" in text


def test_portfolio_rows_link_to_their_reports():
    rows = portfolio([declining(), good()])
    page = Page(render_portfolio_html(rows, links={"lumen.example": "reports/lumen.html"}))
    assert "reports/lumen.html" in [link["href"] for link in page.all("a")]
    assert page.texts["h1"] == ["Client portfolio"]
    assert "2 clients; 1 needs attention." in page.texts["p"]


def test_portfolio_of_every_story_is_well_formed():
    rows = portfolio([story() for story in STORIES.values()])
    page = Page(render_portfolio_html(rows))
    assert page.open == []
    assert {tag for tag, _ in page.elements} <= ALLOWED
    assert "<script" not in render_portfolio_html(rows)


def test_an_empty_portfolio_says_so():
    assert "There is no client" in render_portfolio_html([])


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_links_that_run_something_are_refused(link):
    with pytest.raises(UsageError, match="link"):
        render_html(summarise(good()), link_back=link)
    with pytest.raises(UsageError, match="link"):
        render_portfolio_html([], links={"x": link})


def test_neighbouring_periods_of_a_stage_are_joined():
    history = [
        {"period": period, "stage": stage}
        for period, stage in (
            ("2025-01", "a"),
            ("2025-02", "a"),
            ("2025-03", "b"),
            ("2025-04", "a"),
        )
    ]
    assert stage_runs(history) == [
        {"stage": "a", "first": "2025-01", "last": "2025-02"},
        {"stage": "b", "first": "2025-03", "last": "2025-03"},
        {"stage": "a", "first": "2025-04", "last": "2025-04"},
    ]


@pytest.mark.parametrize("language", languages())
def test_a_report_speaks_its_reader_s_language(language):
    words = load_words(language)
    summary = summarise(declining(), language=language)
    page = render_html(summary, language=language)
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    for key in ("section.why", "step.agree_plan", "finding.silence"):
        assert words(key) in page
    assert words.label("missed_expectations") in page
    table = render_portfolio_html(portfolio([declining()], language=language), language=language)
    assert words("portfolio.caption") in table
    english = load_words("en")
    if language != "en":
        assert english("section.advice") not in page
        assert english("step.agree_plan") not in page
