"""Which part of a text decides: from weights on characters to the span that is shown.

A linear score is a sum over n-grams, so each n-gram's share can be laid on the characters it
covers. The span is the run of words that gathers the most weight for its length.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Span = tuple[int, int]

# A character has to bring this multiple of the text's mean positive weight to be worth its
# place: the price that keeps spans short.
_PRICE = 1.0
_LONGEST = 240  # characters of evidence that a reader takes in at a glance
# A letter, what is no Thai behind it, and Thai marks, vowels and signs that begin no word. The
# vowels of the look-behind are written before the consonant that they belong to.
_TOKEN = re.compile(
    r"\S(?:[^\s\u0e00-\u0e7f]|[ะาำๅๆฯ\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|(?<=[เแโใไ])[\u0e00-\u0e7f])*"
)


def lay_on_characters(length: int, starts: Indices, ends: Indices, weights: Floats) -> Floats:
    """Spread the weight of each n-gram evenly over the characters it covers.

    Parameters
    ----------
    length : int
        Number of characters.
    starts, ends : array of int, shape (n-grams,)
    weights : array of float, shape (n-grams, labels)

    Returns
    -------
    array of float, shape (length, labels)
    """
    each = weights / np.maximum(ends - starts, 1)[:, None]
    change = [
        np.bincount(starts, of_label, length + 1) - np.bincount(ends, of_label, length + 1)
        for of_label in each.T
    ]
    return np.cumsum(change, axis=1).T[:length].astype(np.float32)


def deciding_span(text: str, weights: Floats) -> Span:
    """Return the shortest run of words that carries most of the weight.

    Parameters
    ----------
    text : str
    weights : array of float, shape (len(text),)
        How much each character speaks for the label.

    Returns
    -------
    tuple of int
        Start and end, snapped to words where the script parts words, else to letters with their
        marks. The whole text where nothing speaks for the label.
    """
    starts, ends = _tokens(text)
    if not len(starts):
        return 0, len(text)
    total = np.concatenate([[0.0], np.cumsum(weights, dtype=np.float64)])
    gains = total[ends] - total[starts]
    price = _PRICE * np.maximum(gains, 0.0).sum() / max(int((ends - starts).sum()), 1)
    first, last = _best_run(gains - price * (ends - starts), starts, ends)
    return int(starts[first]), int(ends[last])


def pieces(text: str, most: int) -> list[Span]:
    """Part a text into at most so many neighbouring runs of words, of about equal length."""
    starts, ends = _tokens(text)
    if not len(starts):
        return [(0, len(text))] if text else []
    size = -(-len(starts) // most)
    firsts = starts[::size]
    lasts = ends[np.minimum(np.arange(len(firsts)) * size + size - 1, len(ends) - 1)]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _best_run(values: Doubles, starts: Indices, ends: Indices) -> tuple[int, int]:
    """Find the run of tokens with the largest sum (Kadane's algorithm) within the length limit."""
    best, best_sum = (int(np.argmax(values)),) * 2, float(values.max())
    first, running = 0, 0.0
    for last, value in enumerate(values.tolist()):
        if running <= 0:
            first, running = last, 0.0
        running += value
        if running > best_sum and ends[last] - starts[first] <= _LONGEST:
            best, best_sum = (first, last), running
    return best


@lru_cache(maxsize=8)  # a text is asked about once for each label that holds
def _tokens(text: str) -> tuple[Indices, Indices]:
    """Part a text at white space; inside runs of Thai after each letter with its marks."""
    spans = [found.span() for found in _TOKEN.finditer(text)]
    starts, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    return starts, ends
