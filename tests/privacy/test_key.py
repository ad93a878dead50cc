import stat

import pytest

from commsense.errors import UsageError
from commsense.privacy import load_or_make_key


def test_a_key_is_made_once_and_then_read(tmp_path):
    path = tmp_path / "deep" / "key"
    assert load_or_make_key(path) == load_or_make_key(path)
    assert len(load_or_make_key(path)) == 32


def test_nobody_else_may_read_it(tmp_path):
    load_or_make_key(tmp_path / "key")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_two_keys_differ(tmp_path):
    assert load_or_make_key(tmp_path / "a") != load_or_make_key(tmp_path / "b")


def test_a_key_in_the_dataset_is_refused(tmp_path):
    with pytest.raises(UsageError, match="lies in the dataset"):
        load_or_make_key(tmp_path / "dataset" / "key", dataset=tmp_path / "dataset")
    assert not (tmp_path / "dataset").exists()


@pytest.mark.parametrize("content", [b"", b"secret", b"ab" * 31, bytes(range(256))])
def test_a_file_that_holds_no_key_is_a_clear_error(tmp_path, content):
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(UsageError, match="holds no key"):
        load_or_make_key(tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == content


def test_a_folder_is_no_key(tmp_path):
    with pytest.raises(UsageError, match="cannot use the key file"):
        load_or_make_key(tmp_path)
