"""Write a mailbox of any size, in five languages, with the habits of real mail.

Usage: python benchmarks/generate.py MESSAGES FILE.mbox [--seed 0]

Texts are those of the written corpus. Around them stands what mail programs set: attributions and
quoted history in each language, Outlook's header blocks, signatures, disclaimers, HTML beside or in
place of plain text, attachments; in UTF-8 and in each language's older charset, as base64,
quoted-printable or 8 bit; automatic mail and newsletters among it. About 3.5 KB a message. The same
seed gives the same mailbox.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import quopri
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime, formataddr
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
PROVIDER = "agency.example"
STAFF = 40
MESSAGES_PER_CLIENT = 500

CHARSETS = {"ar": "windows-1256", "en": "iso-8859-1", "fr": "iso-8859-1", "ko": "euc-kr",
            "th": "windows-874"}  # fmt: skip
ATTRIBUTION = {
    "ar": "في {date}، كتب {name} <{address}>:",
    "en": "On {date}, {name} <{address}> wrote:",
    "fr": "Le {date}, {name} <{address}> a écrit :",
    "ko": "{date}, {name} <{address}>님이 작성:",
    "th": "เมื่อ {date} {name} <{address}> เขียนว่า:",
}
LABELS = {
    "ar": ("من", "تاريخ الإرسال", "إلى", "الموضوع"),
    "en": ("From", "Sent", "To", "Subject"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "ko": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
    "th": ("จาก", "ส่ง", "ถึง", "เรื่อง"),
}
NAMES = {
    "ar": ["ليلى منصور", "طارق الحداد", "هدى سالم", "سامر قباني"],
    "en": ["Dana Wills", "Tom Reyes", "Priya Nair", "Graham Oduya"],
    "fr": ["Éloïse Garnier", "Karim Bensaïd", "Aurélie Petit", "Luc Morvan"],
    "ko": ["김도윤", "박서연", "이준호", "최하은"],
    "th": ["สมชาย ใจดี", "พิมพ์ชนก ศรีสุข", "ธนา วงศ์ทอง", "อรทัย แก้วมณี"],
}
SUBJECTS = {
    "ar": "مراجعة العرض رقم {n}",
    "en": "Proposal {n}, next steps",
    "fr": "Devis {n} : suite à donner",
    "ko": "견적 {n}번 확인 요청",
    "th": "ใบเสนอราคาเลขที่ {n}",
}
DISCLAIMER = (
    "This e-mail and any attachments are confidential and intended solely for the addressee. If "
    "you have received it in error, please notify the sender and delete it."
)


@dataclass
class Person:
    name: str
    address: str


@dataclass
class Client:
    language: str
    people: list[Person]
    thread: list[str] = field(default_factory=list)  # ids, the first one first
    last: tuple[Person, str, datetime] | None = None
    subject: str = ""


class Mailbox:
    """Makes mails, one after the other, of threads that go on between two sides."""

    def __init__(self, messages: int, seed: int) -> None:
        self._messages = messages
        self._chance = random.Random(seed)  # noqa: S311 - chance, no secrets
        self._texts = _texts()
        languages = sorted(self._texts)
        self._staff = [
            Person(self._chance.choice(NAMES["en"]), f"staff{number}@{PROVIDER}")
            for number in range(STAFF)
        ]
        self._clients = [
            Client(
                languages[number % len(languages)],
                [
                    Person(name, f"p{index}@client{number}.example")
                    for index, name in enumerate(NAMES[languages[number % len(languages)]])
                ],
            )
            for number in range(max(messages // MESSAGES_PER_CLIENT, len(languages)))
        ]

    def mails(self) -> Iterator[bytes]:
        """Yield every mail with its separator."""
        moment = datetime(2022, 1, 3, 8, tzinfo=UTC)
        step = timedelta(days=1_400) / self._messages
        for number in range(self._messages):
            moment += step
            yield self._mail(number, moment)

    def _mail(self, number: int, moment: datetime) -> bytes:
        chance = self._chance
        client = chance.choice(self._clients)
        ours = chance.random() < 0.5
        author, reader = chance.choice(self._staff), chance.choice(client.people)
        if not ours:
            author, reader = reader, author
        if not client.thread or chance.random() < 0.25:
            client.thread, client.last = [], None
            client.subject = SUBJECTS[client.language].format(n=number)
        id_ = f"<{number}.{chance.getrandbits(32):08x}@mail.{author.address.partition('@')[2]}>"
        said = chance.choice(self._texts[client.language])
        plain, rich = self._body(client, said, author, moment)
        head = self._head(client, author, reader, moment, id_, number)
        client.thread.append(id_)
        client.last = (author, said, moment)
        return self._wrapped(head, plain, rich, client.language, author, moment)

    def _head(
        self,
        client: Client,
        author: Person,
        reader: Person,
        moment: datetime,
        id_: str,
        number: int,
    ) -> list[str]:
        reply = "Re: " if client.thread else ""
        head = [
            f"Return-Path: <{author.address}>",
            f"Received: from mx.{author.address.partition('@')[2]} by mx.{PROVIDER} with ESMTPS id"
            f" {self._chance.getrandbits(48):012x};\n {format_datetime(moment)}",
            f"From: {_mailbox(author)}",
            f"To: {_mailbox(reader)}",
            f"Subject: {Header(reply + client.subject, 'utf-8', header_name='Subject').encode()}",
            f"Date: {format_datetime(moment)}",
            f"Message-ID: {id_}",
            "MIME-Version: 1.0",
            "X-Mailer: Generated",
        ]
        if client.thread:
            head += [f"In-Reply-To: {client.thread[-1]}"]
            head += ["References: " + "\n ".join(client.thread[-10:])]
        if number % 33 == 0:
            head += ["Auto-Submitted: auto-replied"]
        return head

    def _body(self, client: Client, said: str, author: Person, moment: datetime) -> tuple[str, str]:
        """Return the plain and the rich form of new words, signature and history."""
        signature = f"{author.name}\n{author.address}\n+00 1 234 {moment.microsecond % 9000 + 1000}"
        card = html.escape(signature).replace("\n", "<br>")
        rich = f"<p>{html.escape(said)}</p><div class=gmail_signature>{card}</div>"
        plain = f"{said}\n\n-- \n{signature}\n"
        if self._chance.random() < 0.1:
            plain += f"\n{DISCLAIMER}\n"
        if client.last is None:
            return plain, rich
        other, words, then = client.last
        values = {"date": f"{then:%d/%m/%Y %H:%M}", "name": other.name, "address": other.address}
        if self._chance.random() < 0.3:
            labels = LABELS[client.language]
            fields = (
                f"{other.name} <{other.address}>",
                values["date"],
                author.address,
                client.subject,
            )
            block = "\n".join(f"{a}: {b}" for a, b in zip(labels, fields, strict=True))
            return f"{plain}\n{block}\n\n{words}\n", f"{rich}<hr>{html.escape(block)}<br>{words}"
        line = ATTRIBUTION[client.language].format(**values)
        quoted = "\n".join(f"> {part}" for part in words.split("\n"))
        history = f"<div class=gmail_attr>{html.escape(line)}</div><blockquote>{html.escape(words)}"
        rich = f"{rich}<div class=gmail_quote>{history}</blockquote></div>"
        return f"{plain}\n{line}\n{quoted}\n", rich

    def _wrapped(
        self,
        head: list[str],
        plain: str,
        rich: str,
        language: str,
        author: Person,
        moment: datetime,
    ) -> bytes:
        kind = self._chance.random()
        if kind < 0.45:
            lines = head + self._part("text/plain", plain, language)
        elif kind < 0.55:
            lines = head + self._part("text/html", f"<html><body>{rich}</body></html>", language)
        else:
            parts = [
                self._part("text/plain", plain, language),
                self._part("text/html", f"<html><body>{rich}</body></html>", language),
            ]
            shape = "alternative"
            if kind > 0.96:
                shape, parts = "mixed", [parts[0], self._file()]
            lines = [*head, f'Content-Type: multipart/{shape}; boundary="=_b"', ""]
            for part in parts:
                lines += ["--=_b", *part, ""]
            lines += ["--=_b--"]
        text = "\n".join(lines).replace("\nFrom ", "\n>From ")
        separator = f"From {author.address} {moment:%a %b %d %H:%M:%S %Y}\n"
        return (separator + text).encode("utf-8", "surrogateescape") + b"\n\n"

    def _part(self, kind: str, text: str, language: str) -> list[str]:
        charset = CHARSETS[language] if self._chance.random() < 0.15 else "utf-8"
        try:
            data = text.encode("cp874" if charset == "windows-874" else charset)
        except UnicodeEncodeError:
            charset, data = "utf-8", text.encode()
        way = self._chance.random()
        if way < 0.5:
            encoding, body = "base64", base64.encodebytes(data).decode("ascii")
        elif way < 0.8:
            encoding, body = "quoted-printable", quopri.encodestring(data).decode("ascii")
        else:
            encoding, body = "8bit", data.decode("utf-8", "surrogateescape")
        head = [
            f"Content-Type: {kind}; charset={charset}",
            f"Content-Transfer-Encoding: {encoding}",
        ]
        return [*head, "", body]

    def _file(self) -> list[str]:
        data = base64.encodebytes(self._chance.randbytes(6_000)).decode("ascii")
        head = [
            "Content-Type: application/pdf; name=offer.pdf",
            "Content-Transfer-Encoding: base64",
        ]
        return [*head, "Content-Disposition: attachment; filename=offer.pdf", "", data]


def _texts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {language: [] for language in CHARSETS}
    for path in sorted(CORPUS.glob("*.jsonl")):
        language = path.name.partition("-")[0]
        if language in found:
            rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            found[language] += [row["text"] for row in rows]
    return found


def _mailbox(person: Person) -> str:
    name = person.name if person.name.isascii() else Header(person.name, "utf-8").encode()
    return formataddr((name, person.address))


def write(path: Path, messages: int, seed: int = 0) -> None:
    """Write a mailbox of a number of messages."""
    with path.open("wb") as file:
        for mail in Mailbox(messages, seed).mails():
            file.write(mail)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    write(arguments.file, arguments.messages, arguments.seed)


if __name__ == "__main__":
    main()
