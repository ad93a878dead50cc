from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.correspondents import Correspondents
from commsense.ingest.spool import HEAD, TableFile
from commsense.schema import MESSAGES, Message, arrow

ADDRESSES = st.sampled_from(["ann@a.example", "Ann <ANN@a.example>", "bob+x@b.example", "", "Zoë"])
MAILS = st.builds(
    lambda author, name, to, channel, automatic: Message(
        id="i",
        text="x",
        author=author,
        author_name=name,
        recipients=to,
        channel=channel,
        automatic=automatic,
    ),
    ADDRESSES,
    st.sampled_from(["", "Ann", "Bob"]),
    st.lists(ADDRESSES, max_size=3),
    st.sampled_from(["email", "email", "call"]),
    st.booleans(),
)


def read(messages: list[Message], at_once: int = 2) -> Correspondents:
    table = arrow(MESSAGES, messages).select(HEAD.names)
    with TableFile(HEAD) as heads:
        for start in range(0, len(messages), at_once):
            heads.add(table.slice(start, at_once))
        return Correspondents.of(heads)


def test_one_mailbox_is_one_number_however_it_is_written():
    mails = [
        Message("1", "", author="Ann <ANN@a.example>", recipients=["bob@b.example"]),
        Message("2", "", author="bob+news@b.example", recipients=["ann@a.example"]),
        Message("3", "", author="ann@a.example"),
    ]
    told = read(mails)
    assert told.addresses == ["ann@a.example", "bob@b.example"]
    assert told.author.tolist() == [0, 1, 0]
    assert told.recipient.tolist() == [1, 0]
    assert told.row.tolist() == [0, 1]


@given(st.lists(MAILS, max_size=7))
def test_mails_alone_are_read_and_each_as_it_is(messages):
    told = read(messages)
    mails = [one for one in messages if one.channel == "email"]
    assert [told.names[number] for number in told.name] == [one.author_name for one in mails]
    assert told.automatic.tolist() == [one.automatic for one in mails]
    received = [told.row.tolist().count(row) for row in range(len(mails))]
    assert received == [len(one.recipients) for one in mails]
    assert len(set(told.addresses)) == len(told.addresses)


def test_no_mails_are_no_people():
    assert read([]).addresses == []
