"""Hashed n-grams of characters and words, computed for a whole batch at once.

Every window's hash comes from one running sum: with ``S[i]`` the sum of ``code[j] * B**j`` over
``j < i``, the window from ``i`` to ``k`` has the hash ``(S[k] - S[i]) * B**-i``, all modulo 2**64
(the rolling hash of Karp and Rabin, 1987). ``B`` is odd, so its inverse exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from commsense.tagging.characters import Batch, Indices, is_word

Hashes = npt.NDArray[np.uint64]
_Keys = npt.NDArray[np.uint32] | npt.NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15 | 1  # 2**64 divided by the golden ratio: spreads neighbouring codes
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)
_MIX = np.uint64(0xD6E8FEB86659FD93)  # multiplier of Pelle Evensen's rrmxmx
_HALF = np.uint64(32)
_PAIR = np.uint64(0xA0761D6478BD642F)  # multiplier of Wang Yi's wyhash
_WORD_SALT = 100  # above every length of a character n-gram
_POWERS_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Grams:
    """N-grams of one order: the bucket of each, and the folded characters it spans."""

    buckets: Indices
    starts: Indices
    ends: Indices


@dataclass(frozen=True)
class Hashed:
    """A batch with the sums that every window's hash is taken from."""

    batch: Batch

    @cached_property
    def _sums(self) -> Hashes:
        sums = np.zeros(len(self.batch.codes) + 1, dtype=np.uint64)
        # One is added so that no character counts for nothing.
        codes = self.batch.codes.astype(np.uint64) + np.uint64(1)
        np.cumsum(codes * _powers(_BASE, len(codes)), out=sums[1:])
        return sums

    @cached_property
    def words(self) -> tuple[Indices, Indices]:
        """Start and end of each run of letters, marks and digits."""
        flags = np.concatenate([[False], is_word(self.batch.codes), [False]])
        # Texts are framed by spaces, so no run crosses from one into the next.
        edges = np.flatnonzero(flags[1:] != flags[:-1])
        return edges[0::2], edges[1::2]

    def windows(self, starts: Indices, ends: Indices) -> Hashes:
        """Return the hash of each window; equal windows have equal hashes wherever they stand."""
        inverse = _powers(_BASE_INVERSE, len(self.batch.codes) + 1)
        hashes: Hashes = (self._sums[ends] - self._sums[starts]) * inverse[starts]
        return hashes

    def char_grams(self, length: int, bits: int) -> Grams:
        """Return all windows of so many characters that stay within one text."""
        size = len(self.batch.codes) - length + 1
        if size <= 0:
            return _no_grams()
        inverse = _powers(_BASE_INVERSE, len(self.batch.codes) + 1)
        hashes = (self._sums[length:] - self._sums[:size]) * inverse[:size]
        document = self.batch.document
        inside = np.flatnonzero(document[:size] == document[length - 1 :])
        return Grams(_bucket(hashes[inside], length, bits), inside, inside + length)

    def word_grams(self, length: int, bits: int) -> Grams:
        """Return all sequences of so many words that stay within one text."""
        starts, ends = self.words
        size = len(starts) - length + 1
        if size <= 0:
            return _no_grams()
        single = self.windows(starts, ends)
        hashes = single[:size]
        for step in range(1, length):
            hashes = hashes * _PAIR + single[step : step + size]
        document = self.batch.document[starts]
        inside = document[:size] == document[length - 1 :]
        buckets = _bucket(hashes[inside], _WORD_SALT + length, bits)
        return Grams(buckets, starts[:size][inside], ends[length - 1 :][inside])


def grams(
    hashed: Hashed, chars: tuple[int, ...], words: tuple[int, ...], bits: int
) -> Iterator[Grams]:
    """Yield the n-grams of every order, characters first."""
    for length in chars:
        yield hashed.char_grams(length, bits)
    for length in words:
        yield hashed.word_grams(length, bits)


@dataclass(frozen=True, slots=True)
class Presence:
    """Which n-grams each text holds: by n-gram, then by text, so that equal ones stand together.

    Attributes
    ----------
    buckets, documents : array of int32, shape (n-grams of texts,)
    texts : int
    """

    buckets: npt.NDArray[np.int32]
    documents: npt.NDArray[np.int32]
    texts: int


def presence(hashed: Hashed, chars: tuple[int, ...], words: tuple[int, ...], bits: int) -> Presence:
    """Return which n-grams each text holds, each once a text."""
    texts = hashed.batch.documents
    text_bits = max(texts - 1, 0).bit_length()
    # Half as wide, keys are sorted in half the time.
    key_type: Any = np.uint32 if bits + text_bits <= np.iinfo(np.uint32).bits else np.uint64
    document = hashed.batch.document.astype(key_type)
    keys: list[_Keys] = [
        (found.buckets.astype(key_type) << key_type(text_bits)) | document[found.starts]
        for found in grams(hashed, chars, words, bits)
    ]
    unique = _unique(np.concatenate([np.zeros(0, dtype=key_type), *keys]))
    documents = (unique & key_type((1 << text_bits) - 1)).astype(np.int32)
    return Presence((unique >> key_type(text_bits)).astype(np.int32), documents, texts)


def _unique(keys: _Keys) -> _Keys:
    # `np.unique` hashes, which takes four times as long as sorting does.
    keys.sort()
    first = np.ones(len(keys), dtype=bool)
    first[1:] = keys[1:] != keys[:-1]
    return keys[first]


def _bucket(hashes: Hashes, salt: int, bits: int) -> Indices:
    mixed = (hashes ^ (hashes >> _HALF)) * (_MIX + np.uint64(2 * salt))
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def _no_grams() -> Grams:
    none = np.zeros(0, dtype=np.int64)
    return Grams(none, none, none)


def _powers(base: int, count: int) -> Hashes:
    """Return the first ``count`` powers of a base modulo 2**64."""
    rounded = -(-max(count, 1) // _POWERS_AT_ONCE) * _POWERS_AT_ONCE
    return _all_powers(base, rounded)[:count]


@lru_cache(maxsize=4)
def _all_powers(base: int, count: int) -> Hashes:
    powers = np.full(count, base, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)
