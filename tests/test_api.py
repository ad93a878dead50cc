"""The public names, and the short calls of a notebook."""

import subprocess
import sys
from types import ModuleType

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
