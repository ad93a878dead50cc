"""Who speaks: labels before a colon, told apart from words that only look like one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from commsense.ingest.transcripts.words import folded, words

MAX_LABEL = 60
"""Longer text before a colon is speech."""

_MAX_WORDS = 6
_MAX_WORDS_ONCE = 3  # of a label that is seen once among lines without one
_MAX_LETTERS_ONCE = 25
_ABBREVIATION = 4  # letters that may stand before a full stop within a name, "Mme."
_NEARLY_ALL = 0.9  # of the lines have a label: each label is somebody
_MOST = 0.5
_SOME = 0.2

_COLON = re.compile(r"[:：]")
_MARKS = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|(?<![\\d*])\\*\\*|\\*\\*(?![\\d*])|__"
)
_BRACKETED = re.compile(r"\[(?P<label>[^\[\]]{1,60})\]\s*[:：]\s*(?P<said>.*)", re.DOTALL)
_DIARISED = re.compile(
    r"[\[(](?P<label>speaker[ _]?\d{1,3})[\])]\s*[:：]?\s*(?P<said>.*)", re.DOTALL | re.IGNORECASE
)
_ASIDE = re.compile(r"\([^()]{0,50}\)|\|.*$")
_IMPOSSIBLE = re.compile(r"[<>{}=\"\\;!?…#*~`$%^\[\]]|https?|www\.|\.\s+\w{5,}.*\.|--")
_COMPANY = re.compile(r"\s[-–—/|]\s.*$")
_SMALL = re.compile(r"[^\W\d_][\w.]{0,24}")
_PHONE = re.compile(r"\+?[\d(][\d ().*Xx-]{5,24}")
_MIN_DIGITS = 7  # of a phone number, some of which may be hidden by stars
_MIN_DIGITS_BARE = 10  # without a plus, so that a date is none
_NUMBERED = re.compile(r"\w+[ _]?\d{1,3}")


def plain(line: str) -> str:
    """Return a line without bidi marks, Markdown emphasis, chevrons and outer spaces."""
    return _MARKS.sub("", line).strip().lstrip("> ").strip()


def split_label(line: str) -> tuple[str, str] | None:
    """Split ``"Name: text"`` or ``"[Name]: text"``, None where nothing like a name leads the line.

    Returns
    -------
    tuple of str, or None
        The label and what follows the colon.
    """
    found = _DIARISED.match(line) or _BRACKETED.match(line)
    if found:
        return found["label"].strip(), found["said"].strip()
    colon = _COLON.search(line, 0, MAX_LABEL + 20)
    if colon is None:
        return None
    label, said = line[: colon.start()].strip(), line[colon.end() :]
    clock = label[-1:].isdigit() and said[:1].isdigit()
    if clock or said.lstrip().startswith(("//", "{", "[{", "[\n")) or not plausible(label):
        return None
    return label, said.strip()


def plausible(label: str) -> bool:
    """Tell whether a label can be somebody's name or role."""
    if is_phone(label):
        return True
    name = _ASIDE.sub("", label).strip()
    if not 0 < len(label) <= MAX_LABEL or not name.lstrip("'’\"&@._")[:1].isalpha():
        return False
    if _IMPOSSIBLE.search(label) or folded(name) in words("labels", "no_speaker"):
        return False
    tokens = name.replace(",", " ").split()
    return (len(tokens) <= _MAX_WORDS and all(map(_is_name_word, tokens))) or is_small(name)


def is_small(label: str) -> bool:
    """Tell whether a label is one word in small letters, which must recur to be believed."""
    return label.islower() and _SMALL.fullmatch(label) is not None


def is_phone(label: str) -> bool:
    """Tell whether a label is the number of somebody who dialled in."""
    if _PHONE.fullmatch(label) is None:
        return False
    digits = sum(sign.isdigit() or sign in "*Xx" for sign in label)
    return digits >= (_MIN_DIGITS if label.startswith("+") else _MIN_DIGITS_BARE)


def accepted(labels: Counter[str], lines: int, known: Collection[str] = ()) -> frozenset[str]:
    """Return the labels that are speakers, given how often each leads a line.

    Parameters
    ----------
    labels : Counter
        How many lines each plausible label leads.
    lines : int
        How many lines there are, with a label or not.
    known : collection of str
        Names that are said to take part.

    Returns
    -------
    frozenset of str
        None at all where the labels look like chance colons in text without speakers.
    """
    taking_part = {folded(name) for name in known}
    recurring = {label for label, count in labels.items() if count > 1}
    share = labels.total() / lines if lines else 0.0
    several = len(recurring) > 1 or sum(map(_is_full_name, labels)) > 1
    few = share < _SOME and not several
    believed = share >= _MOST or recurring or several
    if few or not (believed or taking_part & set(map(folded, labels))):
        return frozenset()
    if share >= 1:  # each line has one: whatever stands there is somebody
        return frozenset(labels)
    if share >= _NEARLY_ALL:
        return frozenset(label for label in labels if label in recurring or not _needs_more(label))
    return frozenset(
        label
        for label in labels
        if label in recurring or folded(label) in taking_part or _is_short_name(label)
    )


def _needs_more(label: str) -> bool:
    return is_small(label) and folded(label) not in words("labels", "roles")


def _is_short_name(label: str) -> bool:
    name = _COMPANY.sub("", _ASIDE.sub("", label)).strip()
    short = len(name) <= _MAX_LETTERS_ONCE and len(name.split()) <= _MAX_WORDS_ONCE
    return short and not _needs_more(label)


def _is_full_name(label: str) -> bool:
    """Tell a given and a family name, each with a capital, from words that begin a sentence."""
    parts = _COMPANY.sub("", _ASIDE.sub("", label)).split()
    return 1 < len(parts) <= _MAX_WORDS_ONCE and all(part.istitle() for part in parts)


def _is_name_word(word: str) -> bool:
    if word.endswith(".") and len(word) > _ABBREVIATION + 1:
        return False
    first = word.lstrip("('’\"-&@._")[:1]
    small = first.islower()
    return not small or _is_small_name_word(folded(word))


def _is_small_name_word(word: str) -> bool:
    return (
        word in words("labels", "particles")
        or word in words("labels", "roles")
        or _NUMBERED.fullmatch(word) is not None
        or word.startswith(("d'", "d’", "l'", "al-", "el-"))
    )
