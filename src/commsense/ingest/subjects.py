"""Subjects without what mail programs put before them."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

_MAX_SUBJECT = 500
_MAX_TAG = 40  # letters of a list's tag, "[r-help]"
_MIN_LETTERS = 5  # of a subject that says something; fewer letters need two words
_MIN_WORDS = 2

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_COUNTER = r"(?:\s?[\[(^]?\d{1,3}[\])]?)?"
_TAG = re.compile(rf"\s*\[[^\[\]]{{1,{_MAX_TAG}}}\]\s*")
_TRAILER = re.compile(r"\s*\((?:fwd|fw)\)$")


def base_subject(subject: str) -> str:
    """Return what a subject is about: no reply or forward prefixes, no list tags, case folded.

    Prefixes of some thirty languages are known, repeated ones and counters ("Re[2]:") included. A
    subject that is nothing but a tag keeps it.
    """
    return _split(subject)[0]


def is_reply(subject: str) -> bool:
    """Tell whether a subject begins, after list tags, with a prefix of replies."""
    return _split(subject)[1]


def is_forward(subject: str) -> bool:
    """Tell whether the first prefix of a subject, after list tags, is one of forwards.

    Old programs put all of it in brackets: ``[Fwd: Plans]``.
    """
    bare = subject.strip()
    return _split(bare[1:-1] if bare.startswith("[") and bare.endswith("]") else bare)[2]


def is_trivial(base: str) -> bool:
    """Tell whether a base subject is too short or too common to tell one thread from another."""
    words = base.split()
    letters = sum(map(str.isalpha, base))
    short = letters < _MIN_LETTERS and len(words) < _MIN_WORDS
    return short or letters == 0 or base.strip(" .!?،؟") in _trivial()


@lru_cache(maxsize=4_096)
def _split(subject: str) -> tuple[str, bool, bool]:
    """Return the base, whether a prefix is one of replies, and whether the first is of forwards."""
    rest = subject[:_MAX_SUBJECT]
    visible = rest if rest.isascii() else _INVISIBLE.sub("", rest)
    rest = " ".join(visible.casefold().split())
    reply, forward = False, None
    while True:
        tag = _TAG.match(rest) if "[" in rest else None
        if tag and tag.end() < len(rest):
            rest = rest[tag.end() :]
        # Most subjects have no colon, and some hundred prefixes are slowly looked for.
        found = _prefix().match(rest) if ":" in rest or "：" in rest else None
        if found is None:
            return _TRAILER.sub("", rest).strip(), reply, bool(forward)
        reply = reply or found["prefix"] in _words("reply")
        forward = found["prefix"] in _words("forward") if forward is None else forward
        rest = rest[found.end() :]


@cache
def _prefix() -> re.Pattern[str]:
    known = sorted(_words("reply") | _words("forward"), key=len, reverse=True)
    return re.compile(rf"\s*(?P<prefix>{'|'.join(map(re.escape, known))}){_COUNTER}\s?[:：]\s*")


@cache
def _words(kind: str) -> frozenset[str]:
    text = files("commsense.ingest").joinpath("threads.toml").read_text(encoding="utf-8")
    return frozenset(word.casefold() for word in tomllib.loads(text)[kind])


@cache
def _trivial() -> frozenset[str]:
    return _words("trivial")
