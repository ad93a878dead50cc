"""The main job on a real Dask scheduler with two worker processes."""

import os
import signal
import threading
import time
from functools import partial

import pandas as pd
import pytest

import commsense as cs
from commsense import job
from commsense.ingest import reading
from commsense.parts import deal

distributed = pytest.importorskip("distributed", reason="extra `distributed` is not installed")

TABLES = {
    "messages": ["id"],
    "labels": ["message_id", "label"],
    "conversations": ["conversation_id"],
    "clients": ["client", "side", "label", "starts_at"],
}


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started


def mail(number: int) -> str:
    sender, to = ("me@agency.example", f"jo@client{number % 4}.example")
    if number % 2:
        sender, to = to, sender
    return (
        f"From {sender} Mon Sep  1 10:00:00 2025\n"
        f"From: {sender}\nTo: {to}\nSubject: Step {number % 8}\nMessage-ID: <{number}@x>\n"
        f"Date: Mon, {number % 28 + 1} Sep 2025 10:00:00 +0000\n\n"
        f"We agreed on step {number}, thank you. Could you send the figures of part {number}?\n\n"
    )


@pytest.fixture
def mailbox(tmp_path, monkeypatch):
    """A mailbox that is read in several pieces and judged in several parts."""
    monkeypatch.setattr(reading, "_PIECE_BYTES", 2_000)
    monkeypatch.setattr(job, "deal", partial(deal, most=10))
    path = tmp_path / "archive.mbox"
    path.write_text("".join(map(mail, range(40))), encoding="utf-8")
    return path


def assert_same(found: cs.Result, expected: cs.Result) -> None:
    for name, key in TABLES.items():
        left = getattr(found, name).sort_values(key, ignore_index=True)
        right = getattr(expected, name).sort_values(key, ignore_index=True)
        if name == "labels":
            left, right = left.drop(columns="spans"), right.drop(columns="spans")
        pd.testing.assert_frame_equal(left, right, check_exact=False, atol=1e-6)
    assert found.manifest == expected.manifest


def test_a_cluster_finds_what_one_machine_finds(tmp_path, cluster, mailbox):
    together = cs.analyze(
        mailbox, us=["agency.example"], out=tmp_path / "d", scheduler=cluster.scheduler_address
    )
    assert_same(together, cs.analyze(mailbox, us=["agency.example"]))
    assert together.manifest["counts"]["messages"] == 40


def test_a_worker_that_is_killed_costs_no_message(cluster, mailbox, monkeypatch):
    with distributed.Client(cluster.scheduler_address) as client:
        pids = list(client.run(os.getpid).values())
    monkeypatch.setattr("commsense.job.judge_by", slow_judge)
    threading.Timer(1.5, os.kill, (pids[0], signal.SIGKILL)).start()
    together = cs.analyze(mailbox, us=["agency.example"], scheduler=cluster.scheduler_address)
    assert not alive(pids[0])
    monkeypatch.undo()
    assert_same(together, cs.analyze(mailbox, us=["agency.example"]))


def slow_judge(part, model, known):
    """Take long enough for the kill to come while work is under way."""
    from commsense.judging import judge_by

    time.sleep(1)
    return judge_by(part, model, known)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_no_scheduler_at_the_address_is_a_usage_error(tmp_path):
    path = tmp_path / "call.txt"
    path.write_text("Ann: Hello.\nBob: Hello, Ann.\nAnn: Shall we start?\n", encoding="utf-8")
    with pytest.raises(cs.UsageError, match="no Dask scheduler answers"):
        cs.analyze(path, scheduler="tcp://127.0.0.1:1")
