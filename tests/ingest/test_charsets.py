import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsense.ingest.charsets import decode, python_codec


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


def test_codecs_from_bytes_to_bytes_are_no_charsets():
    assert python_codec("base64") is None
    assert python_codec("zlib") is None


@given(st.binary(max_size=300), st.text(max_size=20))
def test_nothing_is_raised(data, label):
    assert isinstance(decode(data, label), str)
