from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from commsense.errors import UsageError
from commsense.schema import Message
from commsense.tagging import load_tagger
from commsense.tagging.output import write_tags

MESSAGES = [
    Message(id="=1+1", text="Nobody answers and it is late again, we are fed up.", language="en"),
    Message(id="b", text=""),
    Message(id="b", text="감사합니다", language="ko"),
]


def test_lines_carry_labels_scores_and_evidence(tmp_path: Path) -> None:
    write_tags(MESSAGES, "default", target=tmp_path / "t.jsonl", evidence=True)
    rows = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["=1+1", "b", "b"]
    assert [row["language"] for row in rows] == ["en", "und", "ko"]
    for row in rows:
        assert set(row["scores"]) == set(load_tagger().labels)
        assert set(row["evidence"]) == set(row["labels"])
        assert all(0 <= score <= 1 for score in row["scores"].values())
    assert max(rows[1]["scores"].values()) == 0


def test_cells_cannot_run_as_formulas(tmp_path: Path) -> None:
    write_tags(MESSAGES, "default", to="csv", target=tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["id"] == "'=1+1"
    assert "evidence" not in rows[0]
    assert float(rows[0]["negative_attitude"]) > 0


def test_parquet_has_the_same(tmp_path: Path) -> None:
    write_tags(MESSAGES, "default", to="parquet", target=tmp_path / "t.pq", evidence=True)
    table = pd.read_parquet(tmp_path / "t.pq")
    assert table["id"].tolist() == ["=1+1", "b", "b"]
    assert table["scores"][0]["negative_attitude"] > 0


def test_lines_go_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    write_tags(MESSAGES, "default")
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_many_messages_are_tagged_by_other_processes_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tags(MESSAGES, "default", target=tmp_path / "alone.jsonl", evidence=True)
    monkeypatch.setattr("commsense.tagging.output._ALONE", 0)
    monkeypatch.setattr("commsense.tagging.messages._AT_ONCE", 1)
    write_tags(iter(MESSAGES), "default", target=tmp_path / "apart.jsonl", evidence=True)
    assert (tmp_path / "apart.jsonl").read_text() == (tmp_path / "alone.jsonl").read_text()


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
def test_it_is_said_where_the_model_abstains(tmp_path: Path, to: str) -> None:
    polish = Message(id="p", text="Nikt nie odpowiada i znowu jest opóźnienie.", language="pl")
    target = tmp_path / "t"
    write_tags([*MESSAGES, polish], "default", to=to, target=target)
    match to:
        case "jsonl":
            rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
        case "csv":
            with target.open(encoding="utf-8", newline="") as file:
                rows = [row | {"judged": row["judged"] == "true"} for row in csv.DictReader(file)]
        case _:
            rows = pd.read_parquet(target).to_dict("records")
    assert [row["judged"] for row in rows] == [True, True, True, False]
    assert len(rows[-1]["labels"]) == 0


def test_a_language_that_is_not_told_is_told_by_the_text(tmp_path: Path) -> None:
    message = Message(id="a", text="Livraison en retard, encore une fois.", language="")
    write_tags([message], "default", target=tmp_path / "t.jsonl")
    assert json.loads((tmp_path / "t.jsonl").read_text("utf-8"))["language"] == "fr"


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        write_tags(MESSAGES, "default", target=tmp_path / "no" / "t.jsonl")
    with pytest.raises(UsageError, match="unknown format"):
        write_tags(MESSAGES, "default", to="xml")
