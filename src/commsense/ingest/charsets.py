"""Bytes to text by the charset that a mail names, or by a guess where it names none that fits.

Labels follow the WHATWG Encoding Standard (https://encoding.spec.whatwg.org/), as browsers and
mail programs do. Where that names an encoding by which newer systems mean a superset, the superset
is read: Korean mail that says EUC-KR is written in Windows-949.
"""

from __future__ import annotations

import codecs
import re
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
# The WHATWG lets no page be read by these, for the safety of browsers; mail is written in them.
_REFUSED_BY_BROWSERS: Final = {
    "csiso2022kr": "iso2022_kr",
    "hz-gb-2312": "hz",
    "iso-2022-kr": "iso2022_kr",
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
# What charsets of seven bits make something else of: the escapes of ISO 2022, UTF-7 and HZ.
_ASCII: Final = bytes(range(0x80)) + b"\x1b$B0!\x0e0!+AOk-~{0!~}"
_MOST_ACCENTS: Final = 0.5  # share of high bytes beyond which no text is in Latin letters
_META_CHARSET: Final = re.compile(
    rb"""<meta[^>]{0,200}charset\s{0,4}=\s{0,4}["']?([\w.:-]{1,40})""", re.IGNORECASE
)
_META_NEAR: Final = 4_096  # bytes of an HTML text in which it names its charset
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
    if data.isascii() and _extends_ascii(codec):
        return data.decode("ascii")
    if codec != "utf-8" and _is_utf8(data, codec):
        return data.decode("utf-8")
    text = _decode(data, codec)
    if codec == _FALLBACK and _is_not_latin(data):
        return _guess(data)
    if _damage(text) <= _MAX_DAMAGE:
        return text
    guess = _guess(data)
    return guess if _damage(guess) < _damage(text) else text


def html_charset(data: bytes) -> str:
    """Return the charset that an HTML text names itself, "" where it names none."""
    named = _META_CHARSET.search(data, 0, _META_NEAR)
    return named[1].decode("ascii", "replace") if named else ""


@lru_cache(maxsize=1_024)
def python_codec(label: str) -> str | None:
    """Return the Python codec for a charset label in small letters, None for an unknown one."""
    known = None if label in _REFUSED_BY_BROWSERS else webencodings.lookup(label)
    label = _REFUSED_BY_BROWSERS.get(label, label)
    name = known.codec_info.name if known else label
    name = _SUPERSETS.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs from bytes to bytes, such as "base64", are no charsets.
    return found.name if found._is_text_encoding else None


@lru_cache(maxsize=1_024)
def _extends_ascii(codec: str) -> bool:
    """Tell whether ASCII bytes mean themselves, which they do not in UTF-16 and ISO 2022."""
    return _decode(_ASCII, codec) == _ASCII.decode("ascii")


@lru_cache(maxsize=1_024)
def _is_single_byte(codec: str) -> bool:
    return len(_decode(_HIGH_BYTES, codec)) == len(_HIGH_BYTES)


def _is_utf8(data: bytes, codec: str) -> bool:
    """Tell whether bytes that say something else are UTF-8, which hardly any other text is.

    Two letters of a multi-byte charset may be; UTF-16 is told by its zero bytes.
    """
    if not _extends_ascii(codec):
        return codec.startswith(("utf-16", "utf-32")) and b"\0" not in data and _fits_utf8(data)
    least = 1 if _is_single_byte(codec) else _MIN_HIGH_BYTES
    return _fits_utf8(data) and _high_bytes(data) >= least


def _fits_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_not_latin(data: bytes) -> bool:
    """Tell whether too many bytes are high for a text in Latin letters, the usual wrong label."""
    high = _high_bytes(data)
    return high >= _MIN_HIGH_BYTES and high > _MOST_ACCENTS * len(data)


def _high_bytes(data: bytes) -> int:
    return len(data) - len(data.translate(None, _HIGH_BYTES))


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
    if _high_bytes(data) < _MIN_HIGH_BYTES:
        return _decode(data, _FALLBACK)
    found = from_bytes(data[:_GUESS_BYTES], cp_isolation=_CANDIDATES).best()
    return _decode(data, found.encoding if found else _FALLBACK)
