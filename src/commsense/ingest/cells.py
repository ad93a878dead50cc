"""The cells of a table of messages; one that cannot be read is empty and costs no message."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from commsense.ingest.columns import words
from commsense.schema import Attachment

_LIST_MARKS: Final = ("[", "{")
_EPOCH_UNITS: Final = (1, 1_000, 1_000_000, 1_000_000_000)  # in a second
_EPOCH_DIGITS: Final = 9  # with fewer it is a day: 20240311
_FIRST_EPOCH: Final = 315_532_800  # 1980; there was no Internet mail to speak of before
_LAST_EPOCH: Final = 4_102_444_800  # 2100
_NO_TIME: Final = "NaT"
_MAX_DATE: Final = 120  # characters
_MAX_NUMBER: Final = 40
_MAX_BYTES: Final = 1 << 53  # of an attachment
_MONTHS: Final = 12
_TWO_READINGS = re.compile(r"\s*(\d{1,2})([/-])(\d{1,2})(?=\2\d{2,4}(?!\d))")
_FRAME: Final = 3  # colons of a clock with frames, as film cutters write it


def string(value: object) -> str:
    """Return a cell as text, "" for none."""
    if isinstance(value, str):
        return value
    return "" if value is None or value != value else str(value)  # NaN is not itself


def word(value: object, column: str) -> Any:  # noqa: ANN401
    """Return which of the words of a column a cell means, None for none."""
    if value is None or value == "":  # as most cells are: told at once, tables are sooner read
        return None
    return words(column).get(string(value).strip().lower())


def number(value: object) -> float | None:
    """Return seconds: a number, or a clock such as 00:01:03.5."""
    if value is None or value == "":
        return None
    text = string(value).strip()[:_MAX_NUMBER]
    try:
        found = float(text)
    except ValueError:
        return clock(text)
    return found if math.isfinite(found) else None


def clock(value: object) -> float | None:
    """Return the seconds of a clock, None for anything else."""
    text = string(value).strip()
    if ":" not in text or len(text) > _MAX_NUMBER:
        return None
    # Imported here: it comes with all transcript formats, which tagging need not wait for.
    from commsense.ingest.transcripts.clock import CLOCK, seconds

    told = text.rpartition(":")[0] if text.count(":") == _FRAME else text
    return seconds(told) if re.fullmatch(CLOCK, told) else None


def flag(value: object) -> bool:
    """Return whether a cell says yes."""
    if value is None or value == "":
        return False
    return value if isinstance(value, bool) else string(value).strip().lower() in ("true", "1")


def moment(value: object, *, day_first: bool | None = None) -> datetime | None:
    """Return a time in UTC; one without a zone is taken to be in UTC.

    Parameters
    ----------
    value : object
        ISO 8601, a date as mail or as people write it, or seconds since 1970.
    day_first : bool, optional
        How 3/4/2024 is read; unknown where left out.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return _in_utc(value)
    if isinstance(value, float):
        return _since_1970(value)
    text = string(value).strip()[:_MAX_DATE]
    if not text or text == _NO_TIME:
        return None
    if "-" not in text and len(text) >= _EPOCH_DIGITS and text.replace(".", "", 1).isdecimal():
        return _since_1970(float(text))
    try:
        return _in_utc(datetime.fromisoformat(text))
    except ValueError:
        return _written_date(text, day_first)


def day_comes_first(values: Iterable[object]) -> bool | None:
    """Tell how dates such as 3/4/2024 are meant: by others of the column with a day above 12."""
    votes = 0
    for value in values:
        found = _TWO_READINGS.match(value) if isinstance(value, str) else None
        if found:
            votes += (int(found[1]) > _MONTHS) - (int(found[3]) > _MONTHS)
    return votes > 0 if votes else None


def strings(value: object) -> list[str]:
    """Return a list of texts: as it is, as JSON, or parted by semicolons."""
    return [string(one) for one in _items(value)]


def attachments(value: object) -> list[Attachment]:
    """Return a list of attachments: as it is, or as JSON."""
    return [
        Attachment(string(one.get("name")), string(one.get("type")), _size(one.get("bytes")))
        for one in _items(value)
        if isinstance(one, dict)
    ]


def _size(value: object) -> int:
    found = number(value) or 0.0
    return int(found) if 0 <= found <= _MAX_BYTES else 0


def _items(value: object) -> list[Any]:
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return value
    text = string(value).strip()
    if text.startswith(_LIST_MARKS):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            return found if isinstance(found, list) else [found]
    return [part.strip() for part in text.split(";") if part.strip()]


def _since_1970(count: float) -> datetime | None:
    for unit in _EPOCH_UNITS:
        if _FIRST_EPOCH <= count / unit <= _LAST_EPOCH:
            return datetime.fromtimestamp(count / unit, UTC)
    return None


def _written_date(text: str, day_first: bool | None) -> datetime | None:
    # Imported here: they come with all mail formats, which tagging need not wait for.
    from commsense.ingest.mail.headers import parse_date
    from commsense.ingest.mail.localdates import read_date

    found = _TWO_READINGS.match(text)
    if found is None:
        return parse_date(text) or read_date(text, None)
    one, mark, two = found.groups()
    if day_first is None and one != two and max(int(one), int(two)) <= _MONTHS:
        return None
    # Read with the day first where both are possible.
    return read_date(text if day_first else f"{two}{mark}{one}{text[found.end() :]}", None)


def _in_utc(found: datetime) -> datetime | None:
    try:
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return None
