"""Cut the contact block that begins with the author's own name, without any separator above it."""

from __future__ import annotations

from typing import Final

from commsense.ingest.names import is_full_name, label_parts, name_key
from commsense.ingest.zones.contact import is_contact, is_sentence
from commsense.ingest.zones.model import Zones

_MOST_LINES: Final = 10  # of a contact block
_LONGEST_LINE: Final = 80


def cut_author_block(zones: Zones, author_name: str) -> Zones:
    """Move a closing block of short lines below the author's full name to the signature.

    Parameters
    ----------
    zones : Zones
    author_name : str
        Display name of the author; empty where it is unknown.
    """
    # A first name alone is how people end a text, not how a block begins.
    if not zones.text or not is_full_name(author_name):
        return zones
    lines = zones.text.split("\n")
    start = _block_start(lines, name_key(author_name))
    if start is None:
        return zones
    block = "\n".join(lines[start:])
    signature = f"{block}\n{zones.signature}" if zones.signature else block
    return Zones("\n".join(lines[:start]).rstrip(), zones.quoted, signature)


def _block_start(lines: list[str], key: str) -> int | None:
    """Return where the block begins: at the name, more short lines below it, new words above."""
    for start in range(len(lines) - 2, max(len(lines) - 1 - _MOST_LINES, 0), -1):
        if len(lines[start + 1]) > _LONGEST_LINE:
            return None
        if name_key(lines[start].strip()) == key or _names_with_title(lines, start, key):
            return start
    return None


def _names_with_title(lines: list[str], start: int, key: str) -> bool:
    """Tell whether a line is the name with title or company, and contact data stand below it."""
    parts = label_parts(lines[start])
    if not parts or name_key(parts[0]) != key:
        return False
    block = [line for line in lines[start:] if line]
    return any(map(is_contact, block[1:])) and not any(map(is_sentence, block))
