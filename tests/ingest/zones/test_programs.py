"""What mail programs write in forty-six languages, from the data of the benchmark."""

import tomllib
from pathlib import Path

import pytest

from commsense.ingest.zones import split_text

DATA = Path(__file__).parents[3] / "benchmarks" / "zones.toml"
PROGRAMS = tomllib.loads(DATA.read_text("utf-8"))
OLD = "The old words.\n\nAnd more of them?"
MARKED = "> The old words.\n>\n> And more of them?"
CARD = "Nora Field\nHead of Sales, Field & Partners\n+44 20 7946 0101\nnora@field.example"

languages = pytest.mark.parametrize("language", PROGRAMS)


def block(language, label="{}:"):
    values = ("Nora Field <nora@field.example>", "3.4.2023 10:11", "Ben <ben@hill.example>", "Tea")
    labels = map(label.format, PROGRAMS[language]["labels"])
    return "\n".join(f"{name} {value}" for name, value in zip(labels, values, strict=True))


def attributions(language, who="Nora Field <nora@field.example>"):
    return [form.replace("WHO", who) for form in PROGRAMS[language]["replies"]]


def test_there_are_at_least_thirty_languages():
    assert len(PROGRAMS) >= 30


@languages
@pytest.mark.parametrize("history", [MARKED, OLD], ids=["marked", "bare"])
def test_attributions(language, history):
    words = PROGRAMS[language]["words"]
    for line in attributions(language):
        zones = split_text(f"{words}\n\n{line}\n{history}\n")
        assert (zones.text, zones.quoted) == (words, f"{line}\n{history}")


@languages
def test_an_attribution_that_is_broken_inside_its_address(language):
    words = PROGRAMS[language]["words"]
    for line in attributions(language, "Nora Field <\nnora@field.example>"):
        zones = split_text(f"{words}\n\n{line}\n{MARKED}\n")
        assert (zones.text, zones.quoted) == (words, f"{line}\n{MARKED}")


@languages
@pytest.mark.parametrize("label", ["{}:", "{} :", "*{}:*"])
def test_header_blocks(language, label):
    words, heading = (
        PROGRAMS[language]["words"],
        f"---------- {PROGRAMS[language]['forward']} ------",
    )
    for history in (block(language, label), f"{heading}\n{block(language, label)}"):
        zones = split_text(f"{words}\n\n{history}\n\n{OLD}\n")
        assert (zones.text, zones.quoted) == (words, f"{history}\n\n{OLD}")


@languages
@pytest.mark.parametrize("end", ["", "\n{}", "\n\n{}"])
def test_signatures_with_and_without_history_below(language, end):
    parts = PROGRAMS[language]
    history = f"{attributions(language)[0]}\n{MARKED}"
    for signature in (f"-- \n{CARD}", parts["device"], f"{parts['closing']}\n\n{CARD}", CARD):
        zones = split_text(f"{parts['words']}\n\n{signature}{end.format(history)}")
        assert zones.text == parts["words"]
        assert zones.signature == signature.replace("-- ", "--")
        assert zones.quoted == (history if end else "")
