"""One message in several exports is one message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from commsense.ingest.fingerprint import fingerprint

Flags = npt.NDArray[np.bool_]

_DIGITS = 8


def repeated(ids: Sequence[str]) -> list[int]:
    """Return the places of messages whose id comes more than once."""
    if len(set(ids)) == len(ids):
        return []  # so it is in most exports, and the set is half of what the counts would be
    counts = Counter(ids)
    return [place for place, one in enumerate(ids) if counts[one] > 1]


def unique(
    ids: Sequence[str], messages: Iterable[tuple[int, pd.Series[Any]]]
) -> tuple[list[str], Flags]:
    """Keep the first of messages that have the same id and say the same.

    Different messages under one id, which careless programs write, are all kept: the later ones
    get ids that their content is a part of, the same ones in every run.

    Parameters
    ----------
    ids : sequence of str
        Of all messages.
    messages : iterable of int and Series
        Those that :func:`repeated` names, in their order: place and row of
        :data:`commsense.schema.MESSAGES`.

    Returns
    -------
    list of str
        The ids, changed where another message has the same one.
    array of bool, shape (messages,)
        Which messages are kept; their ids are unique.
    """
    kept_ids = list(ids)
    keep = np.ones(len(ids), dtype=bool)
    again = repeated(ids)
    if not again:
        return kept_ids, keep
    keep[again] = False
    taken = {one for one, kept in zip(ids, keep, strict=True) if kept}  # also ids made earlier
    kept: dict[str, list[_Content]] = {}
    for place, row in messages:
        content = _content(row)
        same_id = kept.setdefault(ids[place], [])
        if any(content.is_same(other) for other in same_id):
            continue
        if same_id:
            kept_ids[place] = f"{ids[place]}#{content.body[:_DIGITS]}"
        same_id.append(content)
        keep[place] = kept_ids[place] not in taken
    return kept_ids, keep


@dataclass(frozen=True, slots=True)
class _Content:
    """Hashes of what a message says.

    Two copies may differ in a footer that a mailing list added, so the same new words are enough;
    or in where an older version of this program cut them, so the same lines are enough too.
    """

    words: str
    body: str

    def is_same(self, other: _Content) -> bool:
        return self.words == other.words or self.body == other.body


def _content(row: pd.Series[Any]) -> _Content:
    text, quoted, signature = (str(row[zone]) for zone in ("text", "quoted", "signature"))
    author = str(row["author"]).casefold()
    lines = sorted(filter(None, map(_letters, "\n".join((text, quoted, signature)).split("\n"))))
    said = _letters(text) or _letters(quoted)
    return _Content(fingerprint(author, said), fingerprint(author, *lines))


def _letters(text: str) -> str:
    """Return a text without white space and marks, which exports change."""
    return "".join(filter(str.isalnum, text.casefold()))
