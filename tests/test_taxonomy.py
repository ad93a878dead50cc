import pytest

from commsense.errors import UsageError
from commsense.taxonomy import Kind, Polarity, load_taxonomy

OWN = """
[dimensions]
safety = "Safety"

[[labels]]
id = "near_miss"
polarity = "risk"
dimension = "safety"
rule = "an accident that nearly happened"
"""


def test_nine_dimensions_each_have_a_strength_and_a_risk():
    taxonomy = load_taxonomy()
    assert len(taxonomy.dimensions) == 9
    for dimension in taxonomy.dimensions:
        assert taxonomy.select(dimension=dimension, polarity=Polarity.STRENGTH)
        assert taxonomy.select(dimension=dimension, polarity=Polarity.RISK)


def test_the_list_never_shrinks():
    taxonomy = load_taxonomy()
    assert len(taxonomy.select(kind=Kind.TRAIT)) >= 20
    assert {label.id for label in taxonomy.select(kind=Kind.LIFECYCLE)} >= {
        "exploration",
        "awareness",
        "expansion",
        "commitment",
        "dissolution",
    }
    assert len(taxonomy.select(kind=Kind.GESTURE)) >= 6


def test_interruption_is_for_calls_and_never_read_from_text():
    taxonomy = load_taxonomy()
    assert taxonomy["interruption"].channel == "call"
    assert "interruption" not in taxonomy.text_ids


def test_unknown_label_is_a_clear_error():
    with pytest.raises(UsageError, match="unknown label 'rudeness'"):
        load_taxonomy()["rudeness"]


def test_a_user_adds_labels_of_their_own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    extended = load_taxonomy().extended(path)
    assert extended["near_miss"].name == "Near miss"
    assert extended["near_miss"].dimension == "safety"
    assert set(load_taxonomy().ids) < set(extended.ids)


def test_plain_values_bring_a_dimension_of_ones_own_along(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    extended = load_taxonomy().extended(path)
    again = load_taxonomy().with_labels([extended.entry("near_miss")])
    assert again == extended
    assert load_taxonomy().with_labels(load_taxonomy().entries()) == load_taxonomy()
    renamed = extended.entry("courtesy") | {"id": "x", "dimension_name": "Other"}
    assert load_taxonomy().with_labels([renamed]).dimensions == load_taxonomy().dimensions


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[labels]]\nid = "courtesy"', "exist already: courtesy"),
        ('[[labels]]\nid = "Not Snake"', "snake_case"),
        ('[[labels]]\nid = "x"\ndimension = "nowhere"', "unknown dimension 'nowhere'"),
        ('[[labels]]\nid = "x"\npolarity = "awful"', "awful"),
        ('[[labels]]\nid = "x"\ndimension = "fees"', 'mend: .*the line fees = "Its name"'),
        ("[dimensions]\nsafety = 3", r"\[dimensions\] of .* is \{'safety': 3\}; expected a snake"),
        ('[dimensions]\n"Not Snake" = "No"', "write for instance: safety = "),
        ('[[dimensions]]\nid = "safety"', "expected a snake_case id and a name in quotes"),
        ("[[labels", "cannot read the taxonomy file"),
    ],
)
def test_a_bad_user_file_says_what_is_wrong(tmp_path, text, message):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load_taxonomy().extended(path)
