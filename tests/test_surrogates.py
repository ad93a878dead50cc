import pytest

from commsense.surrogates import whole, whole_json


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("late again", "late again"),
        ("caf\u00e9 \U0001f600", "caf\u00e9 \U0001f600"),
        ("fine \ud83d\ude00", "fine \ufffd\ufffd"),
        ("fine \ud83d then", "fine \ufffd then"),
    ],
)
def test_halves_of_characters_are_replaced_one_for_one(text, mended):
    assert whole(text) == mended


def test_json_is_mended_at_every_depth():
    found = {"a\ud800": ["\udc00", {"b": "\udfff", "n": 1, "x": None}]}
    mended = {"a\ufffd": ["\ufffd", {"b": "\ufffd", "n": 1, "x": None}]}
    assert whole_json(found, r'{"a\uD800": ...}') == mended


def test_json_that_names_no_half_is_left_alone():
    found = {"text": "fine"}
    assert whole_json(found, '{"text": "fine"}') is found
