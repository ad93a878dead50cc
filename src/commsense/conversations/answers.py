"""Decide whether a question was answered: in its thread, or shortly after elsewhere.

Precision comes first. A reply that speaks of what was asked, gives the kind of thing that was
asked for, or hands something over counts as an answer; thanks alone, deflections and talk of
something else do not.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import takewhile

from commsense.conversations.questions import Asks, Question, questions
from commsense.conversations.terms import terms
from commsense.conversations.texts import cues, normalise
from commsense.conversations.threads import Thread, Turn

ELSEWHERE_DAYS = 10.0
"""An answer in another thread or call counts within so many days; later it is another matter."""
_ELSEWHERE_SHARED = 2
"""Content words that an answer elsewhere must share with the question."""
_REPLIES_READ = 6
"""Later replies belong to other questions."""
_CALL_TURNS_READ = 3
_SHORT_REPLY = 8
"""A reply of so few words that is neither thanks nor deflection answers directly: "Ann Lee."."""

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


class Elsewhere:
    """Look for what a client's other threads and calls say of a subject.

    Parameters
    ----------
    conversations : iterable of Thread
    """

    def __init__(self, conversations: Iterable[Thread]) -> None:
        self._turns: dict[tuple[str, str], list[Turn]] = defaultdict(list)
        for thread in conversations:
            for turn in thread.turns:
                heard = turn.side and not turn.inward and not math.isnan(turn.time)
                if turn.client is not None and heard:
                    self._turns[turn.client, turn.party].append(turn)
        for turns in self._turns.values():
            turns.sort(key=lambda turn: turn.time)

    def answered(self, asked: Turn, question: Question, parties: Iterable[str]) -> bool:
        """Tell whether another party spoke of a question elsewhere shortly after it."""
        return any(
            len(turn.terms & question.terms) >= min(_ELSEWHERE_SHARED, len(question.terms))
            and not cues("deflection").within(turn.normalised)
            for turn in self.soon_after(asked, parties)
        )

    def soon_after(self, turn: Turn, parties: Iterable[str]) -> list[Turn]:
        """Return the parties' turns in other conversations within :data:`ELSEWHERE_DAYS`."""
        if turn.client is None or math.isnan(turn.time):
            return []
        found = []
        for party in parties:
            theirs = self._turns.get((turn.client, party), [])
            first = bisect_right(theirs, turn.time, key=_time)
            last = bisect_left(theirs, turn.time + ELSEWHERE_DAYS * 86_400, key=_time)
            found += [t for t in theirs[first:last] if t.conversation_id != turn.conversation_id]
        return found


def _time(turn: Turn) -> float:
    return turn.time


def other_sides(party: str) -> tuple[str, ...]:
    """Return the sides that are not the party's own."""
    return tuple(side for side in ("client", "provider") if side != party)


def unanswered_turns(thread: Thread, elsewhere: Elsewhere) -> list[tuple[Turn, list[Question]]]:
    """Return the turns with a question that nobody answered, each with those questions.

    A question within one side is that side's own business.
    """
    found = []
    for position, turn in enumerate(thread.turns):
        asked = questions(turn)
        if not asked or turn.inward or _withdrawn(thread, position):
            continue
        left = [
            question
            for question in asked
            if not _answered(thread, position, question, asked)
            and not elsewhere.answered(turn, question, other_sides(turn.party))
        ]
        if len(left) == len(asked):
            left = [question for question in left if not _taken_up(thread, position, question)]
        if left:
            found.append((turn, left))
    return _last_asked(found)


def _last_asked(found: list[tuple[Turn, list[Question]]]) -> list[tuple[Turn, list[Question]]]:
    """Keep one turn of a question that its asker repeated: the last."""
    kept: list[tuple[Turn, list[Question]]] = []
    for i, (turn, asked) in enumerate(found):
        fresh = [q for q in asked if not any(_repeats(turn, q, later) for later in found[i + 1 :])]
        if fresh:
            kept.append((turn, fresh))
    return kept


def _repeats(turn: Turn, question: Question, later: tuple[Turn, list[Question]]) -> bool:
    return later[0].party == turn.party and any(
        question.terms and len(question.terms & other.terms) * 2 > len(question.terms)
        for other in later[1]
    )


def _withdrawn(thread: Thread, position: int) -> bool:
    withdrawn = cues("withdrawn")
    return any(withdrawn.within(turn.normalised) for turn in thread.own_later(position))


def _answered(thread: Thread, position: int, question: Question, asked: list[Question]) -> bool:
    turn = thread.turns[position]
    own = _own_terms(turn, question, asked)
    others = frozenset().union(*(other.terms for other in asked if other is not question)) - own
    is_call = turn.channel == "call"
    replies = thread.replies(position)[: _CALL_TURNS_READ if is_call else _REPLIES_READ]
    heard = [reply for reply in replies if not _puts_off(reply, question)]
    if any(_speaks_of(own, _statements(reply)) for reply in heard[1:]):
        return True
    # The very next thing said answers with less: a word in common, or what such a question wants.
    return any(
        bool(own & frozenset().union(*map(terms, _statements(reply))))
        or _answers_point_by_point(reply, asked)
        or _answers_directly(question, reply, others, alone=len(asked) == 1)
        for reply in heard[:1]
    )


def _taken_up(thread: Thread, position: int, question: Question) -> bool:
    """Tell whether the next reply may be taken to answer what a turn chiefly asks.

    Who replies mostly answers that, in whatever words; what is forgotten is what was asked beside
    it. A question for a person wants a name or a word of the question.
    """
    if question.asks == Asks.PERSON or not _is_main(thread, position, question):
        return False
    return any(
        _says_something(reply) and not _puts_off(reply, question)
        for reply in thread.replies(position)[:1]
    )


_SAYS_SOMETHING = 2
"""Content words of a reply beside thanks, from which on it is more than a nod."""


def _says_something(reply: Turn) -> bool:
    thanks = cues("thanks")
    said = [terms(one) for one in _statements(reply) if not thanks.within(one)]
    return len(frozenset().union(*said)) >= _SAYS_SOMETHING


_ONLY_LEADS_IN = 3
"""Words of a sentence, beside thanks, that may stand before the main question of a reply."""


def _is_main(thread: Thread, position: int, question: Question) -> bool:
    """Tell whether a turn chiefly asks a question, and not by the way."""
    if cues("aside").start(question.normalised):
        return False
    if position == 0 or thread.channel == "call":
        return True
    said = thread.turns[position].sentences
    before = takewhile(lambda sentence: question.text not in sentence, said)
    thanks = cues("thanks")
    return all(
        len(sentence.split()) <= _ONLY_LEADS_IN or thanks.within(normalise(sentence))
        for sentence in before
    )


def _answers_point_by_point(reply: Turn, asked: list[Question]) -> bool:
    """Tell whether a reply lists as many points as there were questions."""
    return len(asked) > 1 and len(_POINT.findall(reply.text)) >= len(asked)


_POINT = re.compile(r"(?m)^\s*(?:[-*•–]|[\d٠-٩๐-๙]{1,2}\s?[.)\-])\s*\S")


def _puts_off(reply: Turn, question: Question) -> bool:
    withholds = question.for_opinion and cues("opinion_withheld").within(reply.normalised)
    return withholds or _evades(reply)


def _own_terms(turn: Turn, question: Question, asked: list[Question]) -> frozenset[str]:
    """Return what only this question of a message asks about, where it asks several."""
    times = Counter(term for other in asked for term in other.terms)
    own = frozenset(term for term in question.terms if times[term] == 1)
    return own or question.terms


def _statements(reply: Turn) -> list[str]:
    """Return the reply's sentences, normalised, without its own questions."""
    asked = {question.text for question in questions(reply)}
    return [normalise(sentence) for sentence in reply.sentences if sentence not in asked]


def _speaks_of(own: frozenset[str], said: Iterable[str]) -> bool:
    """Tell whether some sentence shares enough with what was asked about."""
    return any(len(own & terms(one)) >= max(1, _SHARED_SHARE * len(own)) for one in said)


_SHARED_SHARE = 0.3
"""Of what a question asks about: one common word is a chance in a long question."""


def _answers_directly(
    question: Question, reply: Turn, others: frozenset[str], *, alone: bool
) -> bool:
    if cues("offer").within(question.normalised) and _only_courtesy(reply):
        return True
    said = _statements(reply)
    free = [one for one in said if not others & terms(one)]
    if any(_gives_what_was_asked(question, one) for one in free):
        return True
    if not alone:
        return False
    if _ASKS_FOR_SOMETHING.search(question.normalised):
        return any(map(cues("fulfilled").within, said)) or _is_brief(reply, _SHORT_REPLY)
    if reply.channel == "call" and question.asks in _OPEN_IN_CALLS:
        return bool(said) and not _only_courtesy(reply)
    most = _OPEN_REPLY if question.asks == Asks.OPEN else _SHORT_REPLY
    return bool(said) and _is_brief(reply, most)


_ASKS_FOR_SOMETHING = re.compile(
    r" (?:can|could|would|will) (?:you|we|i) | send | share | attach| where | which file |"
    r" pouvez | pourriez | peux | pourrais | envo[iy]| où |ممكن|ترسل|ارسال|"
    r"주실|주시|보내|받을 수|ส่ง|ขอ"
)
_OPEN_IN_CALLS = frozenset({Asks.OPEN, Asks.PERSON, Asks.REASON})
"""Questions that the next turn of a call answers, whatever words it uses."""
_OPEN_REPLY = 30
"""Words up to which whatever follows an open question is taken to answer it."""


def _gives_what_was_asked(question: Question, said: str) -> bool:
    if question.for_opinion and gives_view(said):
        return True
    match question.asks:
        case Asks.YES_NO:
            return cues("yes_no").start(said) or bool(_YES_NO_AT_END.search(said))
        case Asks.TIME:
            return bool(_TIME.search(said))
        case Asks.AMOUNT:
            return bool(_NUMBER.search(said))
        case Asks.REASON:
            return cues("reason").within(said)
        case _:
            return False


_YES_NO_AT_END = re.compile(r" (?:yes|no|oui|non|si|نعم|لا|네|예|아니요|아뇨) $")


def gives_view(said: str) -> bool:
    """Tell whether a normalised text states a view in so many words."""
    return bool(_OPINION_WORDS.search(said))


def _is_brief(reply: Turn, most: int) -> bool:
    return 0 < reply.words <= most and not _only_courtesy(reply)


def _only_courtesy(reply: Turn) -> bool:
    return cues("thanks").within(reply.normalised)


def _evades(reply: Turn) -> bool:
    """Tell whether a reply puts the question off: a deflection and little else."""
    return cues("deflection").within(reply.normalised) and reply.words <= _LONGEST_DEFLECTION


_LONGEST_DEFLECTION = 40
"""A longer reply says more than that it puts the question off."""
