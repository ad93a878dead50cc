import pandas as pd
import pyarrow as pa

from commsense.ingest.duplicates import repeated, unique
from commsense.schema import MESSAGES, Message, frame


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
