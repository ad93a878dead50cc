"""The messages that show best what goes well and what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from commsense.clients.assessment import Evidence, Finding
from commsense.clients.periods import Bools
from commsense.clients.view import ClientView
from commsense.taxonomy import Polarity

Spans = dict[tuple[str, str], tuple[int, int]]
_MOST = 8
_MOST_A_LABEL = 2


def spans(labels: pd.DataFrame) -> Spans:
    """Return the first evidence span of each message and label that holds and has one."""
    holding = labels[labels["holds"].fillna(False).astype(bool)]
    return {
        (key, label): (int(found[0]["start"]), int(found[0]["end"]))
        for key, label, found in zip(
            holding["message_id"], holding["label"], holding["spans"], strict=True
        )
        if found is not None and len(found)
    }


def evidence(
    view: ClientView,
    chosen: Bools,
    polarity: Polarity,
    known: Spans,
    findings: Sequence[Finding] = (),
) -> list[Evidence]:
    """Return messages that show a polarity, by time: several labels and threads.

    Parameters
    ----------
    view : ClientView
    chosen : bool array of shape (messages,)
        Where the best-scoring messages are looked for.
    polarity : Polarity
    known : dict
        What :func:`spans` returned.
    findings : sequence of Finding
        Each is shown by one of its own messages first.
    """
    labels = [
        label.id for label in view.taxonomy.select(polarity=polarity) if view.weight(label) > 0
    ]
    picked = _Picked(view, labels)
    for finding in findings:
        own = np.zeros(len(view), dtype=np.bool_)
        own[[view.place[key] for key in finding.message_ids if key in view.place]] = True
        picked.add(own, 1, finding.id)
    picked.add(chosen, _MOST)
    return [_evidence(view, place, label, known) for place, label in sorted(picked.taken)]


class _Picked:
    """Messages picked so far: of a thread one, of a label a few, no text twice."""

    def __init__(self, view: ClientView, labels: Sequence[str]) -> None:
        self.taken: list[tuple[int, str]] = []
        self._view, self._labels = view, labels
        self._columns = np.array([view.column[label] for label in labels], dtype=np.intp)
        self._talks = view.messages["conversation_id"].to_numpy(object)
        self._texts = view.messages["text"].to_numpy(object)
        self._seen: set[object] = set()
        self._used = dict.fromkeys(labels, 0)

    def add(self, chosen: Bools, most: int, first: str = "") -> None:
        """Pick at most so many of the chosen messages, those with the label ``first`` before."""
        places, names = np.nonzero(self._view.raised[:, self._columns] & chosen[:, None])
        scores = self._view.scores[places, self._columns[names]]
        behind = np.array([label != first for label in self._labels])[names]
        for j in np.lexsort((-scores, behind)):
            if most == 0 or len(self.taken) == _MOST:
                return
            most -= self._pick(int(places[j]), self._labels[names[j]])

    def _pick(self, place: int, label: str) -> bool:
        talk = ("talk", self._talks[place])
        if self._used[label] == _MOST_A_LABEL or talk in self._seen:
            return False
        text = ("text", " ".join((self._texts[place] or "").split()).casefold())
        if text in self._seen:
            return False
        self._used[label] += 1
        self._seen |= {talk, text}
        self.taken.append((place, label))
        return True


def _evidence(view: ClientView, i: int, label: str, known: Spans) -> Evidence:
    row = view.messages.iloc[i]
    start, end = known.get((row["id"], label), (0, 0))
    return Evidence(
        message_id=row["id"],
        label=label,
        polarity=view.taxonomy[label].polarity,
        dimension=view.taxonomy[label].dimension,
        score=float(view.scores[i, view.column[label]]),
        sent_at=None if pd.isna(row["sent_at"]) else row["sent_at"].to_pydatetime(),
        author=row["author_name"] or row["author"] or "",
        side=view.sides[i],
        text=row["text"] or "",
        start=start,
        end=end,
    )
