"""The public names, and the short calls of a notebook."""

import datetime as dt
import subprocess
import sys
from types import ModuleType

import pandas as pd
import pytest

import commsense as cs


def test_all_names_what_the_package_offers():
    assert set(dir(cs)) == set(cs.__all__) - {"__version__"}
    # `report` is a function: no part of the package may take its name.
    assert not any(isinstance(getattr(cs, name), ModuleType) for name in cs.__all__)


def test_nothing_is_loaded_before_it_is_asked_for():
    code = "import sys, commsense; sys.exit('pandas' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_tag_gives_one_column_a_label_and_probabilities():
    tags = cs.tag(["Thank you so much for staying late to fix our launch.", "See attached."])
    assert set(tags.columns) >= set(cs.load_taxonomy().text_ids)
    assert tags.shape[0] == 2
    assert ((tags >= 0) & (tags <= 1)).all().all()


def test_tag_tells_what_holds_and_where_it_abstains():
    texts = [
        "Nobody answers and it is late again, we are fed up.",
        "See attached.",
        "Nikt nie odpowiada i znowu jest opóźnienie, mamy tego dość.",
    ]
    held = cs.tag(texts, holds=True)
    assert list(held.columns) == list(cs.tag(texts).columns)
    assert held.loc[0, "negative_attitude"]
    assert not held.loc[1].any()
    assert held.isna().all(axis=1).tolist() == [False, False, True]
    table = pd.DataFrame({"text": texts[:2], "language": ["en", "pl"]}, index=[7, 9])
    assert cs.tag(table, holds=True).isna().any(axis=1).to_dict() == {7: False, 9: True}


def test_report_displays_itself_and_is_a_dict(story_result):
    report = cs.report(story_result, client="harbourline.example")
    assert report.to_dict()["client"] == "harbourline.example"
    assert "<html" in report.to_html()
    assert report.to_markdown().startswith("#")


def test_report_takes_a_display_name_too(story_result):
    name = next(p.name for p in story_result.profiles if p.client == "harbourline.example")
    assert cs.report(story_result, client=name).to_dict()["client"] == "harbourline.example"


def test_report_without_a_client_takes_the_most_worrying(story_result):
    first = story_result.assess()[0].client
    assert cs.report(story_result).to_dict()["client"] == first


def test_an_unknown_client_is_named_with_those_known(story_result):
    with pytest.raises(cs.UsageError, match=r"unknown client 'nobody'.*harbourline\.example"):
        cs.report(story_result, client="nobody")


def test_one_text_alone_is_refused_and_not_read_letter_by_letter():
    with pytest.raises(cs.InputError, match="a list of texts"):
        cs.tag("Thank you")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"since": "2025-06-01"}, "since='2025-06-01'; expected a date"),
        ({"by": "year"}, "by='year'; expected one of week, month, quarter"),
        ({"since": dt.date(2100, 1, 1)}, "no message lies between 2100-01-01"),
        ({"since": dt.date(2025, 8, 1), "until": dt.date(2025, 7, 1)}, "is after until 2025-07-01"),
    ],
)
def test_a_period_that_is_none_is_refused(story_result, asked, message):
    with pytest.raises(cs.UsageError, match=message):
        cs.report(story_result, **asked)


def test_a_day_may_have_a_time(story_result):
    until = story_result.messages["sent_at"].max()
    assert cs.report(story_result, until=until).to_dict()["messages"]
