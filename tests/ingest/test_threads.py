"""Threads of mail: ids first, subjects only where everything else fits."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.spool import HEAD, TableFile
from commsense.ingest.subjects import base_subject, is_reply, is_trivial
from commsense.ingest.threads import thread_ids
from commsense.schema import MESSAGES, Message, frame, to_arrow

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
ANN, BOB, EVE = "ann@acme.example", "bob@us.example", "eve@other.example"


def mail(key, day=0.0, author=ANN, to=(BOB,), subject="", answers="", references=(), **more):
    return Message(
        id=key,
        text="words",
        sent_at=None if day is None else START + timedelta(days=day),
        author=author,
        recipients=list(to),
        subject=subject,
        in_reply_to=answers,
        references=list(references),
        **more,
    )


def link(messages: pd.DataFrame, at_once: int = 3) -> pd.DataFrame:
    """Give each message its thread; they come in several tables, as when they are read."""
    table = to_arrow(MESSAGES, messages).select(HEAD.names)
    with TableFile(HEAD) as heads:
        for start in range(0, len(messages), at_once):
            heads.add(table.slice(start, at_once))
        threads = pd.Series(thread_ids(heads).to_pylist(), index=messages.index, dtype=object)
        return messages.assign(conversation_id=threads)


def linked(*messages):
    table = link(frame(MESSAGES, messages))
    return dict(zip(table["id"], table["conversation_id"], strict=True))


def test_in_reply_to_joins():
    of = linked(mail("a"), mail("b", answers="a"), mail("c"))
    assert of["a"] == of["b"] != of["c"]


def test_brackets_around_ids_do_not_matter():
    of = linked(mail("a@x"), mail("b@x", answers="<a@x>"), mail("c@x", references=["<b@x>"]))
    assert len(set(of.values())) == 1


def test_two_answers_to_a_mail_that_is_missing_are_one_thread():
    of = linked(mail("b", 1, answers="gone@x"), mail("c", 2, references=["gone@x"]))
    assert of["b"] == of["c"]


def test_the_thread_keeps_its_id_when_the_missing_first_mail_turns_up():
    answers = mail("b", 1, answers="root@x"), mail("c", 2, references=["root@x", "b"])
    assert linked(*answers)["c"] == linked(*answers, mail("root@x", 0))["c"]


def test_a_chain_of_references_joins_across_missing_mails():
    of = linked(mail("a"), mail("d", 3, references=["a", "b", "c"]), mail("c", 2))
    assert len(set(of.values())) == 1


def test_a_mail_that_names_itself_is_a_thread_of_its_own():
    of = linked(mail("a", answers="a", references=["a"]), mail("b"))
    assert of["a"] != of["b"]


@pytest.mark.parametrize("junk", [",", "<>", "Tuesday", "6667", "@", " "])
def test_junk_in_the_headers_joins_nobody(junk):
    of = linked(mail("a", 1, answers=junk), mail("b", 2, references=[junk, "c@x"]))
    assert of["a"] != of["b"]


def test_a_loop_of_references_ends():
    of = linked(mail("a", 0, answers="b"), mail("b", 1, answers="a"))
    assert of["a"] == of["b"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Site launch plan", "Re: Site launch plan"),
        ("Plan de lancement", "RE : Plan de lancement"),
        ("خطة الإطلاق الجديدة", "رد: خطة الإطلاق الجديدة"),
        ("사이트 오픈 일정", "답장: RE: 사이트 오픈 일정"),
        ("แผนเปิดเว็บไซต์", "ตอบกลับ: แผนเปิดเว็บไซต์"),
    ],
)
def test_a_reply_without_ids_is_joined_by_its_subject(first, second):
    of = linked(mail("a", 0, subject=first), mail("b", 2, BOB, [ANN], second))
    assert of["a"] == of["b"]


@pytest.mark.parametrize(
    "answer",
    [
        mail("b", 2, BOB, [ANN], "Site launch plan"),  # no prefix
        mail("b", 31, BOB, [ANN], "Re: Site launch plan"),  # too late
        mail("b", 2, EVE, [BOB], "Re: Site launch plan"),  # only the mailbox's owner in common
        mail("b", 2, BOB, [EVE], "Re: Site launch plan"),
        mail("b", None, BOB, [ANN], "Re: Site launch plan"),  # when?
        mail("b", 2, BOB, [ANN], "Fwd: Site launch plan"),  # a forward is no answer
    ],
)
def test_the_same_subject_alone_joins_nothing(answer):
    of = linked(mail("a", 0, subject="Site launch plan"), answer)
    assert of["a"] != of["b"]


def test_a_common_subject_joins_a_reply_within_days_between_the_same_people():
    of = linked(mail("a", 0, subject="Invoice"), mail("b", 1, BOB, [ANN], "Re: Invoice"))
    assert of["a"] == of["b"]


@pytest.mark.parametrize(
    "answer",
    [
        mail("b", 1, BOB, [ANN], "Invoice"),  # no prefix
        mail("b", 8, BOB, [ANN], "Re: Invoice"),  # too late for this
        mail("b", 1, BOB, [ANN, EVE], "Re: Invoice"),  # somebody else takes part
        mail("b", 1, BOB, [EVE], "Re: Invoice"),
    ],
)
def test_common_subjects_join_nothing_else(answer):
    of = linked(mail("a", 0, subject="Invoice"), answer)
    assert of["a"] != of["b"]


def test_replies_without_a_subject_are_not_joined():
    of = linked(mail("a", 0, subject=""), mail("b", 1, BOB, [ANN], "Re:"))
    assert of["a"] != of["b"]


def test_a_common_subject_s_answer_is_found_among_many_mails_of_others():
    others = [mail(f"o{n}", 0.5, f"p{n}@x.example", subject="Invoice") for n in range(60)]
    of = linked(mail("a", 0, subject="Invoice"), *others, mail("b", 1, BOB, [ANN], "Re: Invoice"))
    assert of["a"] == of["b"] != of["o1"]


def test_an_answer_whose_ids_are_known_is_not_joined_by_subject():
    of = linked(
        mail("a", 0, subject="Site launch plan"),
        mail("x", 0.5, subject="Something else"),
        mail("b", 1, BOB, [ANN], "Re: Site launch plan", answers="x"),
    )
    assert of["b"] == of["x"] != of["a"]


def test_an_answer_goes_to_the_latest_mail_that_fits():
    of = linked(
        mail("old", 0, subject="Weekly numbers for March"),
        mail("new", 7, subject="Weekly numbers for March"),
        mail("b", 8, BOB, [ANN], "Re: Weekly numbers for March"),
    )
    assert of["b"] == of["new"] != of["old"]


def test_calls_keep_their_conversation():
    turn = Message(id="t", text="hi", channel="call", conversation_id="call-1")
    assert linked(turn, mail("a"))["t"] == "call-1"


def test_a_conversation_given_with_the_input_is_kept_and_taken_over_by_answers():
    of = linked(mail("a", conversation_id="case 7"), mail("b", answers="a"))
    assert of == {"a": "case 7", "b": "case 7"}


def test_linking_twice_changes_nothing():
    table = frame(MESSAGES, [mail("a"), mail("b", answers="a"), mail("c")])
    once = link(table)
    assert link(once)["conversation_id"].tolist() == once["conversation_id"].tolist()


def test_a_later_export_joins_what_earlier_ones_had_apart():
    apart = link(frame(MESSAGES, [mail("a"), mail("c", 2, references=["b"])]))
    more = frame(MESSAGES, [mail("b", 1, answers="a")])
    joined = link(pd.concat([apart, more], ignore_index=True))
    assert len(set(joined["conversation_id"])) == 1


def test_an_empty_table_stays_empty():
    assert link(frame(MESSAGES, [])).empty


IDS = st.sampled_from([f"m{i}@x" for i in range(12)])
SUBJECTS = st.sampled_from(
    ["", "Site launch plan", "Re: Site launch plan", "RE: Hello", "답장: 일정 공유"]
)


@st.composite
def mailboxes(draw):
    people = st.sampled_from([ANN, BOB, EVE])
    return [
        mail(
            key,
            draw(st.one_of(st.none(), st.integers(0, 60))),
            draw(people),
            draw(st.lists(people, max_size=2)),
            draw(SUBJECTS),
            draw(st.one_of(st.just(""), IDS)),
            draw(st.lists(IDS, max_size=3)),
        )
        for key in draw(st.lists(IDS, unique=True, max_size=12))
    ]


@given(mailboxes(), st.randoms())
def test_the_order_of_rows_does_not_matter(messages, random):
    shuffled = random.sample(messages, len(messages))
    assert linked(*messages) == linked(*shuffled)


@given(mailboxes())
def test_every_mail_gets_a_thread_and_keeps_its_place(messages):
    table = frame(MESSAGES, messages)
    result = link(table)
    assert result["id"].tolist() == table["id"].tolist()
    assert all(name.startswith("thread-") for name in result["conversation_id"])


@given(st.text())
def test_any_subject_is_stripped_once_and_for_all(subject):
    base = base_subject(subject)
    assert base_subject(base) == base


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Re: Fwd: [dev-list] AW: Budget 2025", "budget 2025"),
        ("Re[2]: Budget", "budget"),
        ("SV: VB: Möte", "möte"),
        ("TR: Réunion de mardi", "réunion de mardi"),
        ("回复： 合同", "合同"),
        ("إعادة توجيه: رد: العرض", "العرض"),
        ("ส่งต่อ: ใบเสนอราคา", "ใบเสนอราคา"),
        ("전달: 회신: 견적서 송부", "견적서 송부"),
        ("\u200fRe: \u200fعرض", "عرض"),
        ("Budget (fwd)", "budget"),
        ("Regarding: the move", "regarding: the move"),
        ("Review: the move", "review: the move"),
        ("[only a tag]", "[only a tag]"),
        ("", ""),
    ],
)
def test_base_subject(subject, base):
    assert base_subject(subject) == base


def test_replies_and_forwards_differ():
    assert is_reply("[list] Re: plan")
    assert not is_reply("Fwd: plan")
    assert not is_reply("Report: plan")


def test_trivial_subjects():
    assert all(map(is_trivial, ["", "ok", "invoice", "문의", "2025"]))
    assert not is_trivial("site launch plan")
    assert not is_trivial("견적서 송부")
