from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from commsense.reports import charts, summarise
from commsense.reports.timeline import change_words, describe, timeline
from commsense.reports.words import load_words

from .assessments import declining, good, recovered

WORDS = load_words()
VALUES = st.none() | st.floats(-1, 1)


def _tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own picture


def _x(element: ElementTree.Element) -> float:
    return float(
        element.get("cx") or float(element.get("x", 0)) + float(element.get("width", 0)) / 2
    )


def test_strength_and_risk_differ_in_shape_and_place():
    good_mark = _tree(charts.scale(0.5, "t")).find("circle")
    bad_mark = _tree(charts.scale(-0.5, "t")).find("rect")
    assert good_mark.get("class") == "mark strength"
    assert bad_mark.get("class") == "mark risk"
    assert _x(bad_mark) < charts.SCALE[0] / 2 < _x(good_mark)


def test_a_track_shows_value_interval_and_baseline():
    tree = _tree(charts.track(-0.4, [-0.6, -0.2], 0.3, "Attitude"))
    assert tree.find("title").text == "Attitude"
    assert tree.get("role") == "img"
    assert tree.find("polygon").get("class") == "baseline"
    interval = tree.find("line[@class='range risk']")
    assert float(interval.get("x1")) < _x(tree.find("rect")) < float(interval.get("x2"))


def test_an_unknown_value_draws_no_mark():
    tree = _tree(charts.track(None, [None, None], None, "Attitude"))
    assert tree.find("rect") is None
    assert tree.find("circle") is None
    assert tree.find("polygon") is None


def test_titles_are_escaped():
    svg = charts.scale(0.1, '<script>"x"</script>')
    assert "<script>" not in svg
    assert _tree(svg).find("title").text == '<script>"x"</script>'


def test_a_sparkline_breaks_where_a_value_is_unknown():
    tree = _tree(charts.sparkline([0.1, 0.2, None, 0.3, 0.4], "s"))
    assert len(tree.findall("polyline")) == 2


def test_a_lone_value_of_a_sparkline_is_to_be_seen():
    tree = _tree(charts.sparkline([0.1, None, 0.3, 0.4, 0.5], "s"))
    assert [dot.get("class") for dot in tree.findall("circle")] == ["dot", "mark strength"]


@given(st.lists(VALUES, max_size=30), VALUES, st.tuples(VALUES, VALUES), VALUES)
def test_marks_stay_inside_the_picture(values, value, interval, baseline):
    for svg, width in (
        (charts.sparkline(values, "s"), charts.SPARK[0]),
        (charts.track(value, interval, baseline, "t"), charts.TRACK[0]),
    ):
        for element in _tree(svg).iter():
            for name in ("x1", "x2", "cx", "x"):
                assert 0 <= float(element.get(name, 0)) <= width


def test_the_time_line_puts_each_turn_where_it_was():
    summary = summarise(recovered())
    tree = _tree(timeline(summary["timeline"], summary["changes"], WORDS))
    turns = [line for line in tree.findall("line") if line.get("class").startswith("turn")]
    assert [line.get("class") for line in turns] == ["turn risk", "turn strength"]
    dots = [float(dot.get("cx")) for dot in tree.findall("circle")]
    assert len(dots) == 12
    # 2 April lies between the middles of March and April, 3 August between July's and August's.
    assert dots[2] < float(turns[0].get("x1")) < dots[3]
    assert dots[6] < float(turns[1].get("x1")) < dots[7]
    assert tree.find("desc").text == describe(summary["timeline"], summary["changes"], WORDS)


def test_words_of_neighbouring_turns_do_not_overlap():
    summary = summarise(declining())
    tree = _tree(timeline(summary["timeline"], summary["changes"], WORDS, width=330))
    rows = {text.get("y") for text in tree.findall("text") if "flag-text" in text.get("class")}
    assert len(rows) == 2


def test_small_standings_get_half_the_scale():
    summary = summarise(good())
    for period in summary["timeline"]:
        period.update(value=0.1, interval=[0.0, 0.2])
    labels = [text.text for text in _tree(timeline(summary["timeline"], [], WORDS)).findall("text")]
    assert "+0.5" in labels
    assert "+1" not in labels


def test_a_single_period_and_a_silent_one_can_be_drawn():
    periods = summarise(good())["timeline"]
    assert len(_tree(timeline(periods[:1], [], WORDS)).findall("circle")) == 1
    periods[3].update(value=None, interval=[None, None], messages=0)
    tree = _tree(timeline(periods, [], WORDS))
    assert len(tree.findall("circle")) == 11
    assert len(tree.findall("polyline")) == 2


def test_the_description_says_the_course():
    summary = summarise(declining())
    text = describe(summary["timeline"], summary["changes"], WORDS)
    assert (
        "From Jan 2025 to Dec 2025 the balance of strengths and risks went from +0.40 to −0.55"
        in text
    )
    assert change_words(summary["changes"][0], WORDS) in text
    silent = [period | {"value": None} for period in summary["timeline"]]
    assert describe(silent, [], WORDS) == "There is too little to draw a line."
