"""What can be read off a question and the replies to it.

None of these signs decides whether the question was answered; what they are worth is learnt, see
:mod:`commsense.conversations.answer_model` and :mod:`commsense.conversations.view_model`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile

from commsense.conversations.questions import Asks, Question
from commsense.conversations.terms import terms
from commsense.conversations.texts import cues, normalise
from commsense.conversations.threads import Thread, Turn

REPLIES_READ = 4
"""Later replies belong to other questions."""
_OWN_TURNS_READ = 8
SIGNS = (
    "asks_yes_no",
    "asks_time",
    "asks_amount",
    "asks_reason",
    "asks_person",
    "asks_open",
    "in_call",
    "opens_thread",
    "is_alone",
    "is_of_many",
    "is_first",
    "is_last",
    "is_chief",
    "is_aside",
    "for_opinion",
    "offers",
    "asks_for_something",
    "has_mark",
    "question_words",
    "turn_words",
    "reply_words",
    "reply_words_a_question",
    "reply_brief",
    "reply_short",
    "reply_thanks",
    "reply_puts_off",
    "reply_withholds",
    "reply_says_yes_or_no",
    "reply_has_time",
    "reply_has_number",
    "reply_gives_reason",
    "reply_hands_over",
    "reply_gives_view",
    "reply_asks_back",
    "reply_states_something",
    "reply_says_more_than_thanks",
    "reply_lists_as_many",
    "reply_fits",
    "reply_fits_freely",
    "no_reply",
    "several_replies",
    "turns_after",
    "asker_speaks_again",
    "asker_repeats",
    "shared",
    "shared_by_first",
    "shares_any",
    "shared_by_several",
)
"""The names of the signs, in their order."""
_BRIEF = 8
_SHORT = 30
"""Words up to which a reply is brief, or short."""

_TIME = re.compile(
    r"\d{1,2}[:h]\d{2}|\b\d{1,2}(?:st|nd|rd|th)?\b|\b(?:mon|tues|wednes|thurs|fri|"
    r"satur|sun)day\b|tomorrow|tonight|today|next week|next month|"
    r"this week|this month|end of|by the end|in \w+ (?:days|weeks|months)|days|weeks|"
    r"soon|noon|\bonce\b|as soon as|\bafter\b|\bbefore\b|\buntil\b|dès que|\baprès\b|\bavant\b|"
    r"\bjusqu|\bبعد\b|\bقبل\b|\bحالما\b|فجر|ظهرا|عصرا|이후|이전|끝나면|되면|หลังจาก|ก่อน|ทันทีที่|"
    r"january|february|march|april|\bmay\b|june|july|august|"
    r"september|october|november|december|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"dimanche|demain|aujourd|semaine|mois|janvier|février|"
    r"mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|midi|matin|"
    r"soir|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعة|السبت|"
    r"غدا|اليوم|الاسبوع|الشهر|الساعة|صباحا|مساء|월|화요일|수요일|목요일|금요일|토요일|일요일|내일|오늘|모레|"
    r"다음 주|이번 주|오전|오후|까지|"
    r"จันทร์|อังคาร|พุธ|พฤหัส|ศุกร์|เสาร์|อาทิตย์|พรุ่งนี้|วันนี้|สัปดาห์|เดือน|โมง|"
    r"วันที่|ภายใน|เช้า|บ่าย",
)
_NUMBER = re.compile(
    r"\d|[٠-٩๐-๙]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|"
    r"thousand|half|none|free|couple|several|included|extra)\b|"
    r"\b(?:deux|trois|quatre|cinq|sept|huit|neuf|dix|cent|cents|mille|gratuit|compris|"
    r"offert|plusieurs)\b|الف|مشمول|"
    r"مئة|مائة|خمس|عشر|ثلاث|اربع|مجان|"
    r"만 ?원|[십백천만] ?(?:원|장|개|명|건|부|통|대|시간|일)|천|백만|무료|하나|둘|셋|"
    r"บาท|พัน|หมื่น|แสน|ล้าน|ร้อย|ฟรี"
)
_OPINION_WORDS = re.compile(
    r"\b(?:i|we) (?:think|prefer|like|would|d|believe|feel|recommend|suggest|love)\b|"
    r"\bmy (?:view|opinion|preference)\b|"
    r"\b(?:je|nous) (?:pense|pensons|préfère|préférons|trouve|trouvons|crois|"
    r"recommande)|à mon avis|selon moi|"
    r"اعتقد|افضل|نفضل|اري ان|نري ان|في رايي|برايي|اقترح|نقترح|"
    r"생각합니다|생각해요|좋을 것 같|좋겠|선호|제안|추천|"
    r"คิดว่า|ชอบ|แนะนำ|เสนอ|อยากได้"
)


@dataclass(frozen=True)
class Asked:
    """A question in its thread.

    Attributes
    ----------
    thread : Thread
    position : int
        Of the turn that asks.
    question : Question
    beside : tuple of Question
        All questions of the turn, this one among them.
    """

    thread: Thread
    position: int
    question: Question
    beside: tuple[Question, ...]

    @property
    def turn(self) -> Turn:
        """The turn that asks."""
        return self.thread.turns[self.position]

    @cached_property
    def replies(self) -> list[Turn]:
        """The next turns of other parties."""
        return self.thread.replies(self.position, REPLIES_READ)

    @cached_property
    def sentences(self) -> list[str]:
        """What the replies say, sentence by sentence."""
        return [sentence for reply in self.replies for sentence in reply.sentences]

    @cached_property
    def signs(self) -> dict[str, float]:
        """The question's signs, the same names for each."""
        return {**_of_question(self), **_of_first_reply(self), **_of_all_replies(self)}

    @cached_property
    def own_terms(self) -> frozenset[str]:
        """What only this question of its turn asks about, where the turn asks several."""
        times = Counter(term for other in self.beside for term in other.terms)
        own = frozenset(term for term in self.question.terms if times[term] == 1)
        return own or self.question.terms

    @cached_property
    def other_terms(self) -> frozenset[str]:
        """What the turn's other questions ask about."""
        others = (other.terms for other in self.beside if other is not self.question)
        return frozenset().union(*others) - self.own_terms


def asked_in(thread: Thread) -> Iterator[Asked]:
    """Yield the questions of a thread that the other side may answer, as far as it knows them."""
    for position, turn in enumerate(thread.turns):
        if not turn.inward:
            beside = tuple(thread.questions[turn])
            for question in beside:
                yield Asked(thread, position, question, beside)


def _of_question(asked: Asked) -> dict[str, float]:
    question, turn, beside = asked.question, asked.turn, asked.beside
    kinds = {f"asks_{kind}": float(question.asks == kind) for kind in Asks}
    return kinds | {
        "in_call": float(turn.channel == "call"),
        "opens_thread": float(asked.position == 0),
        "is_alone": float(len(beside) == 1),
        "is_of_many": float(len(beside) > 2),
        "is_first": float(question is beside[0]),
        "is_last": float(question is beside[-1]),
        "is_chief": float(_is_chief(asked)),
        "is_aside": float(cues("aside").start(question.normalised)),
        "for_opinion": float(question.for_opinion),
        "offers": float(cues("offer").within(question.normalised)),
        "asks_for_something": float(asks_for_something(question)),
        "has_mark": float(question.text.rstrip().endswith(("?", "؟", "？"))),
        "question_words": math.log1p(len(question.normalised.split())),
        "turn_words": math.log1p(turn.words),
    }


def _of_first_reply(asked: Asked) -> dict[str, float]:
    """Return the signs of what is said next; all are nothing where nobody replies."""
    reply = asked.replies[0] if asked.replies else None
    said = [] if reply is None else statements(asked.thread, reply)
    text = "" if reply is None else reply.normalised
    words = 0 if reply is None else reply.words
    free = [one for one in said if not asked.other_terms & terms(one)]
    return {
        "reply_words": math.log1p(words),
        "reply_words_a_question": math.log1p(words / len(asked.beside)),
        "reply_brief": float(0 < words <= _BRIEF),
        "reply_short": float(0 < words <= _SHORT),
        "reply_thanks": float(cues("thanks").within(text)),
        "reply_puts_off": float(cues("deflection").within(text)),
        "reply_withholds": float(cues("opinion_withheld").within(text)),
        "reply_says_yes_or_no": float(any(map(_says_yes_or_no, said))),
        "reply_has_time": float(bool(_TIME.search(text))),
        "reply_has_number": float(bool(_NUMBER.search(text))),
        "reply_gives_reason": float(any(map(cues("reason").within, said))),
        "reply_hands_over": float(any(map(cues("fulfilled").within, said))),
        "reply_gives_view": float(gives_view(text)),
        "reply_asks_back": float(reply is not None and bool(asked.thread.questions[reply])),
        "reply_states_something": float(bool(said)),
        "reply_says_more_than_thanks": float(_says_something(said)),
        "reply_lists_as_many": float(reply is not None and lists_as_many(reply, asked)),
        "reply_fits": float(any(gives_what_was_asked(asked.question, one) for one in said)),
        "reply_fits_freely": float(any(gives_what_was_asked(asked.question, one) for one in free)),
    }


def _of_all_replies(asked: Asked) -> dict[str, float]:
    own = asked.own_terms
    shares = [len(own & terms(normalise(one))) / max(len(own), 1) for one in asked.sentences]
    of_first = len(asked.replies[0].sentences) if asked.replies else 0
    later = list(islice(asked.thread.own_later(asked.position), _OWN_TURNS_READ))
    return {
        "no_reply": float(not asked.replies),
        "several_replies": float(len(asked.replies) > 1),
        "turns_after": math.log1p(len(asked.thread.turns) - asked.position - 1),
        "asker_speaks_again": float(bool(later)),
        "asker_repeats": float(any(turn.terms & own for turn in later)),
        "shared": max(shares, default=0.0),
        "shared_by_first": max(shares[:of_first], default=0.0),
        "shares_any": float(any(shares)),
        "shared_by_several": sum(share > 0 for share in shares) / max(len(shares), 1),
    }


def statements(thread: Thread, reply: Turn) -> list[str]:
    """Return the reply's sentences, normalised, without its own questions."""
    asked = {question.text for question in thread.questions[reply]}
    return [normalise(sentence) for sentence in reply.sentences if sentence not in asked]


_SAYS_SOMETHING = 2
"""Content words of a reply beside thanks, from which on it is more than a nod."""


def _says_something(said: Iterable[str]) -> bool:
    thanks = cues("thanks")
    found = [terms(one) for one in said if not thanks.within(one)]
    return len(frozenset().union(*found)) >= _SAYS_SOMETHING


_ONLY_LEADS_IN = 3
"""Words of a sentence, beside thanks, that may stand before the main question of a reply."""


def _is_chief(asked: Asked) -> bool:
    """Tell whether a turn chiefly asks a question, and not by the way."""
    if asked.position == 0 or asked.thread.channel == "call":
        return True
    before = takewhile(lambda sentence: asked.question.text not in sentence, asked.turn.sentences)
    thanks = cues("thanks")
    return all(
        len(sentence.split()) <= _ONLY_LEADS_IN or thanks.within(normalise(sentence))
        for sentence in before
    )


def lists_as_many(reply: Turn, asked: Asked) -> bool:
    """Tell whether a reply lists as many points as there were questions."""
    return len(asked.beside) > 1 and len(_POINT.findall(reply.text)) >= len(asked.beside)


_POINT = re.compile(r"(?m)^\s*(?:[-*•–]|[\d٠-٩๐-๙]{1,2}\s?[.)\-])\s*\S")
_ASKS_FOR_SOMETHING = re.compile(
    r" (?:can|could|would|will) (?:you|we|i) | send | share | attach| where | which file |"
    r" pouvez | pourriez | peux | pourrais | envo[iy]| où |ممكن|ترسل|ارسال|"
    r"주실|주시|보내|받을 수|ส่ง|ขอ"
)


def asks_for_something(question: Question) -> bool:
    """Tell whether a question asks for a thing or a deed."""
    return bool(_ASKS_FOR_SOMETHING.search(question.normalised))


def gives_what_was_asked(question: Question, said: str) -> bool:
    """Tell whether a normalised sentence has the kind of thing that a question asks for."""
    if question.for_opinion and gives_view(said):
        return True
    match question.asks:
        case Asks.YES_NO:
            return _says_yes_or_no(said)
        case Asks.TIME:
            return bool(_TIME.search(said))
        case Asks.AMOUNT:
            return bool(_NUMBER.search(said))
        case Asks.REASON:
            return cues("reason").within(said)
        case _:
            return False


def _says_yes_or_no(said: str) -> bool:
    return cues("yes_no").start(said) or bool(_YES_NO_AT_END.search(said))


_YES_NO_AT_END = re.compile(r" (?:yes|no|oui|non|si|نعم|لا|네|예|아니요|아뇨) $")


def gives_view(said: str) -> bool:
    """Tell whether a normalised text states a view in so many words."""
    return bool(_OPINION_WORDS.search(said))
