import os
import zipfile
from pathlib import PurePath

import pytest

from commsense.errors import InputError
from commsense.ingest.sources import check, walk
from commsense.schema import Rejected


def names(*paths) -> list[str]:
    found = list(walk([str(path) for path in paths]))
    return [PurePath(file.name).name for file in found if not isinstance(file, Rejected)]


def test_folders_are_walked_in_a_fixed_order(tmp_path):
    for name in ("b.eml", "a.eml", "deep/c.eml", "deep/er/d.eml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert names(tmp_path) == ["a.eml", "b.eml", "c.eml", "d.eml"]


def test_hidden_files_are_passed_over(tmp_path):
    for name in (".DS_Store", "a.eml"):
        (tmp_path / name).write_text("x")
    assert names(tmp_path) == ["a.eml"]


def test_a_maildir_gives_what_is_delivered_and_its_subfolders(tmp_path):
    for name in (
        "cur/1:2,S",
        "new/2",
        "tmp/3",
        "dovecot-uidlist",
        ".Sent/cur/4:2,S",
        ".Sent/new/x",
        ".git/5",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert names(tmp_path) == ["4:2,S", "x", "1:2,S", "2"]


def test_a_file_named_twice_is_read_once(tmp_path):
    (tmp_path / "a.eml").write_text("x")
    assert names(tmp_path, tmp_path / "a.eml", tmp_path) == ["a.eml"]


def test_links_to_folders_lead_nowhere(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.eml").write_text("x")
    (tmp_path / "in" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert names(tmp_path) == ["a.eml"]


def test_archives_within_archives_are_opened_up_to_a_limit(tmp_path):
    inner = tmp_path / "0.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.eml", "x")
    for level in range(1, 5):
        outer = tmp_path / f"{level}.zip"
        with zipfile.ZipFile(outer, "w") as archive:
            archive.write(inner, f"{level - 1}.zip")
        inner.unlink()
        inner = outer
    (found,) = walk([str(inner)])
    assert isinstance(found, Rejected)
    assert "archives" in found.reason


def test_a_missing_path_is_refused_at_once(tmp_path):
    with pytest.raises(InputError, match="there is no file or folder"):
        check([str(tmp_path), str(tmp_path / "none")])


def test_what_is_no_file_is_rejected_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (found,) = walk([str(tmp_path)])
    assert isinstance(found, Rejected)
    assert "a pipe" in found.reason
