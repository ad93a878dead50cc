import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.fingerprint import fingerprint, hashes


def test_equal_contents_have_equal_names_in_every_run():
    assert fingerprint("a", "b") == "fcd127ffa1016069006ad91f3f361248f9bdf272"
    assert fingerprint("a", "b") != fingerprint("b", "a")


def test_broken_halves_of_characters_have_names_too():
    assert len(fingerprint("\ud800")) == 40


@given(st.lists(st.one_of(st.none(), st.text(max_size=4)), max_size=9))
def test_equal_strings_have_equal_hashes_and_others_others(strings):
    told = hashes(pa.array(strings, pa.string())).tolist()
    written = [one or "" for one in strings]
    assert len(set(told)) == len(set(written))
    assert all(
        (mine == yours) == (one == other)
        for mine, one in zip(told, written, strict=True)
        for yours, other in zip(told, written, strict=True)
    )


def test_hashes_are_the_same_in_every_run():
    assert hashes(pa.array(["a", ""])).tolist() == [13950350942979735504, 1760245841805064774]
