from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from commsense.errors import CommsenseError
from commsense.ingest import joining
from commsense.ingest.joining import JOINED, join
from commsense.ingest.spool import HEAD
from commsense.profiles import ClientProfile
from commsense.schema import MESSAGES, Message, arrow

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACME = ClientProfile("acme.example", addresses=("jo@mail.example",), weights={"courtesy": 2.0})


def heads(count: int = 40) -> list[pa.Table]:
    """Return mail of two clients in threads of four, in two tables."""
    mails = [
        Message(
            f"{number}@x",
            "",
            sent_at=START + timedelta(hours=number),
            author="us@we.example" if number % 2 else "jo@mail.example",
            recipients=["jo@mail.example" if number % 2 else "us@we.example"],
            in_reply_to=f"{number - 1}@x" if number % 4 else "",
            subject="Plan",
        )
        for number in range(count)
    ]
    whole = arrow(MESSAGES, mails).select(HEAD.names)
    return [whole.slice(0, count // 2), whole.slice(count // 2)]


def test_every_message_gets_thread_side_and_client():
    joined = join(heads(), ["we.example"], [ACME])
    assert joined.schema == JOINED
    assert len(set(joined["conversation_id"].to_pylist())) == 10
    assert joined["side"].to_pylist() == ["client", "provider"] * 20
    assert set(joined["client"].to_pylist()) == {"acme.example"}


def test_nothing_is_joined_to_nothing():
    assert join([], [], []).equals(JOINED.empty_table())


def test_another_process_joins_as_this_one_does(monkeypatch, tmp_path):
    here = join(heads(), ["we.example"], [ACME])
    monkeypatch.setattr(joining, "_MANY", 1)
    monkeypatch.chdir(tmp_path)
    # A file of the folder that the user is in is not taken for a module.
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    assert join(heads(), ["we.example"], [ACME]).equals(here)


def test_a_process_that_ends_early_is_named(monkeypatch):
    monkeypatch.setattr(joining, "_MANY", 1)
    monkeypatch.setattr(joining.sys, "executable", "/bin/false")
    with pytest.raises(CommsenseError, match="ended with status 1; mend: "):
        join(heads(), [], [])


def test_what_went_wrong_in_the_other_process_is_said(monkeypatch):
    monkeypatch.setattr(joining, "_MANY", 1)
    monkeypatch.setattr(joining, "__name__", "commsense.no_such_module")
    with pytest.raises(CommsenseError, match=r"failed: ModuleNotFoundError: .*no_such_module"):
        join(heads(), [], [])
