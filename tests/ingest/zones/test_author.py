import pytest

from commsense.ingest.zones import Zones
from commsense.ingest.zones.author import cut_author_block

TEXT = "See you on Friday.\n\nMaya\n\nMaya Lindqvist\nAccount Director\nNorthlight Studio"


def test_the_block_below_the_full_name_is_signature():
    zones = cut_author_block(Zones(TEXT, "> old", "Disclaimer"), "Maya Lindqvist")
    assert zones.text == "See you on Friday.\n\nMaya"
    assert zones.signature == "Maya Lindqvist\nAccount Director\nNorthlight Studio\nDisclaimer"
    assert zones.quoted == "> old"


@pytest.mark.parametrize("name", ["LINDQVIST, Maya", "maya lindqvist (Northlight)"])
def test_the_name_may_be_written_otherwise(name):
    assert cut_author_block(Zones(TEXT, "", ""), name).text == "See you on Friday.\n\nMaya"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("See you on Friday.\n\nMaya Lindqvist", "Maya Lindqvist"),
        ("Maya Lindqvist\nAccount Director", "Maya Lindqvist"),
        (TEXT, "Maya"),
        (TEXT, ""),
        (TEXT, "Tom Beckett"),
        (
            "Ask\nMaya Lindqvist\n" + "about the long list of things that we left open " * 3,
            "Maya Lindqvist",
        ),
        ("", "Maya Lindqvist"),
    ],
)
def test_everything_else_stays_text(text, name):
    assert cut_author_block(Zones(text, "", ""), name).text == text


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("들노라", "들노라 부장 | 영업본부 기획팀"),
        ("Maya Lindqvist", "Maya Lindqvist | Account Director"),
        ("Maya Lindqvist", "Maya Lindqvist (she/her)"),
    ],
)
def test_the_name_may_stand_beside_title_and_company(name, line):
    block = f"{line}\nNorthlight\nT. 02-555-0101"
    zones = cut_author_block(Zones(f"금요일에 뵙겠습니다.\n\n{block}", "", ""), name)
    assert (zones.text, zones.signature) == ("금요일에 뵙겠습니다.", block)


def test_the_author_of_a_book_is_no_signature():
    text = (
        "The test is described here:\nMaya Lindqvist (2006). Structural Change, 50, 2987-3008.\n"
        "There is a preprint of that paper on my page, which is easy to find.\nwww.lind.example"
    )
    assert cut_author_block(Zones(text, "", ""), "Maya Lindqvist").text == text


def test_a_name_beside_other_words_without_contact_data_below_is_text():
    text = "Who comes:\nMaya Lindqvist | Friday\nTom Beckett | Monday"
    assert cut_author_block(Zones(text, "", ""), "Maya Lindqvist").text == text
