import pytest

from commsense.errors import UsageError
from commsense.office import OfficeHours
from commsense.profiles import (
    ClientProfile,
    check_weights,
    hours_of,
    load_office_hours,
    load_profiles,
)
from commsense.taxonomy import load_taxonomy

TOML = """
[[clients]]
client = "acme.example"
name = "Acme"
domains = ["Acme.example"]
addresses = ["Jo@mail.example"]
speakers = ["Jo Doe"]
weights = { vulgar_language = 0.0, attitude = 2 }
"""

CSV = (
    "client,name,domains,addresses,speakers,weights\n"
    "acme.example,Acme,Acme.example,Jo@mail.example,Jo Doe,vulgar_language=0; attitude=2\n"
)

EXPECTED = ClientProfile(
    client="acme.example",
    name="Acme",
    domains=("acme.example",),
    addresses=("jo@mail.example",),
    speakers=("Jo Doe",),
    weights={"vulgar_language": 0.0, "attitude": 2.0},
)


@pytest.mark.parametrize(("name", "text"), [("c.toml", TOML), ("c.csv", CSV)])
def test_toml_and_csv_say_the_same(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert load_profiles(path) == (EXPECTED,)


def test_a_client_without_a_name_goes_by_its_key(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("client,domains\nacme.example,acme.example\n", encoding="utf-8")
    assert load_profiles(path)[0].name == "acme.example"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clients = 3", "not a list of tables"),
        ("[[clients]]\nname = 'x'", "without a key"),
        ("[[clients]]\nclient = 'x'\ncolour = 'red'", "unknown field 'colour'"),
        ("[[clients]]\nclient = 'x'\n[[clients]]\nclient = 'x'", "'x' twice"),
        ("[[clients]]\nclient = 'x'\nweights = {courtesy = -1}", "weight -1.0"),
        ("[[clients]]\nclient = 'x'\nweights = {courtesy = 'much'}", "numbers as weights"),
        ("[[clients", "cannot read the clients file"),
        ("[offices]\nopens = 9", "unknown table 'offices'"),
        ("office_hours = 9", "9 is no table"),
        ("[office_hours]\nopens = 25", "'25' is none of a day"),
        (
            "[[clients]]\nclient = 'x'\noffice_hours = {zone = 'Nowhere'}",
            "'x': office_hours: .*IANA",
        ),
    ],
)
def test_a_bad_file_says_what_is_wrong(tmp_path, text, message):
    path = tmp_path / "c.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load_profiles(path)


def test_a_missing_file_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="cannot read the clients file"):
        load_profiles(tmp_path / "none.toml")


def test_weights_name_labels_of_the_taxonomy():
    taxonomy = load_taxonomy()
    check_weights([ClientProfile("x", "x", weights={"courtesy": 2.0, "etiquette": 0.5})], taxonomy)
    bad = ClientProfile("x", "x", weights={"rudeness": 1.0})
    with pytest.raises(UsageError, match="unknown label 'rudeness'"):
        check_weights([bad], taxonomy)
    check_weights([bad], taxonomy.with_labels([{"id": "rudeness"}]))


HOURS = """
[office_hours]
opens = "08:30"
zone = "Europe/Paris"

[[clients]]
client = "acme.example"
office_hours = { closes = 17, weekdays = ["sun", "mon"] }

[[clients]]
client = "lumen.example"
"""


def test_office_hours_of_all_and_of_one(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text(HOURS, encoding="utf-8")
    assert load_office_hours(path) == OfficeHours(8.5, 18, (0, 1, 2, 3, 4), "Europe/Paris")
    own = OfficeHours(8.5, 17, (0, 6), "Europe/Paris")
    assert hours_of(load_profiles(path)) == {"acme.example": own}


def test_office_hours_in_csv(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text(
        "client,office_hours\n"
        "acme.example,opens=8;weekdays=sun mon;zone=Asia/Seoul\n"
        "lumen.example,\n",
        encoding="utf-8",
    )
    assert load_office_hours(path) is None
    assert hours_of(load_profiles(path)) == {
        "acme.example": OfficeHours(8, 18, (0, 6), "Asia/Seoul")
    }
