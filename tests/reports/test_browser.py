"""What a real browser makes of the pages; skipped where chromium is not installed."""

from __future__ import annotations

import pytest

from commsense.reports import portfolio, render_html, render_portfolio_html, summarise

from .assessments import STORIES
from .browser import CHROMIUM, browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")

CUT_OFF = """
[...document.querySelectorAll("body *")].filter(element => {
  const box = element.getBoundingClientRect();
  const outside = box.right > innerWidth + 0.5 || box.left < -0.5;
  return box.width > 1 && outside && !element.classList.contains("skip");
}).map(element => element.tagName + ": " + element.textContent.slice(0, 40))
"""
FAINT = """
(() => {
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(c => c / 255).map(
      c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const numbers = colour => colour.match(/[0-9.]+/g).map(Number);
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *:not(svg *)")].filter(element => {
    if (![...element.childNodes].some(n => n.nodeType == 3 && n.data.trim())) return false;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
  }).map(element => element.outerHTML.slice(0, 80));
})()
"""


@pytest.fixture(scope="module")
def page():
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for name, story in STORIES.items():
        text = render_html(summarise(story()), link_back="portfolio.html")
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    for language in ("ar", "fr", "ko", "th"):
        summary = summarise(STORIES["declining"](), language=language)
        text = render_html(summary, language=language)
        (folder / f"declining-{language}.html").write_text(text, encoding="utf-8")
    rows = portfolio([story() for story in STORIES.values()])
    (folder / "portfolio.html").write_text(render_portfolio_html(rows), encoding="utf-8")
    return sorted(folder.iterdir())


@pytest.mark.parametrize("width", [320, 390, 800, 1280])
def test_nothing_is_cut_off(page, files, width):
    for file in files:
        page.open(file, width)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, file.name
        assert page.evaluate(CUT_OFF) == [], file.name


def test_no_script_of_a_mail_runs_and_nothing_is_asked_of_the_network(page, files):
    for file in files:
        page.open(file, 1280)
        assert page.evaluate("document.title") != "owned"
        assert page.evaluate("document.scripts.length") == 0
        assert page.requested() == [file.as_uri()]
        assert not [event for event in page.events if event["method"] == "Log.entryAdded"]


def test_our_style_passes_our_own_policy(page, files):
    page.open(files[0], 1280)
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "1056px"


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_from_its_ground(page, files, dark):
    for file in files:
        page.open(file, 1280, dark=dark)
        assert page.evaluate(FAINT) == [], file.name


def test_the_dark_page_is_dark(page, files):
    page.open(files[0], 1280, dark=True)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"


def test_arabic_is_set_from_right_to_left(page, files):
    page.open(next(file for file in files if file.name == "multilingual.html"), 390)
    direction = "getComputedStyle(document.querySelector('#evidence-{} blockquote')).direction"
    assert page.evaluate(direction.format(1)) == "rtl"
    assert page.evaluate(direction.format(2)) == "ltr"


def test_one_time_line_is_shown_for_each_width(page, files):
    file = next(file for file in files if file.name == "declining.html")
    shown = "[...document.querySelectorAll('.chart')].map(chart => chart.clientWidth > 0)"
    page.open(file, 390)
    assert page.evaluate(shown) == [False, True]
    page.open(file, 1280)
    assert page.evaluate(shown) == [True, False]


def test_the_report_prints_on_paper(page, files):
    page.open(next(file for file in files if file.name == "declining.html"), 1280)
    printed = page.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)
    assert len(printed["data"]) > 10_000
