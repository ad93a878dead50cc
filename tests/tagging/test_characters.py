from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from commsense.tagging.characters import MAX_CHARACTERS, Batch, fold

ANY_TEXT = st.text(st.characters(), max_size=200)


def spelled(batch: Batch, document: int = 0) -> str:
    return "".join(chr(code) for code in batch.codes[batch.document == document])


def test_spellings_that_mean_the_same_become_the_same() -> None:
    assert spelled(fold(["Le RÈGLEMENT  du\n12"])) == " le reglement du 00 "
    assert spelled(fold(["أحمدُ"])) == spelled(fold(["احمد"]))
    assert spelled(fold(["soooooo!!!!"])) == " soo!! "
    assert spelled(fold(["ＡＢＣ “x”"])) == ' abc "x" '


def test_thai_and_korean_letters_are_kept() -> None:
    assert spelled(fold(["ขอบคุณค่ะ"])) == " ขอบคุณค่ะ "
    assert spelled(fold(["감사합니다"])) == " 감사합니다 "


def test_addresses_and_links_are_blanked() -> None:
    text = "write to jo.doe@acme.example or see https://acme.example/x?y=1 now"
    assert spelled(fold([text])) == " write to or see now "


@given(st.lists(ANY_TEXT, max_size=5))
def test_each_character_remembers_its_place(texts: list[str]) -> None:
    batch = fold(texts)
    assert batch.documents == len(texts)
    assert np.all(np.diff(batch.document) >= 0)
    for row, text in enumerate(texts):
        origin = batch.origin[batch.document == row]
        assert np.all(np.diff(origin) >= 0)
        assert origin.min() >= 0
        assert origin.max() <= len(text)


def test_a_text_is_read_up_to_the_limit() -> None:
    assert len(fold(["ab" * MAX_CHARACTERS]).codes) == MAX_CHARACTERS + 2


def test_lone_surrogates_do_no_harm() -> None:
    assert fold(["broken \ud83d half"]).documents == 1
