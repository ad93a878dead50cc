"""How many messages a second are tagged, beside other classifiers, in one run.

Usage: python benchmarks/tagging.py [--messages 50000] [--page docs/performance.md]

The texts are made of the written corpus's messages, put together until they have some 60 words, as
mail has. Each tool runs in a process of its own; what is measured is tagging once everything is
loaded, and for commsense also the whole command, from a file of messages to a file of tags. The
peers learn four labels from the written corpus first: TF-IDF of character n-grams with logistic
regression (scikit-learn), and fastText (floret); commsense has thirty. MiniLM encodes and nothing
else, the first thousand texts. Needs the extra ``benchmarks``.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from baselines import Fold, MiniLM, fasttext, tfidf
from commsense.training import read_corpora
from commsense.training.corpus import targets
from commsense.training.train import text_weights
from throughput import between_marks

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
WORDS = 60
_ENCODED = 1_000
_LEARNT = 3_000  # written texts that the peers learn from: how many does not matter to their speed
_LABELS = ("courtesy", "missed_expectations", "negative_attitude", "opinion_sharing")
_BEGIN, _END = "<!-- tagging: written by benchmarks/tagging.py -->", "<!-- end of tagging -->"


def texts_of(count: int) -> list[str]:
    """Return messages of about 60 words in the five first languages."""
    chance = random.Random(7)  # noqa: S311 - no secret
    corpus = read_corpora([CORPUS])
    by_language = {lang: rows["text"].tolist() for lang, rows in corpus.groupby("lang")}
    found = []
    for number in range(count):
        own = by_language[("en", "fr", "ar", "ko", "th")[number % 5]]
        parts: list[str] = []
        # Thai has no spaces between words: some eight characters count as one there.
        while sum(max(len(part.split()), len(part) // 8) for part in parts) < WORDS:
            parts.append(chance.choice(own))
        found.append("\n".join(parts))
    return found


def commsense_load() -> float:
    """Return the seconds from a fresh interpreter to a loaded model."""
    code = "from commsense.tagging import load_tagger; load_tagger()"
    return _timed(lambda: subprocess.run([sys.executable, "-c", code], check=True))


def commsense_command(texts: Sequence[str]) -> float:
    """Return the seconds of `commsense tag` from file to file."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "messages.jsonl", Path(folder) / "tags.parquet"
        lines = (json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
        source.write_text("".join(lines), encoding="utf-8")
        command = [
            sys.executable, "-m", "commsense", "tag", source, "--to", "parquet", "-o", target,
        ]  # fmt: skip
        return _timed(lambda: subprocess.run(command, check=True))


def commsense_predict(texts: Sequence[str]) -> float:
    """Return the seconds of the loaded model alone."""
    from commsense.tagging import load_tagger

    tagger = load_tagger()
    tagger.predict(list(texts[:100]))
    return _timed(lambda: tagger.predict(list(texts)))


def peer(scorer: Callable[[Fold], object]) -> Callable[[Sequence[str]], float]:
    """Return what measures a peer: learning with all the texts, less learning with one."""

    def seconds(texts: Sequence[str]) -> float:
        corpus = read_corpora([CORPUS]).sample(_LEARNT, random_state=1)
        learnt = (corpus["text"].tolist(), targets(corpus, _LABELS), text_weights(corpus))
        return _beyond_one(lambda unseen: scorer(Fold(*learnt, unseen)), texts)

    return seconds


def minilm(texts: Sequence[str]) -> float:
    """Return the seconds that the encoder takes."""
    return _beyond_one(MiniLM, texts[:_ENCODED])


def _beyond_one(work: Callable[[list[str]], object], texts: Sequence[str]) -> float:
    """Return the seconds that all the texts take beyond one, so without learning and loading."""
    return _timed(lambda: work(list(texts))) - _timed(lambda: work(list(texts[:1])))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


JOBS: dict[str, Callable[[Sequence[str]], float]] = {
    "commsense, the model": commsense_predict,
    "commsense, `tag` from file to file": commsense_command,
    "TF-IDF + logistic regression": peer(tfidf),
    "fastText": peer(fasttext),
    "MiniLM, encoding alone": minilm,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--job", choices=JOBS)
    arguments = parser.parse_args()
    if arguments.job:
        print(JOBS[arguments.job](texts_of(arguments.messages)))
        return
    lines = ["| tool | messages | messages a second |", "| --- | --- | --- |"]
    for job in JOBS:
        most = _ENCODED if JOBS[job] is minilm else arguments.messages
        count = min(arguments.messages, most)
        command = [
            sys.executable, __file__, "--job", job, "--messages", str(arguments.messages),
        ]  # fmt: skip
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rate = count / float(told.splitlines()[-1])
        lines.append(f"| {job} | {count:,} | {rate:,.0f} |")
        print(lines[-1], file=sys.stderr)
    loading = min(commsense_load() for _ in range(3))
    lines += ["", f"A fresh interpreter has the default model loaded after {loading:.2f} seconds."]
    report = "\n".join(lines) + "\n"
    print(report)
    if arguments.page:
        page = arguments.page.read_text(encoding="utf-8")
        arguments.page.write_text(between_marks(page, _BEGIN, report, _END), encoding="utf-8")


if __name__ == "__main__":
    main()
