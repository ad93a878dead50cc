"""Introductions of quoted history, in the words of the mail programs."""

import pytest

from commsense.ingest.zones import split_text

from .forms import NEW_WORDS, OLD_WORDS, OTHERS, QUOTING, UNQUOTED


def marked(text):
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def cases(forms):
    return [
        pytest.param(lang, form, id=f"{lang}-{i}")
        for lang in forms
        for i, form in enumerate(forms[lang])
    ]


@pytest.mark.parametrize(("lang", "intro"), cases(QUOTING))
def test_new_words_end_at_an_attribution(lang, intro):
    zones = split_text(f"{NEW_WORDS[lang]}\n\n{intro}\n\n{marked(OLD_WORDS[lang])}\n")
    assert zones.text == NEW_WORDS[lang]
    assert zones.quoted == f"{intro}\n\n{marked(OLD_WORDS[lang])}"
    assert zones.signature == ""


@pytest.mark.parametrize(("lang", "intro"), cases(UNQUOTED))
def test_new_words_end_above_bare_history(lang, intro):
    zones = split_text(f"{NEW_WORDS[lang]}\n\n{intro}\n\n{OLD_WORDS[lang]}\n")
    assert zones.text == NEW_WORDS[lang]
    assert OLD_WORDS[lang] in zones.quoted


@pytest.mark.parametrize("lang", OTHERS)
@pytest.mark.parametrize(
    "quote", ["> old words\n> more", "old words\n\nmore"], ids=["marked", "bare"]
)
def test_attributions_of_further_languages(lang, quote):
    zones = split_text(f"The new words.\n\n{OTHERS[lang]}\n\n{quote}\n")
    assert zones.text == "The new words."


@pytest.mark.parametrize("lang", NEW_WORDS)
def test_answers_between_quotations_are_kept(lang):
    first, second = NEW_WORDS[lang].split("\n")
    intro = QUOTING[lang][0]
    body = (
        f"{intro}\n\n> {OLD_WORDS[lang].splitlines()[0]}\n\n{first}\n\n> "
        f"{OLD_WORDS[lang].splitlines()[-1]}\n{second}\n"
    )
    assert split_text(body).text == f"{first}\n\n{second}"


def test_history_inside_quote_marks_does_not_end_the_message():
    body = (
        "> From: Nora <nora@field.example>\n> Sent: 3 April 2023 10:11\n> Subject: Plan"
        "\n> old\n\nMy answer."
    )
    assert split_text(body).text == "My answer."


def test_an_attribution_on_the_line_of_new_words_is_cut_off():
    zones = split_text(
        "Fine with me. On Wed, Apr 5, 2023 at 3:59 PM, nora@field.example wrote:\n> Shall we?"
    )
    assert zones.text == "Fine with me."
    assert zones.quoted.startswith("On Wed, Apr 5, 2023")


@pytest.mark.parametrize(
    "body",
    [
        (
            "You may remember what I said. On Monday Bob wrote: the plan is late.\nI "
            "disagree with him."
        ),
        "As you may recall,\nOn Monday Bob wrote:\nthe plan is late.\n\nI disagree with him.",
        "I think this is what the auditor wrote:\nnothing to add.",
        "Lundi dernier, voici ce que Luc a écrit :\nrien à signaler.\n\nJe ne suis pas d'accord.",
        "هذا ما كتب المدير أمس:\nلا يوجد جديد.\n\nلا أوافق على ذلك.",
        "어제 팀장이 작성:\n이견 없음.\n\n저는 반대합니다.",
        "เมื่อวานหัวหน้าเขียนว่า:\nไม่มีอะไรเพิ่ม\n\nผมไม่เห็นด้วย",
        "Travel for the fair:\n\nFrom: Paris\nTo: Lyon\nDate: 12 May\n\nPlease book two seats.",
        (
            "The interview:\n\nDate: Wednesday 4 October 2023\nTime: 7:00 am\nAddress: 12 "
            "Fox Street\n\nBring your badge."
        ),
        "From: 3 May\nTo: 9 May\nI am on leave, please ask Nora.",
        "De : Paris\nÀ : Lyon\nMerci de réserver.",
        ">50 users complained last week, which is too many.",
        "Click below\n>>> https://shop.example <<<\nor call us.",
        "Please fill in:\n----- Your answer below -----\nAll good.",
        "Sent from my desk, which is easier than the phone.",
        "Merci beaucoup pour votre aide.\nNora",
        "Two points:\n---\nFirst the price.\n---\nThen the date.",
        (
            "You have seen the mail of 3.4.2023, 10:11, from Nora <nora@field.example>:\n\n"
            "I disagree with every word of it."
        ),
        "3.4.2023 10:11, Server Room:\nthe alarm went off, nobody came.",
        "------ Two questions ------\nFrom: when on?\nAnd who pays?",
    ],
)
def test_new_words_that_resemble_history_stay(body):
    zones = split_text(body)
    assert zones.text.split() == body.split()
    assert zones.quoted == zones.signature == ""


def test_a_forward_without_comment_has_no_new_words():
    body = (
        "---------- Forwarded message ---------\nFrom: Nora <nora@field.example>\nDate:"
        " 3 April 2023\nSubject: Plan\n\nThe plan."
    )
    zones = split_text(body)
    assert zones.text == ""
    assert zones.quoted == body


def test_bars_below_an_attribution_are_quote_marks():
    intro = "On 3 April 2023 at 10:11, Nora Field wrote:"
    body = f"{intro}\n| Shall we?\n\nYes.\n\n| And when?\n\nOn Friday."
    assert split_text(body).text == "Yes.\n\nOn Friday."


def test_bars_of_a_table_are_none():
    body = "The figures:\n| month | sales |\n| May | 12 |\n\nAgreed?"
    assert split_text(body).text == body


def test_answers_below_an_attribution_whose_quotations_come_later():
    body = "On 3 Apr 2023 at 10:11, N <n@f.example> wrote:\nHello all,\n\n> Shall we?\n\nYes."
    assert split_text(body).text == "Hello all,\n\nYes."


def test_a_remark_between_attribution_and_quotation():
    body = "Fine.\n\nOn 3 Apr 2023 at 10:11, N <n@f.example> wrote:\n[...]\n> Shall we?\n\nYes."
    assert split_text(body).text == "Fine.\n\n[...]\n\nYes."


@pytest.mark.parametrize(
    "intro",
    [
        "3.4.23 10:11 hodź. Nora Field <nora@field.example>:",
        "Ponedźela, 3 apr. 2023, 10:11 wot Nora Field <nora@field.example>:",
        "Ponedźela, 3 apr. 2023, 10:11 wot Nora Field <\nnora@field.example>:",
    ],
)
@pytest.mark.parametrize("quote", ["> old words", "old words"], ids=["marked", "bare"])
def test_date_time_and_address_are_an_attribution_in_any_language(intro, quote):
    zones = split_text(f"The new words.\n\n{intro}\n{quote}\n")
    assert (zones.text, zones.quoted) == ("The new words.", f"{intro}\n{quote}")


def test_such_an_attribution_takes_no_new_words_from_the_line_above():
    intro = "Ponedźela, 3 apr. 2023, 10:11 wot Nora Field <nora@field.example>:"
    assert split_text(f"The new words.\n{intro}\n> old words").text == "The new words."


def test_date_and_name_above_quote_marks_need_no_verb():
    zones = split_text("The new words.\n\n03.04.23 10:11, Nora Field:\n> old words")
    assert (zones.text, zones.quoted) == (
        "The new words.",
        "03.04.23 10:11, Nora Field:\n> old words",
    )


@pytest.mark.parametrize(
    "intro",
    [
        "Nora Field 於 2023/4/3 上午10:11 寫道:",
        "Nora Field 写于 2023/4/3 10:11:",
        "Nora Field đã viết vào lúc 10:11 3/4/23:",
        "Nora Field escreveu às 10:11 de 03/04/2023:",
        "Skrivet eo bet gant Nora Field :",
        "Nora Field <nora@field.example> എഴുതി",
        "Nora Field បាន\u200bសរសេរ៖",
        "Nora Field-ը գրել է 03.04.23 10:11-ին.",
    ],
)
def test_the_author_before_the_verb_belongs_to_the_attribution(intro):
    zones = split_text(f"The new words.\n\n{intro}\n> old words")
    assert (zones.text, zones.quoted) == ("The new words.", f"{intro}\n> old words")


@pytest.mark.parametrize("language", ["cak", "xx"])
def test_a_heading_between_dashes_belongs_to_the_fields_below_it(language):
    heading = {"cak": "Qitzij Rutzijol", "xx": "Messaggiu vechju"}[language]
    fields = "From: Nora <nora@field.example>\nDate: 3.4.2023 10:11\nSubject: Tea"
    zones = split_text(f"New.\n\n-------- {heading} --------\n{fields}\n\nold words")
    assert zones.text == "New."


def test_the_turkish_capital_i_is_folded():
    zones = split_text("Yeni.\n\n-------- İletilen İleti --------\n\neski")
    assert zones.text == "Yeni."
    zones = split_text("Yeni.\n\n-------- İletilen ileti --------\n\neski")
    assert zones.text == "Yeni."


HEADER = "From: Nora Field <nora@field.example>\nSent: Monday, April 3, 2023 10:11 AM\nSubject: Tea"


@pytest.mark.parametrize(
    "words", ["", "My answers are below.\n\n", "답변은 아래에 적었습니다.\n\n"]
)
def test_answers_between_quotations_below_a_header_block_are_kept(words):
    body = (
        f"{words}-----Original Message-----\n{HEADER}\n\n> Shall we?\n\nYes.\n\n> When?\n\nFriday."
    )
    assert split_text(body).text == f"{words}Yes.\n\nFriday."


@pytest.mark.parametrize("heading", ["-----Original Message-----\n", ""])
def test_below_an_answer_such_a_block_holds_the_answers_of_others(heading):
    body = f"Thank you both.\n\n{heading}{HEADER}\n\n> Shall we?\n\nYes, on Friday."
    assert split_text(body).text == "Thank you both."


@pytest.mark.parametrize(
    "intro",
    [
        "##- Please type your reply above this line -##",
        "##- Skriv svaret ditt over denne linja -##",
        "Reply above this line",
        "-- Please reply above this line --",
        "Write ABOVE THIS LINE to post a reply",
        "--- Répondez au-dessus de cette ligne ---",
        "--- يرجى كتابة ردك أعلى هذا السطر ---",
        "--- 이 줄 위에 답장을 입력하세요 ---",
        "--- ตอบกลับเหนือบรรทัดนี้ ---",
    ],
)
def test_a_helpdesk_wants_the_answer_above_its_line(intro):
    zones = split_text(f"The new words.\n\n{intro}\n\nNora Field\n3 Apr 2023, 10:11\n\nOld words.")
    assert zones.text == "The new words."
    assert zones.quoted.startswith(intro)
    first = split_text(f"{intro}\n\nThe helpdesk's own words.")
    assert (first.text, first.signature) == ("The helpdesk's own words.", intro)


@pytest.mark.parametrize(
    "intro",
    [
        "On Mon, 3 Apr at 10:11 AM , Nora Field <nora@field.example> wrote:",
        "Le lun., 3 avr. à 10:11, Nora Champ <nora@champ.example> a écrit :",
        "Nora Field ---3.4.2023 10:11:12---Hello Ben, here are the figures",
        "  Original Message\n" + HEADER,
        "*Nora Field* <nora@field.example>\nMon, Apr 3, 10:11 AM (2 days ago)\nto me, Ben",
        "들노라 <nora@deul.example>\n4월 3일 (월) 오전 10:11\n나에게",
        "โนรา <nora@thung.example>\n3 เม.ย. 2023 10:11\nถึง ฉัน",
        "[원본 메시지]\n발신자: 들노라\n수신자: 산민수\n발신일시: 2023-04-03 10:11\n제목: 봄",
    ],
)
def test_introductions_without_year_name_or_dashes(intro):
    zones = split_text(f"The new words.\n\n{intro}\n\nOld words.")
    assert (zones.text, zones.quoted) == ("The new words.", f"{intro}\n\nOld words.")


@pytest.mark.parametrize("marks", ["NF> ", "nf>", "N> "])
def test_initials_below_an_attribution_are_quote_marks(marks):
    intro = "On 3 April 2023 at 10:11, Nora Field wrote:"
    body = f"{intro}\n\n{marks}Shall we?\n\nYes.\n{marks}When?\nFriday."
    assert split_text(body).text == "Yes.\n\nFriday."


def test_such_letters_elsewhere_are_none():
    body = "The steps:\nA> B costs 5.\nB> C costs 7.\n\nAgreed?"
    assert split_text(body).text == body


@pytest.mark.parametrize(
    "body",
    [
        "Hello,\n\nas I wrote on 3 April 2023 at 10:11 to nora@field.example:\n\nthe price rose.",
        "Hello,\n\nOn 3 April 2023 at 10:11 we wrote:\n\nthe price is wrong.",
        "Bonjour,\n\nLe 3 avril 2023 à 10:11, je vous ai écrit :\n\nle prix est faux.",
        "مرحبا،\n\nفي 3 أبريل 2023 الساعة 10:11 كتبت إليكم:\n\nالسعر خاطئ.",
        "안녕하세요,\n\n2023년 4월 3일 10:11에 제가 보낸 메일:\n\n가격이 틀렸습니다.",
        "สวัสดีค่ะ\n\nเมื่อวันที่ 3 เมษายน 2023 เวลา 10:11 ดิฉันเขียนถึง nora@thung.example ว่า:\n\nราคาผิดค่ะ",
        (
            "Please change this shipment:\nFrom: hall A\nTo: hall B\nDate: 03/04/2023 10:11\n"
            "Subject: tea\n\nAgreed?"
        ),
        "Who comes:\nNora Field <nora@field.example>\nMonday, 10:11\nBen Hill <ben@hill.example>",
        "The figures:\n\n>5% late in May\n>10% late in June\n\nThat is too much.",
    ],
)
def test_what_authors_say_of_themselves_stays(body):
    assert split_text(body).text == body


def test_the_same_line_above_quote_marks_introduces_them():
    body = "As I wrote on 3 April 2023 at 10:11 to nora@field.example:\n> old words\n\nNew words."
    assert split_text(body).text == "New words."


def test_shares_inside_a_quotation_are_quoted():
    body = (
        "On 3 April 2023 at 10:11, Nora Field wrote:\n>5% late in May\n>10% late in June\n\nSorry."
    )
    assert split_text(body).text == "Sorry."
    assert split_text(">The figures\n>5% late\n>10% late\n\nSorry.").text == "Sorry."
