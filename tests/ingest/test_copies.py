"""What was forwarded and is in the exports as well is one message."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from commsense import workers
from commsense.ingest import reading
from commsense.ingest.collecting import ingest, stream
from commsense.ingest.copies import copies
from commsense.ingest.spool import Spool
from commsense.schema import MESSAGES, Message, arrow, to_arrow

START = datetime(2024, 3, 11, 8, tzinfo=UTC)
TEXT = "The goods never came."
ORIGINAL = (
    "From: Carla Diaz <carla@other.example>\nTo: ben@agency.example\nSubject: Complaint\n"
    f"Message-ID: <c@other.example>\nDate: Mon, 11 Mar 2024 09:00:31 +0100\n\n{TEXT}\n"
)
FORWARD = (
    "From: Ben Carter <ben@agency.example>\nTo: {to}@agency.example\nSubject: Fwd: Complaint\n"
    "Message-ID: <{to}@agency.example>\nDate: Tue, 12 Mar 2024 10:00:00 +0100\n\nFor you.\n\n"
    "---------- Forwarded message ---------\nFrom: Carla Diaz <carla@other.example>\n"
    "Date: Mon, Mar 11, 2024 at 9:00 AM\nSubject: Complaint\nTo: <ben@agency.example>\n\n"
    f"{TEXT}\n"
)


def told(*messages: Message, keep=None) -> list[str]:
    """The ids of those that are copies."""
    with Spool() as spool:
        for one in messages:
            spool.add(arrow(MESSAGES, [one]))
        ids = pa.chunked_array([pa.array([one.id for one in messages], pa.string())])
        flags = np.ones(len(messages), dtype=bool) if keep is None else np.array(keep)
        found = copies(ids, spool, flags)
    return [one.id for one, is_copy in zip(messages, found.tolist(), strict=True) if is_copy]


def mail(key, days=0.0, text=TEXT, author="carla@other.example", signature=""):
    sent = None if days is None else START + timedelta(days=days)
    return Message(key, text, author=author, sent_at=sent, signature=signature)


def test_the_original_stays_wherever_it_stands():
    assert told(mail("1"), mail("2#forwarded")) == ["2#forwarded"]
    assert told(mail("2#forwarded"), mail("1")) == ["2#forwarded"]


def test_of_several_forwards_the_first_stays():
    several = [mail(f"{n}#forwarded") for n in range(3)]
    assert told(*several) == ["1#forwarded", "2#forwarded"]


@pytest.mark.parametrize("days", [-1.9, 1.9, None])
def test_times_may_differ_by_a_zone_or_be_unknown(days):
    assert told(mail("1"), mail("2#forwarded", days)) == ["2#forwarded"]


@pytest.mark.parametrize(
    "other",
    [mail("1", 2.1), mail("1", text="Thank you."), mail("1", author="eve@other.example")],
)
def test_another_time_text_or_author_is_another_message(other):
    assert told(other, mail("2#forwarded")) == []


def test_messages_that_were_not_forwarded_are_no_copies():
    assert told(mail("1"), mail("2")) == []


def test_white_space_and_signatures_do_not_matter():
    copy = mail("2#forwarded", text=f"{TEXT}\n\nCarla Diaz")
    assert told(mail("1", signature="Carla  Diaz"), copy) == ["2#forwarded"]
    assert told(mail("1", text="The goods\nnever  came."), mail("2#forwarded")) == ["2#forwarded"]


def test_a_message_that_is_a_duplicate_anyway_has_no_copies():
    assert told(mail("1"), mail("2#forwarded"), keep=[False, True]) == []
    assert told(mail("1"), mail("2#forwarded"), keep=[True, False]) == []


@pytest.fixture
def export(tmp_path):
    (tmp_path / "forward.eml").write_text(FORWARD.format(to="dora"), "utf-8")
    return tmp_path


def accounts(found) -> tuple[int, int, int, int]:
    assert found.found == len(found.messages) + found.duplicates + len(found.rejected)
    return found.found, len(found.messages), found.duplicates, len(found.rejected)


def test_a_forwarded_complaint_is_the_client_s(export):
    found = ingest([str(export)], us=["agency.example"])
    assert accounts(found) == (2, 2, 0, 0)
    copy = found.messages.set_index("id").loc["dora@agency.example#forwarded"]
    assert (copy["side"], copy["client"], copy["text"]) == ("client", "other.example", TEXT)
    assert found.messages["conversation_id"].nunique() == 1


def test_the_accounts_balance_with_originals_and_other_forwards(export):
    (export / "junk.bin").write_bytes(bytes(range(256)))
    (export / "other.eml").write_text(FORWARD.format(to="eve"), "utf-8")
    (export / "again.eml").write_text(FORWARD.format(to="eve"), "utf-8")
    assert accounts(ingest([str(export)])) == (7, 3, 3, 1)
    (export / "original.eml").write_text(ORIGINAL, "utf-8")
    found = ingest([str(export)], us=["agency.example"])
    assert accounts(found) == (8, 3, 4, 1)
    assert "c@other.example" in found.messages["id"].tolist()


def test_an_original_that_comes_later_takes_its_copy_s_place(export):
    known = to_arrow(MESSAGES, ingest([str(export)]).messages)
    (export / "original.eml").write_text(ORIGINAL, "utf-8")
    with stream([str(export)], known=[known]) as found:
        assert found.messages()["id"].tolist() == ["dora@agency.example", "c@other.example"]
        assert (found.found, found.duplicates) == (3, 3)  # of 2 + 3 messages 2 stay


def test_mails_of_a_box_are_numbered_whatever_they_forward(tmp_path, monkeypatch):
    mails = (f"From x Mon Mar 11 10:00:00 2024\n{FORWARD.format(to=f'd{n}')}\n" for n in range(20))
    (tmp_path / "box.mbox").write_text("".join(mails), "utf-8")
    monkeypatch.setattr(reading, "_PIECE_BYTES", 1_500)  # many batches: other processes read them
    monkeypatch.setattr(workers, "cpu_count", lambda: 2)
    found = ingest([str(tmp_path)])
    assert accounts(found) == (40, 21, 19, 0)
    numbers = {int(source.rpartition("#")[2]) for source in found.messages["source"]}
    assert numbers == set(range(1, 21))
