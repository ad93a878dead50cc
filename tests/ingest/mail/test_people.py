import pytest

from commsense.ingest.mail.people import loose_addresses


@pytest.mark.parametrize(
    ("field", "people"),
    [
        (
            "Lee, Ann <a@x.example>, Park, Bo <b@x.example>",
            [("Lee, Ann", "a@x.example"), ("Park, Bo", "b@x.example")],
        ),
        ("van Berg, Ann <a@x.example>", [("van Berg, Ann", "a@x.example")]),
        ("Ann Lee; Bo Park", [("Ann Lee", ""), ("Bo Park", "")]),
        ("Ann Lee, Bo Park <b@x.example>", [("Ann Lee", ""), ("Bo Park", "b@x.example")]),
        ("root, b@x.example", [("root", ""), ("", "b@x.example")]),
        ('"Lee, Ann" <a@x.example>, Bo', [("Lee, Ann", "a@x.example"), ("Bo", "")]),
        ("Ann [mailto:a@x.example]", [("Ann", "a@x.example")]),
        ("Ann </O=X/CN=ANN>", [("Ann", "/O=X/CN=ANN")]),
        (" ,; ", []),
    ],
)
def test_people_without_quotes_or_addresses(field, people):
    assert loose_addresses(field) == people


def test_a_hostile_field_is_bounded():
    assert len(loose_addresses("a," * 50_000)) <= 1_001
    loose_addresses("<" * 50_000 + '"' + "(" * 50_000)
