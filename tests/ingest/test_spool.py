import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest import spool as spooling
from commsense.ingest.spool import APART, HEAD, Spool
from commsense.schema import MESSAGES, Attachment, Message, arrow, to_pandas

CALL = Message("3", "Hello?", channel="call", source="call.vtt#1")


def mail(number: int) -> Message:
    file = Attachment("a.pdf", "application/pdf", number)
    return Message(str(number), f"Text {number}", source=f"box#{number}", attachments=[file])


def whole(spool: Spool) -> pa.Table:
    return pa.concat_tables([HEAD.empty_table(), *spool.heads()])


@pytest.fixture(params=[0, 1 << 20], ids=["on disk", "in memory"])
def spool(request, monkeypatch):
    monkeypatch.setattr(spooling, "_IN_MEMORY_BYTES", request.param or 1)
    with Spool() as made:
        yield made


def test_tables_come_back_as_they_were_as_often_as_asked(spool):
    tables = [arrow(MESSAGES, [mail(1), mail(2)]), arrow(MESSAGES, [CALL])]
    for table in tables:
        spool.add(table)
    for _ in range(2):
        assert [table.to_pylist() for table in spool.tables()] == [
            table.to_pylist() for table in tables
        ]


def test_a_walk_that_was_not_finished_spoils_no_other(spool):
    for number in range(3):
        spool.add(arrow(MESSAGES, [mail(number)]))
    first, second = spool.tables(), spool.tables()
    next(first)
    assert [table["id"].to_pylist() for table in second] == [["0"], ["1"], ["2"]]
    assert [table["id"].to_pylist() for table in spool.tables(["id"])] == [["0"], ["1"], ["2"]]


def test_heads_are_all_rows_without_the_texts(spool):
    spool.add(arrow(MESSAGES, [mail(1)]))
    spool.add(arrow(MESSAGES, [CALL]))
    heads = whole(spool)
    assert heads["id"].to_pylist() == ["1", "3"]
    assert set(heads.column_names) == set(MESSAGES.names) - set(APART)
    assert heads["source"].to_pylist() == ["", "call.vtt#1"]


def test_nothing_added_is_nothing(spool):
    assert whole(spool).num_rows == 0
    assert list(spool.tables()) == []


@given(st.lists(st.integers(0, 3), max_size=6), st.sets(st.integers(0, 20)))
def test_rows_are_found_in_whatever_table_they_are(sizes, places):
    numbers = iter(range(100))
    with Spool() as made:
        for size in sizes:
            made.add(arrow(MESSAGES, [mail(next(numbers)) for _ in range(size)]))
        wanted = {place for place in places if place < made.rows_added}
        found = list(made.rows(wanted))
    assert [place for place, _ in found] == sorted(wanted)
    assert [row["text"] for _, row in found] == [f"Text {place}" for place in sorted(wanted)]


def test_texts_keep_their_types(spool):
    spool.add(arrow(MESSAGES, [mail(7)]))
    (row,) = to_pandas(next(spool.tables())).to_dict("records")
    assert row["attachments"] == [{"name": "a.pdf", "type": "application/pdf", "bytes": 7}]


def test_some_columns_come_without_the_others(spool):
    spool.add(arrow(MESSAGES, [mail(1), mail(2)]))
    (ids,) = spool.heads(["id"])
    assert ids.to_pydict() == {"id": ["1", "2"]}
