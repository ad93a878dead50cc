from __future__ import annotations

import html
import json
import re

from commsense.reports import Report, load_schema, summarise

from .assessments import declining, hostile


def test_a_notebook_shows_the_page_in_a_frame_without_rights():
    shown = Report(summarise(hostile()))._repr_html_()
    assert shown.startswith("<iframe sandbox ")
    assert shown.count("<") == 2  # the frame's own start and end; everything else is escaped
    document = html.unescape(re.search(r'srcdoc="(.*)"></iframe>', shown, re.DOTALL)[1])
    assert document == Report(summarise(hostile())).to_html()


def test_the_data_can_be_taken_and_changed():
    report = Report(summarise(declining()))
    taken = report.to_dict()
    taken["evidence"].clear()
    assert report.to_dict()["evidence"]
    assert set(taken) == set(load_schema()["required"])
    assert json.loads(report.to_json())["client"] == "harbourline.example"


def test_the_other_forms():
    report = Report(summarise(declining()))
    assert report.to_markdown().startswith("# Harbourline Ferries")
    assert report._repr_markdown_() == report.to_markdown()
    assert repr(report).startswith("<Report on harbourline.example: The relationship with")
