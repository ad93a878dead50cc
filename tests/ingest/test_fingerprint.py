from commsense.ingest.fingerprint import fingerprint


def test_equal_contents_have_equal_names_in_every_run():
    assert fingerprint("a", "b") == "fcd127ffa1016069006ad91f3f361248f9bdf272"
    assert fingerprint("a", "b") != fingerprint("b", "a")


def test_broken_halves_of_characters_have_names_too():
    assert len(fingerprint("\ud800")) == 40
