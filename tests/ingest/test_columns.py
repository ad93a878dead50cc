"""Names of columns."""

import pytest

from commsense.ingest.columns import is_table, layout


def test_names_are_known_without_case_spaces_and_marks():
    names = ("From: (Address)", "E-Mail Body", "SENT_AT", "Message-ID", "Importance")
    assert layout(names).fields == {
        "author": ("From: (Address)",),
        "text": ("E-Mail Body",),
        "sent_at": ("SENT_AT",),
        "id": ("Message-ID",),
    }


def test_the_surest_of_several_names_that_says_anything_counts():
    columns = layout(("received", "sent at", "sent", "from", "author"))
    row = {"received": "c", "sent at": None, "sent": " ", "from": "/O=ACME/CN=ANN", "author": "Ann"}
    assert columns.renamed(row) == {"sent_at": "c", "author": "Ann"}
    assert columns.renamed({**row, "sent": "b"})["sent_at"] == "b"


def test_neutral_rows_stay_as_they_are():
    row = {"text": "Yes.", "author": "Ann", "label": 1}
    assert layout(tuple(row)).renamed(row) is row


def test_a_body_is_a_whole_mail_s_text_the_neutral_column_new_words():
    assert layout(("from", "body")).has_body
    assert not layout(("from", "Text")).has_body
    assert not layout(("from", "body", "text")).has_body


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["text"], True),
        (["rejected"], True),
        (["id", "author"], True),
        (["Subject", "Body"], True),
        (["sender", "message"], True),
        (["message"], False),
        (["timestamp", "level", "message"], False),
        (["from", "to"], False),
        ([], False),
    ],
)
def test_tables_are_told_by_their_columns(columns, expected):
    assert is_table(columns) is expected
