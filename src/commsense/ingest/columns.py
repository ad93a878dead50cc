"""Which column of a table is which, whatever its program calls it."""

from __future__ import annotations

import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from commsense.schema import MESSAGES

Row = Mapping[str, Any]

REJECTED_KEY: Final = "rejected"
"""A row with this column is not a message but tells why something could not be one."""

_MAX_NAME: Final = 100
_PEOPLE: Final = frozenset(["author", "to", "cc", "bcc"])
_NO_ADDRESS: Final = "/o="  # begins the name of a mailbox within Exchange


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a row by what they are.

    Attributes
    ----------
    fields : dict of str to tuple of str
        Column of the neutral format, or ``to``, ``cc`` and ``bcc`` for its recipients; and what the
        row calls it, the surest name first.
    is_neutral : bool
        Whether all columns have the names of the neutral format.
    has_body : bool
        Whether its text is a whole mail's: the neutral format's own column has new words alone.
    """

    fields: Mapping[str, tuple[str, ...]]
    is_neutral: bool
    has_body: bool

    def renamed(self, row: Row) -> Row:
        """Return a row under the names of the neutral format."""
        if self.is_neutral:
            return row
        return {field: _first(field, row, names) for field, names in self.fields.items()}


@lru_cache(maxsize=1_024)
def layout(columns: tuple[str, ...]) -> Layout:
    """Tell what the columns of a row are; those that say nothing of a message are left out."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name in columns:
        field, rank = _known_names().get(squeezed(name), ("", 0))
        if field:
            found[field].append((rank, name))
    fields = {field: tuple(name for _, name in sorted(names)) for field, names in found.items()}
    return Layout(
        fields,
        is_neutral=all(names == (field,) for field, names in fields.items()),
        has_body="text" in found and squeezed(fields["text"][0]) != "text",
    )


def is_table(columns: Iterable[str]) -> bool:
    """Tell whether columns are those of messages: the text, or several of the neutral format.

    A text by any other name needs an author or a subject beside it: logs have messages too.
    """
    names = tuple(columns)
    known = {*names}
    if "text" in known or REJECTED_KEY in known or len(known & {*MESSAGES.names}) > 1:
        return True
    fields = layout(names).fields
    return "text" in fields and ("author" in fields or "subject" in fields)


@cache
def words(kind: str) -> Mapping[str, str]:
    """Return what cells say for the words of a column, ``channel`` or ``side``."""
    return {
        form: word
        for word, forms in _data()[kind].items()
        for form in (word, *map(str.lower, forms))
    }


def squeezed(name: str) -> str:
    """Return the letters and digits of a column's name, small."""
    plain = unicodedata.normalize("NFKC", name[:_MAX_NAME]).casefold()
    return "".join(filter(str.isalnum, plain))


def _first(field: str, row: Row, names: Iterable[str]) -> Any:  # noqa: ANN401
    """Return the first of some cells that says anything."""
    return next((row[name] for name in names if _says(field, row[name])), None)


def _says(field: str, value: object) -> bool:
    if not isinstance(value, str):
        return value is not None
    bare = value.strip()
    return bool(bare) and not (field in _PEOPLE and bare[:3].lower() == _NO_ADDRESS)


@cache
def _known_names() -> Mapping[str, tuple[str, int]]:
    """Return for each name the column of the neutral format, and how sure a name of it it is."""
    known = {
        squeezed(name): (field, rank)
        for field, names in _data()["columns"].items()
        for rank, name in enumerate(names, 1)
    }
    return known | {squeezed(name): (name, 0) for name in (*MESSAGES.names, REJECTED_KEY)}


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    path = files("commsense.ingest").joinpath("columns.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
