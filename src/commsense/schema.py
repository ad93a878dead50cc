"""The tables that flow through commsense: their columns, types and row classes.

Each arrow of the pipeline takes and gives pandas DataFrames; this module is the one place that
says which columns they have. Arrow schemas are the truth: they fix the Parquet files, and
:func:`frame` brings any list of rows into the matching pandas form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

import pandas as pd
import pyarrow as pa

from commsense.errors import InputError
from commsense.surrogates import whole

FORMAT_VERSION = "1.0"

Channel = Literal["email", "call"]
Side = Literal["client", "provider"]

_TIMESTAMP = pa.timestamp("us", tz="UTC")
_ATTACHMENT = pa.struct([("name", pa.string()), ("type", pa.string()), ("bytes", pa.int64())])
_SPAN = pa.struct([("start", pa.int32()), ("end", pa.int32())])

MESSAGES = pa.schema(
    [
        ("id", pa.string()),
        ("source", pa.string()),
        ("channel", pa.string()),
        ("conversation_id", pa.string()),
        ("sent_at", _TIMESTAMP),
        ("start_s", pa.float64()),
        ("end_s", pa.float64()),
        ("author", pa.string()),
        ("author_name", pa.string()),
        ("recipients", pa.list_(pa.string())),
        ("side", pa.string()),
        ("client", pa.string()),
        ("subject", pa.string()),
        ("text", pa.string()),
        ("quoted", pa.string()),
        ("signature", pa.string()),
        ("language", pa.string()),
        ("automatic", pa.bool_()),
        ("attachments", pa.list_(_ATTACHMENT)),
        ("in_reply_to", pa.string()),
        ("references", pa.list_(pa.string())),
    ]
)
"""One row a message: an e-mail, or one turn of a call."""

LABELS = pa.schema(
    [
        ("message_id", pa.string()),
        ("label", pa.string()),
        ("score", pa.float32()),
        ("holds", pa.bool_()),
        ("spans", pa.list_(_SPAN)),
    ]
)
"""One row a message and label: calibrated probability, decision, evidence (character offsets).

The decision, ``holds``, is null where the model abstains: it does not know the language."""

CONVERSATIONS = pa.schema(
    [
        ("conversation_id", pa.string()),
        ("client", pa.string()),
        ("channel", pa.string()),
        ("subject", pa.string()),
        ("started_at", _TIMESTAMP),
        ("ended_at", _TIMESTAMP),
        ("messages", pa.int32()),
        ("had_debate", pa.bool_()),
        ("unresolved_debate", pa.bool_()),
        ("debate_messages", pa.list_(pa.string())),
        ("withheld_opinion", pa.bool_()),
        ("withheld_messages", pa.list_(pa.string())),
        ("unanswered", pa.list_(pa.string())),
        ("interruptions", pa.int32()),
        ("interruption_messages", pa.list_(pa.string())),
        ("client_response_h", pa.float64()),
        ("provider_response_h", pa.float64()),
        ("client_answer_rate", pa.float64()),
        ("provider_answer_rate", pa.float64()),
        ("client_word_share", pa.float64()),
        ("interactivity", pa.float64()),
        ("client_monologue_s", pa.float64()),
        ("provider_monologue_s", pa.float64()),
        ("client_patience_s", pa.float64()),
        ("provider_patience_s", pa.float64()),
        ("client_questions", pa.int32()),
        ("provider_questions", pa.int32()),
        ("initiated_by", pa.string()),
        ("waiting_for", pa.string()),
    ]
)
"""One row a thread or call. Response times are medians in office hours; ``interactivity`` is in
speaker changes a minute; ``waiting_for`` is a side."""

CLIENTS = pa.schema(
    [
        ("client", pa.string()),
        ("period", pa.string()),
        ("starts_at", _TIMESTAMP),
        ("label", pa.string()),
        ("side", pa.string()),
        ("messages", pa.int32()),
        ("count", pa.int32()),
        ("rate", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("baseline", pa.float64()),
        ("change", pa.float64()),
    ]
)
"""One row a client, period, label and side (``client``, ``provider``, ``both``).

``rate`` is the shrunken share of messages that carry the label, ``low`` to ``high`` its 90 %
interval, ``baseline`` the client's own rate before the period, ``change`` the difference of the
two.
"""

REJECTED = pa.schema([("source", pa.string()), ("reason", pa.string())])
"""One row a piece of input that could not become a message."""


@dataclass(slots=True)
class Attachment:
    """An attachment's name, media type and size in bytes; its content is never kept."""

    name: str
    type: str
    bytes: int


@dataclass(slots=True)
class Message:
    """One message in the neutral format; the fields are the columns of :data:`MESSAGES`.

    Texts that are unknown are empty strings; sides, clients, times and offsets are None.
    """

    id: str
    text: str
    source: str = ""
    channel: Channel = "email"
    conversation_id: str = ""
    sent_at: datetime | None = None
    start_s: float | None = None
    end_s: float | None = None
    author: str = ""
    author_name: str = ""
    recipients: list[str] = field(default_factory=list)
    side: Side | None = None
    client: str | None = None
    subject: str = ""
    quoted: str = ""
    signature: str = ""
    language: str = "und"
    automatic: bool = False
    attachments: list[Attachment] = field(default_factory=list)
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A piece of input that could not become a message, and why.

    Attributes
    ----------
    source : str
        File, and place in it.
    reason : str
        What was got, what was expected and the mend, in one line.
    """

    source: str
    reason: str


def frame(schema: pa.Schema, rows: Iterable[Any]) -> pd.DataFrame:
    """Build a DataFrame with exactly the columns and types of a schema.

    Parameters
    ----------
    schema : pyarrow.Schema
        One of the schemas of this module.
    rows : iterable of dict or dataclass
        Columns that a row lacks become null.

    Returns
    -------
    pandas.DataFrame
        One row each, columns in the schema's order, a fresh range index.
    """
    return to_pandas(arrow(schema, rows))


def arrow(schema: pa.Schema, rows: Iterable[Any]) -> pa.Table:
    """Build an Arrow table as :func:`frame` builds a DataFrame."""
    kept = list(rows)
    columns = [
        pa.array([_plain(_value(row, column.name)) for row in kept], type=column.type)
        for column in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _value(row: Any, name: str) -> Any:  # noqa: ANN401
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return a value as Arrow takes it: structures as dicts, broken halves of characters mended."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, list) and value:
        return [asdict(one) if isinstance(one, Attachment) else _plain(one) for one in value]
    return value


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Return an Arrow table as pandas: lists as Python lists, times as UTC timestamps."""
    lists = [column.name for column in table.schema if pa.types.is_list(column.type)]
    data: pd.DataFrame = table.drop_columns(lists).to_pandas()
    for name in lists:
        # Arrow's own way leads over a NumPy array for each cell, which costs twice the memory.
        cells = [value or [] for value in table[name].to_pylist()]
        data.insert(table.schema.get_field_index(name), name, pd.Series(cells, dtype=object))
    return data


def to_arrow(schema: pa.Schema, data: pd.DataFrame) -> pa.Table:
    """Return a DataFrame as an Arrow table with exactly the schema's columns and types.

    Raises
    ------
    InputError
        Where a value cannot become the column's type.
    """
    try:
        arrays = [_array(data.get(column.name), column.type, len(data)) for column in schema]
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise InputError(f"a column has values of the wrong type: {error}") from error
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: pd.Series[Any] | None, type_: pa.DataType, length: int) -> pa.Array:
    if values is None:
        return pa.nulls(length, type_)
    # Arrow converts lists of structures from Python objects only, not from NumPy arrays of them.
    nested = pa.types.is_list(type_)
    return pa.array(values.tolist() if nested else values, type=type_, from_pandas=True)
