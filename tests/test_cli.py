"""The command line as a user calls it: a process, its output and its exit status."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from commsense.cli import app
from commsense.reports.words import languages, load_words

COMMANDS = ["parse", "tag", "analyze", "clients", "report", "evaluate", "train", "forget"]
CALL = "Ann: Did the figures come in?\nBob: Not yet, sorry.\nAnn: When will they?\nBob: Friday.\n"


def run(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "commsense", *map(str, arguments)],
        capture_output=True,
        text=True,
        input=stdin,
        timeout=120,
        check=False,
    )


@pytest.fixture
def call(tmp_path) -> Path:
    path = tmp_path / "call.txt"
    path.write_text(CALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, samples, clients_file) -> Path:
    out = tmp_path_factory.mktemp("cli") / "dataset"
    done = run(
        "analyze", samples, "--out", out, "--us", "northlight.example", "--clients", clients_file
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "found" in done.stderr
    return out


def test_every_command_has_help():
    runner = CliRunner()
    overview = runner.invoke(app, ["--help"]).output
    for command in COMMANDS:
        assert command in overview
        shown = runner.invoke(app, [command, "--help"])
        assert shown.exit_code == 0
        assert "Usage" in shown.output


def test_version_is_printed():
    assert run("--version").stdout.startswith("commsense ")


def test_parse_writes_json_lines_to_standard_output(call):
    done = run("parse", call)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [row["author"] for row in rows] == ["Ann", "Bob", "Ann", "Bob"]
    assert "found 4 = 4 messages + 0 duplicates + 0 rejected" in done.stderr


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_parse_writes_tables_that_pandas_reads(call, tmp_path, to):
    target = tmp_path / f"messages.{to}"
    assert run("parse", call, "--to", to, "-o", target).returncode == 0
    data = pd.read_csv(target) if to == "csv" else pd.read_parquet(target)
    assert data["text"].tolist()[0] == "Did the figures come in?"


def test_what_parse_writes_parse_reads_again(call, tmp_path):
    run("parse", call, "-o", tmp_path / "m.jsonl")
    again = run("parse", tmp_path / "m.jsonl")
    assert again.stdout == (tmp_path / "m.jsonl").read_text(encoding="utf-8")


def test_tag_reads_plain_lines_from_standard_input():
    done = run("tag", "-", "--evidence", stdin="You are all useless idiots.\nSee attached.\n")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(rows) == 2
    assert {"id", "language", "labels", "scores", "evidence"} <= set(rows[0])
    assert rows[0]["language"] == "en"
    assert all(0 <= score <= 1 for score in rows[0]["scores"].values())
    assert rows[0]["scores"]["poor_etiquette"] > rows[1]["scores"]["poor_etiquette"]


def test_tag_reads_what_parse_wrote(call):
    parsed = run("parse", call).stdout
    done = run("tag", "-", stdin=parsed)
    ids = [json.loads(line)["id"] for line in parsed.splitlines()]
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ids


def test_clients_lists_the_most_worrying_first(dataset):
    rows = json.loads(run("clients", dataset, "--to", "json").stdout)
    assert len(rows) == 7
    assert {"client", "messages", "standing", "change", "alert", "since", "reasons"} <= set(rows[0])
    alerts = [row["alert"] for row in rows]
    assert alerts == sorted(alerts, reverse=True)


@pytest.mark.parametrize("to", ["table", "csv", "html"])
def test_clients_in_every_other_format(dataset, to):
    done = run("clients", dataset, "--to", to)
    assert done.returncode == 0
    assert "harbourline" in done.stdout.lower()


def test_report_on_the_terminal(dataset):
    done = run("report", dataset, "harbourline.example")
    assert done.returncode == 0
    assert "Harbourline" in done.stdout


def test_report_into_files(dataset, tmp_path):
    files = {option: tmp_path / f"r.{option}" for option in ("html", "markdown", "json")}
    options = [part for option, path in files.items() for part in (f"--{option}", path)]
    done = run("report", dataset, "harbourline.example", *options)
    assert done.returncode == 0
    assert files["html"].read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert files["markdown"].read_text(encoding="utf-8").startswith("#")
    assert json.loads(files["json"].read_text(encoding="utf-8"))["client"] == "harbourline.example"


def test_report_of_a_part_of_the_year(dataset, tmp_path):
    target = tmp_path / "r.json"
    run(
        *("report", dataset, "harbourline.example", "--json", target),
        *("--since", "2025-04-01", "--until", "2025-06-30", "--by", "week"),
    )
    summary = json.loads(target.read_text(encoding="utf-8"))
    assert summary["period"]["start"] >= "2025-04-01"
    assert summary["period"]["end"] <= "2025-06-30"


def test_report_straight_from_exports(call):
    done = run("clients", call, "--to", "json")
    assert done.returncode == 0
    assert isinstance(json.loads(done.stdout), list)


class TestBadInput:
    """Each gets one clear line and the right exit status, never a traceback."""

    @staticmethod
    def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        last = done.stderr.strip().splitlines()[-1]
        for word in words:
            assert word in last

    def test_a_missing_path(self, tmp_path):
        self.refused(run("parse", tmp_path / "none.mbox"), "none.mbox", "mend")

    def test_an_empty_file(self, tmp_path):
        (tmp_path / "empty.mbox").touch()
        self.refused(run("parse", tmp_path / "empty.mbox"), "empty.mbox", "empty")

    def test_a_binary_file(self, tmp_path):
        (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 50)
        self.refused(run("parse", tmp_path / "a.bin"), "a.bin")

    def test_a_csv_without_text(self, tmp_path):
        (tmp_path / "a.csv").write_text("id,author\n1,Ann\n", encoding="utf-8")
        self.refused(run("parse", tmp_path / "a.csv"), "text")

    def test_an_unknown_client(self, dataset):
        self.refused(run("report", dataset, "nobody.example"), "nobody.example", "mend")

    def test_a_missing_clients_file(self, call, tmp_path):
        self.refused(run("parse", call, "--clients", tmp_path / "none.toml"), "none.toml")

    def test_an_unknown_model(self, call):
        self.refused(run("tag", call, "--model", "no-such-model"), "no-such-model")

    def test_an_output_that_is_the_input(self, call):
        self.refused(run("tag", call, "-o", call), "as input and as output")
        assert call.read_text(encoding="utf-8") == CALL

    def test_a_network_for_what_is_none(self, tmp_path):
        done = run("train", tmp_path, "--base", "x", "--hidden", "4", "--out", tmp_path / "m")
        self.refused(done, "--hidden beside --base")

    def test_an_output_folder_that_does_not_exist(self, call, tmp_path):
        self.refused(run("parse", call, "-o", tmp_path / "no" / "out.jsonl"), "cannot write")

    def test_an_out_folder_of_other_files(self, call, tmp_path):
        self.refused(run("analyze", call, "--out", tmp_path), "choose another")

    def test_rejected_input_is_a_line_and_a_status_only_under_strict(self, call, tmp_path):
        (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 50)
        lenient = run("parse", tmp_path)
        assert lenient.returncode == 0
        assert any("rejected" in json.loads(line) for line in lenient.stdout.splitlines())
        assert run("parse", tmp_path, "--strict").returncode == 1

    def test_a_truncated_mbox_keeps_what_is_whole(self, tmp_path):
        whole = (
            "From a@b.example Mon Sep  1 10:00:00 2025\nFrom: a@b.example\nTo: c@d.example\n"
            "Message-ID: <1@b.example>\nSubject: One\n\nThe first message.\n\n"
        )
        (tmp_path / "cut.mbox").write_text(whole + "From a@b.example Mon Sep", encoding="utf-8")
        done = run("parse", tmp_path / "cut.mbox")
        assert done.returncode == 0
        assert "The first message." in done.stdout

    def test_a_junk_charset_degrades_and_loses_no_message(self, tmp_path):
        (tmp_path / "junk.eml").write_bytes(
            b"From: a@b.example\nTo: c@d.example\nSubject: Hi\n"
            b"Content-Type: text/plain; charset=x-no-such\n\nCaf\xe9 at noon?\n"
        )
        done = run("parse", tmp_path / "junk.eml")
        assert done.returncode == 0
        assert "at noon?" in json.loads(done.stdout)["text"]


def test_a_label_of_the_user_is_taught_and_tagged(tmp_path):
    shown, others = tmp_path / "shown.csv", tmp_path / "others.txt"
    lines = [f"The lift in house {number} is stuck again." for number in range(12)]
    shown.write_text("text,label\n" + "".join(f"{line},lift\n" for line in lines), "utf-8")
    others.write_text("\n".join(f"See you on day {day}." for day in range(12)), encoding="utf-8")
    model = tmp_path / "model"
    done = run("train", others, "--add-label", shown, "--out", model)
    assert done.returncode == 0, done.stderr
    assert str(model) in done.stderr
    assert "lift: 12 examples, 12 texts without it" in done.stderr
    assert re.search(r"average precision \d\.\d\d, F1 \d\.\d\d at the threshold", done.stderr)
    assert "the figures are a hint" in done.stderr
    tagged = run("tag", "--model", model, stdin="Our lift is stuck again.\nSee you on Friday.\n")
    found = [json.loads(line)["labels"] for line in tagged.stdout.splitlines()]
    assert ["lift" in labels for labels in found] == [True, False]


def test_training_wants_a_corpus_or_verdicts(tmp_path):
    done = run("train", "--out", tmp_path / "model")
    assert done.returncode == 2
    assert "no corpus was given" in done.stderr


def test_every_language_of_the_reports_can_be_asked_for(dataset):
    for language in languages():
        done = run("report", dataset, "--language", language)
        assert done.returncode == 0, done.stderr
        assert load_words(language)("section.advice") in done.stdout
    assert run("report", dataset, "--language", "xx").returncode == 2


def test_a_dataset_is_judged_by_another_clients_file(dataset, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(
        '[[clients]]\nclient = "harbourline.example"\nname = "The Port"\n'
        "weights = { dissolution = 0.0 }\n",
        encoding="utf-8",
    )
    rows = {}
    for options in ([], ["--clients", other]):
        done = run("clients", dataset, "--to", "json", *options)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        rows[len(options)] = next(row for row in found if row["client"] == "harbourline.example")
    assert rows[2]["standing"] > rows[0]["standing"]
    assert "dissolution" not in rows[2]["reasons"]


@pytest.mark.parametrize("option", [["--us", "a.example"], ["--model", "linear-v1"]])
def test_what_cannot_change_a_dataset_is_refused(dataset, option):
    done = run("clients", dataset, *option)
    assert done.returncode == 2
    assert "run analyze again" in done.stderr


def test_a_person_is_forgotten_and_cannot_be_twice(call, tmp_path):
    assert run("analyze", call, "--out", tmp_path / "d").returncode == 0
    done = run("forget", tmp_path / "d", "Ann")
    assert done.returncode == 0, done.stderr
    assert "2 messages are left" in done.stderr
    assert "no message by 'Ann'" in run("forget", tmp_path / "d", "Ann").stderr


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (["--since", "2025-06-01", "--until", "2025-01-01"], "is after until"),
        (["--until", "2001-01-01"], "no message lies between"),
        (["--since", "2099-01-01"], "no message lies between"),
    ],
)
def test_a_period_without_messages_is_one_line(dataset, period, said):
    done = run("report", dataset, "harbourline.example", *period)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_a_binary_is_not_tagged(tmp_path):
    (tmp_path / "blob.bin").write_bytes(bytes(range(256)) * 10)
    done = run("tag", tmp_path / "blob.bin")
    assert done.returncode == 2
    assert "neither a table nor text" in done.stderr


def test_tag_accounts_for_what_it_left_out():
    done = run("tag", "-", stdin='{"text": "Late again."}\n{"text": 3}\n')
    assert done.returncode == 0
    assert "found 2 = 1 messages + 0 duplicates + 1 rejected (first: " in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_standard_output_is_one_line(call):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "commsense", "parse", call],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot write standard output: No space left" in done.stderr


def test_names_do_not_steer_the_terminal():
    done = run("parse", "nowhere\x1b[31m")
    assert r"nowhere\x1b[31m" in done.stderr
    assert "\x1b" not in done.stderr
