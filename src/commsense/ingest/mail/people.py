"""Address fields that break the rules: names with commas that are not quoted, names alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import getaddresses
from typing import Final

Address = tuple[str, str]
"""Display name and address."""

_MAX_PEOPLE: Final = 1_000
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}")
# What may hold a comma that parts nobody, and the commas that do.
_TOKEN = re.compile(r'"[^"]{0,500}"|<[^<>]{0,500}>|\([^()]{0,500}\)|[,;]')


def loose_addresses(value: str) -> list[Address]:
    """Return the people in a field in which not everybody has an address.

    ``Lopez, Anna <anna@x.example>`` is one person, ``Anna Lopez`` a person without an address.

    Parameters
    ----------
    value : str
        A field on one line; encoded words stay as they are.
    """
    found: list[Address] = []
    alone = ""  # a name that may be the first half of the next one
    for piece in _pieces(value):
        if "@" not in piece and "<" not in piece:
            found += [(alone, "")] if alone else []
            alone = piece
            continue
        name, address = _person(piece)
        if alone and name and not (" " in alone and " " in name):
            name = f"{alone}, {name}"
        elif alone:
            found.append((alone, ""))
        alone = ""
        found.append((name, address))
    return [*found, (alone, "")] if alone else found


def _pieces(value: str) -> Iterator[str]:
    begin = 0
    for number, token in enumerate(_TOKEN.finditer(value)):
        if number == _MAX_PEOPLE:
            return
        if token[0] in ",;":
            yield from filter(None, [value[begin : token.start()].strip()])
            begin = token.end()
    yield from filter(None, [value[begin:].strip()])


def _person(piece: str) -> Address:
    people = getaddresses([piece])
    if people and ("@" in people[0][1] or "@" not in piece):
        return people[0]
    found = _ADDRESS.search(piece)  # as in "Anna [mailto:anna@x.example]"
    if found is None:
        return piece, ""
    name = piece[: found.start()].lower().rpartition("mailto:")[0]
    return piece[: len(name) or found.start()].strip(" [<("), found[0]
