import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.charsets import decode, html_charset, python_codec


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("windows-874", "cp874", "ขอบคุณครับ"),
        ("TIS-620", "cp874", "สวัสดี"),
        ("ks_c_5601-1987", "cp949", "똠방각하 감사합니다"),  # not in EUC-KR proper
        ("euc-kr", "cp949", "펲시"),
        ("gb2312", "gb18030", "朱镕基"),  # 镕 is missing in GB 2312
        ("windows-1256", "cp1256", "شكراً جزيلاً"),
        ("iso-8859-1", "cp1252", "“Très bien” – 5 €"),  # what such mail really holds
        ("shift_jis", "cp932", "①髙橋"),
        ("x-sjis", "cp932", "ありがとう"),
        ("utf8", "utf-8", "né"),
        ("iso-2022-kr", "iso2022_kr", "회의는 내일입니다."),
        ("hz-gb-2312", "hz", "明天开会"),
        ("iso-2022-jp", "iso2022_jp", "明日の会議"),
        ("utf-7", "utf-7", "À demain"),
    ],
)
def test_labels_are_read_as_browsers_read_them(label, codec, text):
    assert decode(text.encode(codec), label) == text


@pytest.mark.parametrize("label", ["", "us-ascii", "unknown-8bit", "x-no-such", "base64", '"utf-8'])
def test_without_a_usable_label_utf8_is_tried_first(label):
    assert decode("café ขอบคุณ".encode(), label) == "café ขอบคุณ"


def test_without_a_label_eight_bit_text_is_guessed():
    text = "Здравствуйте, спасибо за ваше письмо, мы всё получили и скоро ответим."
    assert decode(text.encode("cp1251"), "") == text


def test_a_wrong_label_is_not_believed():
    text = "ขอบคุณมากสำหรับรายงานฉบับนี้"
    assert decode(text.encode(), "us-ascii") == text
    assert "\ufffd" not in decode("Ça va, merci, à bientôt".encode("cp1252"), "utf-8")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Où en êtes-vous ?", "iso-8859-1"),
        ("à", "windows-1252"),
        ("متى نلتقي غدا؟", "windows-1256"),
        ("Мы придём завтра.", "koi8-r"),
        ("내일 오전에 뵙겠습니다.", "gb2312"),
        ("See you at 내일", "unicode"),
    ],
)
def test_utf8_is_believed_rather_than_another_label(text, label):
    assert decode(text.encode(), label) == text


def test_a_text_without_latin_letters_is_no_latin_1():
    text = "내일 오전에 사무실에서 뵙겠습니다. 자료도 가져갈게요."
    assert decode(text.encode("cp949"), "iso-8859-1") == text
    french = "Déjà ? À l'été, c'est gênant."
    assert decode(french.encode("cp1252"), "iso-8859-1") == french


def test_html_names_its_charset():
    assert html_charset(b'<head><META content="text/html; charset=tis-620">') == "tis-620"
    assert html_charset(b"<p>charset=x</p>") == ""


def test_codecs_from_bytes_to_bytes_are_no_charsets():
    assert python_codec("base64") is None
    assert python_codec("zlib") is None


@given(st.binary(max_size=300), st.text(max_size=20))
def test_nothing_is_raised(data, label):
    assert isinstance(decode(data, label), str)
