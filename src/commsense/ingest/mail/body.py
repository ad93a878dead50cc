"""From a MIME tree to the three zones of what people read, and the list of attachments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from commsense.ingest.mail.flowed import unflow
from commsense.ingest.mail.mime import Part
from commsense.ingest.mail.tnef import is_tnef, unpacked
from commsense.ingest.zones import Zones, split_html, split_text
from commsense.schema import Attachment

_MAX_BODY: Final = 500_000  # characters of one part; no human writes more
_STUB: Final = 0.3  # share of the HTML's words below which a plain text is only a stand-in
_STUB_WORDS: Final = 30
_MARKUP_TYPES: Final = frozenset(["text/html", "text/enriched", "text/richtext"])
_BODY_TYPES: Final = _MARKUP_TYPES | {"text/plain"}
_DATA_TYPES: Final = frozenset(
    ["text/calendar", "text/css", "text/csv", "text/directory", "text/vcard", "text/x-vcard"]
)


@dataclass(slots=True)
class Body:
    """What a message says and carries.

    Attributes
    ----------
    zones : Zones
    attachments : list of Attachment
    types : set of str
        Media types of all parts, except of calendar files that somebody attached.
    """

    zones: Zones
    attachments: list[Attachment] = field(default_factory=list)
    types: set[str] = field(default_factory=set)


def read_body(root: Part) -> Body:
    """Choose the texts that people see, cut each into zones and join them.

    Of alternatives the plain text is read, unless it is only a stand-in for the HTML. An attached
    message is history: it goes to ``quoted`` under its own headers. What Outlook packed into a
    winmail.dat is the text where there is no other; else texts that are shown although they have
    file names or rare types.
    """
    read = _Reader()
    zones = _joined([*read.zones(root, is_root=True)])
    if not _words(zones):
        zones = _joined([zones, *read.packed])
    if not _words(zones):
        generous = _Reader(generous=True)
        found = _joined([*generous.zones(root, is_root=True)])
        if _words(found):
            read, zones = generous, found
    types = {part.content_type for part in root.walk() if not _is_calendar_file(part)}
    return Body(zones, read.attachments, types)


def _is_calendar_file(part: Part) -> bool:
    """Tell a file from an invitation, which names its method (RFC 6047)."""
    is_file = part.content_type == "text/calendar" and part.disposition == "attachment"
    return is_file and "method=" not in part.parameters.lower()


class _Reader:
    """Walks a tree, collecting attachments on its way."""

    def __init__(self, *, generous: bool = False) -> None:
        self._is_body = _may_be_body if generous else _is_body
        self.attachments: list[Attachment] = []
        self.packed: list[Zones] = []  # texts that lie in a winmail.dat

    def zones(self, part: Part, *, is_root: bool = False) -> Iterator[Zones]:
        """Yield the zones of each text that is shown."""
        kind = part.content_type
        if kind == "message/rfc822":
            yield from self._attached_message(part)
        elif kind == "text/rfc822-headers":
            yield Zones("", part.text, "")
        elif kind == "multipart/alternative":
            yield from self._best(part)
        elif part.children:
            for child in part.children:
                yield from self.zones(child)
        elif is_tnef(kind, part.name):
            self._unpack(part)
        elif self._is_body(part, is_root=is_root):
            yield _split(part)
        elif not kind.startswith("multipart/"):
            self._list(part)

    def _attached_message(self, part: Part) -> Iterator[Zones]:
        self.attachments.append(Attachment(part.name, part.content_type, part.size))
        for child in part.children:
            inner = _Reader()
            zones = _joined([*inner.zones(child, is_root=True)])
            self.attachments += inner.attachments
            texts = (child.heading, zones.text, zones.signature, zones.quoted)
            yield Zones("", "\n\n".join(filter(None, texts)), "")

    def _unpack(self, part: Part) -> None:
        found = unpacked(part.content)
        if found is None:
            self._list(part)
            return
        self.attachments += [
            Attachment(one.name, one.media_type, len(one.content)) for one in found.attachments
        ]
        if found.rich or found.plain:
            split = split_html(found.rich) if found.rich else split_text(found.plain)
            self.packed.append(split)

    def _best(self, part: Part) -> Iterator[Zones]:
        """Choose one of the alternatives; the attachments of all are listed."""
        if _is_usual_pair(part.children):
            yield _of_pair(*part.children)
            return
        alternatives = [[*self.zones(child)] for child in part.children]
        shown = [
            (_main_type(child), _joined(zones))
            for child, zones in zip(part.children, alternatives, strict=True)
            if zones
        ]
        if shown:
            yield _chosen(shown)

    def _list(self, part: Part) -> None:
        self.attachments.append(Attachment(part.name, part.content_type, part.size))


def _is_body(part: Part, *, is_root: bool) -> bool:
    if part.content_type not in _BODY_TYPES or part.disposition == "attachment":
        return False
    return is_root or not part.name


def _may_be_body(part: Part, *, is_root: bool) -> bool:
    """Tell whether a part may be the text of a mail that has no other."""
    if not part.content_type.startswith("text/") or part.content_type in _DATA_TYPES:
        return False
    return is_root or not part.name or part.disposition != "attachment"


def _split(part: Part) -> Zones:
    text = part.text
    if part.content_type in _MARKUP_TYPES:
        return split_html(text[:_MAX_BODY])
    if part.is_flowed:
        text = unflow(text, delete_space=part.deletes_space)
    zones = split_text(text[:_MAX_BODY])
    if len(text) <= _MAX_BODY:
        return zones
    return Zones(zones.text, zones.quoted + text[_MAX_BODY:], zones.signature)


def _is_usual_pair(alternatives: Sequence[Part]) -> bool:
    """Tell whether the alternatives are one plain text and one HTML, as in most mail."""
    kinds = [part.content_type for part in alternatives]
    return kinds == ["text/plain", "text/html"] and all(
        not part.children and _is_body(part, is_root=False) for part in alternatives
    )


def _of_pair(plain: Part, rich: Part) -> Zones:
    """Choose one of a plain text and the HTML beside it.

    Where the plain text surely says what the HTML says, that is not cut into zones: it cannot hold
    more words than it has gaps and tags.
    """
    zones, markup = _split(plain), rich.text
    most = len(markup.split()) + markup.count("<")
    if _words(zones) >= max(_STUB * most, 1):
        return zones
    return _chosen([("text/plain", zones), ("text/html", _split(rich))])


def _main_type(part: Part) -> str:
    """Return the type of the text that an alternative shows; HTML lies in ``related`` parts."""
    return next((leaf.content_type for leaf in part.walk() if leaf.content_type in _BODY_TYPES), "")


def _chosen(shown: list[tuple[str, Zones]]) -> Zones:
    plain = next((zones for kind, zones in shown if kind == "text/plain"), None)
    rich = next((zones for kind, zones in shown if kind != "text/plain"), None)
    if plain is None or rich is None:
        return plain or rich or shown[0][1]
    words, rich_words = _words(plain), _words(rich)
    is_stub = words == 0 or (rich_words > _STUB_WORDS and words < _STUB * rich_words)
    return rich if is_stub and rich_words else plain


def _words(zones: Zones) -> int:
    return len(zones.text.split()) + len(zones.quoted.split())


def _joined(zones: Iterable[Zones]) -> Zones:
    found = list(zones)
    if len(found) == 1:
        return found[0]
    texts = ([one.text for one in found], [one.quoted for one in found])
    signatures = [one.signature for one in found]
    return Zones(*("\n\n".join(filter(None, parts)) for parts in (*texts, signatures)))
