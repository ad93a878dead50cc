"""The MIME tree of a message: a fast reader, and a patient one for what it cannot read.

``fast_mail_parser`` reads the structure and undoes transfer encodings some ten times faster than
the standard library. It refuses damaged base64, does not know uuencode, drops raw 8-bit bytes of
quoted-printable and damages some file names; such messages go to the standard library, whose
``compat32`` policy raises at nothing.
"""

from __future__ import annotations

import binascii
import email
import email.policy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message as LibraryMessage
from typing import Final

from fast_mail_parser import ParseError, PyLazyMimePart, parse_email_tree

from commsense.errors import MessageError
from commsense.ingest.charsets import decode, html_charset
from commsense.ingest.mail.headers import decode_words, head_end

_CHARSET = re.compile(r"""charset\*?\s{0,9}=\s{0,9}["']?([^\s"';]{1,100})""", re.IGNORECASE)
_RAW_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([\w.:-]{1,40})""", re.IGNORECASE)
_BOUNDARY_LINE = re.compile(rb"^--([^\r\n\"]{1,70})\r?\nContent-", re.MULTILINE | re.IGNORECASE)
_PLAIN: Final = "text/plain"
_MISSPELT: Final = {"plain/text": _PLAIN, "html/text": "text/html"}
_UUENCODED: Final = frozenset(["x-uuencode", "uuencode", "x-uue", "uue"])
_SHOWN_HEADERS: Final = ("from", "date", "to", "cc", "subject")
_MAX_PARTS: Final = 1_000
_MAX_DEPTH: Final = 30


@dataclass(slots=True)
class Part:
    """One node of a message's MIME tree.

    Attributes
    ----------
    content_type : str
        Media type in small letters, without parameters.
    parameters : str
        The whole Content-Type field.
    name : str
        File name, decoded; empty where there is none.
    disposition : str
        ``inline``, ``attachment`` or empty.
    heading : str
        The header lines that a mail program shows above an attached message; empty for other parts.
    payload : callable
        Returns a leaf's bytes without transfer encoding; empty for a container.
    children : list of Part
    """

    content_type: str
    parameters: str
    name: str
    disposition: str
    heading: str
    payload: Callable[[], bytes]
    children: list[Part] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The leaf's text."""
        found = _CHARSET.search(self.parameters)
        data = self.payload()
        if found:
            charset = found[1]
        else:
            charset = html_charset(data) if self.content_type == "text/html" else ""
        text = decode(data, charset)
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")

    @property
    def charset(self) -> str:
        """The charset that the first of the texts names, "" where none does."""
        texts = (part for part in self.walk() if part.content_type.startswith("text/"))
        named = map(_CHARSET.search, (part.parameters for part in texts))
        return next((found[1] for found in named if found), "")

    @property
    def content(self) -> bytes:
        """A leaf's bytes without transfer encoding; none where that is damaged."""
        try:
            return self.payload()
        except ParseError:
            return b""

    @property
    def size(self) -> int:
        """Bytes of a leaf without transfer encoding; 0 where that is damaged."""
        return len(self.content)

    @property
    def is_flowed(self) -> bool:
        """Whether the lines of its paragraphs are to be joined."""
        return self._says("format=flowed")

    @property
    def deletes_space(self) -> bool:
        """Whether spaces at the ends of flowed lines are to be dropped."""
        return self._says("delsp=yes")

    def _says(self, parameter: str) -> bool:
        return parameter in self.parameters.replace(" ", "").replace('"', "").lower()

    def walk(self) -> Iterator[Part]:
        """Yield this part and all below it, depth first, except within attached messages."""
        yield self
        if self.content_type != "message/rfc822":
            for child in self.children:
                yield from child.walk()


def parse(raw: bytes) -> Part:
    """Read the structure of a message.

    Parameters
    ----------
    raw : bytes
        A whole message whose header block is readable, see
        :func:`commsense.ingest.mail.headers.mended`.

    Raises
    ------
    MessageError
        Where even the patient reader gives up.
    """
    root = _parsed(raw)
    if root.content_type.startswith("multipart/") and not root.children:
        body = _parsed(_with_its_boundary(raw[head_end(raw) :]))
        root.children = body.children or [body]
    return root


def _with_its_boundary(body: bytes) -> bytes:
    """Return a multipart body, whose header names no boundary or a wrong one, with its own.

    Where there is none at all, it is plain text.
    """
    found = _BOUNDARY_LINE.search(body)
    field = b'Content-Type: multipart/mixed; boundary="%b"\n' % found[1].rstrip() if found else b""
    return field + b"\n" + body.lstrip(b"\r\n")


def _parsed(raw: bytes) -> Part:
    try:
        return _from_fast(parse_email_tree(raw, mode="lazy"), is_ascii=raw.isascii())
    except (ParseError, _Unsuited, ValueError):
        pass
    try:
        named = _RAW_CHARSET.search(raw)
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        return _from_library(message, named[1].decode("ascii") if named else "")
    except Exception as error:
        # The library's parser may raise anything on hostile input; one message never stops a run.
        raise MessageError(
            f"a message whose structure cannot be read ({type(error).__name__})",
            "MIME",
            "export it again",
        ) from error


class _Unsuited(Exception):  # noqa: N818 - no error: a sign to take the other reader
    """Tell that the fast reader would lose something of this message."""


def _from_fast(
    node: PyLazyMimePart, depth: int = 0, *, is_ascii: bool, inside_message: bool = False
) -> Part:
    if depth > _MAX_DEPTH:
        raise _Unsuited
    content_type = _media_type(node.content_type)
    encoding = _first(node.headers, "content-transfer-encoding").strip().lower()
    if encoding in _UUENCODED:
        raise _Unsuited
    name = decode_words(node.filename)
    if _is_doubtful(name, node, is_ascii=is_ascii):
        raise _Unsuited
    if content_type.startswith("text/"):
        if encoding == "quoted-printable" and not is_ascii:
            raise _Unsuited
        _ = node.content  # damaged base64 raises here and not later
    return Part(
        content_type=content_type,
        parameters=_first(node.headers, "content-type"),
        name=name,
        disposition=(node.disposition or "").lower(),
        heading=_heading(node.headers) if inside_message else "",
        payload=lambda: node.content or b"",
        children=[
            _from_fast(child, depth + 1, is_ascii=is_ascii, inside_message=node.is_message)
            for child in node.children
        ],
    )


def _media_type(named: str) -> str:
    """Return a media type in small letters; what is none means plain text (RFC 2045, 5.2)."""
    kind = named.strip().lower()
    return _MISSPELT.get(kind, kind) if "/" in kind else _PLAIN


def _is_doubtful(name: str, node: PyLazyMimePart, *, is_ascii: bool) -> bool:
    """Tell whether the fast reader may have damaged a file name.

    It cuts at semicolons within quotes, decodes each piece of a name by itself and takes raw bytes
    for Latin-1.
    """
    if not name:
        return bool(node.disposition) and "name*" in _first(node.headers, "content-disposition")
    if name.isascii():
        return name.startswith('"')
    return "\ufffd" in name or (not is_ascii and max(name) <= "\xff")


def _first(headers: dict[str, list[str]], name: str) -> str:
    for key, values in headers.items():
        if key.lower() == name and values:
            return values[0]
    return ""


def _heading(headers: Mapping[str, Sequence[str]]) -> str:
    found = {name.lower(): values[0] for name, values in headers.items() if values}
    shown = [(name, decode_words(found[name])) for name in _SHOWN_HEADERS if name in found]
    return "\n".join(f"{name.capitalize()}: {value}" for name, value in shown)


def _from_library(
    message: LibraryMessage, charset: str, depth: int = 0, *, inside_message: bool = False
) -> Part:
    inner = message.get_payload()
    children = inner if isinstance(inner, list) and depth < _MAX_DEPTH else []
    content_type = _media_type(message.get_content_type())
    return Part(
        content_type=content_type,
        parameters=str(message.get("content-type", "")),
        name=_file_name(message, charset),
        disposition=(message.get_content_disposition() or "").lower(),
        heading=_heading({name: [str(value)] for name, value in message.items()})
        if inside_message
        else "",
        payload=lambda: _library_payload(message),
        children=[
            _from_library(
                child, charset, depth + 1, inside_message=content_type == "message/rfc822"
            )
            for child in children[:_MAX_PARTS]
            if isinstance(child, LibraryMessage)
        ],
    )


def _file_name(message: LibraryMessage, charset: str) -> str:
    """Return a part's file name, its raw bytes in the charset of the message."""
    for field_name, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        raw = next(
            (str(value) for name, value in message.raw_items() if name.lower() == field_name), ""
        )
        if not raw:
            continue
        decoded = LibraryMessage()
        decoded[field_name] = decode(raw.encode("ascii", "surrogateescape"), charset)
        try:
            found = decoded.get_param(parameter, header=field_name)
        except (TypeError, ValueError):  # pieces that are numbered and not
            continue
        if isinstance(found, tuple):  # RFC 2231: charset, language, bytes as Latin-1
            return decode(found[2].encode("latin-1", "replace"), found[0] or "")
        if found:
            return decode_words(found)
    return ""


def _library_payload(message: LibraryMessage) -> bytes:
    try:
        payload = message.get_payload(decode=True)
    except (ValueError, binascii.Error, LookupError):
        payload = message.get_payload()
        return payload.encode("utf-8", "replace") if isinstance(payload, str) else b""
    return payload if isinstance(payload, bytes) else b""
