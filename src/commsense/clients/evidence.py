"""The messages that show best what goes well and what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from commsense.clients.assessment import Evidence
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


def evidence(view: ClientView, chosen: Bools, polarity: Polarity, known: Spans) -> list[Evidence]:
    """Return the best-scoring messages of a polarity, several labels and threads, by time."""
    labels = [
        label.id for label in view.taxonomy.select(polarity=polarity) if view.weight(label) > 0
    ]
    return _shown(view, chosen, labels, known)


def _shown(view: ClientView, chosen: Bools, labels: Sequence[str], known: Spans) -> list[Evidence]:
    columns = np.array([view.column[label] for label in labels])
    places, names = np.nonzero(view.holds[:, columns] & chosen[:, None])
    scores = view.scores[places, columns[names]]
    talks = view.messages["conversation_id"].to_numpy(object)
    taken: list[tuple[int, str]] = []
    seen: set[object] = set()
    used = dict.fromkeys(labels, 0)
    for j in np.argsort(-scores, kind="stable"):
        place, label = int(places[j]), labels[names[j]]
        if used[label] == _MOST_A_LABEL or talks[place] in seen:
            continue
        used[label] += 1
        seen.add(talks[place])
        taken.append((place, label))
        if len(taken) == _MOST:
            break
    return [_evidence(view, place, label, known) for place, label in sorted(taken)]


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
