"""Messages without their texts, of which some columns at a time are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Flags = npt.NDArray[np.bool_]


class Heads(Protocol):
    """Where the columns of all messages but their texts can be read, as often as needed."""

    def tables(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns of :data:`commsense.schema.MESSAGES`, in the messages' order."""
        ...


def is_mail(messages: pa.Table) -> Flags:
    """Tell mail from the turns of calls; ``channel`` is among the columns."""
    is_call = pc.fill_null(pc.equal(messages["channel"], "call"), fill_value=False)
    return np.asarray(pc.invert(is_call), dtype=bool)


def mails(heads: Heads, *columns: str) -> Iterator[pa.Table]:
    """Yield some columns of the messages that are mail."""
    for table in heads.tables(["channel", *columns]):
        yield table.filter(pa.array(is_mail(table)))
