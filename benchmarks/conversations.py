"""Measure what is found in threads whose debates and open questions are known.

Usage: python benchmarks/conversations.py

The threads are those of data/threads that nothing is fitted on. Of those of the first author half
was read while rules were written ("seen"). Those of five further authors are hard on purpose; the
ordinary ones, by five more, are as mail mostly is. The last ones, by five others, came when all was
fitted and chosen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from commsense.conversations import find_conversations
from commsense.tagging import load_tagger, tag_messages
from commsense.training.conversations import KnownThread, messages_of, read_threads

THREADS = Path(__file__).parent.parent / "data" / "threads" / "threads.jsonl"
SECOND = THREADS.with_name("second.jsonl")
ORDINARY = THREADS.with_name("ordinary.jsonl")
UNREAD = THREADS.with_name("unread.jsonl")
FINDINGS = ("unresolved debates", "unanswered questions", "withheld opinions")
LANGUAGES = ("en", "fr", "ar", "ko", "th")


@dataclass
class Score:
    """Hits, false findings and misses."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    def add(self, found: set[str], true: set[str]) -> None:
        self.hits += len(found & true)
        self.false += len(found - true)
        self.missed += len(true - found)

    @property
    def precision(self) -> float:
        return self.hits / max(self.hits + self.false, 1)

    @property
    def recall(self) -> float:
        return self.hits / max(self.hits + self.missed, 1)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(2 * self.hits + self.false + self.missed, 1)


@dataclass
class Scores:
    """One score a finding."""

    of: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in FINDINGS})


def is_seen(thread: KnownThread) -> bool:
    """Tell whether a thread was looked at while the rules were written."""
    return int(thread["id"].rpartition("-")[2]) % 2 == 1


def found_in(threads: Iterable[KnownThread]) -> pd.DataFrame:
    """Return the conversations of the threads, by thread id."""
    messages = messages_of(threads)
    labels = tag_messages(messages, load_tagger("default"), evidence=False)
    return find_conversations(messages, labels).set_index("conversation_id")


def score(threads: Iterable[KnownThread], found: pd.DataFrame) -> Scores:
    """Compare what was found in some threads with what is true."""
    scores = Scores()
    for thread in threads:
        key, row = thread["id"], found.loc[thread["id"]]
        asked = {f"{key}-{one['message']}" for one in thread["unanswered_questions"]}
        held_back = {f"{key}-{number}" for number in thread["withheld_opinions"]}
        debates = {key} if row["unresolved_debate"] else set()
        scores.of[FINDINGS[0]].add(debates, {key} if thread["unresolved_debates"] else set())
        scores.of[FINDINGS[1]].add(set(row["unanswered"]), asked)
        scores.of[FINDINGS[2]].add(set(row["withheld_messages"]), held_back)
    return scores


def main() -> None:
    print("| threads | finding | precision | recall | F1 | found, false, missed |")
    print("| --- | --- | --- | --- | --- | --- |")
    first = read_threads(THREADS)
    _print_groups("first author", first)
    _print_groups("first author, seen", [thread for thread in first if is_seen(thread)])
    _print_groups("further authors, hard", read_threads(SECOND))
    _print_groups("further authors, ordinary", read_threads(ORDINARY))
    _print_groups("last authors, ordinary", read_threads(UNREAD))


def _print_groups(by: str, threads: list[KnownThread]) -> None:
    found = found_in(threads)
    groups = {
        f"{by}, all": threads,
        **{
            f"{by}, {name}": [one for one in threads if one["language"] == name]
            for name in LANGUAGES
        },
    }
    for group, members in groups.items():
        for name, one in score(members, found).of.items():
            counts = f"{one.hits}, {one.false}, {one.missed}"
            figures = f"{one.precision:.2f} | {one.recall:.2f} | {one.f1:.2f}"
            print(f"| {group} ({len(members)}) | {name} | {figures} | {counts} |")


if __name__ == "__main__":
    main()
