"""Bytes to text by the charset that a mail names, or by a guess where it names none that fits.

Labels follow the WHATWG Encoding Standard (https://encoding.spec.whatwg.org/), as browsers and
mail programs do. Where that names an encoding by which newer systems mean a superset, the superset
is read: Korean mail that says EUC-KR is written in Windows-949.
"""

from __future__ import annotations

import codecs
from functools import lru_cache
from typing import Final

import webencodings
from charset_normalizer import from_bytes

_SUPERSETS: Final = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso-8859-1": "cp1252",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
_UNNAMED: Final = frozenset(
    ["", "ascii", "us-ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown"]
)
_FALLBACK: Final = "cp1252"
_CANDIDATES: Final = [
    "cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp874",
    "cp949", "gb18030", "big5hkscs", "cp932", "euc_jp",
]  # fmt: skip
_HIGH_BYTES: Final = bytes(range(0x80, 0x100))
_MIN_HIGH_BYTES: Final = 6  # fewer tell nothing: a Latin accent or two
_GUESS_BYTES: Final = 20_000  # enough for a guess; more only takes time
_MAX_DAMAGE: Final = 0.02  # share of replaced characters from which on a label is not believed


def decode(data: bytes, charset: str = "") -> str:
    """Decode bytes that say they are in a charset.

    Parameters
    ----------
    data : bytes
        Without transfer encoding.
    charset : str
        The label as the mail gives it; may be empty, unknown or wrong.

    Returns
    -------
    str
        Bytes that fit no encoding become U+FFFD; nothing is raised.
    """
    label = charset.strip().strip("\"'").lower()
    if label in _UNNAMED:
        return _guess(data)
    codec = python_codec(label)
    if codec is None:
        return _guess(data)
    text = _decode(data, codec)
    if _damage(text) <= _MAX_DAMAGE:
        return text
    guess = _guess(data)
    return guess if _damage(guess) < _damage(text) else text


@lru_cache(maxsize=1_024)
def python_codec(label: str) -> str | None:
    """Return the Python codec for a charset label in small letters, None for an unknown one."""
    known = webencodings.lookup(label)
    name = known.codec_info.name if known else label
    name = _SUPERSETS.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs from bytes to bytes, such as "base64", are no charsets.
    return found.name if found._is_text_encoding else None


def _decode(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec, "replace")
    except (UnicodeError, ValueError):  # a few codecs raise all the same, as "idna" does
        return data.decode(_FALLBACK, "replace")


def _damage(text: str) -> float:
    return text.count("\ufffd") / len(text) if text else 0.0


def _guess(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if len(data) - len(data.translate(None, _HIGH_BYTES)) < _MIN_HIGH_BYTES:
        return _decode(data, _FALLBACK)
    found = from_bytes(data[:_GUESS_BYTES], cp_isolation=_CANDIDATES).best()
    return _decode(data, found.encoding if found else _FALLBACK)
