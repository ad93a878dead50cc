"""Content words, cut down so that inflected forms of one word meet.

Not a stemmer: it only has to tell whether an answer speaks of what a question asked about, in
languages with and without spaces, and errs towards finding that it does.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

_LATIN_KEPT = 5
"""Letters kept of a Latin-script word: endings of English and French go, the root stays."""
_LATIN_SHORTEST = 4
_HANGUL_KEPT = 2
"""Syllables kept of a Korean word; particles and verb endings follow them."""
_ARABIC_KEPT = 4
_ARABIC_SHORTEST = 3
_THAI_SHINGLE = 5
"""Thai is written without spaces: runs of so many letters stand for words."""

_TOKEN = re.compile(r"[a-z0-9\u00df-\u024f]+|[\uac00-\ud7a3]+|[\u0620-\u06ff]+|[\u0e00-\u0e7f]+")
_ARABIC_PREFIX = re.compile(r"^(?:وال|بال|كال|فال|لل|ال)(?=..)")

_STOP_WORDS = {
    script: frozenset(words.split())
    for script, words in tomllib.loads(
        files("commsense.conversations").joinpath("stopwords.toml").read_text(encoding="utf-8")
    ).items()
}
_STOP_STEMS = frozenset(word[:_LATIN_KEPT] for word in _STOP_WORDS["latin"])
_THAI_STOP = re.compile(
    "สวัสดี|ขอบคุณ|ครับผม|ครับ|ค่ะ|คะ|นะ|รบกวน|กรุณา|ช่วย|เมื่อไหร่|เมื่อไร|อย่างไร|ยังไง|อะไร|ที่ไหน|"
    "เท่าไหร่|เท่าไร|ทำไม|หรือเปล่า|หรือไม่|หรือยัง|ไหม|มั้ย|ใคร|สามารถ|ต้องการ|อยากทราบ|ทราบว่า|ทางเรา|"
    "ทางคุณ|เรื่อง|เกี่ยวกับ|สำหรับ|แล้ว|และ|หรือ|ของ|ที่|ได้|ให้|จะ|เรา|คุณ|ผม|ดิฉัน|ว่า|มี|เป็น|อยู่|นี้|นั้น|ไม่|"
    "ใน|กับ|จาก|ถึง|ก็|มา|ไป|การ|ความ|ยัง|ทั้งหมด|วันนี้|พรุ่งนี้"
)


def terms(normalised: str) -> frozenset[str]:
    """Return the shortened content words of a normalised text."""
    found: set[str] = set()
    for token in _TOKEN.findall(normalised):
        found.update(_shortened(token))
    return frozenset(found)


def _shortened(token: str) -> tuple[str, ...] | set[str]:
    first = token[0]
    if "\uac00" <= first <= "\ud7a3":
        return _hangul(token)
    if "\u0e00" <= first <= "\u0e7f":
        return _thai(token)
    if "\u0620" <= first <= "\u06ff":
        return _arabic(token)
    return _latin(token)


def _latin(token: str) -> tuple[str, ...]:
    if token.isdigit():
        return (token,) if len(token) > 1 else ()
    stem = token[:_LATIN_KEPT]
    if len(token) < _LATIN_SHORTEST or token in _STOP_WORDS["latin"] or stem in _STOP_STEMS:
        return ()
    # A plural s must not part short words: "plan" and "plans" both become "plan".
    return (stem.rstrip("s") if len(token) <= _LATIN_KEPT else stem,)


def _hangul(token: str) -> tuple[str, ...]:
    stem = token[:_HANGUL_KEPT]
    return (stem,) if len(stem) == _HANGUL_KEPT and stem not in _STOP_WORDS["hangul"] else ()


def _arabic(token: str) -> tuple[str, ...]:
    if token in _STOP_WORDS["arabic"]:
        return ()
    stem = _ARABIC_PREFIX.sub("", token)
    if len(stem) < _ARABIC_SHORTEST or stem in _STOP_WORDS["arabic"]:
        return ()
    return (stem[:_ARABIC_KEPT],)


def _thai(token: str) -> set[str]:
    runs = _THAI_STOP.sub(" ", token).split()
    return {
        run[i : i + _THAI_SHINGLE]
        for run in runs
        for i in range(max(1, len(run) - _THAI_SHINGLE + 1))
        if len(run) >= _THAI_SHINGLE - 1
    }
