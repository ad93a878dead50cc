"""Messages dealt out in parts that nothing joins: no conversation and no client lies in two.

A part is judged without the others, so that memory holds one at a time and every core or machine
has one of its own. What is found does not depend on how many parts there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from commsense.ingest.spool import TableFile
from commsense.schema import LABELS, MESSAGES

MESSAGES_A_PART: Final = 4_000
"""Some seconds' work and some hundred megabytes; a client with more is one part all the same."""

# Dealt out at once: each part then gets many messages in one piece, not a few in each of many.
_DEALT_BYTES = 64 * 1024**2

Numbers = npt.NDArray[np.int64]


def deal(joined: pa.Table, most: int = MESSAGES_A_PART) -> Numbers:
    """Return the number of each message's part.

    Parameters
    ----------
    joined : pyarrow.Table
        Columns ``conversation_id`` and ``client``.
    most : int
        Messages a part, unless what belongs together is more.

    Returns
    -------
    int array of shape (messages,)
        From 0; what belongs together keeps the order in which it comes first.
    """
    size = joined.num_rows
    if size <= most:
        return np.zeros(size, dtype=np.int64)
    nodes = [_codes(joined["conversation_id"]), _codes(joined["client"])]
    rows = np.arange(size)
    edges, above = [], size
    for codes in nodes:
        known = codes >= 0
        edges.append((rows[known], above + codes[known]))
        above += int(codes.max(initial=-1)) + 1
    left, right = (np.concatenate(ends) for ends in zip(*edges, strict=True))
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(above, above))
    _, found = connected_components(graph, directed=False)
    groups, _ = pd.factorize(found[:size])
    return _filled(np.bincount(groups), most)[groups]


def _codes(column: pa.ChunkedArray) -> Numbers:
    """Return each value's number, -1 where there is none."""
    plain = pc.if_else(pc.equal(column, ""), None, column).combine_chunks().dictionary_encode()
    return np.asarray(plain.indices.fill_null(-1), dtype=np.int64)


def _filled(sizes: Numbers, most: int) -> Numbers:
    """Return the part of each group: one after the other, a new part where the last is full."""
    part, held = 0, 0
    parts = np.empty(len(sizes), dtype=np.int64)
    for group, size in enumerate(sizes.tolist()):
        if held and held + size > most:
            part, held = part + 1, 0
        parts[group] = part
        held += size
    return parts


@dataclass(frozen=True, slots=True)
class Part:
    """Messages that are judged together, and those of their labels that are known.

    Attributes
    ----------
    messages, labels : pyarrow.Table
        Tables of :mod:`commsense.schema`.
    """

    messages: pa.Table
    labels: pa.Table


class Parts:
    """Every part's messages and labels, waiting in nameless temporary files.

    Parameters
    ----------
    numbers : int array of shape (messages,)
        As :func:`deal` gives them, in the order in which the messages will be added.
    ids : pyarrow.ChunkedArray
        The messages' ids, by which labels find their part.
    """

    def __init__(self, numbers: Numbers, ids: pa.ChunkedArray) -> None:
        self._numbers, self._ids = numbers, ids
        self._added = 0
        self._opened = ExitStack()
        count = int(numbers.max(initial=-1)) + 1
        self._messages, self._labels = (
            [self._opened.enter_context(TableFile(schema, among=2 * count)) for _ in range(count)]
            for schema in (MESSAGES, LABELS)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def messages(self) -> int:
        """How many there are in all parts."""
        return len(self._ids)

    def add_messages(self, tables: Iterable[pa.Table]) -> None:
        """Take in the messages, columns of :data:`commsense.schema.MESSAGES`, in their order."""
        for table in _larger(tables):
            numbers = self._numbers[self._added : self._added + table.num_rows]
            self._added += table.num_rows
            _share(table, numbers, self._messages)

    def add_labels(self, tables: Iterable[pa.Table]) -> None:
        """Take in known labels; those of other messages are left out."""
        places = pd.Index(self._ids.to_pandas())
        for table in tables:
            found = places.get_indexer(pd.Index(table["message_id"].to_pandas()))
            _share(table, np.where(found < 0, -1, self._numbers[found]), self._labels)

    def __iter__(self) -> Iterator[Part]:
        for messages, labels in zip(self._messages, self._labels, strict=True):
            yield Part(messages.read(), labels.read())


def _larger(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the same rows, more of them at a time."""
    waiting: list[pa.Table] = []
    held = 0
    for table in tables:
        waiting.append(table)
        held += table.nbytes
        if held >= _DEALT_BYTES:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting, held = [], 0
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def _share(table: pa.Table, numbers: Numbers, files: list[TableFile]) -> None:
    order = np.argsort(numbers, kind="stable")
    sorted_numbers = numbers[order]
    for number in np.unique(sorted_numbers).tolist():
        if number >= 0:
            begin, end = np.searchsorted(sorted_numbers, [number, number + 1])
            files[number].add(table.take(pa.array(order[begin:end])))
