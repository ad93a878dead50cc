"""One message in several exports is one message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from commsense.ingest.fingerprint import fingerprint, hashes

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

_DIGITS = 8


def repeated(ids: pa.ChunkedArray) -> Places:
    """Return the places of messages whose id, never null, comes more than once.

    What :func:`unique` compares is the ids themselves, so that by chance one may be named here that
    comes once.
    """
    told = [hashes(chunk) for chunk in ids.chunks]
    again = pd.Series(np.concatenate([np.zeros(0, np.uint64), *told])).duplicated(keep=False)
    return np.flatnonzero(again)


def unique(
    ids: pa.ChunkedArray, messages: Iterable[tuple[int, pd.Series[Any]]]
) -> tuple[pa.ChunkedArray, Flags]:
    """Keep the first of messages that have the same id and say the same.

    Different messages under one id, which careless programs write, are all kept: the later ones
    get ids that their content is a part of, the same ones in every run.

    Parameters
    ----------
    ids : pyarrow.ChunkedArray of string
        Of all messages.
    messages : iterable of int and Series
        Those that :func:`repeated` names, in their order: place and row of
        :data:`commsense.schema.MESSAGES`.

    Returns
    -------
    pyarrow.ChunkedArray of string
        The ids, changed where another message has the same one.
    array of bool, shape (messages,)
        Which messages are kept; their ids are unique.
    """
    again: list[int] = []
    changed: dict[int, str] = {}
    kept: dict[str, list[_Content]] = {}
    keep = np.ones(len(ids), dtype=bool)
    for place, row in messages:
        again.append(place)
        content = _content(row)
        same_id = kept.setdefault(row["id"], [])
        if any(content.is_same(other) for other in same_id):
            keep[place] = False
            continue
        if same_id:
            changed[place] = f"{row['id']}#{content.body[:_DIGITS]}"
        same_id.append(content)
    if not changed:
        return ids, keep
    # A message of an earlier run may have the id already that is made here.
    once = np.ones(len(ids), dtype=bool)
    once[again] = False
    made = pa.array(changed.values(), ids.type)
    taken = set(ids.filter(pc.and_(once, pc.is_in(ids, made))).to_pylist())
    for place, identity in changed.items():
        keep[place] = identity not in taken
    is_changed = np.zeros(len(ids), dtype=bool)
    is_changed[[*changed]] = True
    return pa.chunked_array([pc.replace_with_mask(ids.combine_chunks(), is_changed, made)]), keep


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
