"""Does the evidence decide? Deleting it must hurt more than deleting as much elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from commsense.tagging.base import Span, Tagger

_TEXTS = 400  # tagged texts that are tried: the share below is then known to within 0.05
_SHORTEST = 40  # characters of a text in which there is an elsewhere
_SEED = 20_241  # any; fixed, so that the figure can be repeated


def faithfulness(texts: Sequence[str], tagger: Tagger) -> dict[str, Any]:
    """Compare deleting the evidence with deleting a random span of equal length.

    Parameters
    ----------
    texts : sequence of str
    tagger : Tagger

    Returns
    -------
    dict
        ``tried`` (texts), ``evidence_drop`` and ``random_drop`` (mean fall of the probability of
        the text's likeliest label), ``evidence_wins`` (share of texts where the evidence's fall
        is the larger), ``mean_share`` (of the text that the evidence covers). Empty where no text
        raises a label.
    """
    random = np.random.default_rng(_SEED)
    chosen = [text for text in texts if len(text) >= _SHORTEST]
    chosen = [chosen[place] for place in random.permutation(len(chosen))[: 4 * _TEXTS]]
    judged = tagger.judge(chosen)
    before = judged.probabilities
    tried = np.flatnonzero(judged.holds.any(axis=1))[:_TEXTS]
    if not len(tried):
        return {}
    columns = before[tried].argmax(axis=1)
    without, otherwise, shares = [], [], []
    for row, column in zip(tried.tolist(), columns.tolist(), strict=True):
        text = chosen[row]
        start, end = span = tagger.spans(text, [tagger.labels[column]])[tagger.labels[column]]
        begin = int(random.integers(0, len(text) - (end - start) + 1))
        without.append(_deleted(text, span))
        otherwise.append(_deleted(text, (begin, begin + end - start)))
        shares.append((end - start) / len(text))
    places = np.arange(len(tried)), columns
    first = before[tried][places]
    fall = first - tagger.predict(without)[places]
    elsewhere = first - tagger.predict(otherwise)[places]
    return {
        "tried": len(tried),
        "evidence_drop": round(float(fall.mean()), 4),
        "random_drop": round(float(elsewhere.mean()), 4),
        "evidence_wins": round(float((fall > elsewhere).mean()), 4),
        "mean_share": round(float(np.mean(shares)), 4),
    }


def _deleted(text: str, span: Span) -> str:
    return text[: span[0]] + text[span[1] :]
