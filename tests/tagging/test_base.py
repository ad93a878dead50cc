from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from commsense.errors import ModelError
from commsense.tagging import (
    LinearTagger,
    load_tagger,
    loaded_tagger,
    shipped_models,
)
from commsense.taxonomy import load_taxonomy


def test_the_default_model_loads_fast_and_without_torch() -> None:
    code = (
        "import sys, time; from commsense.tagging import load_tagger; t = time.perf_counter();"
        "load_tagger(); print(time.perf_counter() - t);"
        "sys.exit('torch' in sys.modules or 'sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # The promise is one second; other tests may share the machine.
    assert float(done.stdout) < 3


def test_the_default_model_knows_every_label_and_the_five_languages() -> None:
    tagger = load_tagger()
    assert set(tagger.labels) == set(load_taxonomy().text_ids)
    assert {"en", "fr", "ar", "ko", "th"} <= set(tagger.languages)
    assert "linear-v1" in shipped_models()
    assert len(tagger.config["hash"]) == 64


def test_the_shipped_model_is_small_and_has_a_card() -> None:
    folder = Path(__file__).parents[2] / "models" / "linear-v1"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 40e6
    assert "## How well it does" in (folder / "README.md").read_text(encoding="utf-8")


def test_a_missing_model_is_named() -> None:
    with pytest.raises(ModelError, match=r"no model 'nowhere'.*default"):
        load_tagger("nowhere")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "oracle"}, "kind 'oracle'"),
        ({"format": 99}, "format 99"),
        ({"taxonomy_version": "7.0"}, "taxonomy 7.0"),
        ({"labels": [*load_taxonomy().text_ids[:-1], "shoe_size"]}, "shoe_size"),
        ({"labels": None}, "lacks"),
    ],
)
def test_a_foreign_model_is_refused_in_one_line(
    small_tagger: LinearTagger, tmp_path: Path, change: dict[str, object], said: str
) -> None:
    small_tagger.save(tmp_path)
    path = tmp_path / "config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | change
    path.write_text(json.dumps({key: value for key, value in config.items() if value is not None}))
    with pytest.raises(ModelError, match=said) as caught:
        load_tagger(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("labels", [1, 2]),
        ("labels", [["courtesy"], {}]),
        ("labels", ["courtesy", "courtesy"]),
        ("labels", []),
        ("own_labels", "abc"),
        ("own_labels", [{}]),
        ("own_labels", [{"id": "../x"}]),
        ("features.bits", 40),
        ("features.bits", 62),
        ("features.bits", "x"),
        ("features.chars", [0, -3]),
        ("features.words", [1, 1_000_000]),
        ("decision.prices", [1]),
        ("decision.alone", [999]),
        ("decision.floors", [0.1]),
        ("decision.floors", [float("nan")] * len(load_taxonomy().text_ids)),
        ("calibration.slope", [float("inf")] * len(load_taxonomy().text_ids)),
        ("decision.price", True),
        ("hidden_units", -1),
        ("register", "a"),
    ],
)
def test_a_config_that_says_the_impossible_is_refused(
    small_tagger: LinearTagger, tmp_path: Path, path: str, value: object
) -> None:
    small_tagger.save(tmp_path)
    file = tmp_path / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    of, _, name = path.rpartition(".")
    (config[of] if of else config)[name] = value
    file.write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelError, match=path.replace(".", r"\.")) as caught:
        load_tagger(tmp_path)
    assert caught.value.expected
    assert caught.value.mend
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("content", ["[" * 200_000, '{"commsense": 5}'])
def test_a_config_of_odd_form_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="config"):
        load_tagger(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"model_type": "bert"}', "\udcff"])
def test_a_folder_of_another_program_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError, match="config"):
        load_tagger(tmp_path)


def test_a_moved_floor_changes_the_hash(small_tagger: LinearTagger, tmp_path: Path) -> None:
    small_tagger.save(tmp_path)
    path = tmp_path / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["decision"]["floors"][0] = 0.99
    path.write_text(json.dumps(config), encoding="utf-8")
    moved = load_tagger(tmp_path)
    assert moved.config["hash"] != small_tagger.config["hash"]


def test_a_model_is_loaded_once() -> None:
    assert loaded_tagger("default") is loaded_tagger("default")
