"""Read mails and calls that were damaged at random, and see that nothing crashes, hangs or is lost.

Usage: python benchmarks/fuzz.py [--count N] [--seed N] [FOLDER ...]

The seeds are the sample exports, and every file of the folders that are named. Each damaged file
must come out as messages or as rejected pieces, within the time that one message may take.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from commsense.ingest.formats import recognise
from commsense.ingest.reader import MailFormat, RawMail, SourceFile
from commsense.ingest.reading import Batch, read_found

SAMPLES = Path(__file__).parents[1] / "data" / "samples" / "exports"

_LARGEST_SEED = 200_000
_JUNK = (
    b"\x00", b"\xff\xfe", b"\r", b"\n\n", b"\nFrom ", b"=?UTF-8?B?4pyT", b"=?utf-8?q?=E0=B8?=",
    b"--", b"\nContent-Type: multipart/mixed; boundary=b\n\n--b\n", b"; charset=bogus-8",
    b"charset=gb2312", b"\nContent-Transfer-Encoding: base64\n",
    b"\nContent-Type: message/rfc822\n\n", b"<v ", b"-->", b"00:00:01.000 --> 00:00:00.000",
    b"&amp;", b"\xe2\x80\x8f", b">" * 50, b"<div>" * 200, b"(" * 500, b"\nDate: 31 Feb 99999",
    b"a" * 5_000, b"\xd9\xa3", b"{", b'"', b"[[",
)  # fmt: skip

Mutation = Callable[[random.Random, bytes, bytes], bytes]


@dataclass(slots=True)
class Outcome:
    """What became of the damaged files.

    Attributes
    ----------
    read : Counter
        Files, and the messages and rejected pieces that came out of them.
    slowest : tuple
        Seconds, and the number of the file that took them.
    crashes : list of str
        What should never be.
    """

    read: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)
    crashes: list[str] = field(default_factory=list)


def seeds(folders: list[Path]) -> list[tuple[str, bytes]]:
    """Return name and bytes of single mails and calls."""
    found: list[tuple[str, bytes]] = []
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    for path in files:
        source = SourceFile(path.name, path=path)
        if not source.size() > 0:
            continue
        format_ = recognise(source)
        if isinstance(format_, MailFormat):
            mails = [mail for mail in format_.mails(source) if isinstance(mail, RawMail)]
            found += [(f"{path.stem}.eml", mail.raw) for mail in mails]
        elif format_ is not None:
            found.append((path.name, source.read()))
    return [(name, content) for name, content in found if len(content) <= _LARGEST_SEED]


def mutated(chance: random.Random, pool: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Return one of the files, damaged in one to six places."""
    name, content = chance.choice(pool)
    for _ in range(chance.randint(1, 6)):
        content = chance.choice(MUTATIONS)(chance, content, chance.choice(pool)[1])
    return name, content


def _flip(chance: random.Random, content: bytes, other: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        if damaged:
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _cut(chance: random.Random, content: bytes, other: bytes) -> bytes:
    begin, end = _range(chance, content)
    return content[:begin] + content[end:]


def _end(chance: random.Random, content: bytes, other: bytes) -> bytes:
    return content[: chance.randint(0, len(content))]


def _repeat(chance: random.Random, content: bytes, other: bytes) -> bytes:
    begin, end = _range(chance, content)
    return content[:end] + content[begin:end] * chance.randint(1, 5) + content[end:]


def _splice(chance: random.Random, content: bytes, other: bytes) -> bytes:
    place, (begin, end) = chance.randint(0, len(content)), _range(chance, other)
    return content[:place] + other[begin:end] + content[place:]


def _insert(chance: random.Random, content: bytes, other: bytes) -> bytes:
    place = chance.randint(0, len(content))
    return content[:place] + chance.choice(_JUNK) * chance.randint(1, 3) + content[place:]


def _line_ends(chance: random.Random, content: bytes, other: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", chance.choice([b"\r", b"\r\n", b"\n\r"]))


MUTATIONS: tuple[Mutation, ...] = (_flip, _cut, _end, _repeat, _splice, _insert, _line_ends)


def _range(chance: random.Random, content: bytes) -> tuple[int, int]:
    begin = chance.randint(0, len(content))
    return begin, min(len(content), begin + chance.randint(0, 400))


def fuzz(count: int, seed: int, folders: list[Path]) -> Iterator[Outcome]:
    """Damage and read; yield the outcome so far after each file."""
    chance, pool, outcome = random.Random(seed), seeds(folders), Outcome()  # noqa: S311
    for number in range(count):
        name, content = mutated(chance, pool)
        started = time.perf_counter()
        try:
            batch = Batch.of(read_found([SourceFile(name, content=content)]))
        except Exception:
            outcome.crashes.append(f"#{number} {name}\n{traceback.format_exc()}")
        else:
            outcome.read["files"] += 1
            outcome.read["messages"] += batch.messages.num_rows
            outcome.read["rejected"] += len(batch.rejected)
            outcome.read["vanished"] += not len(batch)
        outcome.slowest = max(outcome.slowest, (time.perf_counter() - started, number))
        yield outcome


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    outcome = Outcome()
    for outcome in fuzz(arguments.count, arguments.seed, [SAMPLES, *arguments.folders]):
        done = outcome.read["files"] + len(outcome.crashes)
        if done % 5_000 == 0:
            print(f"{done} files", file=sys.stderr)
    print(f"{dict(outcome.read)}, {len(outcome.crashes)} crashes")
    print(f"slowest: file {outcome.slowest[1]}, {outcome.slowest[0]:.2f} s")
    for crash in outcome.crashes[:10]:
        print(crash)
    if outcome.crashes or outcome.read["vanished"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
