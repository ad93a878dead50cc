import json
import stat

import duckdb
import pyarrow.parquet as pq
import pytest

from commsense import store
from commsense.errors import DatasetError
from commsense.schema import Message, arrow, frame


def tables(*texts: str):
    made = {name: frame(schema, []) for name, schema in store.TABLES.items()}
    rows = [Message(id=str(number), text=text) for number, text in enumerate(texts)]
    made["messages"] = frame(store.TABLES["messages"], rows)
    return made


def tables_of(text: str):
    return arrow(store.TABLES["messages"], [Message(id="x", text=text)])


def save(folder, *texts: str) -> None:
    with store.locked(folder):
        store.save(folder, tables(*texts), {"texts": len(texts)})


def test_a_dataset_comes_back_as_it_was_saved(tmp_path):
    save(tmp_path / "d", "one", "두 번째")
    loaded = store.load(tmp_path / "d")
    assert loaded.frame("messages").equals(tables("one", "두 번째")["messages"])
    assert loaded.manifest == {"texts": 2}


def test_columns_that_an_earlier_version_did_not_have_are_null(tmp_path):
    save(tmp_path / "d", "one")
    (file,) = (tmp_path / "d" / "messages").glob("*.parquet")
    pq.write_table(pq.read_table(file).drop_columns(["language", "references"]), file)
    found = store.load(tmp_path / "d").frame("messages")
    assert list(found.columns) == list(tables("one")["messages"].columns)
    assert found["language"].isna().all()


def test_parts_come_back_in_the_order_in_which_they_were_added(tmp_path):
    folder = tmp_path / "d"
    with store.locked(folder):
        staging = store.Staging(folder)
        for number in range(12):
            rows = [Message(id=str(number), text="one")]
            staging.add("messages", arrow(store.TABLES["messages"], rows))
        staging.commit({})
    ids = [one for part in store.load(folder).parts("messages") for one in part["id"].to_pylist()]
    assert ids == [str(number) for number in range(12)]
    assert store.load(folder).frame("labels").empty


def test_a_run_that_commits_nothing_leaves_the_dataset_as_it_was(tmp_path):
    folder = tmp_path / "d"
    save(folder, "old")
    with store.locked(folder):
        store.Staging(folder).add("messages", tables_of("new"))
    assert store.load(folder).frame("messages")["text"].tolist() == ["old"]
    assert not (folder / ".staging").exists()


def test_saving_again_replaces_and_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "d"
    save(folder, "one", "two")
    save(folder, "three")
    assert store.load(folder).frame("messages")["text"].tolist() == ["three"]
    assert not (folder / ".staging").exists()


def test_duckdb_reads_the_tables_in_place(tmp_path):
    save(tmp_path / "d", "one", "two")
    table = duckdb.read_parquet(f"{tmp_path}/d/messages/*.parquet")
    assert table.count("id").fetchall() == [(2,)]


def test_a_swap_that_was_cut_short_is_finished_by_the_next_reader(tmp_path, monkeypatch):
    folder = tmp_path / "d"
    save(folder, "old")
    with monkeypatch.context() as patch, store.locked(folder):
        patch.setattr(store, "_swap_in", lambda _: None)
        store.save(folder, tables("new", "newer"), {"texts": 2})
    # The kill came after the first table was moved into place.
    (folder / "messages" / "part-00000.parquet").unlink()
    (folder / "messages").rmdir()
    (folder / ".staging" / "messages").rename(folder / "messages")
    loaded = store.load(folder)
    assert loaded.frame("messages")["text"].tolist() == ["new", "newer"]
    assert loaded.manifest == {"texts": 2}


def test_an_incomplete_staging_changes_nothing(tmp_path):
    folder = tmp_path / "d"
    save(folder, "old")
    (folder / ".staging" / "messages").mkdir(parents=True)
    assert store.load(folder).frame("messages")["text"].tolist() == ["old"]


def test_two_runs_at_once_are_refused(tmp_path):
    with (
        store.locked(tmp_path / "d"),
        pytest.raises(DatasetError, match="another run is writing"),
        store.locked(tmp_path / "d"),
    ):
        pass


def test_a_folder_of_other_files_is_not_filled(tmp_path):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(DatasetError, match="holiday"), store.locked(tmp_path):
        pass


def test_what_is_no_dataset_says_how_to_make_one(tmp_path):
    with pytest.raises(DatasetError, match="commsense analyze"):
        store.load(tmp_path)


def test_a_damaged_table_is_a_clear_error(tmp_path):
    save(tmp_path / "d", "one")
    (tmp_path / "d" / "labels" / "part-00000.parquet").write_bytes(b"not parquet")
    dataset = store.load(tmp_path / "d")
    with pytest.raises(DatasetError, match="cannot be read"):
        dataset.frame("labels")


def test_a_path_that_is_a_file_cannot_become_a_dataset(tmp_path):
    (tmp_path / "f").touch()
    with pytest.raises(DatasetError, match="cannot write"), store.locked(tmp_path / "f"):
        pass


def test_only_the_owner_may_open_a_dataset(tmp_path):
    save(tmp_path / "d", "one")
    assert stat.S_IMODE((tmp_path / "d").stat().st_mode) == 0o700


def test_what_is_written_into_an_open_folder_is_private_all_the_same(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d").chmod(0o755)
    save(tmp_path / "d", "one")
    assert stat.S_IMODE((tmp_path / "d").stat().st_mode) == 0o755
    for path in (tmp_path / "d").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_the_manifest_is_readable_json(tmp_path):
    save(tmp_path / "d", "one")
    assert json.loads((tmp_path / "d" / "manifest.json").read_text()) == {"texts": 1}


def test_a_dataset_of_another_format_is_refused(tmp_path):
    folder = tmp_path / "d"
    with store.locked(folder):
        store.save(folder, tables("one"), {"format_version": "2.0"})
    with pytest.raises(DatasetError, match=r"format 2\.0; expected format 1"):
        store.load(folder)
