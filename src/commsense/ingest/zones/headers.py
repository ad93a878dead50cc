"""Recognise the header block that Outlook and others set above unquoted history."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from commsense.ingest.zones.folding import fold
from commsense.ingest.zones.patterns import table

_KINDS = ("from", "date", "to", "cc", "subject")
_MAX_LABEL = 40  # longer than any label with the marks around it
_MAX_GAP = 3  # lines of a wrapped recipient list, or empty lines, between two fields
_MAX_FIELDS = 14
_COLON = re.compile("[:：՝៖]")
_CLOCK = re.compile(r"\d{1,2}[:.h시時点时]\s?\d{2}|\d{1,2}\s?[시時点时]")
_SENDER = re.compile(r"[^<>@]+<[^\s<>@]+@[^\s<>@]+>\Z")
_PASTED_LINES, _MAX_PASTED = 3, 80
_MANY_COLONS = 12  # looked at in a block that was joined into one line
_LABEL_WORDS = 3


def _labels() -> dict[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for language in table("headers").values():
        for kind in _KINDS:
            for label in language.get(kind, ()):
                known.setdefault(_key(label), set()).add(kind)
    return {label: frozenset(kinds) for label, kinds in known.items()}


def _key(label: str) -> str:
    return fold(label).replace(" ", "").strip("*_>-|•()[]")


_LABELS = _labels()


def field(line: str) -> tuple[frozenset[str], str] | None:
    """Return the kinds a line's label may be of, and its value; None for any other line.

    Parameters
    ----------
    line : str
        Visible and stripped.
    """
    match = _COLON.search(line, 0, _MAX_LABEL)
    if match is None:
        return None
    kinds = _LABELS.get(_key(line[: match.start()]))
    return None if kinds is None else (kinds, line[match.end() :])


def header_block(lines: Sequence[str], start: int, first: frozenset[str]) -> int | None:
    """Return the index after the header block that begins on a line, or None.

    Parameters
    ----------
    lines : sequence of str
        The body's lines, visible and stripped.
    start : int
        Index of a line for which `field` found a label.
    first : frozenset of str
        The kinds of that label.
    """
    if first == {"cc"}:
        return None
    seen: list[frozenset[str]] = []
    values: list[str] = []
    end = start
    for index, kinds, value in _fields(lines, start):
        seen.append(kinds)
        values.append(value)
        end = index + 1
    if _is_header(seen, " ".join(values)):
        return end
    one_line = [kinds for kinds, _ in _inline_fields(lines[start])]
    return start + 1 if _is_header(one_line, lines[start]) and len(one_line) > 2 else None


def pasted_header(lines: Sequence[str], start: int) -> int | None:
    """Return the index after sender, moment and recipients as Gmail shows them, or None.

    Parameters
    ----------
    lines : sequence of str
        The body's lines, visible and stripped.
    start : int
        Index of a line that ends with an address in angle brackets.
    """
    shown = lines[start : start + _PASTED_LINES]
    if len(shown) < _PASTED_LINES or not all(0 < len(line) <= _MAX_PASTED for line in shown):
        return None
    sender, moment, recipients = shown
    if not _SENDER.match(sender) or not _CLOCK.search(moment):
        return None
    is_to = "to" in _LABELS.get(_key(recipients.split(maxsplit=1)[0]), ())
    return start + _PASTED_LINES if is_to else None


def _fields(lines: Sequence[str], start: int) -> Iterator[tuple[int, frozenset[str], str]]:
    """Yield the fields from a line on, with what their values run over to."""
    gap = 0
    found = 0
    for index in range(start, len(lines)):
        known = field(lines[index]) if lines[index] else None
        if known is not None:
            yield index, known[0], known[1] or _next(lines, index)
            found += 1
            gap = 0
        else:
            gap += 1
        if gap > _MAX_GAP or found >= _MAX_FIELDS:
            return


def _next(lines: Sequence[str], index: int) -> str:
    return lines[index + 1] if index + 1 < len(lines) else ""


def _inline_fields(line: str) -> Iterator[tuple[frozenset[str], int]]:
    """Yield the labels inside one line: "From: Bob Sent: Monday To: Ann Subject: Plan"."""
    begin = 0
    for count, match in enumerate(_COLON.finditer(line)):
        if count > _MANY_COLONS:
            return
        words = line[max(begin, match.start() - _MAX_LABEL) : match.start()].split()
        for size in range(min(_LABEL_WORDS, len(words)), 0, -1):
            kinds = _LABELS.get(_key(" ".join(words[-size:])))
            if kinds is not None:
                yield kinds, match.start()
                break
        begin = match.end()


def _is_header(seen: Sequence[frozenset[str]], values: str) -> bool:
    """Judge the fields of a block by which of them stand together.

    A travel plan has From, To and Date too, an invitation Date and Time: without a subject
    an address or a time of day must be there, with two fields both.
    """
    if len(seen) < 2:
        return False
    kinds = frozenset().union(*seen)
    address, clock = "@" in values, _CLOCK.search(values) is not None
    if {"from", "subject"} <= kinds and ("date" in kinds or "to" in kinds):
        return len(seen) > 2 or address
    if {"from", "date"} <= kinds:
        return address or (clock and len(seen) > 2)
    if {"date", "to"} <= kinds or {"date", "subject"} <= kinds:
        return address and clock
    return {"from", "to"} <= kinds and address
