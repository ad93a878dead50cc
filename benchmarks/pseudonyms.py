"""Measure how much of what is personal the pseudonymiser finds, and what it takes for personal.

Usage: python benchmarks/pseudonyms.py

The messages are those of data/personal, in five languages, each with the people of its header. A
marked piece counts as found where all its letters and digits are replaced. False finds are replaced
pieces that touch nothing marked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commsense.privacy.names import People
from commsense.privacy.personal import find_personal
from commsense.privacy.signs import table

MESSAGES = Path(__file__).parent.parent / "data" / "personal" / "messages.jsonl"
LANGUAGES = ("en", "fr", "ar", "ko", "th")
KINDS = ("name", "address", "phone", "account")

Marked = dict[str, Any]


@dataclass
class Recall:
    """Marked pieces by kind, those that were found, and false finds."""

    marked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)

    def of(self, *kinds: str) -> float:
        wanted = kinds or KINDS
        return sum(self.found[kind] for kind in wanted) / max(
            sum(self.marked[kind] for kind in wanted), 1
        )


def read_marked(path: Path = MESSAGES) -> list[Marked]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def is_seen(message: Marked) -> bool:
    """Tell whether a message was looked at while the rules were mended: those of odd number."""
    return int(message["id"].rpartition("-")[2]) % 2 == 1


def people_of(messages: Iterable[Marked]) -> People:
    """Return everybody in the headers, as an export names them."""
    everybody = [one for message in messages for one in message["participants"]]
    return People([one["name"] for one in everybody], [one["address"] for one in everybody])


def measure(messages: list[Marked]) -> Recall:
    """Look for personal data in each message, knowing the people of its header alone."""
    recall = Recall()
    for message in messages:
        people, text = people_of([message]), message["text"]
        ranges = find_personal(text, people)
        covered = {place for one in ranges for place in range(one.start, one.end)}
        personal: set[int] = set()
        for piece in message["personal"]:
            places = list(_occurrences(text, _untitled(piece["words"])))
            personal |= {place for places_ in places for place in places_}
            recall.marked[piece["kind"]] += 1
            recall.found[piece["kind"]] += all(
                place in covered or not text[place].isalnum()
                for places_ in places
                for place in places_
            )
        for one in ranges:
            if personal.isdisjoint(range(one.start, one.end)):
                recall.false[one.kind] += 1
    return recall


def _untitled(words: str) -> str:
    """Return a Korean name without the title that is marked with it."""
    name, _, title = words.partition(" ")
    return name if title in table("titles_korean") else words


def _occurrences(text: str, words: str) -> Iterator[range]:
    start = text.find(words)
    while start >= 0:
        yield range(start, start + len(words))
        start = text.find(words, start + len(words))


def main() -> None:
    messages = read_marked()
    print(f"| messages of | messages | all | {' | '.join(KINDS)} | false finds |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    groups = {
        **{name: [one for one in messages if one["language"] == name] for name in LANGUAGES},
        "seen": [one for one in messages if is_seen(one)],
        "not seen": [one for one in messages if not is_seen(one)],
        "all": messages,
    }
    for group, own in groups.items():
        recall = measure(own)
        cells = " | ".join(f"{recall.of(kind):.2f}" for kind in KINDS)
        false = sum(recall.false.values())
        print(f"| {group} | {len(own)} | {recall.of():.2f} | {cells} | {false} |")


if __name__ == "__main__":
    main()
