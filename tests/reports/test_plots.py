"""Pictures for analysts: their figures are those of the frames, and nobody keeps them."""

from __future__ import annotations

import sys
from dataclasses import replace
from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from commsense.errors import MissingExtraError, UsageError
from commsense.reports import Report, summarise
from commsense.reports.words import languages

from .assessments import STORIES, declining, good

FRAMES = ("timeline", "dimensions", "changes")


def texts(figure: Figure) -> str:
    return "\n".join(text.get_text() for axes in figure.axes for text in axes.findobj(plt.Text))


def drawn(figure: Figure) -> bytes:
    picture = BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def test_the_frames_say_what_the_summary_says():
    report = Report.of(declining())
    summary = report.to_dict()
    timeline = report.frame()
    assert timeline["value"].tolist() == [one["value"] for one in summary["timeline"]]
    assert timeline["low"].tolist() == [one["interval"][0] for one in summary["timeline"]]
    assert timeline["risks"].tolist() == [one["risks"] for one in summary["timeline"]]
    dimensions = report.frame("dimensions").set_index("dimension")
    assert dimensions.index.tolist() == list(summary["dimensions"])
    attitude = summary["dimensions"]["attitude"]
    assert dimensions.loc["attitude", "baseline"] == attitude["baseline"]["value"]
    assert dimensions.loc["attitude", "change_high"] == attitude["change_interval"][1]
    assert dimensions.loc["attitude", "client"] == attitude["by_side"]["client"]["value"]
    changes = report.frame("changes")
    assert changes["date"].dt.date.astype(str).tolist() == [
        one["date"] for one in summary["changes"]
    ]


@pytest.mark.parametrize("story", sorted(STORIES))
def test_a_frame_has_the_same_columns_and_types_whatever_the_story(story):
    for name in FRAMES:
        found = Report.of(STORIES[story]()).frame(name)
        assert found.dtypes.equals(Report.of(good()).frame(name).dtypes)


def test_an_unknown_frame_is_told():
    with pytest.raises(UsageError, match="expected one of timeline, dimensions, changes"):
        Report.of(good()).frame("tables")


def test_the_axes_hold_the_time_line():
    report = Report.of(declining())
    frame, changes = report.frame("timeline"), report.frame("changes")
    above, below = report.plot().axes
    balance = next(line for line in above.lines if line.get_marker() == "o")
    np.testing.assert_array_equal(balance.get_ydata(), frame["value"])
    at = date2num(balance.get_xdata())
    assert (at > date2num(frame["starts_on"])).all()
    assert (at[:-1] < date2num(frame["starts_on"])[1:]).all()
    band = above.collections[0].get_paths()[0].vertices[:, 1]
    assert set(band) == {*frame["low"], *frame["high"]}
    heights = [[bar.get_height() for bar in bars] for bars in below.containers]
    assert heights == [
        frame["messages"].tolist(),
        frame["strengths"].tolist(),
        (-frame["messages"]).tolist(),
        (-frame["risks"]).tolist(),
    ]
    turns = [line for line in below.lines if line.get_linestyle() == "--"]
    turned = [date2num(np.datetime64(line.get_xdata()[0])) for line in turns]
    assert turned == date2num(changes["date"]).tolist()


def test_the_axes_hold_the_dimensions_worst_change_on_top():
    report = Report.of(declining())
    frame = report.frame("dimensions").sort_values("change", ascending=False)
    (axes,) = report.plot_dimensions().axes
    marks = [one for one in axes.collections if isinstance(one, PathCollection)]
    baseline, strengths, risks = (one.get_offsets() for one in marks)
    np.testing.assert_array_equal(baseline[:, 0], frame["baseline"])
    values = np.concatenate([strengths, risks])
    np.testing.assert_array_equal(values[values[:, 1].argsort(), 0], frame["value"])
    assert (strengths[:, 0] >= 0).all()
    assert (risks[:, 0] < 0).all()


def test_everything_is_labelled():
    report = Report.of(declining())
    said = texts(report.plot())
    assert "Harbourline Ferries" in said
    assert "Balance, −1 only risks to +1 only strengths" in said
    assert "with a strength" in said
    assert "▼ Decline" in said
    said = texts(report.plot_dimensions())
    assert "Attitude" in said
    assert "worse" in said
    assert "From −1 (only risks) to +1 (only strengths)" in said


def test_words_and_decimals_are_those_of_the_language():
    assert "avec un atout" in texts(Report.of(declining(), language="fr").plot())
    assert "−0,55" in texts(Report.of(declining(), language="fr").plot())


def test_words_are_english_where_the_font_lacks_the_letters():
    # DejaVu Sans, which comes with matplotlib, has no Korean.
    assert "with a strength" in texts(Report.of(declining(), language="ko").plot())


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("story", sorted(STORIES))
def test_every_story_is_drawn(story, language):
    report = Report(summarise(STORIES[story](), language=language), language=language)
    assert drawn(report.plot()).startswith(b"\x89PNG")
    assert drawn(report.plot_dimensions()).startswith(b"\x89PNG")


def test_a_client_without_dates_gets_a_picture_that_says_so():
    said = texts(Report.of(replace(good(), timeline=[])).plot())
    assert "too little to draw a line" in said


def test_no_figure_is_left_in_pyplot_and_a_notebook_shows_it():
    figure = Report.of(good()).plot()
    assert plt.get_fignums() == []
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_a_name_is_no_formula_and_carries_no_escapes():
    figure = Report.of(replace(good(), name="Cash $ and \\frac $\x1b[31m Ltd")).plot()
    assert drawn(figure)
    assert "\x1b" not in texts(figure)


def test_a_picture_can_be_changed():
    figure = Report.of(good()).plot()
    figure.axes[0].set_ylabel("our own words")
    assert "our own words" in texts(figure)


def test_a_missing_extra_is_named(monkeypatch):
    for module in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "commsense.reports.plots", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'commsense\[notebook\]'"):
        Report.of(good()).plot()
