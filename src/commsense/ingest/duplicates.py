"""One message in several exports is one message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from commsense.ingest.fingerprint import Hashes, fingerprint, hashes
from commsense.ingest.spool import Spool

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

_DIGITS = 8
_DERIVED: Final = "^mail-[0-9a-f]{20}$"  # the id of a mail that has no Message-ID
_MINUTE: Final = 60_000_000  # microseconds
_SENT: Final = ("author", "subject", "sent_at")
_FACTORS: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))  # odd, arbitrary


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


def nameless(ids: pa.ChunkedArray, spool: Spool, keep: Flags) -> Flags:
    """Tell which mails without a Message-ID are there in another copy too, with one or without.

    Author, subject, the minute in which it was sent and what it says are the same. The copy with a
    Message-ID stays, for answers name that.

    Parameters
    ----------
    ids : pyarrow.ChunkedArray of string
        Of all messages, as they were written. Where none was derived, nothing else is read.
    spool : Spool
    keep : bool array of shape (messages,)
        Those that are no duplicates anyway.

    Returns
    -------
    bool array of shape (messages,)
    """
    found = np.zeros(len(keep), dtype=bool)
    derived = pc.fill_null(pc.match_substring_regex(ids, _DERIVED), fill_value=False)
    without_id = np.asarray(derived.combine_chunks(), dtype=bool) & keep
    if not without_id.any():
        return found
    sent = np.concatenate([_sent(table) for table in spool.heads(_SENT)])
    alike = np.zeros(len(keep), dtype=bool)
    alike[keep] = pd.Series(sent[keep]).duplicated(keep=False)
    alike &= pd.Series(sent).isin(sent[without_id & alike]).to_numpy()
    known: defaultdict[int, list[_Content]] = defaultdict(list)
    waiting: list[tuple[int, _Content]] = []
    for place, row in spool.rows(np.flatnonzero(alike).tolist()):
        if without_id[place]:
            waiting.append((place, _content(row)))
        else:
            known[sent[place]].append(_content(row))
    for place, content in waiting:
        same_time = known[sent[place]]
        if any(map(content.is_same, same_time)):
            found[place] = True
        else:
            same_time.append(content)
    return found


def _sent(heads: pa.Table) -> Hashes:
    """Return 64 bits for who sent which subject in which minute."""
    minutes = pc.fill_null(heads["sent_at"].cast(pa.int64()), -1).to_numpy() // _MINUTE
    author, subject = (hashes(pc.utf8_lower(heads[name])) for name in ("author", "subject"))
    told: Hashes = author * _FACTORS[0] + subject * _FACTORS[1] + minutes.astype(np.uint64)
    return told


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
    lines = sorted(filter(None, map(letters, "\n".join((text, quoted, signature)).split("\n"))))
    said = letters(text) or letters(quoted)
    return _Content(fingerprint(author, said), fingerprint(author, *lines))


def letters(text: str) -> str:
    """Return a text without white space and marks, which exports change."""
    return "".join(filter(str.isalnum, text.casefold()))
