from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commsense.tagging.lexicon import Lexicon
from commsense.tagging.structure import NAMES
from commsense.tagging.weights import (
    check_arrays,
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


def test_an_array_that_tells_of_more_than_there_is_is_refused(tmp_path: Path) -> None:
    header = io.BytesIO()
    told = {"descr": "<f4", "fortran_order": False, "shape": (10**12, 31)}
    np.lib.format.write_array_header_1_0(header, told)
    with zipfile.ZipFile(tmp_path / "weights.npz", "w") as archive:
        archive.writestr("a.npy", header.getvalue() + bytes(100))
    with pytest.raises(ValueError, match="tells of"):
        read_weights(tmp_path)


SOUND = {
    "buckets": np.array([1, 5], dtype=np.int32),
    "ngram_weights": np.ones(2, dtype=np.float16),
    "concepts": np.zeros(2, dtype=np.uint8),
    "concept_weights": np.ones(3, dtype=np.float16),
    "measured_centre": np.zeros(len(NAMES), dtype=np.float32),
    "measured_scale": np.ones(len(NAMES), dtype=np.float32),
    "coefficients": np.zeros((4, 3), dtype=np.float16),
    "intercept": np.zeros(3, dtype=np.float32),
}


def test_arrays_that_fit_together_pass() -> None:
    check_arrays(SOUND, bits=3)


@pytest.mark.parametrize(
    "change",
    [
        {"buckets": np.array([1, 8], dtype=np.int32)},
        {"buckets": np.array([-1, 1], dtype=np.int32)},
        {"intercept": np.zeros(2, dtype=np.float32)},
        {"measured_scale": np.ones(2, dtype=np.float32)},
        {"ngram_weights": np.array(["a", "b"])},
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"expected|outside"):
        check_arrays(SOUND | change, bits=3)
