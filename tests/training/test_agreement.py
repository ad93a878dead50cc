from __future__ import annotations

import json
from pathlib import Path

import pytest

from commsense.errors import InputError
from commsense.training import agreement

SHIPPED = Path(__file__).parents[2] / "data" / "corpus" / "real"


def write(path: Path, labels: dict[str, list[str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    rows = [{"id": key, "lang": "en", "labels": names} for key, names in labels.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_two_readers_are_compared_label_by_label(tmp_path: Path) -> None:
    first = {"a": ["courtesy"], "b": ["courtesy"], "c": [], "d": ["reporting"], "e": ["courtesy"]}
    write(tmp_path / "en-1.labels.jsonl", first)
    second = {"a": ["courtesy"], "b": [], "c": [], "d": ["reporting", "courtesy"]}
    write(tmp_path / "second" / "en.second.jsonl", second)
    found = agreement(tmp_path)
    assert found.texts == 4
    assert found.micro_f1 == pytest.approx(2 * 2 / (2 * 2 + 2))
    courtesy = found.labels.set_index("label").loc["courtesy"]
    assert courtesy[["both", "first", "second"]].tolist() == [1, 1, 1]
    # Each reader gave it to two of four texts: half agreement is what chance would give.
    assert courtesy["kappa"] == pytest.approx(0.0)
    assert found.labels.set_index("label").loc["reporting", "kappa"] == pytest.approx(1.0)


def test_what_nobody_read_twice_is_told(tmp_path: Path) -> None:
    write(tmp_path / "en-1.labels.jsonl", {"a": []})
    with pytest.raises(InputError, match="labelled twice"):
        agreement(tmp_path)


def test_a_tenth_of_the_real_texts_was_read_twice() -> None:
    labels = sum(len(path.read_text().splitlines()) for path in SHIPPED.glob("*.labels.jsonl"))
    found = agreement(SHIPPED)
    assert found.texts >= labels / 10
    assert found.micro_f1 > 0.78
