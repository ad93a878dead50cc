"""Who is ours, who is which client's, in mail and in calls."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.addresses import is_free_mail, normalise_address, organisation, stem
from commsense.ingest.names import given_names, name_key
from commsense.ingest.parties import assign
from commsense.ingest.spool import HEAD, TableFile
from commsense.profiles import ClientProfile
from commsense.schema import MESSAGES, Message, arrow, to_arrow

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
US = "us.example"


def mail(author, *to, name="", **more):
    key = more.pop("id", f"{author}>{to}{name}")
    return Message(id=key, text="x", author=author, author_name=name, recipients=list(to), **more)


def turns(*speakers, call="call-1", **more):
    return [
        Message(
            id=f"{call}.{i}",
            text="x",
            channel="call",
            conversation_id=call,
            author=speaker,
            author_name=speaker,
            **more,
        )
        for i, speaker in enumerate(speakers)
    ]


def parties(messages, us=(US,), profiles=()):
    told = assigned(messages, us, profiles)
    return list(zip(told["side"].to_pylist(), told["client"].to_pylist(), strict=True))


def assigned(messages, us, profiles=(), at_once=2):
    """Tell sides and clients of messages that come in several tables, as when they are read."""
    table = arrow(MESSAGES, messages).select(HEAD.names)
    with TableFile(HEAD) as heads:
        for start in range(0, len(messages), at_once):
            heads.add(table.slice(start, at_once))
        return assign(heads, table["conversation_id"].combine_chunks(), us, profiles)


def party(*messages, **more):
    return parties(messages, **more)[0]


class TestMail:
    def test_a_client_by_its_domain(self):
        assert party(mail("ann@acme.example", "bob@us.example")) == ("client", "acme.example")

    def test_our_mail_belongs_to_its_recipient(self):
        assert party(mail("bob@us.example", "ann@acme.example")) == ("provider", "acme.example")

    def test_our_sub_domains_are_ours(self):
        assert party(mail("bob@mail.kr.us.example", "a@acme.example"))[0] == "provider"

    def test_a_domain_that_only_ends_alike_is_not_ours(self):
        assert party(mail("bob@notus.example", "b@us.example")) == ("client", "notus.example")

    def test_one_address_can_be_us(self):
        rows = [mail("me@gmail.com", "ann@acme.example"), mail("you@gmail.com", "me@gmail.com")]
        assert parties(rows, us=["Me+work@googlemail.com"]) == [
            ("provider", "acme.example"),
            ("client", "you@gmail.com"),
        ]

    def test_mail_among_us_is_nobodys(self):
        assert party(mail("bob@us.example", "may@us.example")) == ("provider", None)

    def test_free_mail_is_a_client_by_address(self):
        assert party(mail("kim.mj@naver.com", "b@us.example")) == ("client", "kim.mj@naver.com")

    def test_mail_servers_are_not_part_of_the_client(self):
        assert party(mail("ann@mail.acme.example", "b@us.example")) == ("client", "acme.example")

    def test_tags_and_capitals_do_not_make_another_client(self):
        rows = [
            mail("Jo+Lists@GoogleMail.com", "b@us.example"),
            mail("jo@gmail.com", "b@us.example"),
        ]
        assert {client for _, client in parties(rows)} == {"jo@gmail.com"}

    def test_most_recipients_decide(self):
        to = ["a@acme.example", "b@acme.example", "c@other.example", "d@us.example"]
        assert party(mail("bob@us.example", *to))[1] == "acme.example"

    def test_on_a_tie_the_party_of_most_mails_decides(self):
        rows = [
            mail("bob@us.example", "z@other.example", "a@acme.example"),
            mail("z@other.example", "bob@us.example"),
        ]
        assert parties(rows)[0][1] == "other.example"

    def test_a_described_client_comes_first_among_recipients(self):
        to = ["a@law.example", "b@law.example", "c@acme.example"]
        profile = ClientProfile("Acme", domains=("acme.example",))
        assert party(mail("bob@us.example", *to), profiles=[profile])[1] == "Acme"

    def test_profiles_by_address_then_by_domain_with_sub_domains(self):
        profiles = [
            ClientProfile("acme", domains=("acme.example",)),
            ClientProfile("shop", domains=("shop.acme.example",), addresses=("jo@gmail.com",)),
        ]
        rows = [
            mail(a, "b@us.example")
            for a in ("a@kr.acme.example", "a@shop.acme.example", "jo@gmail.com")
        ]
        assert [client for _, client in parties(rows, profiles=profiles)] == [
            "acme",
            "shop",
            "shop",
        ]

    def test_who_writes_from_home_is_still_of_the_company(self):
        rows = [
            mail("ann.li@gmail.com", "b@us.example", name="Li, Ann"),
            mail("ann@acme.example", "b@us.example", name="Ann Li"),
        ]
        assert parties(rows)[0] == ("client", "acme.example")

    def test_a_given_name_alone_makes_nobody_of_a_company(self):
        rows = [
            mail("ann1@gmail.com", "b@us.example", name="Ann"),
            mail("ann@acme.example", "b@us.example", name="Ann"),
        ]
        assert parties(rows)[0][1] == "ann1@gmail.com"

    def test_sides_and_clients_that_are_given_are_kept(self):
        row = mail("ann@acme.example", "b@us.example", side="provider", client="Kept")
        assert party(row) == ("provider", "Kept")

    @pytest.mark.parametrize("side", ["client", "provider"])
    def test_the_author_may_be_a_side(self, side):
        row = Message(id="1", text="x", author=side.title(), client="acme")
        assert party(row, us=()) == (side, "acme")

    def test_a_message_without_recipients_has_its_threads_client(self):
        rows = [
            mail("ann@acme.example", "b@us.example", conversation_id="t"),
            mail("provider", conversation_id="t"),
        ]
        assert parties(rows)[1] == ("provider", "acme.example")

    def test_nothing_is_known_of_a_bare_text(self):
        assert party(Message(id="1", text="x"), us=()) == (None, None)


class TestOwner:
    """Without a word on who we are."""

    def test_who_writes_to_everybody_is_us_even_if_one_client_writes_more(self):
        rows = [mail("ann@acme.example", "bob@us.example", id=str(i)) for i in range(6)]
        rows += [mail("bob@us.example", f"x@client{i}.example") for i in range(4)]
        rows += [mail(f"x@client{i}.example", "bob@us.example") for i in range(4)]
        assert set(parties(rows, us=())[6:10]) == {
            ("provider", f"client{i}.example") for i in range(4)
        }

    def test_of_two_who_write_to_each_other_it_is_who_writes_more(self):
        rows = [mail("bob@us.example", "ann@acme.example", id=str(i)) for i in range(3)]
        rows += [mail("ann@acme.example", "bob@us.example")]
        assert parties(rows, us=())[-1] == ("client", "acme.example")

    def test_a_lone_mail_was_received(self):
        row = mail("ann@acme.example", "bob@us.example")
        assert party(row, us=()) == ("client", "acme.example")

    def test_an_inbox_belongs_to_who_receives_all_of_it(self):
        rows = [mail(f"x@client{i}.example", "bob@us.example") for i in range(3)]
        assert parties(rows, us=()) == [("client", f"client{i}.example") for i in range(3)]

    def test_an_outbox_belongs_to_its_sender(self):
        rows = [mail("bob@us.example", f"x@client{i}.example") for i in range(3)]
        assert parties(rows, us=()) == [("provider", f"client{i}.example") for i in range(3)]

    def test_without_recipients_it_is_who_sends_most(self):
        rows = [mail("bob@us.example", id=str(i), conversation_id="t") for i in range(3)]
        rows += [mail("ann@acme.example", conversation_id="t"), mail("li@other.example")]
        assert parties(rows, us=())[0] == ("provider", "acme.example")
        assert parties(rows, us=())[-1] == ("client", "other.example")

    def test_a_lone_sender_without_recipients_is_a_client(self):
        assert party(mail("ann@acme.example"), us=()) == ("client", "acme.example")

    def test_newsletters_own_nothing(self):
        rows = [
            mail("news@shop.example", "bob@us.example", id=str(i), automatic=True) for i in range(9)
        ]
        rows += [
            mail("bob@us.example", "ann@acme.example"),
            mail("ann@acme.example", "bob@us.example"),
        ]
        rows += [mail("bob@us.example", "li@other.example")]
        assert parties(rows, us=())[-1] == ("provider", "other.example")

    def test_a_private_mailbox_belongs_to_an_address(self):
        rows = [mail("me@gmail.com", f"x@client{i}.example") for i in range(3)]
        rows += [mail("you@gmail.com", "me@gmail.com")]
        assert parties(rows, us=())[-1] == ("client", "you@gmail.com")

    def test_described_clients_are_not_us(self):
        rows = [mail("ann@acme.example", "bob@us.example", id=str(i)) for i in range(5)]
        rows += [mail("bob@us.example", "ann@acme.example")]
        profile = ClientProfile("acme", domains=("acme.example",))
        assert parties(rows, us=(), profiles=[profile])[0] == ("client", "acme")


PEOPLE = [
    mail("nora@acme.example", "bob@us.example", name="Dr. Nora Haddad"),
    mail("bob@us.example", "nora@acme.example", name="Bob Stone"),
    mail("minji@us.example", "nora@acme.example", name="김민지"),
    mail("somchai@thaico.example", "bob@us.example", name="คุณสมชาย ใจดี"),
]


def call(*speakers, people=PEOPLE, us=(US,), profiles=(), **more):
    rows = [*people, *turns(*speakers, **more)]
    found = parties(rows, us=us, profiles=profiles)[len(people) :]
    clients = {client for _, client in found}
    assert len(clients) == 1
    return dict(zip(speakers, [side for side, _ in found], strict=True)), clients.pop()


class TestCalls:
    def test_by_the_names_of_the_clients_file(self):
        profile = ClientProfile("th", speakers=("พิมพ์ชนก",))
        sides, client = call("Bob Stone", "คุณพิมพ์ชนก", profiles=[profile])
        assert (sides, client) == ({"Bob Stone": "provider", "คุณพิมพ์ชนก": "client"}, "th")

    @pytest.mark.parametrize(
        "label",
        [
            "Nora Haddad",
            "HADDAD, Nora",
            "Nora Haddad (Guest)",
            "Mme Nora  Haddad",
            "nora@acme.example",
        ],
    )
    def test_by_the_display_names_in_mail(self, label):
        assert call(label, "Bob Stone")[1] == "acme.example"

    def test_by_given_names_once_the_client_is_known(self):
        sides, client = call("Nora Haddad", "Bob", "민지")
        assert client == "acme.example"
        assert sides["Bob"] == sides["민지"] == "provider"

    def test_by_a_thai_name_with_its_title(self):
        assert call("สมชาย ใจดี", "Bob")[1] == "thaico.example"

    def test_a_given_name_alone_names_no_client(self):
        assert call("Nora", "Someone Else")[1] is None

    def test_another_person_of_the_same_given_name_is_not_ours(self):
        sides, _ = call("Nora Haddad", "Bob Miller", "Bob Stone")
        assert sides["Bob Miller"] == "client"

    @pytest.mark.parametrize("label", ["Lee Wong (Acme)", "Lee Wong | ACME", "Lee Wong @ Acme"])
    def test_by_the_company_within_the_label(self, label):
        sides, client = call(label, "Bob Stone")
        assert (sides[label], client) == ("client", "acme.example")

    def test_our_own_company_within_the_label(self):
        sides, _ = call("Jo Nguyen (Us)", "Nora Haddad")
        assert sides["Jo Nguyen (Us)"] == "provider"

    def test_the_other_side_of_a_known_client_is_the_unknown_speaker(self):
        sides, _ = call("Nora Haddad", "SPEAKER_01")
        assert sides["SPEAKER_01"] == "provider"

    def test_unknown_speakers_beside_ours_are_the_clients(self):
        sides, _ = call("Bob Stone", "Nora Haddad", "Guest 1", "Guest 2")
        assert sides["Guest 1"] == sides["Guest 2"] == "client"

    @pytest.mark.parametrize(
        ("theirs", "ours"),
        [
            ("CUSTOMER", "AGENT"),
            ("client", "provider"),
            ("고객", "상담원"),
            ("ลูกค้า", "พนักงาน"),
            ("العميل", "الموظف"),
        ],
    )
    def test_roles_are_believed(self, theirs, ours):
        sides, client = call(theirs, ours, people=[])
        assert sides == {theirs: "client", ours: "provider"}
        assert client is None

    def test_the_file_name_names_the_client_at_last(self):
        sides, client = call("Bob Stone", "Someone", source="calls/2025-03-04-acme.vtt")
        assert (sides["Someone"], client) == ("client", "acme.example")

    def test_the_title_names_the_client(self):
        profile = ClientProfile("th", name="Baan Rak Resorts", domains=("brr.example",))
        assert (
            call("A One", "B Two", subject="Baan-Rak Resorts weekly", profiles=[profile])[1] == "th"
        )

    def test_a_title_with_two_clients_names_none(self):
        assert call("Bob Stone", "X", subject="Acme and Thaico")[1] is None

    def test_a_call_among_us_is_nobodys_whatever_its_title(self):
        sides, client = call("Bob Stone", "김민지", subject="Preparing acme")
        assert (set(sides.values()), client) == ({"provider"}, None)

    def test_listed_participants_name_the_client(self):
        listed = ["Nora Haddad <nora@acme.example>", "Bob Stone"]
        assert call("SPEAKER_00", "SPEAKER_01", recipients=listed)[1] == "acme.example"

    def test_a_client_given_for_one_turn_holds_for_the_call(self):
        rows = turns("Ann", "Lee")
        rows[1].client = "kept"
        assert {client for _, client in parties(rows)} == {"kept"}

    def test_an_unknown_call_is_nobodys(self):
        sides, client = call("SPEAKER_00", "SPEAKER_01", people=[])
        assert (set(sides.values()), client) == ({None}, None)


WORDS = st.sampled_from(
    ["ann@acme.example", "b@us.example", "Ann", "client", "", "<>", "김민지", "@", "a@b@c"]
)
ROWS = st.builds(
    lambda author, to, channel, call: Message(
        id="i", text="x", author=author, recipients=to, channel=channel, conversation_id=call
    ),
    st.one_of(WORDS, st.text(max_size=20)),
    st.lists(st.one_of(WORDS, st.text(max_size=20)), max_size=3),
    st.sampled_from(["email", "call"]),
    st.sampled_from(["", "one", "two"]),
)


@given(st.lists(ROWS, max_size=12), st.sampled_from([(), ("us.example",), ("b@us.example", "")]))
def test_no_input_fails_and_every_row_has_its_answer(rows, us):
    told = assigned(rows, us)
    assert told.num_rows == len(rows)
    assert set(told["side"].to_pylist()) <= {"client", "provider", None}
    for row, side in zip(rows, told["side"].to_pylist(), strict=True):
        word = row.author.strip().lower()
        assert side == word or row.channel == "call" or word not in ("client", "provider")


def test_many_mails_to_many_clients_are_told_apart():
    several = 50_000  # squared, more than 32 bits
    mails = pa.table(
        {
            "id": map(str, range(several)),
            "author": ["me@us.example"] * several,
            "recipients": [[f"a@c{number}.example"] for number in range(several)],
            "automatic": [False] * several,
        }
    )
    heads = to_arrow(HEAD, mails.to_pandas())
    with TableFile(HEAD) as file:
        file.add(heads)
        told = assign(file, pa.nulls(several, pa.string()), [US])
    assert told["client"].to_pylist() == [f"c{number}.example" for number in range(several)]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Ann.Li@Acme.Example", "ann.li@acme.example"),
        ("Ann Li <ann@acme.example>", "ann@acme.example"),
        ('"Li, Ann" <ann+x+y@acme.example>', "ann@acme.example"),
        ("jo@googlemail.com", "jo@gmail.com"),
        (" <ann@acme.example.> ", "ann@acme.example"),
        ("+1@sms.example", "+1@sms.example"),
        ("Someone", "someone"),
        ("", ""),
    ],
)
def test_normalise_address(written, normal):
    assert normalise_address(written) == normal


def test_domains():
    assert organisation("e.mail.acme.co.uk") == "acme.co.uk"
    assert organisation("mail.co.uk") == "mail.co.uk"
    assert [stem(name) for name in ("acme.example", "shop.acme.co.kr", "acme.fr")] == ["acme"] * 3
    assert all(
        map(is_free_mail, ["gmail.com", "yahoo.co.th", "hotmail.fr", "naver.com", "orange.fr"])
    )
    assert not any(map(is_free_mail, ["acme.example", "live.acme.com", "yahoo.acme.example"]))


def test_names():
    assert name_key("BENJELLOUN, Nadia (Guest)") == name_key("Mme Nadia Benjelloun")
    assert name_key("Céline Dupré") == name_key("Celine DUPRE")
    assert name_key("د. سلمى العتيبي") == name_key("سلمى العتيبي")
    assert name_key("คุณธนา") == name_key("ธนา")
    assert given_names("김민지") == ("김민지", "민지")
