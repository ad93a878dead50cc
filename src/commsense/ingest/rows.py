"""From the rows of a table to messages: neutral ones, mails with their whole body, turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Final

from commsense.errors import MessageError
from commsense.ingest import cells
from commsense.ingest.callrows import read_call, time_of_turns
from commsense.ingest.columns import REJECTED_KEY, Row, layout
from commsense.ingest.fingerprint import fingerprint
from commsense.language import detect
from commsense.schema import Channel, Message, Rejected

_LOOKED_AT: Final = 5_000  # rows by which a table is told
_ID_DIGITS: Final = 20
_RECIPIENTS: Final = ("to", "cc", "bcc")


class RowReader:
    """Makes messages of rows; counts equal ones, so that each has an id of its own.

    Parameters
    ----------
    row_by_row : bool
        Whether each row becomes one message, in a call too, and a language that it does not tell
        stays empty.
    """

    def __init__(self, *, row_by_row: bool = False) -> None:
        self._row_by_row = row_by_row
        self._seen: Counter[str] = Counter()

    def read(
        self,
        rows: Iterable[Row | Rejected],
        name: str,
        mark: str = "#",
        *,
        may_be_call: bool = True,
    ) -> Iterator[Message | Rejected]:
        """Yield a message for each row, or the turns of the call that the table is.

        Parameters
        ----------
        rows : iterable of dict and Rejected
            By the names that the table has for its columns.
        name : str
            Of the table.
        mark : str
            Stands between the table's name and a row's number.
        may_be_call : bool
            Whether all of it may be taken into memory.

        Yields
        ------
        Message or Rejected
            A Rejected for each row that has no text.
        """
        left = iter(rows)
        first = list(islice(left, _LOOKED_AT))
        known = [row for row in first if not isinstance(row, Rejected)]
        call = time_of_turns(known) if may_be_call and not self._row_by_row else None
        if call is not None:
            yield from read_call(chain(first, left), name, call)
            return
        day_first = _day_first(known)
        for number, row in enumerate(chain(first, left), 1):
            place = f"{name}{mark}{number}"
            if isinstance(row, Rejected):
                yield row
                continue
            try:
                yield from self._read(row, place, day_first)
            except MessageError as error:
                yield Rejected(place, str(error))

    def _read(self, row: Row, place: str, day_first: bool | None) -> Iterable[Message | Rejected]:
        if row.get(REJECTED_KEY):
            raise MessageError(str(row[REJECTED_KEY]))
        columns = layout(tuple(row))
        told = columns.renamed(row)
        if columns.has_body:
            return self._mail(told, place, day_first)
        return (self.message(told, place, day_first=day_first),)

    def _mail(self, row: Row, place: str, day_first: bool | None) -> Sequence[Message | Rejected]:
        # Imported here: it comes with all mail formats, which tagging need not wait for.
        from commsense.ingest.mailrows import read_mail

        sent_at = cells.moment(row.get("sent_at"), day_first=day_first)
        if sent_at is None and not row.get("id"):
            # Nothing else tells two short answers of one person apart.
            told = (cells.string(row.get(name)) for name in ("text", "author", "subject"))
            text, author, subject = told
            row = {**row, "id": self._derived_id(text, author, None, subject)}
        found = read_mail(row, place, sent_at)
        return found[:1] if self._row_by_row else found

    def message(self, row: Row, place: str, *, day_first: bool | None = None) -> Message:
        """Return the message of a row of the neutral format.

        Raises
        ------
        MessageError
            Where it has no text.
        """
        text = row.get("text")
        if not isinstance(text, str):
            raise MessageError("a row without `text`", "a string in the column `text`")
        sent_at = cells.moment(row.get("sent_at"), day_first=day_first)
        name, author = _author(row)
        conversation = cells.string(row.get("conversation_id"))
        start_s = cells.number(row.get("start_s"))
        usual: Channel = "email" if start_s is None else "call"
        return Message(
            id=cells.string(row.get("id")) or self._derived_id(text, author, sent_at, conversation),
            text=text,
            source=cells.string(row.get("source")) or place,
            channel=cells.word(row.get("channel"), "channel") or usual,
            conversation_id=conversation,
            sent_at=sent_at,
            start_s=start_s,
            end_s=cells.number(row.get("end_s")),
            author=author,
            author_name=cells.string(row.get("author_name")) or name,
            recipients=_recipients(row),
            side=cells.word(row.get("side"), "side"),
            client=cells.string(row.get("client")) or None,
            subject=cells.string(row.get("subject")),
            quoted=cells.string(row.get("quoted")),
            signature=cells.string(row.get("signature")),
            language=cells.string(row.get("language")) or self._language_of(text),
            automatic=cells.flag(row.get("automatic")),
            attachments=cells.attachments(row.get("attachments")),
            in_reply_to=cells.string(row.get("in_reply_to")),
            references=cells.strings(row.get("references")),
        )

    def _language_of(self, text: str) -> str:
        return "" if self._row_by_row else detect(text)

    def _derived_id(
        self, text: str, author: str, sent_at: datetime | None, conversation: str
    ) -> str:
        """Return an id made of the content, and of how often it came before in this table."""
        told = "\n".join((sent_at.isoformat() if sent_at else "", author, conversation, text))
        count = self._seen[told]
        self._seen[told] += 1
        told = f"{told}\n{count}" if count else told
        return f"row-{fingerprint(told)[:_ID_DIGITS]}"


def _people(written: list[str]) -> list[tuple[str, str]]:
    """Return display names and addresses, or what the cells say where they have but addresses."""
    if not any("<" in one or "," in one for one in written):
        return [("", one) for one in written]
    # Imported here: it comes with all mail formats, which tagging need not wait for.
    from commsense.ingest.mail.headers import parse_addresses

    return [(name, address or name) for name, address in parse_addresses(written)]


def _author(row: Row) -> tuple[str, str]:
    author = cells.string(row.get("author"))
    people = _people([author]) if "<" in author else []
    return people[0] if people else ("", author)


def _recipients(row: Row) -> list[str]:
    if row.get("recipients") is not None:
        return cells.strings(row["recipients"])
    written = [one for field in _RECIPIENTS if field in row for one in cells.strings(row[field])]
    return [address for _, address in _people(written)]


def _day_first(rows: list[Row]) -> bool | None:
    columns = {names: layout(names).fields.get("sent_at", ()) for names in {*map(tuple, rows)}}
    return cells.day_comes_first(row[name] for row in rows for name in columns[tuple(row)])
