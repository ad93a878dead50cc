"""Render the sample stories to real export files.

Run ``python data/samples/build.py``: it reads ``stories/*.jsonl`` and writes ``exports/``, byte
for byte the same every time. README.md beside this file describes the stories and their format.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import Any

from quoting import Mail, address_parts, ancestors, html_document, plain_text, writer_languages

HERE = Path(__file__).parent
ASIA_DESK = frozenset({"minah@northlight.example", "anong@northlight.example"})
KARIM = frozenset({"karim@northlight.example"})
AGENCY = frozenset(f"{name}@northlight.example" for name in ("maya", "tom", "julien"))
# So many mails lie in two exports, as they do where colleagues export their own mailboxes.
SHARED_MAILS = 12
# The newest mails of a Maildir are still unread.
UNREAD_MAILS = 3
# The standard library knows this code page only by its other name.
CODECS = {"windows-874": "cp874"}


@dataclass(frozen=True)
class Call:
    """One call with its turns, as the story tells it."""

    story: str
    date: datetime
    title: str
    format: str
    turns: Sequence[dict[str, Any]]


def load(folder: Path) -> tuple[list[Mail], list[Call]]:
    """Read every story, mail in the order of its date."""
    mails: list[Mail] = []
    calls: list[Call] = []
    for path in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        by_key: dict[str, Mail] = {}
        for row in rows:
            row["date"] = datetime.fromisoformat(row["date"])
            if row.pop("kind") == "call":
                del row["key"]
                calls.append(Call(story=path.stem, **row))
            else:
                parent = row.pop("reply_to")
                by_key[row["key"]] = _mail(path.stem, row, by_key[parent] if parent else None)
        mails.extend(by_key.values())
    return sorted(mails, key=lambda mail: (mail.date, mail.story)), calls


def _mail(story: str, row: dict[str, Any], parent: Mail | None) -> Mail:
    row["sender"] = row.pop("from")
    return Mail(story=story, parent=parent, **row)


def build(stories: Path, target: Path) -> None:
    """Write the exports of all stories into an empty `target`."""
    mails, calls = load(stories)
    languages = writer_languages(mails)
    exports = _route(mails)
    rendered = {id(mail): render(mail, languages) for mail in mails}
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    _write_mbox(target / "agency.mbox", [(m, rendered[id(m)]) for m in exports["agency"]])
    _write_maildir(target / "asia-desk", [(m, rendered[id(m)]) for m in exports["asia"]])
    _write_eml(target / "karim-eml", [(m, rendered[id(m)]) for m in exports["karim"]])
    _write_calls(target / "calls", calls)


def _route(mails: Iterable[Mail]) -> dict[str, list[Mail]]:
    exports: dict[str, list[Mail]] = {"karim": [], "asia": [], "agency": []}
    desks = {"karim": KARIM, "asia": ASIA_DESK, "agency": AGENCY}
    several: list[tuple[Mail, str]] = []
    for mail in mails:
        involved = {address_parts(person)[1] for person in (mail.sender, *mail.to, *mail.cc)}
        names = [name for name, people in desks.items() if people & involved]
        exports[names[0]].append(mail)
        several.extend((mail, name) for name in names[1:])
    step = max(1, len(several) // SHARED_MAILS)
    for mail, name in several[::step][:SHARED_MAILS]:
        exports[name].append(mail)
    return {
        name: sorted(chosen, key=lambda mail: (mail.date, mail.story))
        for name, chosen in exports.items()
    }


# ------------------------------------------------------------------------------------ one mail


def render(mail: Mail, languages: dict[str, str]) -> EmailMessage:
    """Make the MIME message: headers, text, HTML alternative, attachments."""
    message = EmailMessage(policy=default)
    message["From"] = _address(mail.sender)
    message["To"] = [_address(person) for person in mail.to]
    if mail.cc:
        message["Cc"] = [_address(person) for person in mail.cc]
    message["Subject"] = mail.subject
    message["Date"] = mail.date
    message["Message-ID"] = message_id(mail)
    if mail.parent:
        message["In-Reply-To"] = message_id(mail.parent)
        message["References"] = " ".join(message_id(one) for one in reversed(ancestors(mail)))
    _mark_automatic(message, mail)
    _set_text(message, plain_text(mail, languages), mail.charset, subtype="plain")
    if mail.html:
        _set_text(message, html_document(mail, languages), mail.charset, subtype="html")
    for attachment in mail.attachments:
        maintype, subtype = attachment["type"].split("/")
        filler = f"Filler in place of {attachment['name']}, {attachment['bytes']} bytes.\n"
        message.add_attachment(
            filler.encode(), maintype=maintype, subtype=subtype, filename=attachment["name"]
        )
    _fix_boundaries(message, mail)
    return message


def message_id(mail: Mail) -> str:
    """Return the Message-ID, which depends on nothing but the story, the key and the sender."""
    domain = address_parts(mail.sender)[1].rpartition("@")[2]
    return f"<{mail.story}.{mail.key}.{_digest(mail)[:10]}@{domain}>"


def _digest(mail: Mail) -> str:
    return hashlib.sha256(f"{mail.story}/{mail.key}".encode()).hexdigest()


def _address(person: str) -> Address:
    name, addr = address_parts(person)
    return Address(display_name=name, addr_spec=addr)


def _mark_automatic(message: EmailMessage, mail: Mail) -> None:
    if mail.automatic == "out-of-office":
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    elif mail.automatic == "newsletter":
        domain = address_parts(mail.sender)[1].rpartition("@")[2]
        message["List-Id"] = f"<news.{domain}>"
        message["List-Unsubscribe"] = f"<https://{domain}/unsubscribe>"
        message["Precedence"] = "bulk"


def _set_text(message: EmailMessage, text: str, charset: str, *, subtype: str) -> None:
    codec = CODECS.get(charset, charset)
    try:
        text.encode(codec)
    except UnicodeEncodeError:  # mail programs turn to UTF-8 where their own charset does not do
        charset = codec = "utf-8"
    add = message.set_content if subtype == "plain" else message.add_alternative
    add(text, subtype=subtype, charset=codec, cte=_transfer_encoding(text))
    *_, part = message.walk()
    part.set_param("charset", charset)


def _transfer_encoding(text: str) -> str:
    # Quoted-printable triples the size of scripts other than Latin.
    foreign = sum(character > "\u024f" for character in text)
    return "base64" if foreign > len(text) / 4 else "quoted-printable"


def _fix_boundaries(message: EmailMessage, mail: Mail) -> None:
    multiparts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(multiparts):
        part.set_boundary(f"=_{number}_{_digest(mail)[10:34]}")


# ------------------------------------------------------------------------------------ the files


def _write_mbox(path: Path, messages: Iterable[tuple[Mail, EmailMessage]]) -> None:
    """Write an mbox as Google Takeout does, `From ` lines escaped the mboxrd way."""
    with path.open("wb") as file:
        for mail, message in messages:
            number = int(_digest(mail)[:15], 16)
            thread = int(_digest([mail, *ancestors(mail)][-1])[:15], 16)
            file.write(f"From {number}@xxx {_utc(mail):%a %b %d %H:%M:%S +0000 %Y}\n".encode())
            if number % 3:  # not every export keeps what Gmail knows
                file.write(f"X-GM-THRID: {thread}\nX-Gmail-Labels: {_labels(mail)}\n".encode())
            body = message.as_bytes()
            file.write(re.sub(rb"(?m)^(>*From )", rb">\1", body).rstrip(b"\n") + b"\n\n")


def _labels(mail: Mail) -> str:
    sent = mail.sender.endswith("@northlight.example>")
    return "Sent,Opened" if sent else "Inbox,Important,Opened"


def _utc(mail: Mail) -> datetime:
    return mail.date.astimezone(UTC)


def _write_maildir(folder: Path, messages: Sequence[tuple[Mail, EmailMessage]]) -> None:
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "tmp" / ".gitkeep").touch()  # git keeps no empty folder
    for number, (mail, message) in enumerate(messages):
        name = f"{int(mail.date.timestamp())}.M{number:06d}P1.northlight"
        unread = number >= len(messages) - UNREAD_MAILS
        path = folder / "new" / name if unread else folder / "cur" / f"{name}:2,S"
        path.write_bytes(message.as_bytes())


def _write_eml(folder: Path, messages: Iterable[tuple[Mail, EmailMessage]]) -> None:
    folder.mkdir()
    for mail, message in messages:
        name = f"{mail.date:%Y-%m-%d}-{mail.story}-{mail.key}.eml"
        (folder / name).write_bytes(message.as_bytes(policy=SMTP))


def _write_calls(folder: Path, calls: Iterable[Call]) -> None:
    folder.mkdir()
    writers = {"vtt": _vtt, "srt": _srt, "txt": _txt}
    for call in calls:
        path = folder / f"{call.date:%Y-%m-%d}-{call.story}.{call.format}"
        with path.open("x", encoding="utf-8") as file:
            file.write(writers[call.format](call))


def _vtt(call: Call) -> str:
    head = f"WEBVTT\n\nNOTE Date: {call.date.isoformat()}\n\nNOTE Title: {call.title}\n"
    cues = (
        f"\n{_span(turn, '.')}\n<v {turn['speaker']}>{turn['text']}</v>\n" for turn in call.turns
    )
    return head + "".join(cues)


def _srt(call: Call) -> str:
    return "\n".join(
        f"{number}\n{_span(turn, ',')}\n{turn['speaker']}: {turn['text']}\n"
        for number, turn in enumerate(call.turns, 1)
    )


def _txt(call: Call) -> str:
    lines = [f"{_clock(turn['start'])} {turn['speaker']}: {turn['text']}" for turn in call.turns]
    return "\n".join([call.title, f"Date: {call.date.isoformat()}", "", *lines, ""])


def _span(turn: dict[str, Any], point: str) -> str:
    return " --> ".join(
        f"{_clock(turn[edge])}{point}{round(turn[edge] % 1 * 1000) % 1000:03d}"
        for edge in ("start", "end")
    )


def _clock(seconds: float) -> str:
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"


if __name__ == "__main__":
    build(HERE / "stories", HERE / "exports")
    print("written:", HERE / "exports")
