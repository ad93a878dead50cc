"""Tell names, closing formulas and lines of contact from sentences."""

from __future__ import annotations

import re

from commsense.ingest.zones.folding import fold
from commsense.ingest.zones.patterns import any_of, pooled

_MAX_LINE = 110  # longer lines are sentences, whatever they hold
_MAX_CLOSING = 70
_MAX_NAME = 45
_MAX_NAME_WORDS = 5
_MAX_UNPUNCTUATED_WORDS = 9  # a longer line without a separator is a sentence
_MIN_SENTENCE_WORDS = 5
_MIN_SENTENCE_GLUED = 12  # characters, in scripts that set few spaces

_FORMULAS = frozenset(pooled("signatures", "formulas"))
_MIN_RUNNING_WORDS = 3  # with a full stop, where no capitals tell a name from a sentence
_PUNCTUATION = " ,.!،。，।~…;:*_-"
_PHONE = re.compile(r"(?<![\w/])\+?\(?\d(?:[ ().\-/]{0,3}\d){6,15}(?!\d)")
_ADDRESS = re.compile(
    r"[\w.+-]{1,64}@[\w-]+\.|https?://|\bwww\.|\b[\w-]{2,63}\.(?:com|fr|kr|th|org|net|de|io|co)\b"
)
_LABELLED = re.compile(rf"\W*(?:{any_of(pooled('signatures', 'words'))})[\s.:：)]*[+(]?\d")
_SENTENCE_END = re.compile(r"[.!?؟。।…]['\")\]]*\Z")
_POLITE_END = re.compile(r"(?:다|요|까|죠|ครับ|ค่ะ|คะ|นะคะ)[.!?~]*\Z")
_SIGNED = re.compile(r"[^\n]{1,20}\s?(?:드림|올림|배상)\.?\Z")


def is_contact(line: str) -> bool:
    """Tell whether a line holds a telephone number, an address or a link."""
    if len(line) > _MAX_LINE:
        return False
    return bool(_ADDRESS.search(line) or _PHONE.search(line) or _LABELLED.match(fold(line)))


def is_sentence(line: str) -> bool:
    """Tell whether a line reads like running words rather than a line of a signature."""
    if len(line) > _MAX_LINE or line[-1] in "?؟":
        return True
    words = len(line.split())
    if _POLITE_END.search(line) and len(line) >= _MIN_SENTENCE_GLUED and not is_closing(line):
        return True
    if is_contact(line):
        return words > _MAX_UNPUNCTUATED_WORDS and _SENTENCE_END.search(line) is not None
    if line[-1] in ",:;،" or _SENTENCE_END.search(line):
        return words >= _MIN_SENTENCE_WORDS
    separated = any(mark in line for mark in "|•·,-–/&")
    return words > _MAX_UNPUNCTUATED_WORDS and not separated


def is_closing(line: str) -> bool:
    """Tell whether a line is a closing formula, with a name after it at most."""
    if len(line) > _MAX_CLOSING:
        return False
    folded = fold(line).strip(_PUNCTUATION)
    if folded in _FORMULAS or _SIGNED.match(line):
        return True
    for mark in (",", "،", ".", "!"):
        head, found, tail = line.partition(mark)
        if found and fold(head).strip(_PUNCTUATION) in _FORMULAS:
            rest = tail.strip(_PUNCTUATION)
            return rest == "" or fold(rest) in _FORMULAS or (is_name(rest) and not _runs(tail))
    return False


def _runs(words: str) -> bool:
    stopped = _SENTENCE_END.search(words.rstrip()) is not None
    return stopped and len(words.split()) >= _MIN_RUNNING_WORDS


def is_name(line: str) -> bool:
    """Tell whether a line could be a person's name, with a title at most."""
    words = line.split()
    if not words or len(words) > _MAX_NAME_WORDS or len(line) > _MAX_NAME:
        return False
    if any(mark in line for mark in "?!:@;") or any(letter.isdigit() for letter in line):
        return False
    initials = [word.lstrip("(\"'")[:1] for word in words]
    return not any(letter.islower() for letter in initials[:1] + initials[-1:])
