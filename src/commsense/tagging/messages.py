"""Tables of messages to tables of labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from commsense.errors import InputError
from commsense.language import detect
from commsense.progress import Progress, silent
from commsense.schema import LABELS, Message, to_pandas
from commsense.surrogates import whole
from commsense.tagging.base import (
    Flags,
    Floats,
    Span,
    Tagger,
    loaded_tagger,
    taxonomy_of,
)
from commsense.tagging.decision import abstentions

_AT_ONCE = 2_048  # messages are read, tagged and told of together
# Kept of a score: its last digits depend on which messages are tagged beside it.
_DECIMALS = 6
_READ = ("id", "text", "language", "channel")

Spans = list[dict[str, int]]


def tag_messages(
    messages: pd.DataFrame,
    tagger: Tagger,
    *,
    evidence: bool = True,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Tag each message with every label that its text can show.

    Parameters
    ----------
    messages : pandas.DataFrame
        At least ``id`` and ``text``; ``channel`` where it is known. A ``language`` that is missing
        is told by the text.
    tagger : Tagger
    evidence : bool
        Whether to find the deciding span of each label that holds.
    progress : Progress

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`commsense.schema.LABELS`, one row a message and label. A label that does
        not exist on the message's channel is left out. Where the message's language is none that
        the model was trained on, scores are given and ``holds`` is null: the model abstains.

    Raises
    ------
    InputError
        Where a needed column is missing.
    """
    _require(messages, "id", "text")
    tables, channels = [LABELS.empty_table()], channels_of(tagger)
    for start in range(0, len(messages), _AT_ONCE):
        part = messages.iloc[start : start + _AT_ONCE]
        tables.append(table_of(tag_part(part, tagger, channels, evidence=evidence)))
        progress("tagging", start + len(part), len(messages))
    return to_pandas(pa.concat_tables(tables))


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a model says of some messages.

    Attributes
    ----------
    ids, languages : sequence of str
        One a message.
    labels : sequence of str
    scores : array, shape (messages, labels)
    holds, exists : array of bool, shape (messages, labels)
        Which labels hold, and which the message can carry at all.
    unjudged : array of bool, shape (messages,)
        Messages on which the model abstains.
    spans : mapping of (int, int) to span
        The evidence of labels that hold, by row and column.
    """

    ids: Sequence[str]
    languages: Sequence[str]
    labels: Sequence[str]
    scores: Floats
    holds: Flags
    exists: Flags
    unjudged: Flags
    spans: Mapping[tuple[int, int], Span]


def batches_of(messages: Iterable[Message]) -> Iterator[pd.DataFrame]:
    """Yield what a tagger reads of messages, some at a time, as they come."""
    rest = iter(messages)
    while some := list(islice(rest, _AT_ONCE)):
        yield pd.DataFrame({name: [getattr(one, name) for one in some] for name in _READ})


def tag_part_by(part: pd.DataFrame, model: str, *, evidence: bool) -> Tagged:
    """Tag some messages in a process that knows a model by its name or folder.

    Parameters
    ----------
    part : pandas.DataFrame
        As :func:`batches_of` gives it.
    model : str
    evidence : bool

    Raises
    ------
    ModelError
        Where the model cannot be loaded.
    """
    tagger = loaded_tagger(model)
    return tag_part(part, tagger, channels_of(tagger), evidence=evidence)


def tag_part(
    messages: pd.DataFrame, tagger: Tagger, channels: Mapping[int, str], *, evidence: bool
) -> Tagged:
    """Tag some messages at once.

    Parameters
    ----------
    messages : pandas.DataFrame
        As of :func:`tag_messages`.
    tagger : Tagger
    channels : mapping of int to str
        As :func:`channels_of` gives it.
    evidence : bool
    """
    texts = texts_of(messages)
    languages = [tag or detect(text) for tag, text in zip(_told(messages), texts, strict=True)]
    judged = tagger.judge(texts, languages)
    exists = _exists(messages, len(tagger.labels), channels)
    holds = judged.holds & exists
    return Tagged(
        messages["id"].tolist(),
        languages,
        tagger.labels,
        judged.probabilities,
        holds,
        exists,
        abstentions(languages, tagger.languages),
        tagger.evidence(texts, holds) if evidence else {},
    )


def probabilities(messages: pd.DataFrame | Sequence[str], tagger: Tagger) -> pd.DataFrame:
    """Return calibrated probabilities, one row a message and one column a label.

    Parameters
    ----------
    messages : pandas.DataFrame or sequence of str
        A table with at least ``text``, or the texts themselves.
    tagger : Tagger

    Returns
    -------
    pandas.DataFrame
        Indexed like the table, or by position.

    Raises
    ------
    InputError
        Where the table has no ``text`` column.
    """
    table = _as_table(messages)
    found = tagger.predict(texts_of(table))
    return pd.DataFrame(found, index=table.index, columns=list(tagger.labels))


def decisions(messages: pd.DataFrame | Sequence[str], tagger: Tagger) -> pd.DataFrame:
    """Return which labels hold, one row a message and one column a label.

    Parameters
    ----------
    messages : pandas.DataFrame or sequence of str
        A table with at least ``text``, and ``language`` and ``channel`` where they are known; or
        the texts themselves.
    tagger : Tagger

    Returns
    -------
    pandas.DataFrame
        Indexed like the table, or by position. Missing where the model abstains, for it was not
        trained on the message's language.

    Raises
    ------
    InputError
        Where the table has no ``text`` column.
    """
    table = _as_table(messages)
    numbered = table.assign(id=range(len(table)))
    tagged = tag_part(numbered, tagger, channels_of(tagger), evidence=False)
    columns = {
        label: pd.arrays.BooleanArray(holds, tagged.unjudged)
        for label, holds in zip(tagger.labels, tagged.holds.T, strict=True)
    }
    return pd.DataFrame(columns, index=table.index)


def _as_table(messages: pd.DataFrame | Sequence[str]) -> pd.DataFrame:
    if not isinstance(messages, pd.DataFrame):
        texts = [whole(text) if isinstance(text, str) else "" for text in messages]
        return pd.DataFrame({"text": texts})
    _require(messages, "text")
    return messages


def texts_of(messages: pd.DataFrame) -> list[str]:
    """Return the texts of a table; a missing one is empty."""
    return [text if isinstance(text, str) else "" for text in messages["text"]]


def _told(messages: pd.DataFrame) -> list[str]:
    """Return the languages of a table, empty where they are not told."""
    if "language" not in messages:
        return [""] * len(messages)
    return [tag if isinstance(tag, str) else "" for tag in messages["language"]]


def _require(messages: pd.DataFrame, *columns: str) -> None:
    missing = [column for column in columns if column not in messages]
    if missing:
        raise InputError(
            f"the table has no column {', '.join(missing)}",
            "messages with " + " and ".join(columns),
            "rename the columns",
        )


@lru_cache(maxsize=1)  # the config, which names a user's own labels, takes long to put together
def channels_of(tagger: Tagger) -> dict[int, str]:
    """Return the only channel of each label that exists on one alone, by column."""
    taxonomy = taxonomy_of(tagger.config)
    only = {column: taxonomy[label].channel for column, label in enumerate(tagger.labels)}
    return {column: channel for column, channel in only.items() if channel is not None}


def _exists(messages: pd.DataFrame, labels: int, channels: Mapping[int, str]) -> Flags:
    """Return which labels a message can carry: some exist on one channel alone."""
    exists = np.ones((len(messages), labels), dtype=bool)
    if "channel" in messages:
        told = messages["channel"].to_numpy(dtype=object)
        for column, only in channels.items():
            exists[:, column] = told == only
    return exists


def table_of(tagged: Tagged) -> pa.Table:
    """Return one row a message and label, columns of :data:`commsense.schema.LABELS`."""
    rows, columns = np.nonzero(tagged.exists)
    evidence = [
        [{"start": span[0], "end": span[1]}] if (span := tagged.spans.get(place)) else []
        for place in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    arrays = [
        _taken(tagged.ids, rows),
        _taken(tagged.labels, columns),
        pa.array(np.round(tagged.scores[rows, columns], _DECIMALS), type=pa.float32()),
        pa.array(tagged.holds[rows, columns], pa.bool_(), mask=tagged.unjudged[rows]),
        pa.array(evidence, type=LABELS.field("spans").type),
    ]
    return pa.Table.from_arrays(arrays, schema=LABELS)


def _taken(values: Sequence[str], places: npt.NDArray[Any]) -> pa.Array:
    return pa.array(values, type=pa.string()).take(pa.array(places))
