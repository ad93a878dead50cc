"""Recognise the line a mail program sets above a quotation: "On 3 April, Bob wrote:"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from commsense.ingest.zones.contact import is_name
from commsense.ingest.zones.folding import fold
from commsense.ingest.zones.patterns import any_of, openings, pooled

# An attribution is wrapped by the mail program over four lines at most, or broken by a stray
# empty line inside an address; longer than this it is a sentence.
_MAX_WRAP = 6
_MAX_LENGTH = 400
_DATE_NEAR_START = 30  # "W dniu", "Den", a weekday may stand before the first digit
_DATE_AT_START = 8  # forms without "wrote" begin with the date, after a weekday at most
_MAX_NAME_WORDS = 6  # "Anna Maria de Souza wrote:"
_MAX_BARE_AUTHOR_WORDS = 8
_NAME = 60  # characters in which a name and an address stand, where they open the line
_MAX_LEAD_WORDS = 4  # "On Wednesday," left alone on the line above
_MAX_DATE_LEAD = 2  # words before the first digit of a date: a weekday, "On"

_STARTS = openings(pooled("attribution", "starts"))
# "Nora 於 3 April 寫道" begins with its author: what stands before such an opening is no new word.
_LINE_STARTS = tuple(set(_STARTS) - set(openings(pooled("attribution", "inner"))))
_ENDINGS = tuple(pooled("attribution", "endings"))
_COLONS = ":：՝៖"
_TRAILING = " *_:：՝៖.-"
_VERB = re.compile(
    rf"(?<!\w)(?:{any_of(pooled('attribution', 'verbs'))})(?!\w)"
    rf"|(?:{any_of(pooled('attribution', 'glued'))})(?=[\s:：៖]*\Z)"
)
_VERBS = frozenset(pooled("attribution", "verbs"))
_VERB_ENDS = (
    *(f"{mark}{verb}" for verb in _VERBS for mark in " >)"),
    *pooled("attribution", "glued"),
)
_DATE = re.compile(
    r"(?<![0-9A-Za-z@+])"
    r"(?:\d{4}|\d{1,4}\s?[./\-년年]\s?\d{1,2}|\d{1,2}[/.\-][^\W\d]{2,9}[/.\-]\d{2})"
    r"(?!\w*@)"
)
_TIME = re.compile(
    r"\d{1,2}[:：h]\d{2}|\d{1,2}\s?[시時点时]|\d\s?[ap]\.?m\b"
    r"|\b(?:kl|klo|pukul|um|alle|ob|kell|plkst|o|om)\.?\s?\d{1,2}[.:]\d{2}"
    r"|\d[.,]?\s\d{1,2}\.\d{2}(?![.\d])"
)
# "as I wrote": Thai sets no space before it.
_OWN = re.compile(rf"(?<![^\W\u0e00-\u0e7f])(?:{any_of(pooled('attribution', 'own'))})")
_EMAIL = re.compile(r"[^\s<>@()\[\]:]@[\w-]+\.?\w")
_FRAMED = re.compile(r"<\s?[^\s<>@]{1,64}@[^\s<>]+>")
_KNOWN = re.compile(r"[\d@]")  # bare history follows only a date or an address
_DIGIT = re.compile(r"\d")
_NOT_WORDS = re.compile(r"[\d<@]")
_WORD_START = re.compile(r"(?<=[\s-])[^\W\d]")
_MAX_LEAD = 30  # longer than any opening
_RULED = re.compile(r"-{2,}([^-].*[^-])-{2,}\Z")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where an attribution begins and whether it stands without quote marks below it.

    Attributes
    ----------
    start : int
        Its first line.
    column : int
        Offset in that line; above zero where new words share the line.
    strong : bool
        It alone proves that history follows.
    """

    start: int
    column: int
    strong: bool


@dataclass(frozen=True, slots=True)
class _Evidence:
    folded: str
    verb: bool
    verb_last: bool
    date_at: int | None
    time_at: int | None
    email: bool

    @property
    def opens(self) -> bool:
        near = any(
            place is not None and place <= _DATE_NEAR_START
            for place in (self.date_at, self.time_at if self.date_at is not None else None)
        )
        return near or self.folded.startswith(_STARTS)

    @property
    def time(self) -> bool:
        return self.time_at is not None

    @property
    def dated(self) -> bool:
        return self.date_at is not None and (self.time or self.email)

    @property
    def timed(self) -> bool:
        """Tell whether it is whole but for the year: "On Mon, 3 Apr at 10:11, Nora <...> wrote"."""
        framed = self.time and _FRAMED.search(self.folded) is not None
        return framed and self.verb_last and self.folded.startswith(_STARTS)


def may_end_attribution(line: str) -> bool:
    """Tell at little cost whether a stripped line could end an attribution."""
    last = line[-1]
    if last in "*_":
        last = line.rstrip("*_ ")[-1:]
    if last in _COLONS:
        return last != ""
    if last == ">":
        return "@" in line
    if last == "-":
        return line[0] == "-"
    return not line.isascii() and line.endswith(_ENDINGS)


def is_lone_verb(line: str) -> bool:
    """Tell whether a line holds nothing but "wrote:"."""
    return fold(line).rstrip(_TRAILING) in _VERBS


def find_attribution(lines: Sequence[str], end: int, *, quote_follows: bool) -> Attribution | None:
    """Find the attribution that ends on a line.

    Parameters
    ----------
    lines : sequence of str
        The body's lines, visible and stripped.
    end : int
        Index of the line that may end it.
    quote_follows : bool
        Whether the next line that is not empty is quoted.
    """
    if lines[end][-1] == ">" and not quote_follows:
        return None
    if lines[end][-1] == "-":
        return Attribution(end, 0, strong=True) if _is_ruled(lines[end]) else None
    if not quote_follows and not _KNOWN.search(" ".join(lines[max(0, end - _MAX_WRAP) : end + 1])):
        return None
    found = (
        (_mid_line(lines[end], end) if quote_follows else None)
        or _opened(lines, end, quote_follows=quote_follows)
        or _author_first(lines, end, quote_follows)
        or _framed(lines, end)
    )
    if found is None or found.column:
        return found
    if not quote_follows and _OWN.search(fold(" ".join(lines[found.start : end + 1]))):
        return None
    return replace(found, start=_with_name(lines, found.start))


def _is_ruled(line: str) -> bool:
    """Judge "---- John Smith wrote ----"."""
    match = _RULED.match(line) if len(line) <= _MAX_LENGTH else None
    return match is not None and _evidence(match.group(1)).verb_last


def _opened(lines: Sequence[str], end: int, *, quote_follows: bool) -> Attribution | None:
    """Find the nearest line at or above the end that opens an attribution."""
    joined = ""
    for start in range(end, max(-1, end - _MAX_WRAP), -1):
        line = lines[start]
        if not line:
            if start == end or not _hangs_over(lines, start):
                return None
            continue
        joined = f"{line} {joined}" if joined else line
        if len(joined) > _MAX_LENGTH:
            return None
        evidence = _evidence(joined)
        if start == end and _is_whole(evidence):
            return Attribution(end, 0, strong=True)
        if evidence.opens:
            kind = _judge(lines, start, evidence, quote_follows)
            if kind is None and quote_follows and _is_dated_name(joined, evidence):
                kind = False
            if kind is not None:
                return Attribution(_with_lead(lines, start), 0, strong=kind)
    return None


def _is_whole(evidence: _Evidence) -> bool:
    """Tell whether a line names author, address, verb and date, so that it begins no higher up.

    What stands above it then is a signature, whose telephone number could pass for a date.
    """
    if not (evidence.verb and evidence.dated and evidence.date_at is not None):
        return False
    return _EMAIL.search(evidence.folded, 0, min(evidence.date_at, _NAME)) is not None


def _hangs_over(lines: Sequence[str], blank: int) -> bool:
    """Tell whether the line above an empty one is an attribution broken off before its end."""
    if blank == 0 or not lines[blank - 1]:
        return False
    evidence = _evidence(lines[blank - 1][:_MAX_LENGTH])
    return evidence.folded.startswith(_STARTS) and evidence.dated and not evidence.verb_last


def _judge(
    lines: Sequence[str], start: int, evidence: _Evidence, quote_follows: bool
) -> bool | None:
    """Return whether an opened attribution is strong; None where it is none."""
    paragraph = start == 0 or not lines[start - 1]
    if evidence.verb and evidence.dated and (evidence.email or paragraph):
        return True
    if evidence.timed:
        return True
    digit = _DIGIT.search(evidence.folded, 0, _DATE_AT_START)
    at_start = digit is not None and evidence.date_at is not None
    if at_start and evidence.email and (quote_follows or evidence.folded[-1] in _COLONS):
        return True
    known = evidence.date_at is not None or evidence.email
    if quote_follows and known and evidence.verb:
        return False
    return None


def _is_dated_name(line: str, evidence: _Evidence) -> bool:
    """Judge "03.04.23 10:11, Nora Field:", which has no word for "wrote"."""
    if not evidence.time or line[-1] not in _COLONS or not line[0].isdigit():
        return False
    return is_name(" ".join(word for word in line[:-1].split() if not _DIGIT.search(word)))


def _framed(lines: Sequence[str], end: int) -> Attribution | None:
    """Find "Monday, 3 April 2023, 10:11, Nora <nora@field.example>:", whatever the language.

    It holds date, time and an address in angle brackets and ends with a colon. It alone proves
    history only as a paragraph that begins with the date and ends with the address.
    """
    joined = ""
    for start in range(end, max(-1, end - _MAX_WRAP), -1):
        joined = f"{lines[start]} {joined}".rstrip()
        if not lines[start] or len(joined) > _MAX_LENGTH or joined[-1] not in _COLONS:
            return None
        address = _FRAMED.search(joined)
        evidence = _evidence(joined) if address else None
        if address and evidence and evidence.date_at is not None and evidence.time:
            lead = _DIGIT.split(joined, maxsplit=1)[0].split()
            bounded = len(lead) <= _MAX_DATE_LEAD and not joined[address.end() :].strip(_TRAILING)
            return Attribution(start, 0, strong=bounded and not _above(lines, start))
    return None


def _above(lines: Sequence[str], start: int) -> str:
    return lines[start - 1] if start else ""


def _with_name(lines: Sequence[str], start: int) -> int:
    """Take in the author's name where the address was wrapped off it."""
    wrapped = lines[start][0] == "<" or ">" in lines[start].partition("<")[0]
    if not wrapped or start == 0 or not lines[start - 1] or (start > 1 and lines[start - 2]):
        return start
    above = lines[start - 1]
    named = " " in above and is_name(above)
    return start - 1 if named or (above[-1] == "<" and len(above) <= _NAME) else start


def _with_lead(lines: Sequence[str], start: int) -> int:
    """Take in a first line that holds only the opening: "On Wednesday,"."""
    if start == 0 or not lines[start - 1]:
        return start
    lead = fold(lines[start - 1])
    short = len(lead.split()) <= _MAX_LEAD_WORDS and lead[-1] not in ".!?"
    return start - 1 if short and f"{lead} ".startswith(_STARTS) else start


def _author_first(lines: Sequence[str], end: int, quote_follows: bool) -> Attribution | None:
    """Find "Bob Smith <bob@example.org> wrote:" on the last line or the two last ones."""
    start = end
    evidence = _evidence(lines[end][:_MAX_LENGTH])
    if is_lone_verb(lines[end].lstrip(">")) and end > 0 and lines[end - 1]:
        start = end - 1
        evidence = _evidence(f"{lines[start]} {lines[end]}"[:_MAX_LENGTH])
    known = evidence.verb and evidence.dated and evidence.email
    strong = known and (evidence.verb_last or _EMAIL.search(lines[start], 0, _NAME) is not None)
    if strong or (quote_follows and _names_author(lines[start], evidence)):
        return Attribution(start, 0, strong=strong)
    return None


def _names_author(line: str, evidence: _Evidence) -> bool:
    words = evidence.folded.split()
    if evidence.email:
        return evidence.verb_last or len(words) <= _MAX_BARE_AUTHOR_WORDS
    if not evidence.verb:
        return False
    folded = evidence.folded.rstrip(_TRAILING)
    name_words = _VERB.sub(" ", folded).split()
    if evidence.date_at is not None:
        return sum(not _DIGIT.search(word) for word in name_words) <= _MAX_NAME_WORDS
    if len(folded.split()) > _MAX_NAME_WORDS:
        return False
    small = sum(word[0].islower() for word in line.rstrip(_TRAILING).split())
    return small <= len(line.rstrip(_TRAILING).split()) - len(name_words)


def _mid_line(line: str, end: int) -> Attribution | None:
    """Find an attribution that shares its line with new words; only above quote marks."""
    if len(line) > _MAX_LENGTH:
        return None
    for match in _WORD_START.finditer(line):
        head = line[: match.start()].rstrip(" -")
        if _NOT_WORDS.search(head) or f"{fold(head)} ".startswith(_STARTS):
            return None
        tail = line[match.start() :]
        if tail[0].islower() or not fold(tail[:_MAX_LEAD]).startswith(_LINE_STARTS):
            continue
        evidence = _evidence(tail)
        near = evidence.date_at is not None and evidence.date_at <= _DATE_NEAR_START
        if near and evidence.verb_last and evidence.time:
            return Attribution(end, len(head), strong=False)
    return None


def _evidence(line: str) -> _Evidence:
    folded = fold(line)
    trimmed = folded.rstrip(_TRAILING)
    last = trimmed.endswith(_VERB_ENDS) or trimmed in _VERBS
    date, time = _DATE.search(folded), _TIME.search(folded)
    return _Evidence(
        folded=folded,
        verb=last or _VERB.search(folded) is not None,
        verb_last=last,
        date_at=date.start() if date else None,
        time_at=time.start() if time else None,
        email=_EMAIL.search(folded) is not None,
    )
