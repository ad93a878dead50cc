"""Who wrote to whom: mails by the numbers of addresses and names.

Of an address that comes in many mails there is one string; mails only point to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from commsense.ingest.addresses import normalise_address
from commsense.ingest.heads import Flags, Heads, mails

Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Correspondents:
    """The mails of some exports, by who wrote and received them.

    Attributes
    ----------
    addresses, names : list of str
        Each different normalised address, each different display name of an author.
    author, name : int array of shape (mails,)
        Numbers of the author's address and display name.
    recipient, row : int arrays of shape (recipients,)
        Numbers of the recipients' addresses, and the mails that they belong to.
    automatic : bool array of shape (mails,)
    """

    addresses: list[str]
    names: list[str]
    author: Codes
    name: Codes
    recipient: Codes
    row: Codes
    automatic: Flags

    @classmethod
    def of(cls, heads: Heads) -> Self:
        """Read the people of all mails."""
        addresses, names = _Numbers(normalise_address), _Numbers(str)
        parts: list[tuple[npt.NDArray[np.generic], ...]] = [_nothing()]
        count = 0
        for table in mails(heads, "author", "author_name", "recipients", "automatic"):
            lists = table["recipients"].combine_chunks()
            lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0), dtype=np.int64)
            rows = np.arange(count, count + table.num_rows, dtype=np.int32)
            parts.append(
                (
                    addresses.of(table["author"]),
                    names.of(table["author_name"]),
                    addresses.of(lists.flatten()),
                    np.repeat(rows, lengths),
                    np.asarray(pc.fill_null(table["automatic"], fill_value=False), dtype=bool),
                )
            )
            count += table.num_rows
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return cls(addresses.known, names.known, *columns)


class _Numbers:
    """Numbers different strings, in the order in which they come first."""

    def __init__(self, form: Callable[[str], str]) -> None:
        self._form = form
        self._numbers: dict[str, int] = {}

    def of(self, strings: pa.Array | pa.ChunkedArray) -> Codes:
        """Return the number of each string's form; a missing one is empty."""
        whole = strings.combine_chunks() if isinstance(strings, pa.ChunkedArray) else strings
        encoded = pc.fill_null(whole, "").dictionary_encode()
        told = [self._number(self._form(one)) for one in encoded.dictionary.to_pylist()]
        codes: Codes = np.array(told, dtype=np.int32)[np.asarray(encoded.indices)]
        return codes

    def _number(self, form: str) -> int:
        return self._numbers.setdefault(form, len(self._numbers))

    @property
    def known(self) -> list[str]:
        """All that were numbered, by their numbers."""
        return list(self._numbers)


def _nothing() -> tuple[npt.NDArray[np.generic], ...]:
    none = np.zeros(0, dtype=np.int32)
    return none, none, none, none, np.zeros(0, dtype=bool)
