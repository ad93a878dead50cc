from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from commsense.tagging.structure import NAMES, structure


def value(text: str, name: str) -> float:
    return float(structure([text])[0, NAMES.index(name)])


def test_form_is_measured_in_every_language() -> None:
    assert value("When?", "question_marks") == value("متى؟", "question_marks") > 0
    assert value("متى تصل الشحنة؟", "ends_with_question") == 1
    assert value("ครบ ๑๒ ชิ้น", "digits") == value("all 12 items", "digits")
    assert value("WHERE IS IT", "shouting") > value("Where is it", "shouting")
    assert value("no!!! not again...", "repeated_punctuation") > 0
    assert value("좋아요 ㅠㅠ", "jamo") > 0
    assert value("great 🎉", "emoji") > 0


def test_initials_do_not_shout() -> None:
    assert value("OK", "shouting") == 0


@given(st.lists(st.text(st.characters(), max_size=50), max_size=4))
def test_any_text_can_be_measured_by_itself(texts: list[str]) -> None:
    together = structure(texts)
    assert together.shape == (len(texts), len(NAMES))
    assert np.isfinite(together).all()
    for row, text in enumerate(texts):
        assert np.array_equal(together[row], structure([text])[0])
