"""What docs/security.md promises of the whole program, each tried on a real run."""

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import commsense as cs
from commsense import store

COMMSENSE = [sys.executable, "-m", "commsense"]

# Runs the command line with every look-up and connection refused, and with pickle refused where
# the first argument says so (Babel keeps the languages of the reports in pickles of its own).
GUARDED = """
import runpy, sys
refused = sys.argv.pop(1)
def guard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"network used: {event} {arguments}")
    if event == "pickle.find_class" and refused == "pickle":
        raise SystemExit(f"pickle used: {arguments}")
sys.addaudithook(guard)
sys.argv = ["commsense", *sys.argv[1:]]
runpy.run_module("commsense", run_name="__main__")
"""


def run_guarded(*arguments: object, refused: str = "network") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", GUARDED, refused, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        ("import socket; socket.getaddrinfo('a.example', 80)", "network used"),
        ("import pickle; pickle.loads(pickle.dumps(print))", "pickle used"),
    ],
)
def test_the_guard_sees_what_it_is_to_see(attempt, said):
    code = GUARDED.partition("sys.argv =")[0] + attempt
    done = subprocess.run(
        [sys.executable, "-c", code, "pickle"], capture_output=True, text=True, check=False
    )
    assert said in done.stderr


@pytest.fixture(scope="module")
def guarded_dataset(tmp_path_factory, samples, clients_file) -> Path:
    """The main job with the network refused."""
    folder = tmp_path_factory.mktemp("guarded") / "dataset"
    done = run_guarded(
        "analyze", samples, "--out", folder, "--us", "northlight.example", "--clients", clients_file
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_the_model_is_no_pickle(tmp_path):
    lines = tmp_path / "lines.txt"
    lines.write_text("Thank you for staying late.\n", encoding="utf-8")
    done = run_guarded("tag", lines, refused="pickle")
    assert done.returncode == 0, done.stderr


def test_the_main_job_needs_no_network(guarded_dataset, tmp_path):
    page = tmp_path / "page.html"
    done = run_guarded("report", guarded_dataset, "harbourline.example", "--html", page)
    assert done.returncode == 0, done.stderr
    assert page.stat().st_size > 10_000


def test_a_dataset_is_readable_by_its_owner_alone(guarded_dataset):
    assert stat.S_IMODE(guarded_dataset.stat().st_mode) == 0o700


def test_what_is_said_holds_no_message(samples, tmp_path, clients_file):
    """Progress, accounts and errors go to places where others may read them."""
    done = subprocess.run(
        [*COMMSENSE, "analyze", samples, "--out", tmp_path / "d", "--clients", clients_file],
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stdout + done.stderr
    messages = cs.open_dataset(tmp_path / "d").messages
    lines = {line for text in messages["text"] for line in text.split("\n") if len(line) > 20}
    assert not [line for line in lines if line in said]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_line(samples, tmp_path):
    tmp_path.chmod(0o500)
    done = subprocess.run(
        [*COMMSENSE, "analyze", samples, "--out", tmp_path / "d"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "cannot write" in done.stderr.splitlines()[-1]


def test_a_full_disk_is_one_line_and_leaves_the_dataset_as_it_was(samples, tmp_path):
    folder = tmp_path / "d"
    part = next(path for path in sorted(samples.rglob("*.eml")))
    cs.analyze(part, out=folder)
    before = store.load(folder)
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    code = limited + "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    code += "import sys, runpy; runpy.run_module('commsense', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code, "analyze", samples, "--out", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "cannot write" in done.stderr.splitlines()[-1]
    assert store.load(folder).manifest == before.manifest


@pytest.fixture(scope="module")
def exports(tmp_path_factory, samples) -> tuple[Path, Path, Path]:
    """A small export, and a dataset of it and of the whole for comparison."""
    folder = tmp_path_factory.mktemp("kill")
    part = min(samples.iterdir())
    cs.analyze(part, us=["northlight.example"], out=folder / "small")
    cs.analyze([part, samples], us=["northlight.example"], out=folder / "whole")
    return part, folder / "small", folder / "whole"


@pytest.mark.parametrize("seed", range(4))
def test_a_run_killed_at_any_moment_leaves_a_dataset_and_resumes(seed, exports, samples, tmp_path):
    part, small, whole = exports
    folder = tmp_path / "d"
    cs.analyze(part, us=["northlight.example"], out=folder)
    command = [*COMMSENSE, "analyze", part, samples, "--us", "northlight.example", "--out", folder]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    time.sleep(random.Random(seed).uniform(0.5, 2.5))  # noqa: S311 - no secret
    process.send_signal(signal.SIGKILL)
    process.wait()
    possible = {store.load(one).manifest["content_hash"] for one in (small, whole)}
    assert store.load(folder).manifest["content_hash"] in possible
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    for name in store.TABLES:
        resumed, expected = store.load(folder).frame(name), store.load(whole).frame(name)
        first = list(resumed.columns[:2])
        pd.testing.assert_frame_equal(
            resumed.sort_values(first, ignore_index=True),
            expected.sort_values(first, ignore_index=True),
            # Scores depend in their last digits on the texts that are tagged with them.
            atol=2e-6,
        )
