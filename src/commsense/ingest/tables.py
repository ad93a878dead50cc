"""Tables of messages on their way in: JSON Lines, JSON, CSV, Parquet; and plain lines of text."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from commsense.errors import InputError
from commsense.ingest import charsets
from commsense.ingest.columns import REJECTED_KEY, Row, is_table, layout
from commsense.ingest.reader import HEAD_BYTES, SourceFile
from commsense.ingest.rows import RowReader
from commsense.schema import Message, Rejected
from commsense.spreadsheet import original
from commsense.surrogates import whole_json

_DELIMITERS: Final = ",;\t|"
_MAX_CELL: Final = 10_000_000  # characters; the standard library's own limit is 131,072
_MAX_CALL_BYTES: Final = 64 * 1024 * 1024  # more is no transcript of a call
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BYTE_ORDER_MARK: Final = "\ufeff"
_TOLD_DELIMITER = re.compile(r"sep=(.)\s*")  # a first line that Excel writes and reads
_KEY = re.compile(r'"([^"\\]{1,60})"\s{0,4}:')
_BETWEEN_ROWS = re.compile(r"[\s,]*")


@dataclass(slots=True)
class Table:
    """A format of rows.

    Attributes
    ----------
    name : str
    columns : callable
        Returns the columns that the first bytes of a file tell, none where they are of another
        format.
    rows : callable
        Yields the rows of a file, or what cannot be read of it.
    """

    name: str
    columns: Callable[[SourceFile, bytes], Iterable[str]]
    rows: Callable[[SourceFile], Iterator[Row | Rejected]]

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by the columns: see :func:`commsense.ingest.columns.is_table`."""
        return is_table(self.columns(source, head))

    def read(self, source: SourceFile) -> Iterator[Message | Rejected]:
        """Yield a message for each row or turn; a Rejected for each that cannot be one."""
        may_be_call = source.size() <= _MAX_CALL_BYTES
        return RowReader().read(self.rows(source), source.name, may_be_call=may_be_call)


def messages_of(table: pd.DataFrame) -> Iterator[Message | Rejected]:
    """Yield a message for each row of a DataFrame, as from a file.

    Raises
    ------
    InputError
        Where it has no column ``text``.
    """
    names = [str(name) for name in table.columns]
    if "text" not in layout(tuple(names)).fields:
        raise _no_text("a DataFrame", names)
    rows = pa.Table.from_pandas(table, preserve_index=False).to_pylist()
    yield from RowReader().read(rows, "row", " ")


def read_tagger_input(file: str) -> Iterator[Message | Rejected]:
    """Read neutral messages, or plain text with one message a line.

    Parameters
    ----------
    file : str
        A path, or ``-`` for standard input.

    Returns
    -------
    iterator of Message and Rejected
        Read as they are asked for. Empty lines of plain text are no messages. A language that a
        row does not tell is empty: who tags finds it, on all cores.

    Raises
    ------
    InputError
        Before anything is read, where the file does not exist; while it is read, where it cannot
        be read.
    """
    source = _tagger_source(file)
    head = source.head()
    table = next((one for one in FORMATS if one.recognises(source, head)), None)
    if table is None and "\x00" in _decode(head):
        raise InputError(
            f"{source.name} is neither a table nor text",
            "messages as JSON Lines, CSV or Parquet, or lines of text",
            "read exports with: commsense parse",
        )
    reader = RowReader(row_by_row=True)
    rows = reader.read(table.rows(source), source.name) if table else _lines(source, reader)
    return _readable(rows, source.name)


def _readable(rows: Iterator[Message | Rejected], name: str) -> Iterator[Message | Rejected]:
    # Told here: who writes while reading would take it for a failure to write.
    try:
        yield from rows
    except OSError as error:
        raise InputError(f"cannot read {name}: {error}", mend="check the file") from error


def _tagger_source(file: str) -> SourceFile:
    if file == "-":
        return SourceFile("standard input", content=sys.stdin.buffer.read())
    path = Path(file).expanduser()
    if path.is_fifo():  # as the shell's <(command) is: it can be read but once
        return SourceFile(file, content=path.read_bytes())
    if not path.is_file():
        raise InputError(f"there is no file {file}", "messages or lines of text", "check the path")
    return SourceFile(file, path=path)


def _lines(source: SourceFile, reader: RowReader) -> Iterator[Message]:
    for number, line in enumerate(_decode(source.read()).splitlines(), 1):
        if line.strip():
            yield reader.message({"text": line.strip()}, f"{source.name}#{number}")


def _decode(data: bytes) -> str:
    """Decode a file, or its first bytes; spreadsheets and Windows' shell write UTF-16 too."""
    if data.startswith(_UTF16_MARKS):
        return data.decode("utf-16", "replace")
    return charsets.decode(data).removeprefix(_BYTE_ORDER_MARK)


def _json_columns(_source: SourceFile, head: bytes) -> Iterable[str]:
    text = _decode(head).lstrip()
    if not text.startswith("{"):
        return ()
    first, newline, _ = text.partition("\n")
    try:
        found = json.loads(first)
    except (ValueError, RecursionError):
        # A first line that is longer than the head still begins like one of ours.
        return _KEY.findall(first) if not newline and len(head) == HEAD_BYTES else ()
    return found if isinstance(found, dict) else ()


def _json_rows(source: SourceFile) -> Iterator[Row | Rejected]:
    with source.open() as stream:
        for number, line in enumerate(_json_lines(stream), 1):
            if not line.strip():
                continue
            place = f"{source.name}#{number}"
            try:
                row = whole_json(json.loads(line), line)
            except (ValueError, RecursionError) as error:
                yield _no_json(place, error)
                continue
            yield row if isinstance(row, dict) else _no_object(place, row)


def _json_lines(stream: BinaryIO) -> Iterator[str]:
    mark = stream.read(len(codecs.BOM_UTF8))
    if mark != codecs.BOM_UTF8:
        stream.seek(0)
    if mark.startswith(_UTF16_MARKS):
        yield from io.TextIOWrapper(stream, "utf-16", "replace")
    else:
        yield from map(charsets.decode, stream)


def _no_json(place: str, error: Exception) -> Rejected:
    return Rejected(place, f"no JSON: {error}; mend: mend the line")


def _no_object(place: str, found: object) -> Rejected:
    return Rejected(place, f"a JSON {type(found).__name__}; expected an object")


def _array_columns(_source: SourceFile, head: bytes) -> Iterable[str]:
    text = _decode(head).lstrip()
    first = text[1:].lstrip()
    if not text.startswith("[") or not first.startswith("{"):
        return ()
    try:
        found, _ = json.JSONDecoder().raw_decode(first)
    except (ValueError, RecursionError):
        return _KEY.findall(first) if len(head) == HEAD_BYTES else ()
    columns: dict[str, object] = found
    return columns


def _array_rows(source: SourceFile) -> Iterator[Row | Rejected]:
    """Read row by row: those above a damage are kept."""
    text = _decode(source.read())
    decoder, place, number = json.JSONDecoder(), text.find("[") + 1, 0
    while True:
        number += 1
        between = _BETWEEN_ROWS.match(text, place)
        place = between.end() if between else place
        if text.startswith("]", place):
            return
        try:
            begin = place
            row, place = decoder.raw_decode(text, begin)
            row = whole_json(row, text[begin:place])
        except (ValueError, RecursionError) as error:
            yield _no_json(f"{source.name}#{number}", error)
            return
        yield row if isinstance(row, dict) else _no_object(f"{source.name}#{number}", row)


def _csv_columns(_source: SourceFile, head: bytes) -> Iterable[str]:
    text = _decode(head)
    if "\x00" in text.partition("\n")[0]:
        return ()
    reader, _ = _csv_reader(text)
    try:
        return _names(next(reader, []))
    except csv.Error:
        return ()


def _csv_reader(text: str) -> tuple[Iterator[list[str]], Callable[[], int]]:
    """Return the lines of cells, and what tells how many lines were read."""
    csv.field_size_limit(_MAX_CELL)
    stream = io.StringIO(text)
    first = stream.readline()
    told = _TOLD_DELIMITER.fullmatch(first)
    if told is None:
        stream.seek(0)
    delimiter = told[1] if told else max(_DELIMITERS, key=first.count)
    reader = csv.reader(stream, delimiter=delimiter)
    return reader, lambda: reader.line_num + bool(told)


def _names(cells: Iterable[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def _csv_rows(source: SourceFile) -> Iterator[Row | Rejected]:
    reader, lines = _csv_reader(_decode(source.read()))
    columns = _names(next(reader, []))
    if "text" not in layout(tuple(columns)).fields:
        yield Rejected(source.name, str(_no_text("a CSV", columns)))
        return
    try:
        for cells in reader:
            if any(cells):
                yield dict(zip(columns, map(original, cells), strict=False))
    except csv.Error as error:
        yield Rejected(f"{source.name}, line {lines()}", f"no CSV: {error}")


def _parquet_columns(source: SourceFile, head: bytes) -> Iterable[str]:
    if not head.startswith(b"PAR1"):
        return ()
    try:
        with source.open() as stream:
            names: list[str] = pq.ParquetFile(stream).schema_arrow.names
    except (pa.ArrowException, OSError):
        return ("text",)  # damaged, but Parquet all the same: reading it says so
    return names


def _parquet_rows(source: SourceFile) -> Iterator[Row | Rejected]:
    try:
        with source.open() as stream:
            file = pq.ParquetFile(stream)
            names = file.schema_arrow.names
            if "text" not in layout(tuple(names)).fields:
                yield Rejected(source.name, str(_no_text("Parquet", names)))
                return
            for batch in file.iter_batches():
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError) as error:
        yield Rejected(source.name, f"damaged Parquet ({error}); mend: export it again")


def _no_text(what: str, columns: Sequence[str]) -> InputError:
    return InputError(
        f"{what} without a column `text` (it has {', '.join(columns[:8])})",
        "one row a message with its words in `text`",
        "rename the column",
    )


FORMATS: tuple[Table, ...] = (
    Table("parquet", _parquet_columns, _parquet_rows),
    Table("jsonl", _json_columns, _json_rows),
    Table("json", _array_columns, _array_rows),
    Table("csv", _csv_columns, _csv_rows),
)
"""In the order in which a file is offered to them."""

__all__ = ["FORMATS", "REJECTED_KEY", "Table", "messages_of", "read_tagger_input"]
