import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.privacy import Pseudonyms

ONE, OTHER = Pseudonyms(bytes(32)), Pseudonyms(bytes(range(32)))


def test_the_same_person_has_the_same_pseudonym_however_written():
    assert ONE.address("Dana.Wills+news@Acme.example") == ONE.address("dana.wills@acme.example")
    assert ONE.name("WILLS, Dana") == ONE.name("Dana Wills") == ONE.name("Ms. Dana Wills")
    assert ONE.name_word("Éric") == ONE.name_word("eric")
    assert ONE.number("phone", "+44 20 7946-0018") == ONE.number("phone", "+442079460018")
    assert ONE.number("phone", "٠٥٥ ١٢٣") == ONE.number("phone", "055123")


def test_a_full_name_holds_the_pseudonym_of_the_given_name():
    assert ONE.name_word("Dana") in ONE.name("Dana Wills").split()


def test_another_key_gives_other_pseudonyms():
    assert ONE.address("a@acme.example") != OTHER.address("a@acme.example")
    assert ONE.name("Dana Wills") != OTHER.name("Dana Wills")
    assert ONE.identifier("1@acme.example") != OTHER.identifier("1@acme.example")
    assert ONE.fingerprint != OTHER.fingerprint


def test_the_domain_of_an_address_stays():
    assert ONE.address("dana@acme.example").endswith("@acme.example")


def test_nothing_stays_nothing():
    assert ONE.address("") == ONE.name("") == ONE.identifier("") == ""


@given(st.text(min_size=4).filter(lambda text: any(map(str.isalnum, text))))
def test_a_pseudonym_does_not_hold_what_it_stands_for(name):
    assert name.strip() not in ONE.party(name)


@pytest.mark.parametrize("count", [5_000])
def test_different_names_have_different_pseudonyms(count):
    made = {ONE.name_word(f"name{number}") for number in range(count)}
    assert len(made) > 0.99 * count
