from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from commsense.tagging.lexicon import Lexicon
from commsense.tagging.weights import (
    packed,
    read_weights,
    unpacked,
    weights_digest,
    write_weights,
)

ARRAYS = {"a": np.arange(4, dtype=np.float16), "b": np.zeros((2, 2), dtype=np.int8)}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_weights(tmp_path, ARRAYS)
    again = read_weights(tmp_path)
    assert again.keys() == ARRAYS.keys()
    assert all(np.array_equal(again[name], ARRAYS[name]) for name in ARRAYS)
    assert weights_digest(again) == weights_digest(ARRAYS)


def test_the_digest_tells_every_change() -> None:
    changed = [
        {**ARRAYS, "a": ARRAYS["a"] + np.float16(1)},
        {"a": ARRAYS["a"], "c": ARRAYS["b"]},
        {"a": ARRAYS["a"]},
    ]
    digests = {weights_digest(one) for one in [ARRAYS, *changed]}
    assert len(digests) == 4


def test_lists_of_words_survive_being_saved() -> None:
    concepts = Lexicon({"late": ["late", "늦"], "empty": []}, stems=True)
    assert unpacked(packed(concepts)) == concepts


@pytest.mark.parametrize("stored", [b"[]", b'{"late": "late"}', b'{"late": [1]}', b"{"])
def test_damaged_lists_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match=r"damaged|Expecting"):
        unpacked(np.frombuffer(stored, dtype=np.uint8))
