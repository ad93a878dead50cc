import pytest

from commsense.ingest.mail.flowed import unflow


def test_soft_breaks_are_joined_and_hard_ones_kept():
    assert unflow("One long \nparagraph.\nNext.") == "One long paragraph.\nNext."


def test_quoted_lines_join_within_their_depth():
    text = "> first \n> goes on\n>> deeper \n> back"
    assert unflow(text) == "> first goes on\n>> deeper \n> back"


def test_the_signature_separator_is_no_soft_break():
    assert unflow("Bye \n-- \nAnn") == "Bye \n-- \nAnn"


def test_stuffed_spaces_are_taken_off():
    assert unflow(" From here\n >no quote") == "From here\n>no quote"


def test_spaces_added_for_the_way_go():
    assert unflow("안녕하 \n세요", delete_space=True) == "안녕하세요"


@pytest.mark.parametrize("text", ["", "\n", " ", ">", "> "])
def test_next_to_nothing_stays(text):
    assert unflow(text).strip("> ") == text.strip("> ")
