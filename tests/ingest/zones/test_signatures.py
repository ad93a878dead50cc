"""Signatures, device lines, disclaimers and list footers."""

import pytest

from commsense.ingest.zones import split_text
from commsense.ingest.zones.closing import is_device_line
from commsense.ingest.zones.contact import is_closing, is_contact, is_sentence

from .forms import load

WORDS = "We can deliver on Friday.\nPlease confirm."

TEXTS = load("signatures")
DEVICE_LINES, CLOSED, DISCLAIMERS = (
    TEXTS["device_lines"],
    TEXTS["closed"],
    TEXTS["disclaimers"],
)


@pytest.mark.parametrize("line", DEVICE_LINES)
def test_lines_that_mobile_programs_add(line):
    zones = split_text(f"{WORDS}\n\n{line}\n")
    assert (zones.text, zones.signature) == (WORDS, line)


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my desk, it is quieter there.",
        "I was sent from one phone line to the next.",
        "메일에서 보냄이라는 표시를 지워 주실 수 있나요?",
        "Envoyé de bonne foi, votre devis",
    ],
)
def test_sentences_about_sending_are_no_device_lines(line):
    assert not is_device_line(line)


@pytest.mark.parametrize("lang", CLOSED)
def test_closing_with_contact_lines_is_a_signature(lang):
    zones = split_text(f"{WORDS}\n\n{CLOSED[lang]}\n")
    assert (zones.text, zones.signature) == (WORDS, CLOSED[lang])


@pytest.mark.parametrize("lang", CLOSED)
def test_closing_with_a_name_alone_stays(lang):
    body = f"{WORDS}\n\n" + "\n".join(line for line in CLOSED[lang].split("\n")[:3] if line)
    assert split_text(body).signature == ""


@pytest.mark.parametrize("lang", DISCLAIMERS)
def test_disclaimers(lang):
    zones = split_text(f"{WORDS}\n\nNora\n\n{DISCLAIMERS[lang]}\n")
    assert (zones.text, zones.signature) == (f"{WORDS}\n\nNora", DISCLAIMERS[lang])


@pytest.mark.parametrize("delimiter", ["-- ", "--"])
def test_the_delimiter(delimiter):
    zones = split_text(f"{WORDS}\n{delimiter}\nNora Field\nField & Partners\n")
    assert (zones.text, zones.signature) == (WORDS, "--\nNora Field\nField & Partners")


def test_signature_above_and_below_a_quotation():
    body = (
        f"{WORDS}\n-- \nNora\n\nOn Mon, 3 Apr 2023 at 10:11, Ben <ben@hill.example> "
        "wrote:\n> When?\n\n-- \nlist footer"
    )
    zones = split_text(body)
    assert zones.text == WORDS
    assert zones.signature == "--\nNora\n\n--\nlist footer"


def test_two_dashes_inside_a_text_are_no_delimiter():
    body = (
        "First the price.\n--\nThen the date, which I would rather discuss on the phone"
        " with all of you.\nAnd the rest can wait until we have seen the contract."
    )
    assert split_text(body).signature == ""


def test_footer_of_a_mailing_list():
    footer = "_______________________________________________\nGardeners mailing list\nGardeners@lists.green.example\nhttps://lists.green.example/listinfo/gardeners"
    zones = split_text(f"{WORDS}\n\n{footer}\n")
    assert (zones.text, zones.signature) == (WORDS, footer)


@pytest.mark.parametrize(
    "footer",
    [
        "To unsubscribe: https://news.green.example/u/1",
        "Se désabonner : https://news.green.example/u/1",
        "لإلغاء الاشتراك: https://news.green.example/u/1",
        "수신거부: https://news.green.example/u/1",
        "ยกเลิกการรับข่าวสาร: https://news.green.example/u/1",
    ],
)
def test_footer_without_a_rule(footer):
    zones = split_text(f"{WORDS}\n\n{footer}")
    assert (zones.text, zones.signature) == (WORDS, footer)


def test_a_block_of_contact_lines_without_closing():
    block = "Nora Field\nField & Partners Ltd\nT +44 20 7946 0101\nnora@field.example"
    zones = split_text(f"{WORDS}\n\n{block}")
    assert (zones.text, zones.signature) == (WORDS, block)


@pytest.mark.parametrize(
    "body",
    [
        "Please call me:\n+33 1 99 00 12 34\nor write to nora@champ.example",
        "Thanks for sending the report so quickly\nNora\nnora@field.example",
        "Thanks\nCould you also send me the invoice for March, please?\nnora@field.example",
        "The address of the new office is\n12 Fox Street\nTel. 020 7946 0101",
        (
            "감사합니다\n보내 주신 자료는 잘 받았고 내일까지 검토하겠습니다.\n"
            "nora@deul.example 로 회신 주세요."
        ),
    ],
)
def test_contact_data_in_new_words_stay(body):
    zones = split_text(body)
    assert (zones.text.split("\n"), zones.signature) == (body.split("\n"), "")


def test_a_body_that_is_nothing_but_a_guess_stays_text():
    assert split_text(CLOSED["en"]).text == CLOSED["en"]


def test_pieces():
    assert is_closing("Best regards, Nora Field")
    assert is_closing("Thanks, Nora Field.")
    assert not is_closing("Thanks for the report")
    assert not is_closing("धन्यवाद, यह हमारे लिए ठीक है।")
    assert is_contact("M. 010-5550-0101")
    assert is_contact("هاتف: ٠١٢٣٤٥٦٧٨٩")
    assert not is_contact("The price is 12 500 euros")
    assert is_sentence("내일까지 검토해서 알려 드리겠습니다.")
    assert not is_sentence("Head of Sales, Northern Europe")


@pytest.mark.parametrize(
    "below", ["Nora Field\nSales\nwww.field.example", "Try our free games today!"]
)
def test_what_stands_below_a_drawn_line(below):
    rule = "_" * 60
    zones = split_text(f"{WORDS}\n\n{rule}\n{below}")
    assert (zones.text, zones.signature) == (WORDS, f"{rule}\n{below}")


def test_text_below_a_drawn_line_is_new():
    body = f"First the price.\n{'_' * 20}\nThen the date, which I would like to discuss by phone."
    assert split_text(body).text == body


@pytest.mark.parametrize("what", ["An embedded and charset-unspecified text", "An HTML attachment"])
def test_what_list_software_took_out_is_no_text(what):
    note = f"{what} was scrubbed...\nName: not available\nURL: <https://list.example/1.pl>"
    zones = split_text(f"Here are the figures.\n\n{note}\n")
    assert (zones.text, zones.signature) == ("Here are the figures.", note)


def test_a_contract_that_shares_the_terms_of_disclaimers_is_text():
    body = (
        "เรียนท่านเจ้าของโครงการ\n\nค่าเสาเข็มเป็นความรับผิดชอบของผู้รับจ้าง และท่านรับผิดชอบเฉพาะค่าเหล็กตามที่ตกลงกัน"
    )
    assert split_text(body).text == body


def test_the_second_paragraph_of_a_disclaimer_need_not_name_the_message():
    notice = DISCLAIMERS["en"]
    more = "No liability for a virus: unauthorised disclosure is strictly prohibited."
    assert split_text(f"{WORDS}\n\n{notice}\n\n{more}").text == WORDS


def test_one_line_of_contact_is_enough_below_the_signed_name():
    block = "โนรา ทุ่งนา\nผู้จัดการฝ่ายขาย\nมือถือ 08-5555-0101"
    zones = split_text(f"พบกันวันศุกร์ครับ\n\nโนรา\n\n{block}")
    assert (zones.text, zones.signature) == ("พบกันวันศุกร์ครับ\n\nโนรา", block)
    other = block.replace("โนรา ", "สมชาย ")
    assert split_text(f"พบกันวันศุกร์ครับ\n\nโนรา\n\n{other}").signature == ""


@pytest.mark.parametrize(
    "postscript",
    [
        "PS: when will it arrive?",
        "P.S. We have waited since Monday and nobody answers.",
        "추신: 언제 도착하나요?",
        "ป.ล. สินค้าจะมาถึงเมื่อไหร่คะ",
        "ملاحظة: متى تصل البضاعة؟",
    ],
)
def test_a_postscript_below_the_signature_is_new(postscript):
    zones = split_text(f"{WORDS}\n\n-- \nNora Field\nField & Partners\n\n{postscript}\n")
    assert zones.text == f"{WORDS}\n\n{postscript}"
    assert zones.signature == "--\nNora Field\nField & Partners"


@pytest.mark.parametrize(
    "line",
    ["PS Logistics Ltd", "PD Dr. Nora Field", "NB: this e-mail is confidential and yours alone."],
)
def test_other_lines_below_the_delimiter_are_none(line):
    zones = split_text(f"{WORDS}\n\n-- \nNora Field\n\n{line}\n")
    assert zones.text == WORDS


@pytest.mark.parametrize("banner", TEXTS["banners"])
def test_warnings_of_mail_servers_are_no_text(banner):
    for gap in ("\n", "\n\n"):
        zones = split_text(f"{banner}{gap}{WORDS}")
        assert (zones.text, zones.signature) == (WORDS, banner)


@pytest.mark.parametrize(
    "words",
    [
        "Caution, the pallets are heavy.",
        "Attention, les pièces jointes sont fausses.",
        "External auditors come on Friday.",
        "주의 사항을 다시 보내 주세요.",
        "Thanks.\n\n[EXTERNAL] is what your server wrote above my mail.",
    ],
)
def test_warnings_of_authors_are_text(words):
    assert split_text(words).text == words


@pytest.mark.parametrize("statement", TEXTS["registrations"])
def test_what_companies_state_of_themselves_is_no_text(statement):
    zones = split_text(f"{WORDS}\n\n{statement}\n")
    assert (zones.text, zones.signature) == (WORDS, statement)


@pytest.mark.parametrize(
    "body",
    [
        f"{WORDS}\n\nCompany number: 01234567\nVAT number: 123 4567 89\nRegistered office: Leeds",
        "Our data for the invoice:\n\nField SAS, siège social à Lyon, RCS Lyon 123 456 789",
        f"{WORDS}\n\nIs 01234567 your company number or your VAT number?",
        "Field Ltd, registered number 01234567, registered office in Leeds, has not paid.",
    ],
)
def test_such_data_as_an_answer_are_text(body):
    assert split_text(body).signature == ""


def test_the_environment_with_a_tree_before_it():
    line = "P Please consider the environment before printing this email."
    assert split_text(f"{WORDS}\n\n{line}").signature == line
