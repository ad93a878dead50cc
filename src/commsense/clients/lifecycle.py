"""The life-cycle stage of a client over time, from cues in its messages.

A hidden Markov model with five stages: a client mostly stays in its stage from one period to the
next or moves on to the next stage; in a stage its own cues are frequent and the others stray.
"""

from __future__ import annotations

import numpy as np

from commsense.clients.assessment import Stage
from commsense.clients.periods import Floats, Ints
from commsense.clients.view import ClientView
from commsense.clients.windows import Windows

STAGES = ("exploration", "awareness", "expansion", "commitment", "dissolution")
_FIRST = np.array([0.45, 0.2, 0.1, 0.2, 0.05])
"""Where a history begins: exports often start in the middle of a relationship."""
_MOVES = np.array(
    [
        [0.80, 0.12, 0.03, 0.04, 0.01],
        [0.02, 0.80, 0.10, 0.06, 0.02],
        [0.01, 0.03, 0.80, 0.13, 0.03],
        [0.01, 0.01, 0.07, 0.87, 0.04],
        [0.03, 0.01, 0.02, 0.06, 0.88],
    ]
)
"""From each stage (row) to each stage (column) between two periods of about a month."""
_HIT, _STRAY = 0.10, 0.02
"""Share of messages with a stage's cue within the stage, and outside it or by a tagger's error."""
_CLUE_MESSAGES = 40
"""Messages of a period that count at most: cues of one affair repeat each other."""


def stage(view: ClientView, windows: Windows) -> Stage:
    """Estimate the stage now and in each reported period.

    The history holds, for each period, the most likely stage given all messages up to its end.
    """
    belief = _FIRST
    history: list[tuple[str, str]] = []
    for span in windows.spans:
        belief = _updated(belief @ _MOVES if history else belief, _cues(view, span.places))
        history.append((span.period, STAGES[int(belief.argmax())]))
    if not history:
        belief = _updated(belief, _cues(view, np.flatnonzero(windows.now)))
    best = int(belief.argmax())
    return Stage(STAGES[best], float(belief[best]), history)


def _cues(view: ClientView, places: Ints) -> Floats:
    """Return the messages with each stage's cue, and all messages, of a period."""
    columns = [view.column[name] for name in STAGES]
    counts = view.holds[places][:, columns].sum(axis=0).astype(np.float64)
    n = float(len(places))
    scale = min(1.0, _CLUE_MESSAGES / n) if n else 1.0
    return np.array([*counts * scale, n * scale])


def _updated(belief: Floats, cues: Floats) -> Floats:
    """Return the belief after a period's cues, each message a coin toss per cue."""
    counts, n = cues[:-1], cues[-1]
    rates = np.full((len(STAGES), len(STAGES)), _STRAY)
    np.fill_diagonal(rates, _HIT)
    log = counts @ np.log(rates / (1 - rates)).T + n * np.log1p(-rates).sum(axis=1)
    weighted = belief * np.exp(log - log.max())
    updated: Floats = weighted / weighted.sum()
    return updated
