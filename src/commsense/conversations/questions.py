"""Questions: what they ask about, and what kind of answer they call for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from commsense.conversations.terms import terms
from commsense.conversations.texts import cues, normalise


class Asks(StrEnum):
    """What kind of answer a question calls for."""

    YES_NO = "yes_no"
    TIME = "time"
    AMOUNT = "amount"
    REASON = "reason"
    PERSON = "person"
    OPEN = "open"


_KINDS = (
    (
        Asks.TIME,
        r" when | what time | what date | which day | how soon | quand | à quelle heure |"
        r" quelle date | quel jour | متي | اي ساعة | اي يوم |언제|몇 시|며칠|몇 월|날짜|เมื่อไหร่|"
        r"เมื่อไร|กี่โมง|วันไหน|how long|combien de temps|deadline|délai",
    ),
    (
        Asks.AMOUNT,
        r" how much | how many | what price | budget | combien | quel prix |"
        r" quel montant | كم |얼마|몇 ?(?:개|명|건|번|장|부|통|대|권|벌|병|상자|박스|시간|분)|"
        r"เท่าไหร่|เท่าไร|กี่(?:คน|บาท|ชิ้น|วัน)",
    ),
    (Asks.REASON, r" why | how come | pourquoi | لماذا | لم | ليش |왜|이유|ทำไม|เพราะอะไร|สาเหตุ"),
    (Asks.PERSON, r" who | whom | à qui | qui | من هو | من المسؤول | مع من |누가|누구|어느 분|ใคร"),
    (
        Asks.OPEN,
        r" what | which | how | where | quel | quelle | quels | quelles | comment | où |"
        r" que | qu | quoi | lequel | laquelle | ما | ماذا | كيف | اين | اي |무엇|뭐|뭘|어떤|"
        r"어떻게|어디|어느|무슨|อะไร|ยังไง|อย่างไร|ที่ไหน|ไหนดี|แบบไหน|อันไหน",
    ),
)
_KIND_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that expects an answer.

    Attributes
    ----------
    text, normalised : str
        The sentence, as written and as :func:`normalise` gives it.
    terms : frozenset of str
        What it asks about.
    asks : Asks
    for_opinion : bool
        Whether a view is asked for.
    """

    text: str
    normalised: str
    terms: frozenset[str]
    asks: Asks
    for_opinion: bool


def question_of(sentence: str) -> Question:
    """Return a sentence as a question, whether it is one or not."""
    normalised = normalise(sentence)
    return Question(
        text=sentence,
        normalised=normalised,
        terms=terms(normalised),
        asks=kind_of(normalised),
        for_opinion=cues("opinion_request").within(normalised),
    )


def kind_of(normalised: str) -> Asks:
    """Return what kind of answer a normalised sentence calls for, should it ask."""
    for kind, pattern in _KIND_PATTERNS:
        if pattern.search(normalised):
            return kind
    return Asks.YES_NO
