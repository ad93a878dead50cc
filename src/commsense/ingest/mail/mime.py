"""The MIME tree of a message: a fast reader, and a patient one for what it cannot read.

``fast_mail_parser`` reads the structure and undoes transfer encodings some ten times faster than
the standard library. It refuses damaged base64 and does not know uuencode; such messages go to the
standard library, whose ``compat32`` policy raises at nothing.
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
from commsense.ingest.charsets import decode
from commsense.ingest.mail.headers import decode_words

_CHARSET = re.compile(r"""charset\*?\s{0,9}=\s{0,9}["']?([^\s"';]{1,100})""", re.IGNORECASE)
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
        text = decode(self.payload(), found[1] if found else "")
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")

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
    try:
        return _from_fast(parse_email_tree(raw, mode="lazy"))
    except (ParseError, _Unsuited, ValueError):
        pass
    try:
        return _from_library(email.message_from_bytes(raw, policy=email.policy.compat32))
    except Exception as error:
        # The library's parser may raise anything on hostile input; one message never stops a run.
        raise MessageError(
            f"a message whose structure cannot be read ({type(error).__name__})",
            "MIME",
            "export it again",
        ) from error


class _Unsuited(Exception):  # noqa: N818 - no error: a sign to take the other reader
    """Tell that the fast reader would lose something of this message."""


def _from_fast(node: PyLazyMimePart, depth: int = 0, *, inside_message: bool = False) -> Part:
    if depth > _MAX_DEPTH:
        raise _Unsuited
    if _first(node.headers, "content-transfer-encoding").strip().lower() in _UUENCODED:
        raise _Unsuited
    if node.content_type.lower().startswith("text/"):
        _ = node.content  # damaged base64 raises here and not later
    return Part(
        content_type=node.content_type.lower(),
        parameters=_first(node.headers, "content-type"),
        name=decode_words(node.filename),
        disposition=(node.disposition or "").lower(),
        heading=_heading(node.headers) if inside_message else "",
        payload=lambda: node.content or b"",
        children=[
            _from_fast(child, depth + 1, inside_message=node.is_message) for child in node.children
        ],
    )


def _first(headers: dict[str, list[str]], name: str) -> str:
    for key, values in headers.items():
        if key.lower() == name and values:
            return values[0]
    return ""


def _heading(headers: Mapping[str, Sequence[str]]) -> str:
    found = {name.lower(): values[0] for name, values in headers.items() if values}
    shown = [(name, decode_words(found[name])) for name in _SHOWN_HEADERS if name in found]
    return "\n".join(f"{name.capitalize()}: {value}" for name, value in shown)


def _from_library(message: LibraryMessage, depth: int = 0, *, inside_message: bool = False) -> Part:
    inner = message.get_payload()
    children = inner if isinstance(inner, list) and depth < _MAX_DEPTH else []
    return Part(
        content_type=message.get_content_type(),
        parameters=str(message.get("content-type", "")),
        name=decode_words(str(message.get_filename() or "")),
        disposition=(message.get_content_disposition() or "").lower(),
        heading=_heading({name: [str(value)] for name, value in message.items()})
        if inside_message
        else "",
        payload=lambda: _library_payload(message),
        children=[
            _from_library(
                child, depth + 1, inside_message=message.get_content_type() == "message/rfc822"
            )
            for child in children[:_MAX_PARTS]
            if isinstance(child, LibraryMessage)
        ],
    )


def _library_payload(message: LibraryMessage) -> bytes:
    try:
        payload = message.get_payload(decode=True)
    except (ValueError, binascii.Error, LookupError):
        payload = message.get_payload()
        return payload.encode("utf-8", "replace") if isinstance(payload, str) else b""
    return payload if isinstance(payload, bytes) else b""
