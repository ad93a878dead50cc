import fsspec
import pytest

import commsense as cs
from commsense.errors import InputError
from commsense.ingest import reading, remote
from commsense.ingest.remote import fetch, is_remote
from commsense.schema import Rejected

MAIL = b"From: a@a.example\nSubject: %s\n\nHello."


@pytest.fixture
def bucket():
    system = fsspec.filesystem("memory")
    system.pipe({"/b/two.eml": MAIL % b"2", "/b/in/one.eml": MAIL % b"1", "/b/.hidden": b"x"})
    yield "memory://b"
    system.rm("/b", recursive=True)


@pytest.mark.parametrize("path", ["s3://bucket/box.mbox", "zip://a.eml::file:///x.zip", "gs://b"])
def test_urls_are_told_from_paths(path):
    assert is_remote(path)


@pytest.mark.parametrize("path", ["box.mbox", "/mail/a:b.eml", "C:\\mail\\box.mbox", "a/b://c"])
def test_paths_are_no_urls(path):
    assert not is_remote(path)


@pytest.mark.parametrize("limit", [0, 1_000_000])
def test_a_folder_is_walked_whatever_the_size_of_its_files(bucket, limit, monkeypatch):
    monkeypatch.setattr(remote, "_IN_MEMORY_BYTES", limit)
    found = cs.read(bucket)
    assert sorted(found["subject"]) == ["1", "2"]
    assert found["source"].str.startswith("memory://").all()


def test_archives_in_a_bucket_are_opened(bucket, tmp_path):
    import gzip

    fsspec.filesystem("memory").pipe("/b/box.eml.gz", gzip.compress(MAIL % b"3"))
    (found,) = cs.iter_messages(f"{bucket}/box.eml.gz")
    assert found.subject == "3"


def test_what_is_not_there_is_told(bucket):
    with pytest.raises(InputError, match="there is no file"):
        cs.read(f"{bucket}/nothing")


def test_an_unknown_protocol_is_told():
    with pytest.raises(InputError, match="fsspec knows"):
        cs.read("nosuch://bucket/box.mbox")


def test_one_file_that_cannot_be_fetched_does_not_stop_the_others(bucket, monkeypatch):
    system = fsspec.filesystem("memory")
    fetch = system.cat_file

    def broken(name, *args, **kwargs):
        if name.endswith("two.eml"):
            raise PermissionError("no")
        return fetch(name, *args, **kwargs)

    monkeypatch.setattr(system, "cat_file", broken)
    found = list(cs.iter_messages(bucket))
    assert sum(isinstance(row, Rejected) for row in found) == 1
    assert len(found) == 2


def test_a_large_mailbox_is_read_where_it_lies(bucket, monkeypatch):
    line = b"From a@a.example Mon Sep  1 10:00:00 2025\n"
    box = b"".join(line + MAIL % b"%d" % n + b"\n\n" for n in range(3))
    fsspec.filesystem("memory").pipe("/b/box", box)
    monkeypatch.setattr(remote, "_IN_MEMORY_BYTES", 10)
    monkeypatch.setattr(reading, "_PIECE_BYTES", 50)
    found = {one.name: one for one in fetch(bucket)}
    assert found["memory:///b/box"].url == "memory:///b/box"
    assert found["memory:///b/two.eml"].path is not None
    messages = cs.read(f"{bucket}/box")
    assert messages["source"].tolist() == [f"memory:///b/box#{n}" for n in (1, 2, 3)]
