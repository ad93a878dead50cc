"""A table that is the transcript of one call: who says what, from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from commsense.ingest import cells
from commsense.ingest.columns import REJECTED_KEY, Row, layout
from commsense.schema import Message, Rejected

if TYPE_CHECKING:
    from commsense.ingest.transcripts.call import Turn

_OF_TURNS: Final = frozenset(["text", "author", "author_name", "start_s", "end_s", "side"])
_SLOWEST: Final = 0.1  # letters a second; nobody speaks so, pauses included
_MILLISECONDS: Final = 1_000.0


@dataclass(frozen=True, slots=True)
class TurnTime:
    """When turns are said.

    Attributes
    ----------
    column : str
        Of the neutral format, in which their beginning stands.
    per_second : float
        Units of it.
    """

    column: str
    per_second: float


def time_of_turns(rows: Sequence[Row]) -> TurnTime | None:
    """Tell a bare transcript: it has times within a call, and no ids, days, recipients or clients.

    Parameters
    ----------
    rows : sequence of dict
        The table's first ones, by the names that it has for its columns.

    Returns
    -------
    TurnTime or None
        None for any other table.
    """
    fields = {*chain.from_iterable(layout(names).fields for names in {*map(tuple, rows)})}
    if "text" not in fields or not fields - {"sent_at"} <= _OF_TURNS:
        return None
    if ("start_s" in fields) == ("sent_at" in fields):
        return None
    column = "start_s" if "start_s" in fields else "sent_at"
    told = [layout(tuple(row)).renamed(row) for row in rows]
    are_clocks = [cells.clock(row[column]) is not None for row in told if row.get(column)]
    if column == "sent_at" and not (are_clocks and all(are_clocks)):
        return None
    if all(cells.number(row.get(column)) is None for row in told):
        return None
    return TurnTime(column, 1.0 if any(are_clocks) else _per_second(told, column))


def read_call(
    rows: Iterable[Row | Rejected], name: str, time: TurnTime
) -> Iterator[Message | Rejected]:
    """Yield the turns of a call, one message each."""
    # Imported here: it comes with all transcript formats, which tagging need not wait for.
    from commsense.ingest.transcripts.call import Call, messages

    turns = []
    for row in rows:
        if isinstance(row, Rejected):
            yield row
        elif not row.get(REJECTED_KEY):
            turns.append(_turn(layout(tuple(row)).renamed(row), time))
    yield from messages(name, Call(turns))


def _turn(row: Row, time: TurnTime) -> Turn:
    from commsense.ingest.transcripts.call import Turn

    start_s, end_s = (cells.number(row.get(column)) for column in (time.column, "end_s"))
    return Turn(
        speaker=cells.string(row.get("author")).strip(),
        text=cells.string(row.get("text")),
        start_s=None if start_s is None else start_s / time.per_second,
        end_s=None if end_s is None else end_s / time.per_second,
        side=cells.word(row.get("side"), "side"),
    )


def _per_second(rows: Sequence[Row], column: str) -> float:
    """Tell milliseconds from seconds: in seconds, too little would be said in the time."""
    times = [(cells.number(row.get(column)), cells.number(row.get("end_s"))) for row in rows]
    spoken = sum(end - start for start, end in times if start is not None and end is not None)
    starts = [start for start, _ in times if start is not None]
    letters = sum(len(cells.string(row.get("text"))) for row in rows)
    duration = spoken or max(starts, default=0.0) - min(starts, default=0.0)
    return _MILLISECONDS if letters < _SLOWEST * duration else 1.0
