"""The texts that the tests of this folder share, from the TOML files beside them."""

import tomllib
from pathlib import Path


def load(name):
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


FORMS = load("forms")
NEW_WORDS, OLD_WORDS = FORMS["new_words"], FORMS["old_words"]
QUOTING, UNQUOTED, OTHERS = FORMS["quoting"], FORMS["unquoted"], FORMS["others"]
