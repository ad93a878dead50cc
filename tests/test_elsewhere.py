"""Datasets at a URL, on fsspec's file system in memory."""

import fsspec
import pandas as pd
import pytest

import commsense as cs
from commsense import elsewhere, store
from commsense.errors import DatasetError

URL = "memory://bucket/dataset"
TURNS = "Ann: Did the figures come in?\nBob: Not yet, sorry.\nAnn: When will they?\nBob: Friday.\n"


@pytest.fixture
def bucket():
    system = fsspec.filesystem("memory")
    yield system
    if system.exists("/bucket"):
        system.rm("/bucket", recursive=True)


@pytest.fixture
def call(tmp_path):
    path = tmp_path / "call.txt"
    path.write_text(TURNS, encoding="utf-8")
    return path


def test_a_dataset_at_a_url_is_the_one_of_a_folder(bucket, call, tmp_path):
    there = cs.analyze(call, out=URL)
    here = cs.analyze(call, out=tmp_path / "d")
    for name in store.TABLES:
        pd.testing.assert_frame_equal(getattr(there, name), getattr(here, name))
    assert elsewhere.is_dataset(URL)
    assert cs.open_dataset(URL).manifest == here.manifest


def test_a_url_of_this_machine_is_its_folder(tmp_path):
    with elsewhere.at_hand(f"file://{tmp_path}/d", changed=True) as folder:
        assert folder == tmp_path / "d"


def test_a_second_run_extends_it_and_leaves_no_old_file(bucket, call, tmp_path):
    cs.analyze(call, out=URL)
    first = set(bucket.find("/bucket"))
    (tmp_path / "more.txt").write_text(TURNS.replace("Friday", "Monday"), encoding="utf-8")
    both = cs.analyze([call, tmp_path / "more.txt"], out=URL)
    assert both.manifest["counts"]["messages"] > 4
    left = set(bucket.find("/bucket"))
    assert len(left) == len(first)
    assert left & first == {"/bucket/dataset/manifest.json"}


def test_files_of_an_interrupted_run_are_passed_over(bucket, call, monkeypatch):
    whole = cs.analyze(call, out=URL)
    manifest = bucket.cat_file("/bucket/dataset/manifest.json")

    def interrupted(self, before):
        raise DatasetError("the power went off")

    with monkeypatch.context() as patch:
        patch.setattr(elsewhere._Remote, "_refuse_overtaken", interrupted)
        with pytest.raises(DatasetError, match="power"):
            cs.analyze(call, out=URL)
    assert len(bucket.find("/bucket/dataset/messages")) == 2
    assert bucket.cat_file("/bucket/dataset/manifest.json") == manifest
    pd.testing.assert_frame_equal(cs.open_dataset(URL).messages, whole.messages)
    cs.analyze(call, out=URL)
    assert len(bucket.find("/bucket/dataset/messages")) == 1


def test_a_run_that_was_overtaken_is_refused(bucket, call):
    cs.analyze(call, out=URL)
    with pytest.raises(DatasetError, match="another run"), elsewhere.at_hand(URL, changed=True):
        bucket.pipe_file("/bucket/dataset/manifest.json", b"{}")


def test_a_dataset_that_was_copied_there_by_hand_is_read(bucket, call, tmp_path):
    here = cs.analyze(call, out=tmp_path / "d")
    bucket.put(f"{tmp_path}/d/", "/bucket/dataset/", recursive=True)
    pd.testing.assert_frame_equal(cs.open_dataset(URL).labels, here.labels)


def test_a_person_is_forgotten_there_too(bucket, call):
    cs.analyze(call, out=URL)
    rest = cs.forget(URL, "Ann")
    assert set(rest.messages["author_name"]) == {"Bob"}
    assert set(cs.open_dataset(URL).messages["author_name"]) == {"Bob"}


def test_a_url_that_cannot_be_opened_is_one_clear_error(call):
    with pytest.raises(DatasetError, match="cannot use nowhere://x"):
        cs.analyze(call, out="nowhere://x")


def test_nothing_read_leaves_nothing(bucket, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff" + bytes(range(256)))
    cs.analyze(tmp_path, out=URL)
    assert not elsewhere.is_dataset(URL)
