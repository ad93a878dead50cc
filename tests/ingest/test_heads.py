import pyarrow as pa

from commsense.ingest.heads import is_mail, mails
from commsense.ingest.spool import HEAD, TableFile
from commsense.schema import MESSAGES, Message, arrow


def test_what_is_no_call_is_mail():
    table = pa.table({"channel": ["email", "call", None]})
    assert is_mail(table).tolist() == [True, False, True]


def test_the_mails_of_each_table_come_with_the_columns_asked_for():
    first = [Message("1", "", subject="a"), Message("2", "", subject="b", channel="call")]
    with TableFile(HEAD) as heads:
        for messages in (first, [Message("3", "", subject="c")]):
            heads.add(arrow(MESSAGES, messages).select(HEAD.names))
        found = list(mails(heads, "subject", "id"))
    assert [table.select(["subject", "id"]).to_pylist() for table in found] == [
        [{"subject": "a", "id": "1"}],
        [{"subject": "c", "id": "3"}],
    ]
