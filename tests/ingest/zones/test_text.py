"""What holds for any text at all."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsense.ingest.zones import split_html, split_text

from .forms import OTHERS, QUOTING, UNQUOTED

PIECES = [
    *(
        line
        for forms in (QUOTING, UNQUOTED)
        for group in forms.values()
        for form in group
        for line in form.split("\n")
    ),
    *OTHERS.values(),
    "> quoted",
    ">> deeper",
    ">",
    "",
    "",
    "-- ",
    "--",
    "_____________________",
    "Regards,",
    "Nora Field",
    "+44 20 7946 0101",
    "감사합니다.",
    "مع التحية",
    "Sent from my iPhone",
    "This e-mail is confidential. If received in error, delete it.",
    "To unsubscribe: https://news.example/u",
    "wrote:",
    "> wrote:",
    "##- answer above -##",
    "[EXTERNAL]",
    "PS: one more thing",
    ">5%",
    "NF> quoted",
    "\u200f",
    "\u00a0",
    "\x0b",
    "\x85",
    "Fine. On Wed, Apr 5, 2023 at 3:59 PM, nora@field.example wrote:",
]
ANY_LINE = st.one_of(
    st.sampled_from(PIECES),
    st.text(max_size=40),
    st.text(alphabet=">-_:@ <.,0123456789aأ가ก\u200f\n", max_size=40),
)
BODIES = st.lists(ANY_LINE, max_size=25).map("\n".join)


def inked(text):
    """The characters that print; a cut line loses nothing but white space and marks."""
    return Counter(
        re.sub(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u061c]", "", text)
    )


def lines(text):
    return Counter(line for line in re.split("\r\n|\r|\n", text) if line.strip())


@settings(max_examples=300, deadline=None)
@given(BODIES)
def test_nothing_is_lost_and_nothing_doubled(body):
    zones = split_text(body)
    assert inked(zones.text) + inked(zones.quoted) + inked(zones.signature) == inked(body)


@settings(max_examples=300, deadline=None)
@given(BODIES.filter(lambda body: "Fine. On" not in body))
def test_every_line_stands_in_one_zone(body):
    zones = split_text(body)
    found = Counter()
    for zone in (zones.text, zones.quoted, zones.signature):
        found += lines(zone)
    stripped = Counter(line.rstrip() for line in re.split("\r\n|\r|\n", body) if line.strip())
    visible = Counter({line: n for line, n in stripped.items() if inked(line)})
    assert visible - found == Counter()
    assert sum(found.values()) <= sum(stripped.values())


@settings(max_examples=200, deadline=None)
@given(BODIES)
def test_splitting_is_stable_for_new_words_without_marks(body):
    words = split_text(body).text
    assert inked(
        split_text(words).quoted + split_text(words).signature + split_text(words).text
    ) == inked(words)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>/divpbrlockquote =\"'&;#x3styleclas-!\n가ก", max_size=300))
def test_any_html_is_digested(html):
    split_html(html)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end):
    zones = split_text(end.join(["New.", "", "> old"]))
    assert (zones.text, zones.quoted) == ("New.", "> old")


HOSTILE = {
    "colons": lambda n: "a:" * n,
    "lines of colons": lambda n: "a:\n" * n,
    "digits": lambda n: "1" * n + ":",
    "dates": lambda n: "On 1/1/2020 10:10 " * n + "wrote:\n> x",
    "openings": lambda n: "On Mon\n" * n + "wrote:",
    "addresses": lambda n: "a@" * n + ":",
    "dots": lambda n: "1." * n + ":\n> q",
    "dashes": lambda n: "-" * n + "a" + "-" * n,
    "dashed lines": lambda n: "- -\n" * n,
    "rules": lambda n: "________\n" * n + "mailing list",
    "delimiters": lambda n: "--\n" * n,
    "labels": lambda n: "From: x\n\n\n\n" * n,
    "dates of headers": lambda n: "Date: x\n" * n,
    "quotes": lambda n: ">" * n,
    "quote lines": lambda n: "> wrote:\n" * n,
    "angle": lambda n: ">>" + "<" * n + "x",
    "blank": lambda n: "Bob wrote:" + "\n" * n + "> x",
    "blank runs": lambda n: ("Bob wrote:\n" + "\n" * 50) * (n // 50),
    "closings": lambda n: "Regards,\n" * n + "Tel 020 7946 0101",
    "phones": lambda n: "+1 " * n,
    "disclaimers": lambda n: "This e-mail is confidential\n\n" * n,
    "one line": lambda n: "word " * n,
    "spaces": lambda n: " " * n + ":",
    "bidi": lambda n: "\u200f" * n + "كتب:",
    "devices": lambda n: "Sent from my iPhone\n" * n,
    "framed": lambda n: "Mon 1/1/2020 10:10 <a@b>:\n" * n,
    "half framed": lambda n: "<a@" * n + ":",
    "wrapped names": lambda n: "A B <\na@b> 1/1/2020 10:10:\n" * n,
    "headings": lambda n: "---- a ----\n" * n + "From: a@b\nDate: 10:10\nSubject: c",
    "answer lines": lambda n: "##- answer above -##\n" * n,
    "header blocks": lambda n: "From: a@b\nDate: 10:10\nSubject: c\n> q\n" * n,
    "initials": lambda n: "On 1/1/2020 10:10 a@b wrote:\nAB> x\n" * n,
    "shares": lambda n: ">5%\n" * n,
    "stamps": lambda n: "a ---1" * n + ":00---",
    "postscripts": lambda n: "-- \n" + "PS: a\n\n" * n,
    "banners": lambda n: "[EXTERNAL]\n" * n,
    "hard spaces": lambda n: "\u00a0\n" * n,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_bodies_of_growing_length_are_split(kind):
    """A quadratic step would take minutes on the longest of them."""
    for length in (10, 1_000, 20_000):
        body = HOSTILE[kind](length)
        zones = split_text(body)
        assert sum(inked(zones.text + zones.quoted + zones.signature).values()) == sum(
            inked(body).values()
        )
