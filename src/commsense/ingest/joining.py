"""What joins messages: threads, sides and clients, told of all messages together by their heads.

Where there are many this is done by a process of its own, which reads heads from its standard input
and writes what it tells of each to its standard output, both as Arrow streams: what it needs of
memory is gone with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import IO, Final

import pyarrow as pa

from commsense.errors import CommsenseError
from commsense.ingest.parties import assign
from commsense.ingest.spool import HEAD, TableFile, Tables
from commsense.ingest.threads import thread_ids
from commsense.memory import release_unused
from commsense.profiles import ClientProfile
from commsense.schema import MESSAGES

JOINED: Final = pa.schema([MESSAGES.field(name) for name in ("conversation_id", "side", "client")])
"""Columns of :data:`commsense.schema.MESSAGES` that are told here."""

_MANY = 150_000  # messages; with fewer, a process of its own costs more time than memory is saved
_US, _PROFILES = b"us", b"profiles"


def join(
    heads: Iterable[pa.Table], us: Sequence[str], profiles: Sequence[ClientProfile]
) -> pa.Table:
    """Return of each message its thread, side and client, columns :data:`JOINED`.

    Parameters
    ----------
    heads : iterable of pyarrow.Table
        Columns :data:`commsense.ingest.spool.HEAD`.
    us : sequence of str
        Domains and addresses of the provider.
    profiles : sequence of ClientProfile

    Raises
    ------
    CommsenseError
        Where the process that joins many messages was ended.
    """
    told = {_US: json.dumps([*us]), _PROFILES: json.dumps([asdict(one) for one in profiles])}
    with TableFile(HEAD.with_metadata(told)) as file:
        for table in heads:
            file.add(table)
        if file.rows_added <= _MANY:
            return _joined(file)
        return _joined_apart(file.opened())


def _joined(heads: Tables | TableFile) -> pa.Table:
    told = heads.schema.metadata
    profiles = [ClientProfile.stored(entry) for entry in json.loads(told[_PROFILES])]
    threads = thread_ids(heads)
    release_unused()  # what threads alone are told from goes before more is read
    parties = assign(heads, threads, json.loads(told[_US]), profiles)
    return pa.Table.from_arrays([threads, *parties.columns], schema=JOINED)


def _joined_apart(heads: IO[bytes]) -> pa.Table:
    command = [sys.executable, "-P", "-c", f"from {__name__} import answer; answer()"]
    # Found where this process found it, not in the folder that the user happens to be in.
    path = os.pathsep.join(entry for entry in sys.path if isinstance(entry, str) and entry)
    with tempfile.TemporaryFile() as told:
        ended = subprocess.run(  # noqa: S603 - this program itself
            command,
            stdin=heads,
            stdout=told,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
            check=False,
        )
        if ended.returncode:
            raise _early_end(ended)
        told.seek(0)
        return pa.ipc.open_stream(told).read_all()


def _early_end(ended: subprocess.CompletedProcess[bytes]) -> CommsenseError:
    """Return why threads and people could not be joined: what was said last, or a signal."""
    said = ended.stderr.decode(errors="replace").strip().splitlines()
    if said:
        return CommsenseError(f"joining threads and people failed: {said[-1]}")
    return CommsenseError(
        f"joining threads and people ended with status {ended.returncode}",
        mend="read fewer exports at a time, or use a machine with more memory",
    )


def answer() -> None:
    """Join what comes on standard input, as the process that was started for it."""
    joined = _joined(Tables(sys.stdin.buffer))
    with pa.ipc.new_stream(sys.stdout.buffer, JOINED) as stream:
        stream.write_table(joined)
