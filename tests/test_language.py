"""The language of messages: by script, by model, and where nothing can be said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsense.language import detect

SENTENCES = {
    "en": [
        "Could you send me the signed contract before Friday?",
        "thanks a lot, see you on monday",
        "The invoice is wrong again.",
    ],
    "fr": [
        "Pouvez-vous m'envoyer le contrat signé avant vendredi ?",
        "merci beaucoup, à lundi",
        "La facture est encore fausse.",
    ],
    "ar": ["هل يمكنكم إرسال العقد الموقع قبل الجمعة؟", "شكراً جزيلاً", "الفاتورة خاطئة مرة أخرى."],
    "ko": ["금요일 전까지 서명된 계약서를 보내 주시겠어요?", "네 감사합니다", "ㅋㅋㅋ 넵"],
    "th": ["ช่วยส่งสัญญาที่ลงนามแล้วก่อนวันศุกร์ได้ไหม", "ขอบคุณครับ", "555 ได้เลย"],
    "fa": ["لطفاً قرارداد را تا جمعه برای ما بفرستید، پیش از گزارش پایانی"],
    "ur": ["براہ کرم معاہدہ جمعہ سے پہلے بھیج دیں، ہمیں ضرورت ہے"],
    "he": ["אנא שלחו את החוזה החתום לפני יום שישי"],
    "el": ["Παρακαλώ στείλτε το συμβόλαιο πριν την Παρασκευή"],
    "hi": ["कृपया शुक्रवार से पहले अनुबंध भेजें"],
    "ja": ["金曜日までに契約書を送ってください"],
    "zh": ["请在星期五之前把签好的合同发给我们"],
    "ru": ["Пришлите, пожалуйста, подписанный договор до пятницы"],
    "uk": ["Надішліть, будь ласка, підписаний договір до п'ятниці"],
    "de": ["Könnten Sie mir bitte den unterschriebenen Vertrag bis Freitag schicken?"],
    "es": ["¿Podrían enviarme el contrato firmado antes del viernes?"],
    "nl": ["Kunt u mij het ondertekende contract voor vrijdag sturen?"],
}


@pytest.mark.parametrize(
    ("tag", "text"), [(tag, text) for tag, texts in SENTENCES.items() for text in texts]
)
def test_sentences(tag, text):
    assert detect(text) == tag


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("ko", "Dashboard Pro Enterprise Edition 라이선스 갱신 건으로 연락드립니다"),
        ("ko", "Google Analytics 세팅 OK"),
        ("th", "ขอ update เรื่อง Campaign Landing Page ของ Q3 ด้วย"),
        ("ar", "أرسلت لكم ملف Final Campaign Report عبر OneDrive"),
        (
            "en",
            "Please forward this to our colleague 김민수 in the Seoul office before noon today.",
        ),
        ("fr", "Le mot ขอบคุณ veut dire merci, nous l'avons mis sur la première page du site."),
        ("ja", "東京本社の会議室で打合せをします"),
        ("ar", "wallah ma3andi wa2t, momken tb3atli el fatora bokra"),
        ("en", "The 2nd b2b call is at 3pm, see the h264 file"),
    ],
)
def test_mixed_scripts(tag, text):
    assert detect(text) == tag


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "k",
        "12 500,00",
        "https://acme.example/fr/contrat",
        "nora@field.example",
        "+33 1 99 00 12 34",
        "!!! ???",
        "👍",
        "٣٤٥",
        "\x00",
    ],
)
def test_texts_without_words_are_undetermined(text):
    assert detect(text) == "und"


def test_links_do_not_speak_for_the_text():
    assert (
        detect("감사합니다 https://docs.example/the/quick/brown/fox/jumps/over/the/lazy/dog")
        == "ko"
    )


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_tag(text):
    tag = detect(text)
    assert tag == "und" or (2 <= len(tag) <= 3 and tag.isalpha() and tag.islower())


def test_half_a_character_does_no_harm():
    assert detect("The delivery is late again \ud83d") == "en"
