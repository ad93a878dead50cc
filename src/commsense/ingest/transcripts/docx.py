"""Word documents with a transcript, as Teams saves and Google Meet exports them.

A document's paragraphs are read as lines of text. Teams' new layout, a name and a time above the
words, is then plain text with speakers; its old one gives each turn a timing line, as captions do.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from commsense.ingest.reader import SourceFile
from commsense.ingest.transcripts.call import MAX_BYTES, Call, Turn, messages
from commsense.ingest.transcripts.clock import seconds
from commsense.ingest.transcripts.plain import parse
from commsense.schema import Message, Rejected

_ZIP: Final = b"PK\x03\x04"
_BODY: Final = "word/document.xml"
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_CLOCK = r"(\d{1,4}(?::\d{1,2}){1,2}(?:[.,]\d{1,7})?)"  # 0:0:2.350: minutes may have one digit
_TIMED: Final = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}\s*$")
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException, KeyError, EOFError, OSError,
    RuntimeError, ValueError,
)  # fmt: skip


class Docx:
    """The format of Word, where a call stands in it."""

    name = "docx"

    def recognises(self, source: SourceFile, head: bytes) -> bool:
        """Tell by the part of a zip in which Word keeps the text."""
        if not head.startswith(_ZIP):
            return False
        with source.open() as stream:
            try:
                with zipfile.ZipFile(stream) as archive:
                    return _BODY in archive.namelist()
            except _DAMAGE:
                return False

    def read(self, source: SourceFile) -> Iterator[Message | Rejected]:
        """Yield the turns of the call."""
        try:
            with source.open() as stream:
                lines = _lines(stream)
        except _DAMAGE as error:
            yield Rejected(
                source.name,
                f"a damaged or unsafe Word document ({type(error).__name__}); expected a "
                "transcript; mend: open it, save it anew, or save it as text",
            )
            return
        yield from messages(source.name, _call(lines))


def _lines(stream: IO[bytes]) -> list[str]:
    """Return the lines of a document's body.

    Raises
    ------
    ValueError
        Where the body is larger than any transcript.
    DefusedXmlException
        Where the document declares entities, which no program writes and bombs are made of.
    """
    with zipfile.ZipFile(stream) as archive:
        if archive.getinfo(_BODY).file_size > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES} bytes")
        with archive.open(_BODY) as body:
            return [line for paragraph in _paragraphs(body) for line in paragraph.split("\n")]


def _paragraphs(body: IO[bytes]) -> Iterator[str]:
    for _, element in iterparse(body, forbid_dtd=True):
        if _local(element.tag) == "p":
            yield "".join(map(_text, element.iter()))
            element.clear()


def _text(element: object) -> str:
    kind = _local(getattr(element, "tag", ""))
    if kind == "t":
        return getattr(element, "text", None) or ""
    return {"br": "\n", "cr": "\n", "tab": "\t"}.get(kind, "")


def _local(tag: object) -> str:
    """Return a name of Word's own without its namespace, "" for any other."""
    name = str(tag)
    return next((name[len(own) :] for own in (_WORD, _STRICT) if name.startswith(own)), "")


def _call(lines: list[str]) -> Call:
    begins = [place for place, line in enumerate(lines) if _TIMED.match(line)]
    if not begins:
        return parse("\n".join(lines))
    ends = [*begins[1:], len(lines)]
    head = parse("\n".join(lines[: begins[0]]))
    turns = [_turn(lines[begin:end]) for begin, end in zip(begins, ends, strict=True)]
    return Call(turns, head.title, head.start, head.participants)


def _turn(lines: list[str]) -> Turn:
    """Read a turn of Teams' old layout: times, name, words."""
    times = _TIMED.match(lines[0])
    start, end = (seconds(times[1]), seconds(times[2])) if times else (None, None)
    said = [line for line in lines[1:] if line.strip()]
    speaker = said[0].strip() if said else ""
    return Turn(speaker, "\n".join(said[1:]), start, end)
