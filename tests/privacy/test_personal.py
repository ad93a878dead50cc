from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.patience import patience
from commsense.privacy.names import People
from commsense.privacy.personal import find_personal, pieces

PEOPLE = People(
    ["Dana Wills", "김민수", "อนงค์ ศรีสุข", "محمد العلي", "Éric Lefèvre", "Grace Page"],
    ["tom.reyes@acme.example", "info@acme.example"],
)


def found(text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.kind) for one in find_personal(text, PEOPLE)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hi Dana, Tom has it.", ["Dana", "Tom"]),
        ("could dana look at it", ["dana"]),
        ("Please ask Mr Okafor about it.", ["Okafor"]),
        ("Hello Zelda, the files are in.", ["Zelda"]),
        ("The files are in.\n\nBest regards,\nZelda", ["Zelda"]),
        ("Grace Page will call.", ["Grace", "Page"]),
        ("Bonjour Monsieur Durand, M. Jean Lefort appelle.", ["Durand", "Jean", "Lefort"]),
        ("안녕하세요 김민수 과장님, 박지영 대리입니다.", ["김민수", "박지영"]),
        ("확인했습니다.\n이서연 드림", ["이서연"]),
        ("คุณสมชายช่วยส่งเอกสารด้วยค่ะ", ["สมชาย"]),
        ("ส่งให้แล้วค่ะ\n\nอนงค์", ["อนงค์"]),
        ("أستاذ محمد، تحياتي لأحمد", ["محمد", "أحمد"]),
    ],
)  # fmt: skip
def test_names_are_found(text, names):
    assert [words for words, kind in found(text) if kind == "name"] == names


@pytest.mark.parametrize(
    "text",
    [
        "Will you be there in May? Mark it as done, it is a Grace period.",
        "Version 10.4.2, 12,500.00 in total, on 2026-03-14 at 09:30.",
        "Order 4500 units by 14.03.2026, that is 12 500 a month.",
        "The plugin is fighting me. I'm late.",
        "แบบหน้าแรกใหม่มาแล้ว",
        "고객님, 사장님께 여쭤 보겠습니다.",
        "نرسل لكم التقرير يوم الأحد",
    ],
)
def test_what_only_looks_like_a_person_stays(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("Call +44 20 7946 0018 now", "+44 20 7946 0018", "phone"),
        ("au 06 12 34 56 78.", "06 12 34 56 78", "phone"),
        ("010-1234-5678로 연락 주세요", "010-1234-5678", "phone"),
        ("โทร ๐๘๑-๒๓๔-๕๖๗๘", "๐๘๑-๒๓๔-๕๖๗๘", "phone"),
        ("رقم الجوال ٠٥٥١٢٣٤٥٦٧", "٠٥٥١٢٣٤٥٦٧", "phone"),
        ("to GB29 NWBK 6016 1331 9268 19 please", "GB29 NWBK 6016 1331 9268 19", "account"),
        ("customer no. KD-48213", "KD-48213", "account"),
        ("계좌 110-234-567890으로", "110-234-567890", "account"),
        ("or dana.wills@acme.example.", "dana.wills@acme.example", "address"),
    ],
)
def test_numbers_and_addresses_are_found(text, words, kind):
    assert (words, kind) in found(text)


@given(st.text())
def test_the_pieces_make_the_text_again(text):
    assert "".join(part for part, _ in pieces(text, find_personal(text, PEOPLE))) == text


@given(st.text(alphabet="+0123456789 -.()@ aZéกั김수محم\n,", max_size=300))
def test_ranges_are_in_order_and_apart(text):
    ranges = find_personal(text, PEOPLE)
    assert all(one.start < one.end for one in ranges)
    assert all(one.end <= two.start for one, two in pairwise(ranges))


@pytest.mark.parametrize("piece", ["0 ", "a.", "A1-", "김", "คุณ", "(+", "Mr. X ", "@a.", "compte "])
def test_a_hostile_text_is_read_in_time(piece):
    text = piece * 20_000
    with patience(20):  # raises when time is up
        assert all(one.end <= len(text) for one in find_personal(text, PEOPLE))
