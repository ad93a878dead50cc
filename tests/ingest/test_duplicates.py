from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from commsense.ingest.collecting import ingest
from commsense.ingest.duplicates import nameless, repeated, unique
from commsense.ingest.spool import Spool
from commsense.schema import MESSAGES, Message, arrow, frame

DERIVED = "mail-" + 20 * "a"
OTHER_DERIVED = "mail-" + 20 * "b"


def kept(*messages: Message) -> pd.DataFrame:
    table = frame(MESSAGES, messages)
    found = pa.chunked_array([pa.array(table["id"], pa.string())])
    names, keep = unique(found, ((place, table.loc[place]) for place in repeated(found).tolist()))
    return table.assign(id=names.to_pylist())[keep]


def ids(*messages: Message) -> list[str]:
    return kept(*messages)["id"].tolist()


def test_the_same_message_twice_is_one():
    assert ids(Message("1", "Hello."), Message("2", "Hi."), Message("1", "Hello.")) == ["1", "2"]


def test_white_space_and_quote_marks_do_not_matter():
    assert ids(Message("1", "Hello  there."), Message("1", "> hello\nthere")) == ["1"]


def test_different_messages_under_one_id_are_all_kept():
    found = ids(
        Message("1", "Yes."), Message("1", "No."), Message("1", "No."), Message("1", "Yes.")
    )
    assert len(found) == 2
    assert found[0] == "1"
    assert found[1].startswith("1#")


def test_a_later_run_gives_the_same_ids():
    first = kept(Message("1", "Yes."), Message("1", "No."))
    other_order = [Message("1", "No."), Message("1", "Yes.")]
    rows = [*(Message(row.id, row.text) for row in first.itertuples()), *other_order]
    assert ids(*rows) == first["id"].tolist()


def test_two_authors_of_one_text_are_two():
    assert len(ids(Message("1", "Yes.", author="a"), Message("1", "Yes.", author="b"))) == 2


def test_forwards_without_words_are_told_by_what_they_forward():
    assert len(ids(Message("1", "", quoted="old"), Message("1", "", quoted="older"))) == 2


def test_copies_are_the_same_wherever_signatures_were_cut():
    uncut = Message("1", "Yes.\n\nAnn Lee\nDirector")
    cut = Message("1", "Yes.", signature="Ann Lee\nDirector")
    assert ids(uncut, cut) == ["1"]


def test_a_list_s_footer_makes_no_other_message():
    assert ids(Message("1", "Yes."), Message("1", "Yes.", signature="The list")) == ["1"]


def sent(key: str, text="The goods never came.", minute=0, second=0, **more) -> Message:
    moment = datetime(2024, 3, 11, 8, minute, second, tzinfo=UTC)
    told = {"author": "carla@other.example", "subject": "Delivery", "sent_at": moment}
    return Message(key, text, **{**told, **more})


def dropped(*messages: Message, keep=None) -> list[str]:
    with Spool() as spool:
        for one in messages:
            spool.add(arrow(MESSAGES, [one]))
        found = pa.chunked_array([pa.array([one.id for one in messages], pa.string())])
        flags = np.ones(len(messages), dtype=bool) if keep is None else np.array(keep)
        again = nameless(found, spool, flags)
    return [one.id for one, is_again in zip(messages, again.tolist(), strict=True) if is_again]


def test_of_a_mail_with_and_without_an_id_the_one_with_it_stays():
    named, bare = sent("1@x", second=31), sent(DERIVED, text="> the goods never came", second=2)
    assert dropped(named, bare) == dropped(bare, named) == [DERIVED]


def test_of_two_without_an_id_the_first_stays():
    assert dropped(sent(DERIVED, second=1), sent(OTHER_DERIVED, second=0)) == [OTHER_DERIVED]


@pytest.mark.parametrize(
    "other",
    [
        sent("1@x", text="The goods came today."),
        sent("1@x", minute=1),
        sent("1@x", author="dan@other.example"),
        sent("1@x", subject="Invoice"),
        sent("1@x", sent_at=None),
    ],
)
def test_a_mail_without_an_id_that_differs_is_another_one(other):
    assert dropped(other, sent(DERIVED)) == []


def test_two_ids_are_two_mails_whatever_they_say():
    assert dropped(sent("1@x"), sent("2@x"), sent(DERIVED, text="Hello.")) == []


def test_what_is_a_duplicate_anyway_keeps_nothing_out():
    assert dropped(sent("1@x"), sent(DERIVED), keep=[False, True]) == []


def test_exports_with_and_without_message_ids_are_joined(tmp_path):
    head = (
        "From: Carla <carla@other.example>\nTo: ben@agency.example\nSubject: Delivery\n"
        "Date: Mon, 11 Mar 2024 09:00:00 +0100\n"
    )
    (tmp_path / "a.eml").write_text(f"{head}\nThe goods never came.\n", "utf-8")
    (tmp_path / "b.eml").write_text(f"{head}Message-ID: <1@x>\n\nThe goods never came.\n", "utf-8")
    found = ingest([str(tmp_path)])
    assert (found.found, found.messages["id"].tolist(), found.duplicates) == (2, ["1@x"], 1)
