"""The secret from which pseudonyms are made; it lies apart from every dataset."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

import typer

from commsense.errors import UsageError

KEY_BYTES: Final = 32
_PRIVATE_FILE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700


def default_key_file() -> Path:
    """Return where the user's key lies unless they say otherwise."""
    return Path(typer.get_app_dir("commsense")) / "pseudonyms.key"


def load_or_make_key(path: Path, *, dataset: Path | None = None) -> bytes:
    """Read a key; make one that nobody but the owner may read where there is none.

    Parameters
    ----------
    path : Path
        File with the key, 64 hexadecimal digits.
    dataset : Path, optional
        Folder that must not hold the key: who is given the dataset would be given the names.

    Raises
    ------
    UsageError
        Where the file lies in the dataset, holds no key, or cannot be read or made.
    """
    if dataset is not None and path.resolve().is_relative_to(dataset.resolve()):
        raise UsageError(
            f"the key {path} lies in the dataset {dataset}",
            "a file elsewhere",
            "choose another --key",
        )
    try:
        return _load(path) if path.exists() else _make(path)
    except OSError as error:
        raise UsageError(
            f"cannot use the key file {path}: {error.strerror or error}",
            "a file that you may read, or a folder that you may write in",
            "check its permissions, or choose another --key",
        ) from error


def _load(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise UsageError(
            f"{path} holds no key",
            f"{2 * KEY_BYTES} hexadecimal digits",
            "name the file that an earlier run made, or one that does not exist yet",
        )
    return key


def _make(path: Path) -> bytes:
    path.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    key = secrets.token_bytes(KEY_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key
