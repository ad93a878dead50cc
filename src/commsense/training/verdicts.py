"""What a user says of single texts: this label holds, that one does not.

A file of verdicts teaches a model a label of the user's own or corrects its tags. It is JSON Lines,
CSV (parted by commas, semicolons or tabs) or Parquet, one verdict a row: ``text``, ``label`` and,
where the label does not hold, ``holds`` with ``false``. Tables that have more columns, as those of
a notebook do, are read as well.

Where there is no ``label``, the lists of a labelled corpus are read (``labels``, ``traits``,
``lifecycle``, ``gestures``): what is listed holds. Of the user's own labels those that are not
listed do not hold; of the taxonomy's nothing is said then, for who marks texts for a label of his
own has seldom looked for all others.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from commsense.errors import InputError
from commsense.ingest.charsets import decode
from commsense.spreadsheet import original
from commsense.taxonomy import load_taxonomy
from commsense.training.corpus import LABEL_LISTS

COLUMNS: Final = ("text", "label", "holds")

_DELIMITERS: Final = ",;\t"
_TRUE: Final = frozenset(["", "true", "1", "1.0", "yes", "y", "x"])
_FALSE: Final = frozenset(["false", "0", "0.0", "no", "n"])
_EXPECTED: Final = (
    "the columns text and label, and holds (true or false) where a label may not hold"
)


def read_verdicts(path: Path) -> pd.DataFrame:
    """Read verdicts on texts.

    Parameters
    ----------
    path : Path
        A ``.jsonl``, ``.csv``, ``.tsv`` or ``.parquet`` file.

    Returns
    -------
    pandas.DataFrame
        Columns ``text``, ``label`` and ``holds``; of several verdicts on the same text and label
        the last.

    Raises
    ------
    InputError
        Where the file cannot be read, lacks a column or holds no verdict.
    """
    table = _unlisted(_table(path))
    missing = [column for column in ("text", "label") if column not in table]
    if missing:
        raise InputError(f"{path} has no column {', '.join(missing)}", _EXPECTED, "add it")
    if "holds" not in table:
        table = table.assign(holds=True)
    table = table[list(COLUMNS)]
    said = [
        _is_said(text) and _is_said(label)
        for text, label in zip(table["text"], table["label"], strict=True)
    ]
    table = table[said]
    if table.empty:
        raise InputError(f"{path} holds no verdict", _EXPECTED, "add rows")
    table = table.assign(
        text=table["text"].map(original),
        label=table["label"].str.strip(),
        holds=[_flag(value, path) for value in table["holds"]],
    )
    return table.drop_duplicates(["text", "label"], keep="last", ignore_index=True)


def _table(path: Path) -> pd.DataFrame:
    readers: dict[str, Callable[[Path], Any]] = {
        ".jsonl": lambda file: pd.read_json(file, lines=True, dtype=False),
        ".csv": _parted,
        ".tsv": _parted,
        ".parquet": pd.read_parquet,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path} is no file of verdicts", "a .jsonl, .csv, .tsv or .parquet file")
    try:
        table: pd.DataFrame = reader(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise InputError(f"cannot read {path}: {error}", _EXPECTED, "mend the file") from error
    return table


def _parted(path: Path) -> pd.DataFrame:
    """Read a table of cells, parted by what parts its headings, in whatever encoding it is."""
    text = decode(path.read_bytes()).lstrip("\ufeff")
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    return pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False)


def _unlisted(table: pd.DataFrame) -> pd.DataFrame:
    """Return one verdict a row of a table that lists each text's labels; any other as it is."""
    lists = [name for name in LABEL_LISTS if name in table]
    if "label" in table or "text" not in table or not lists:
        return table
    of_texts = [
        {str(label) for labels in row if _is_list(labels) for label in labels}
        for row in table[lists].itertuples(index=False)
    ]
    own = set().union(*of_texts) - set(load_taxonomy().ids)
    rows = [
        (text, label, label in held)
        for text, held in zip(table["text"], of_texts, strict=True)
        for label in sorted(held | own)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _is_list(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str)


def _is_said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _flag(value: Any, path: Path) -> bool:  # noqa: ANN401
    said = "" if pd.isna(value) else str(value).strip().lower()
    if said in _TRUE:
        return True
    if said in _FALSE:
        return False
    raise InputError(f"{path} says {value!r} under holds", "true or false", "change it")
