"""How likely the parties of a thread disagree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsense.conversations.debate_model import named_features, observe, shipped_debate_model
from commsense.conversations.threads import Thread, threads
from commsense.tagging import load_tagger, tag_messages

Read = Callable[[Sequence[str]], Thread]


@pytest.fixture(scope="session")
def read(tables) -> Read:
    def thread(turns: Sequence[str]) -> Thread:
        messages, _ = tables(turns)
        labels = tag_messages(messages, load_tagger(), evidence=False)
        return next(iter(threads(messages, labels)))

    return thread


FIRM = [
    [
        "We do not accept the surcharge, it was never agreed.",
        "The surcharge stands, it is in the terms.",
        "We see it differently and will not pay it.",
    ],
    [
        "Nous n'acceptons pas ce supplément, il n'a jamais été convenu.",
        "Le supplément est maintenu, il figure aux conditions.",
        "Nous ne partageons pas votre avis et ne le paierons pas.",
    ],
    [
        "لا نقبل هذه الرسوم الإضافية، لم نتفق عليها أبدا.",
        "الرسوم قائمة وهي مذكورة في الشروط.",
        "لا نوافقكم الرأي ولن ندفعها.",
    ],
    [
        "추가 요금은 받아들일 수 없습니다. 합의한 적이 없습니다.",
        "추가 요금은 약관에 있으므로 그대로 청구하겠습니다.",
        "저희 생각은 다릅니다. 지불하지 않겠습니다.",
    ],
    [
        "เราไม่ยอมรับค่าใช้จ่ายเพิ่มนี้ ไม่เคยตกลงกันไว้",
        "ค่าใช้จ่ายนี้ยืนยันตามเงื่อนไขครับ",
        "เราเห็นต่างและจะไม่จ่าย",
    ],
]
CALM = [
    ["Please find the signed form attached.", "Thank you, it has arrived.", "Have a nice weekend."],
    ["Ci-joint le formulaire signé.", "Merci, il est bien arrivé.", "Parfait, bon week-end."],
    ["تجدون مرفقا النموذج موقعا.", "شكرا، وصلنا.", "ممتاز، عطلة سعيدة."],
    ["서명한 양식을 첨부합니다.", "감사합니다. 잘 받았습니다.", "네, 좋은 주말 보내세요."],
    ["แนบแบบฟอร์มที่เซ็นแล้วมาค่ะ", "ขอบคุณครับ ได้รับแล้ว", "ดีค่ะ สุดสัปดาห์ที่ดีนะคะ"],
]
PARTIES = ("client", "provider", "client")


@pytest.mark.parametrize(("firm", "calm"), [*zip(FIRM, CALM, strict=True)])
def test_who_disagrees_is_told_from_who_does_not(read: Read, firm, calm) -> None:
    both = [
        read([f"{party}: {text}" for party, text in zip(PARTIES, texts, strict=True)])
        for texts in (firm, calm)
    ]
    disagreeing, agreeing = shipped_debate_model().unresolved.probabilities(observe(both))
    assert disagreeing > 0.5 > agreeing
    assert shipped_debate_model().holds(both) == [(True, True), (False, False)]


def test_a_way_out_makes_it_less_likely_that_a_debate_is_unresolved(read: Read) -> None:
    turns = [f"{party}: {text}" for party, text in zip(PARTIES, FIRM[0], strict=True)]
    settled = read(
        [*turns, "provider: Fair enough, let us halve it.", "client: Agreed, thank you."]
    )
    likely = shipped_debate_model().unresolved.probabilities(observe([read(turns), settled]))
    assert likely[0] > likely[1] + 0.2


def test_no_threads_are_judged_in_no_time() -> None:
    assert shipped_debate_model().holds([]) == []


def test_what_is_observed_has_a_column_for_each_name(read: Read) -> None:
    assert observe([read(["client: No."])]).named.shape == (1, len(named_features()))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_any_thread_has_a_probability(tables, texts: list[str]) -> None:
    turns = [f"{PARTIES[i % 3]}: {' '.join(text.split())}" for i, text in enumerate(texts)]
    thread = next(iter(threads(*tables(turns))))
    found = shipped_debate_model().debated.probabilities(observe([thread]))
    assert np.isfinite(found).all()
    assert 0 <= found[0] <= 1
