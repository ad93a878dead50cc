import errno
import stat

import pytest

from commsense.errors import UsageError
from commsense.files import opened, writable


def test_a_file_is_written_as_it_is_told(tmp_path):
    with opened(tmp_path / "a.txt") as file:
        file.write("één\r\ntwo\n")
    assert (tmp_path / "a.txt").read_bytes() == "één\r\ntwo\n".encode()


def test_without_a_target_it_is_standard_output(capsys):
    with opened(None) as file:
        file.write("here")
    assert capsys.readouterr().out == "here"


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    target.chmod(0o640)
    with pytest.raises(UsageError, match="No space"), writable(target), opened(target):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert target.read_text() == "old"
    with opened(target) as file:
        file.write("new")
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_what_cannot_be_written_is_named(tmp_path):
    target = tmp_path / "none" / "a.txt"
    with pytest.raises(UsageError, match="cannot write"), writable(target), opened(target):
        pass


def test_a_closed_pipe_is_not_a_usage_error():
    with pytest.raises(BrokenPipeError), writable(None):
        raise BrokenPipeError
