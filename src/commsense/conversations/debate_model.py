"""Tell how likely the parties of a thread disagree, and part without a way out.

Two regressions over what the tagger says of the turns (of each label the likeliest turn of the
client, of the provider, near the end), over phrases by which people disagree, give views and
settle, over the thread's form and over its n-grams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from commsense.conversations.regression import Floats, Observed, Regression, grams_of
from commsense.conversations.signs import gives_view
from commsense.conversations.texts import cues
from commsense.conversations.threads import LABELS_READ, NO_ODDS, Thread

DEBATED_FILE: Final = "debated.npz"
UNRESOLVED_FILE: Final = "unresolved.npz"

_CUES: Final = (
    "disagreement", "stalemate", "resolution", "opinion_withheld", "thanks", "deflection",
)  # fmt: skip
_OF_LABELS: Final = ("client", "provider", "last", "end")
_WHERE: Final = ("client", "provider", "both", "end")
# How long a thread is says nothing: authors of threads with debates just write more.
_FORM: Final = ("in_call", "one_party", "client_ends", "last_asks", "same_party_ends")
_END = 2  # turns
_CHARACTERS = 6_000  # of a thread, from its end, whose n-grams are read
_MARK = "?？؟"


@dataclass(frozen=True, slots=True)
class DebateModel:
    """How likely there is a debate in a thread, and one that stays unresolved."""

    debated: Regression
    unresolved: Regression

    def holds(self, threads: Sequence[Thread]) -> list[tuple[bool, bool]]:
        """Tell of each thread whether there is a debate, and whether one stays unresolved."""
        if not threads:
            return []
        seen = observe(threads)
        return [
            (bool(debated), bool(unresolved))
            for debated, unresolved in zip(
                self.debated.holds(seen), self.unresolved.holds(seen), strict=True
            )
        ]


@lru_cache(maxsize=1)
def shipped_debate_model() -> DebateModel:
    """Return the model that comes with commsense."""
    folder = Path(str(files("commsense.conversations")))
    names = named_features()
    return DebateModel(
        Regression.load(folder / DEBATED_FILE, names),
        Regression.load(folder / UNRESOLVED_FILE, names),
    )


def named_features() -> list[str]:
    """Return the names of the features beside the n-grams."""
    return [
        *(f"{label}, {where}" for where in _OF_LABELS for label in LABELS_READ),
        *(f"{cue}, {where}" for cue in (*_CUES, "view") for where in _WHERE),
        *_FORM,
    ]


def observe(threads: Sequence[Thread]) -> Observed:
    """Return what some threads are judged by: columns :func:`named_features`, two texts."""
    named = [[*_labels(thread), *_phrases(thread), *_form(thread)] for thread in threads]
    whole = ["\n".join(turn.text for turn in thread.turns)[-_CHARACTERS:] for thread in threads]
    end = [
        "\n".join(turn.text for turn in thread.turns[-_END:])[-_CHARACTERS:] for thread in threads
    ]
    return Observed(np.array(named, dtype=np.float32), grams_of(whole, end))


def _labels(thread: Thread) -> Floats:
    """Return the log-odds of each label: the client's and provider's likeliest turn, the end's."""
    odds = np.stack([turn.odds for turn in thread.turns])
    is_client = np.array([turn.party == "client" for turn in thread.turns])
    of_client, of_others = (
        odds[rows].max(axis=0) if rows.any() else NO_ODDS for rows in (is_client, ~is_client)
    )
    found: Floats = np.concatenate([of_client, of_others, odds[-1], odds[-_END:].max(axis=0)])
    return found


def _phrases(thread: Thread) -> list[float]:
    found = []
    for name in _CUES:
        found += _where(thread, [cues(name).within(turn.normalised) for turn in thread.turns])
    return found + _where(thread, [gives_view(turn.normalised) for turn in thread.turns])


def _where(thread: Thread, told: Sequence[bool]) -> list[float]:
    """Tell whether a client's turn says something, another's does, both do, one near the end."""
    parties = {turn.party for turn, yes in zip(thread.turns, told, strict=True) if yes}
    client, others = "client" in parties, bool(parties - {"client"})
    return [float(one) for one in (client, others, client and others, any(told[-_END:]))]


def _form(thread: Thread) -> list[float]:
    turns, last = thread.turns, thread.turns[-1]
    return [
        float(thread.channel == "call"),
        float(len(thread.parties) == 1),
        float(last.party == "client"),
        float(any(mark in last.text[-3:] for mark in _MARK)),
        float(len(turns) == 1 or turns[-2].party == last.party),
    ]
