"""Forms in which people ask, with and without a question mark.

A question mark makes a question in every language; without one, the endings and beginnings that
Korean, Thai, Arabic, French and English use do. Courtesy and rhetoric are left out. What people
ask in other words is learnt, see :mod:`commsense.conversations.question_model`.
"""

from __future__ import annotations

import re

from commsense.conversations.terms import terms
from commsense.conversations.texts import cues

_MARKED = re.compile(r"[?؟？][\"'”’»)\]!.…\s]*$")
_KOREAN = re.compile(
    r"(?:까요|는지요|은지요|인지요|을지요|는가요|던가요|을까|ㄹ까요|습니까|십니까|시나요|있나요|없나요|되나요|하나요|했나요|셨나요|"
    r"였나요|었나요|았나요|겠나요|나요|어떠세요|어떤가요|되죠|시겠어요|시겠습니까)[\s.~!^;)]*$"
)
_KOREAN_STATEMENT = re.compile(
    r"(?:만나요|끝나요|떠나요|생각나요|일어나요|나타나요|지나요|아까요)[\s.~!^;)]*$"
)
_KOREAN_FINAL = re.compile(r"([가-힣])(?:니까|가요)[\s.~!^;)]*$")
_FINAL_N, _FINAL_B, _FINALS = 4, 17, 28
_HANGUL_START = 0xAC00
_PARTICLE = r"(?:บ้าง|กัน|ดี|อะ|ล่ะ|นะ|มากกว่า|กว่า|ที่สุด)*(?:ครับผม|ครับ|คับ|ค่ะ|คะ|จ๊ะ)?[\s.~!]*$"
_THAI_YES_NO = re.compile(rf"(?:ไหม|มั้ย|มั๊ย|หรือเปล่า|รึเปล่า|หรือไม่|หรือยัง|รึยัง){_PARTICLE}")
_THAI_OPEN = re.compile(
    r"(?:อะไร|เมื่อไหร่|เมื่อไร|ยังไง|อย่างไร|ใคร|ที่ไหน|เท่าไหร่|เท่าไร|กี่โมง|"
    rf"กี่วัน|กี่คน|กี่บาท|วันไหน|(?:แบบ|อัน|สี|ตัว|รูป|ทาง)ไหน\S{{0,8}}?){_PARTICLE}"
)
_THAI_FRONT = re.compile(
    r"^(?:แล้ว)?(?:ทำไม|ใคร|เมื่อไหร่|อะไร).{2,}(?:ครับ|คะ)$|"
    r"(?:อะไร|เมื่อไหร่|เมื่อไร|ยังไง|อย่างไร|ใคร|ที่ไหน|เท่าไหร่|เท่าไร|ทำไม|กี่|ไหน).*(?<!นะ)คะ$|"
    r"(?:คิด|เห็น|รู้สึก)\S{0,12}(?:อย่างไร|ยังไง)"
)
"""Question words before the end; there คะ, unlike ค่ะ, still marks a question."""
_THAI_NOT = re.compile(r"ไม่มี|ไม่ว่า|ไม่แน่ใจ|ไม่ทราบว่า|ไม่รู้|ไม่ได้|ไม่ต้อง|แจ้งว่า|บอกว่า")
_THAI_ASKS = re.compile(r"ไม่ทราบว่า|อยากทราบ|ขอทราบ|อยากรู้|สอบถาม")
_ARABIC = re.compile(
    r"^\W*(?:و|ف)?(?:هل|متى|كيف|ماذا|لماذا|أين|اين|كم|ما هو|ما هي|ما رأي|من هو)\s+\S+"
)
_FRENCH = re.compile(
    r"(?:^|[\s,])est[- ]ce qu(?:e\b|['’])|^(?:\w+[, ]+){0,3}(?:pouvez|pourriez|avez|"
    r"êtes|allez|voulez|savez|"
    r"seriez|auriez|souhaitez|préférez|pensez|comptez)-vous\b|^(?:peux|pourrais|as|es|"
    r"vas|veux|sais)-tu\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"^(?:(?:so|and|but|also|hi|hello|by the way)[, ]+)?(?:(?:can|could|would|will|do|"
    r"did|have|are) "
    r"(?:you|we|they|your team)|is (?:it|there|this|that)|are there|does (?:it|this|that|your)|"
    r"(?:when|where|why|how|what) (?:is|are|will|would|can|could|should|do|does|"
    r"did) (?:you|we|i|the|your|our|this|that)|"
    r"how (?:much|many|long) )",
    re.IGNORECASE,
)
_ENGLISH_STATEMENT = re.compile(
    r"^what (?:is more|i|we|you)\b|^how (?:much|many) (?:i|we)\b", re.IGNORECASE
)
# Requests for information that put no question: "let me know which size", "납기 알려주세요".
_REQUEST = re.compile(
    r"\b(?:let (?:me|us) know|(?:please )?(?:tell|remind) (?:me|us)|please (?:confirm|advise)) "
    r"(?:what(?! you think)|which|when|where|who|how|why|whether|the)\b"
    r"|\b(?:dites|indiquez|précisez|confirmez)-(?:moi|nous)\b"
    r"|\bmerci de (?:me|nous) (?:dire|indiquer|préciser|confirmer|communiquer)\b"
    r"|(?:^|\s)و?(?:[أا]فيدون[اي]|[أا]خبرون[اي]|[أا]علمون[اي]|زودون[اي])\s+\S+"
    r"|(?:알려|말씀해|회신)\s?(?:주세요|주십시오|주시기 바랍니다|부탁드립니다|부탁드려요)"
    r"[\s.~!^;)]*$"
    r"|궁금(?:합니다|해요|하네요)[\s.~!^;)]*$"
    r"|(?:ขอทราบ|อยากทราบ|อยากรู้|รบกวนแจ้ง|ช่วยบอก|ช่วยแจ้ง)\S{3,}",
    re.IGNORECASE,
)
# Questions told as a wish to know: "I was wondering whether", "je voulais savoir si".
_WISH_TO_KNOW = re.compile(
    r"\b(?:i|we)(?: was|['’]m| am| were|['’]re| are) (?:just )?wondering (?:if|wh|how)"
    r"|\b(?:i|we)(?: would|['’]d) (?:like|love) to know (?:if|wh|how)"
    r"|\b(?:i|we) (?:just )?(?:want(?:ed)?|need) to (?:ask|know) (?:if|wh|how)"
    r"|\b(?:je|nous|on) (?:voul|voudr|souhait|aimer)\w+ savoir\b"
    r"|\bje me demand(?:e|ais) (?:si|quand|comment|où|qui|pourquoi|quel)"
    r"|(?:^|\s)(?:[أا]ريد|نريد|[أا]ود|نود|[أا]حب|حبيت|وددت) (?:[أا]ن )?"
    r"(?:[أا]عرف|نعرف|[أا]س[أا]ل|نس[أا]ل|معرفة)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|should) (?:you|there|anything)\b|\bsi (?:vous|tu|besoin)\b"
    r"|있으(?:시면|면)|되면|하면|ถ้า|หาก|[إا]ذا"
)
_TAG = re.compile(
    r",\s*(?:is|are|was|were|do|does|did|has|have|ca|could|would|wo|"
    r"should)n['’]t (?:it|they|we|you|he|she|there|that)\s*\?"
)


def has_mark(sentence: str) -> bool:
    """Tell whether a sentence ends in a question mark."""
    return bool(_MARKED.search(sentence))


def asks_in_form(sentence: str, *, is_thai: bool) -> bool:
    """Tell whether a sentence, in Thai a clause, has a form that asks."""
    if is_thai:
        yes_no, request = _THAI_YES_NO.search(sentence), _REQUEST.search(sentence)
        return bool(yes_no or request) or _thai_open(sentence)
    return has_mark(sentence) or _asks_without_mark(sentence)


def expects_answer(sentence: str, normalised: str, following: str) -> bool:
    """Tell whether a sentence, should it ask, is more than a tag, courtesy or rhetoric.

    Parameters
    ----------
    sentence, normalised : str
        As written, and as :func:`commsense.conversations.texts.normalise` gives it.
    following : str
        The next sentence, normalised.
    """
    if _TAG.search(sentence):
        return False
    return not (is_courtesy(normalised) or cues("because").start(following))


def _thai_open(clause: str) -> bool:
    if not (_THAI_OPEN.search(clause) or _THAI_FRONT.search(clause)):
        return False
    return bool(_THAI_ASKS.search(clause)) or not _THAI_NOT.search(clause)


def _asks_without_mark(sentence: str) -> bool:
    if _REQUEST.search(sentence) and not _CONDITION.search(sentence):
        return True
    if _WISH_TO_KNOW.search(sentence):
        return True
    if "\uac00" <= max(sentence[-12:]) <= "\ud7a3":
        return _korean(sentence)
    if _ARABIC.search(sentence):
        return True
    if _ENGLISH.search(sentence) and not _ENGLISH_STATEMENT.search(sentence):
        return True
    return bool(_FRENCH.search(sentence))


def _korean(sentence: str) -> bool:
    if _KOREAN_STATEMENT.search(sentence):
        return False
    if _KOREAN.search(sentence):
        return True
    before = _KOREAN_FINAL.search(sentence)
    if before is None:
        return False
    final = (ord(before[1]) - _HANGUL_START) % _FINALS
    # "합니까", "됩니까" ask; "하니까" gives a reason. "인가요" asks; "가요" alone says "I go".
    return final == (_FINAL_B if "니까" in before[0] else _FINAL_N)


_COURTESY_TERMS = 1
"""A sentence with a courtesy formula and more content words than this asks for something too."""


def is_courtesy(normalised: str) -> bool:
    """Tell whether a normalised sentence is small talk or rhetoric."""
    if cues("rhetorical_question").within(normalised) or cues("courtesy_question").equal(
        normalised
    ):
        return True
    rest = cues("courtesy_formula").without(normalised)
    return rest != normalised and len(terms(rest)) <= _COURTESY_TERMS
