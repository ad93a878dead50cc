"""Recognise signatures, disclaimers and mailing-list footers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from commsense.ingest.zones.banners import mark_banners
from commsense.ingest.zones.contact import is_closing, is_contact, is_name, is_sentence
from commsense.ingest.zones.folding import fold, lower
from commsense.ingest.zones.model import Zone
from commsense.ingest.zones.patterns import Vocabulary, any_of, lowered, pooled, table
from commsense.ingest.zones.separators import is_rule

_MAX_DELIMITED = 40  # lines below "-- ", disclaimer included
_MAX_DASHED = 15  # lines below "--" without the space, which people draw for other reasons
_MAX_SIGNATURE = 16  # lines of a signature without delimiter
_MIN_BLOCK = 3  # name, and two lines of contact
_FOOTER_LOOK = 6  # lines below a rule in which a list names itself
_ADVERT_RULE = "_" * 40  # free webmail sets its advertisement below such a line
_MAX_ADVERT = 3
_MAX_NOTE_FIELDS = 6
_MAX_DEVICE_LINE = 90
_MAX_DEVICE_WORDS = 9
_MANY_TERMS = 3
_REGISTRATION_TERMS = 2

_TABLE = table("signatures")
_PREFIXES = lowered(_TABLE["sent_from"]["prefixes"])
_SUFFIXES = lowered(_TABLE["sent_from"]["suffixes"])
_DEVICES = lowered(_TABLE["sent_from"]["devices"])
_STARTS = lowered(_TABLE["disclaimers"]["starts"])
_TERMS = lowered(_TABLE["disclaimers"]["terms"])
_MESSAGES = Vocabulary(_TABLE["disclaimers"]["messages"])
_STEMS = Vocabulary(_TABLE["disclaimers"]["stems"])
_LIST_WORDS = Vocabulary(_TABLE["lists"]["words"])
_NOTES = frozenset(_TABLE["lists"]["notes"])
_LAST = lowered(_TABLE["sent_from"]["last"])
_REGISTRATIONS = lowered(_TABLE["registrations"]["words"])
_EXCUSES = Vocabulary(_TABLE["sent_from"]["excuses"])
_NUMBER = re.compile(r"\d[\d .-]{5}")
_LINK = re.compile(r"\s?<https?://[^<>]*>\Z")
_POSTSCRIPT = re.compile(rf"(?:{any_of(pooled('signatures', 'openings'))})\s?[:：.,]{{1,2}}")


def mark_signatures(raw: Sequence[str], bare: Sequence[str], zones: list[Zone]) -> None:
    """Assign the signature lines among those that are still new words.

    Parameters
    ----------
    raw, bare : sequence of str
        Lines as they came, and visible and stripped.
    zones : list of Zone
        Where each line belongs; changed in place.
    """
    mark_banners(bare, zones)
    new = "\n".join(line for line, zone in zip(bare, zones, strict=True) if zone == Zone.TEXT)
    whole = lower(new)
    formal, listed = _STEMS.any_in(whole), _LIST_WORDS.any_in(whole)
    guessed: list[int] = []
    for start, end in _segments(bare, zones):
        segment = _Segment(raw, bare, zones, start, end)
        segment.mark_delimited()
        segment.mark_single_lines()
        if listed:
            segment.mark_footer()
        if formal:
            segment.mark_disclaimers()
        segment.mark_registration()
        guessed += segment.mark_contact_block()
    if guessed and not any(
        line and zone == Zone.TEXT for line, zone in zip(bare, zones, strict=True)
    ):
        for index in guessed:
            zones[index] = Zone.TEXT


def _segments(bare: Sequence[str], zones: Sequence[Zone]) -> Iterator[tuple[int, int]]:
    """Yield the runs of new words, as half-open ranges."""
    start = None
    for index, zone in enumerate(zones):
        if zone == Zone.TEXT and bare[index]:
            start = index if start is None else start
        elif zone != Zone.TEXT and start is not None:
            yield start, index
            start = None
    if start is not None:
        yield start, len(zones)


class _Segment:
    """One run of new words."""

    def __init__(
        self, raw: Sequence[str], bare: Sequence[str], zones: list[Zone], start: int, end: int
    ) -> None:
        self.raw, self.bare, self.zones = raw, bare, zones
        self.start, self.end = start, end

    def _mark(self, start: int, end: int) -> list[int]:
        marked = [index for index in range(start, end) if self.zones[index] == Zone.TEXT]
        for index in marked:
            self.zones[index] = Zone.SIGNATURE
        return marked

    def _open(self, start: int, end: int) -> Iterator[int]:
        """Yield the lines of a range that hold new words so far."""
        for index in range(start, end):
            if self.bare[index] and self.zones[index] == Zone.TEXT:
                yield index

    def mark_delimited(self) -> None:
        """Assign what follows the line "-- "."""
        lines = list(self._open(self.start, self.end))[-_MAX_DELIMITED - 1 :]
        for place, index in enumerate(lines):
            line, below = self.bare[index], lines[place + 1 :]
            dashes = line in ("--", "- --") and self._is_delimiter(index, below)
            if dashes or (is_rule(line) and self._is_card(index, below)):
                self._mark_but_postscripts(index)
                return

    def _mark_but_postscripts(self, start: int) -> None:
        """Assign a signature; a postscript that the author set below it is new."""
        paragraphs = list(self._paragraphs(start))
        self._mark(start, self.end)
        for first, last in paragraphs[1:]:
            if _is_postscript(" ".join(self.bare[first:last])):
                self.zones[first:last] = [Zone.TEXT] * (last - first)

    def _is_card(self, rule: int, following: Sequence[int]) -> bool:
        """Tell whether all below a drawn line is name and contact, or a webmail's advertisement."""
        lines = [self.bare[at] for at in following[: _MAX_SIGNATURE + 1]]
        if len(lines) <= _MAX_ADVERT and self.bare[rule].startswith(_ADVERT_RULE):
            return True
        if len(lines) > _MAX_SIGNATURE or any(map(is_sentence, lines)):
            return False
        return any(map(is_contact, lines)) and is_name(lines[0])

    def _is_delimiter(self, index: int, following: Sequence[int]) -> bool:
        below = [self.bare[at] for at in following]
        if self.raw[index].endswith(" "):
            return True
        sentences = sum(map(is_sentence, below))
        known = any(is_contact(line) or _names_list(line) for line in below)
        return len(below) <= _MAX_DASHED and (sentences == 0 or known)

    def mark_single_lines(self) -> None:
        """Assign "Sent from my iPhone" and the notes of list software."""
        for index in range(self.start, self.end):
            line = self.bare[index]
            if line and len(line) <= _MAX_DEVICE_LINE and is_device_line(line):
                scrubbed = lower(line) in _NOTES
                self._mark(index, self._after_fields(index + 1) if scrubbed else index + 1)

    def _after_fields(self, index: int) -> int:
        """Return the end of the fields that list software writes below a note: name, type, URL."""
        end = min(self.end, index + _MAX_NOTE_FIELDS)
        while index < end and ": " in self.bare[index]:
            index += 1
        return index

    def mark_footer(self) -> None:
        """Assign the footer of a mailing list: a rule, then what names the list."""
        for index in range(self.start, self.end):
            if self.zones[index] == Zone.TEXT and is_rule(self.bare[index]):
                near = islice(self._open(index + 1, self.end), _FOOTER_LOOK)
                if any(_names_list(self.bare[at]) for at in near):
                    self._mark(index, self.end)
                    return
        last = self._last_paragraph()
        if last and sum(_names_list(self.bare[at]) for at in last) and _all_footer(self.bare, last):
            self._mark(last[0], last[-1] + 1)

    def _last_paragraph(self) -> list[int]:
        last: list[int] = []
        for index in range(self.end - 1, self.start - 1, -1):
            if self.bare[index] and self.zones[index] == Zone.TEXT:
                last.append(index)
            elif last:
                break
        return last[::-1]

    def mark_disclaimers(self) -> None:
        """Assign the paragraphs that read like a confidentiality notice."""
        after_notice = False
        for first, last in self._paragraphs(self.start):
            paragraph = lower(" ".join(self.bare[first:last]))
            after_notice = _is_disclaimer(paragraph, after_notice=after_notice)
            if after_notice:
                self._mark(first, last)

    def mark_registration(self) -> None:
        """Assign a last paragraph in which a company states where it is registered."""
        last = self._last_paragraph()
        if not last or last[0] == self.start:
            return
        if not _NUMBER.search("\n".join([self.bare[index] for index in last])):
            return  # none goes without the number of a register
        if self._is_announced(last[0]):
            return
        lines = [lower(self.bare[index]) for index in last]
        if len(lines) > 1 and all(line.startswith(_REGISTRATIONS) for line in lines):
            return  # fields that somebody asked for
        if _count(_REGISTRATIONS, " ".join(lines)) >= _REGISTRATION_TERMS and lines[-1][-1] != "?":
            self._mark(last[0], last[-1] + 1)

    def _is_announced(self, first: int) -> bool:
        above = first - 1
        while above > self.start and not self.bare[above]:
            above -= 1
        return self.bare[above][-1:] in (":", "：")

    def _paragraphs(self, start: int) -> Iterator[tuple[int, int]]:
        first = None
        for index in range(start, self.end + 1):
            inside = index < self.end and self.bare[index] and self.zones[index] == Zone.TEXT
            if inside and first is None:
                first = index
            elif not inside and first is not None:
                yield first, index
                first = None

    def mark_contact_block(self) -> list[int]:
        """Assign a signature without delimiter; return its lines, for it is a guess."""
        lines = self._tail()
        begin = self._after_closing(lines)
        if begin is None:
            begin = self._named_block()
        return [] if begin is None else self._mark(begin, self.end)

    def _tail(self) -> list[int]:
        """Return the last lines, at most as many as a signature may have, in order."""
        tail: list[int] = []
        for index in range(self.end - 1, self.start - 1, -1):
            if self.bare[index] and self.zones[index] == Zone.TEXT:
                tail.append(index)
                if len(tail) > _MAX_SIGNATURE:
                    break
        return tail[::-1]

    def _after_closing(self, lines: Sequence[int]) -> int | None:
        """Find the closing formula below which all is name, title and contact."""
        contact = False
        found = None
        for index in reversed(lines):
            line = self.bare[index]
            if is_closing(line):
                if not contact:
                    return None
                found = index
            elif found is not None or is_sentence(line):
                break
            contact = contact or is_contact(line)
        return found

    def _named_block(self) -> int | None:
        """Find a last paragraph that is a name and lines of contact."""
        block = self._last_paragraph()
        if not _MIN_BLOCK <= len(block) <= _MAX_SIGNATURE or block[0] == self.start:
            return None
        lines = [self.bare[index] for index in block]
        contacts = sum(map(is_contact, lines))
        plain = not any(is_sentence(line) for line in lines)
        needed = 1 if self._signed_above(block[0]) else 2
        return block[0] if contacts >= needed and plain and is_name(lines[0]) else None

    def _signed_above(self, first: int) -> bool:
        """Tell whether the author signed above the block with the name that begins it."""
        above = first - 1
        while above > self.start and not self.bare[above]:
            above -= 1
        signed = self.bare[above]
        return is_name(signed) and self.bare[first].split()[0] == signed.split()[0]


def is_device_line(line: str) -> bool:
    """Tell whether a stripped line is "Sent from my iPhone" or a note of list software."""
    low = lower(line)
    if low in _NOTES:
        return True
    if low[-1] == ">":
        low = _LINK.sub("", low)
    if not (low.startswith(_PREFIXES) or low.rstrip(" .").endswith(_SUFFIXES)):
        return False
    if low.endswith((":", "?", "!")) or not any(device in low for device in _DEVICES):
        return False
    if "," not in low and len(low.split()) <= _MAX_DEVICE_WORDS:
        return True
    return _EXCUSES.any_in(low) or low.rstrip(" .").endswith(_LAST)


def _is_postscript(paragraph: str) -> bool:
    """Judge a paragraph below a signature: "PS Logistics" is a company, "NB:" may warn."""
    opening = _POSTSCRIPT.match(fold(paragraph))
    if opening is None or not (opening.group()[-1] in ":：" or is_sentence(paragraph)):
        return False
    low = lower(paragraph)
    return not any(term in low for term in _TERMS)


def _count(terms: Sequence[str], paragraph: str) -> int:
    return sum(term in paragraph for term in terms)


def _names_list(line: str) -> bool:
    return _LIST_WORDS.any_in(lower(line))


def _all_footer(bare: Sequence[str], paragraph: Sequence[int]) -> bool:
    """Tell whether a paragraph points somewhere on the web or by mail, as footers do."""
    return any("://" in bare[at] or "@" in bare[at] or "www." in bare[at] for at in paragraph)


def _is_disclaimer(paragraph: str, *, after_notice: bool) -> bool:
    """Judge a paragraph by its opening and its terms; without the opening it names the message.

    Contracts share the terms: who is liable, what is forbidden, to whom a thing is confidential.
    """
    paragraph = paragraph.lstrip("*_-—>[( \t\"'#")
    terms = _count(_TERMS, paragraph)
    if paragraph.startswith(_STARTS):
        return terms > 0
    return terms >= _MANY_TERMS and (after_notice or _MESSAGES.any_in(paragraph))
