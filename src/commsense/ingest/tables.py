"""The neutral message format on its way in: JSON Lines, CSV, Parquet; and plain lines of text."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from commsense.errors import InputError, MessageError
from commsense.ingest.charsets import decode
from commsense.ingest.fingerprint import fingerprint
from commsense.ingest.reader import HEAD_BYTES, SourceFile
from commsense.language import detect
from commsense.schema import MESSAGES, Attachment, Message, Rejected
from commsense.spreadsheet import original

Row = Mapping[str, Any]

REJECTED_KEY: Final = "rejected"
"""A line with this key is not a message but tells why something could not be one."""

_COLUMNS: Final = frozenset(MESSAGES.names)
_CHANNELS: Final = ("email", "call")
_SIDES: Final = ("client", "provider")
_DELIMITERS: Final = ",;\t|"
_MIN_COLUMNS: Final = 2  # by which a table without a text is still seen to be one
_MAX_CELL: Final = 10_000_000  # characters; the standard library's own limit is 131,072
_ID_DIGITS: Final = 20
_LIST_MARKS: Final = ("[", "{")


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
        """Tell by the columns: the text, or several others of the neutral format."""
        columns = set(self.columns(source, head))
        return (
            "text" in columns or REJECTED_KEY in columns or len(columns & _COLUMNS) >= _MIN_COLUMNS
        )

    def read(self, source: SourceFile) -> Iterator[Message | Rejected]:
        """Yield a message for each row; a Rejected for each that cannot be one."""
        return _read(self, source, _RowReader())


def messages_of(table: pd.DataFrame) -> Iterator[Message | Rejected]:
    """Yield a message for each row of a DataFrame, as from a file.

    Raises
    ------
    InputError
        Where it has no column ``text``.
    """
    if "text" not in table:
        raise _no_text("a DataFrame", [str(name) for name in table.columns])
    reader = _RowReader()
    rows = pa.Table.from_pandas(table, preserve_index=False).to_pylist()
    for number, row in enumerate(rows, 1):
        try:
            yield reader.message(row, f"row {number}")
        except MessageError as error:
            yield Rejected(f"row {number}", str(error))


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
    if table is None and b"\x00" in head:
        raise InputError(
            f"{source.name} is neither a table nor text",
            "messages as JSON Lines, CSV or Parquet, or lines of text",
            "read exports with: commsense parse",
        )
    reader = _RowReader(finds_language=False)
    rows = _read(table, source, reader) if table is not None else _lines(source, reader)
    return _readable(rows, source.name)


def _readable(rows: Iterator[Message | Rejected], name: str) -> Iterator[Message | Rejected]:
    # Told here: who writes while reading would take it for a failure to write.
    try:
        yield from rows
    except OSError as error:
        raise InputError(f"cannot read {name}: {error}", mend="check the file") from error


def _read(table: Table, source: SourceFile, reader: _RowReader) -> Iterator[Message | Rejected]:
    for number, row in enumerate(table.rows(source), 1):
        place = f"{source.name}#{number}"
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            yield reader.message(row, place)
        except MessageError as error:
            yield Rejected(place, str(error))


def _tagger_source(file: str) -> SourceFile:
    if file == "-":
        return SourceFile("standard input", content=sys.stdin.buffer.read())
    path = Path(file).expanduser()
    if not path.is_file():
        raise InputError(f"there is no file {file}", "messages or lines of text", "check the path")
    return SourceFile(file, path=path)


def _lines(source: SourceFile, reader: _RowReader) -> Iterator[Message]:
    for number, line in enumerate(decode(source.read()).splitlines(), 1):
        if line.strip():
            yield reader.message({"text": line.strip()}, f"{source.name}#{number}")


class _RowReader:
    """Makes messages of rows; counts equal ones, so that each has an id of its own."""

    def __init__(self, *, finds_language: bool = True) -> None:
        self._finds_language = finds_language
        self._seen: Counter[str] = Counter()

    def message(self, row: Row, place: str) -> Message:
        """Return the message of a row.

        Raises
        ------
        MessageError
            Where it has no text, or a value is of the wrong type.
        """
        if row.get(REJECTED_KEY):
            raise MessageError(str(row[REJECTED_KEY]))
        text = row.get("text")
        if not isinstance(text, str):
            raise MessageError("a row without `text`", "a string in the column `text`")
        sent_at, author = _moment(row.get("sent_at")), _string(row.get("author"))
        conversation = _string(row.get("conversation_id"))
        return Message(
            id=_string(row.get("id")) or self._derived_id(text, author, sent_at, conversation),
            text=text,
            source=_string(row.get("source")) or place,
            channel=_one_of(row.get("channel"), _CHANNELS, "channel") or "email",  # type: ignore[arg-type]
            conversation_id=conversation,
            sent_at=sent_at,
            start_s=_number(row.get("start_s"), "start_s"),
            end_s=_number(row.get("end_s"), "end_s"),
            author=author,
            author_name=_string(row.get("author_name")),
            recipients=_strings(row.get("recipients")),
            side=_one_of(row.get("side"), _SIDES, "side"),  # type: ignore[arg-type]
            client=_string(row.get("client")) or None,
            subject=_string(row.get("subject")),
            quoted=_string(row.get("quoted")),
            signature=_string(row.get("signature")),
            language=_string(row.get("language")) or self._language_of(text),
            automatic=_flag(row.get("automatic")),
            attachments=_attachments(row.get("attachments")),
            in_reply_to=_string(row.get("in_reply_to")),
            references=_strings(row.get("references")),
        )

    def _language_of(self, text: str) -> str:
        return detect(text) if self._finds_language else ""

    def _derived_id(
        self, text: str, author: str, sent_at: datetime | None, conversation: str
    ) -> str:
        """Return an id made of the content, and of how often it came before in this table."""
        told = "\n".join((sent_at.isoformat() if sent_at else "", author, conversation, text))
        count = self._seen[told]
        self._seen[told] += 1
        told = f"{told}\n{count}" if count else told
        return f"row-{fingerprint(told)[:_ID_DIGITS]}"


def _string(value: object) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return value if isinstance(value, str) else str(value)


def _one_of(value: object, known: Sequence[str], column: str) -> str | None:
    if value is None:  # as most cells are: told at once, a table is read in half the time
        return None
    word = _string(value).strip().lower()
    if word and word not in known:
        raise MessageError(f"{column} {word[:40]!r}", f"one of {', '.join(known)}, or nothing")
    return word or None


def _number(value: object, column: str) -> float | None:
    if value is None:
        return None
    text = _string(value).strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise MessageError(f"{column} {text[:40]!r}", "a number of seconds") from None


def _flag(value: object) -> bool:
    if value is None:
        return False
    return value if isinstance(value, bool) else _string(value).strip().lower() in ("true", "1")


def _moment(value: object) -> datetime | None:
    """Return a time in UTC; one without a zone is taken to be in UTC."""
    if value is None:
        return None
    if isinstance(value, datetime):
        moment = value
    else:
        text = _string(value).strip()
        if not text or text == "NaT":
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise MessageError(
                f"sent_at {text[:40]!r}", "ISO 8601, as 2025-03-31T09:30:00Z"
            ) from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _list(value: object) -> list[Any]:
    """Return a list that a cell holds as JSON, or as strings that semicolons part."""
    if value is None:
        return []
    if isinstance(value, list):
        return value
    text = _string(value).strip()
    if not text.startswith(_LIST_MARKS):
        return [part.strip() for part in text.split(";") if part.strip()]
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise MessageError(f"a list written {text[:40]!r}", "JSON, or values parted by ;") from None
    return found if isinstance(found, list) else [found]


def _strings(value: object) -> list[str]:
    return [_string(one) for one in _list(value)]


def _attachments(value: object) -> list[Attachment]:
    return [
        Attachment(_string(one.get("name")), _string(one.get("type")), int(one.get("bytes") or 0))
        for one in _list(value)
        if isinstance(one, dict)
    ]


def _json_columns(_source: SourceFile, head: bytes) -> Iterable[str]:
    first, newline, _ = head.lstrip(b"\xef\xbb\xbf \r\n\t").partition(b"\n")
    if not first.startswith(b"{"):
        return ()
    try:
        found = json.loads(decode(first))
    except (ValueError, RecursionError):
        # A first line that is longer than the head still begins like one of ours.
        is_cut = not newline and len(head) == HEAD_BYTES
        return _keys_of(first) if is_cut else ()
    return found if isinstance(found, dict) else ()


def _keys_of(first: bytes) -> list[str]:
    return [name for name in _COLUMNS if f'"{name}":'.encode() in first]


def _json_rows(source: SourceFile) -> Iterator[Row | Rejected]:
    with source.open() as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(decode(line))
            except (ValueError, RecursionError) as error:
                yield Rejected(f"{source.name}#{number}", f"no JSON: {error}; mend: mend the line")
                continue
            if isinstance(row, dict):
                yield row
            else:
                yield Rejected(
                    f"{source.name}#{number}", f"a JSON {type(row).__name__}; expected an object"
                )


def _csv_columns(_source: SourceFile, head: bytes) -> Iterable[str]:
    first = decode(head).lstrip("\ufeff").partition("\n")[0].strip("\r")
    if "\x00" in first:
        return ()
    try:
        cells = next(iter(csv.reader([first], delimiter=_delimiter(first))), [])
    except csv.Error:
        return ()
    return [cell.strip().lower() for cell in cells]


def _delimiter(first: str) -> str:
    return max(_DELIMITERS, key=first.count)


def _csv_rows(source: SourceFile) -> Iterator[Row | Rejected]:
    text = decode(source.read()).lstrip("\ufeff")
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text.partition("\n")[0]))
    columns = [cell.strip().lower() for cell in next(reader, [])]
    if "text" not in columns:
        yield Rejected(source.name, str(_no_text("a CSV", columns)))
        return
    try:
        for cells in reader:
            if any(cells):
                yield dict(zip(columns, map(original, cells), strict=False))
    except csv.Error as error:
        yield Rejected(f"{source.name}, line {reader.line_num}", f"no CSV: {error}")


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
            if "text" not in file.schema_arrow.names:
                yield Rejected(source.name, str(_no_text("Parquet", file.schema_arrow.names)))
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
    Table("csv", _csv_columns, _csv_rows),
)
"""In the order in which a file is offered to them."""
