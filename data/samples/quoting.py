"""What a mail program writes around the new words: signature, quoted history, HTML.

Every style follows one family of programs, in the language of the writer's own program.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

# A mail shows so many of the mails before it.
HISTORY_DEPTH = 3
# Gmail and Mutt break their attribution lines here, often inside the address.
ATTRIBUTION_WIDTH = 78
# Omar writes Arabic on a French computer, as half of Casablanca does.
PROGRAM_LANGUAGE = {"o.tazi@atlasceram.example": "fr"}
SCRIPTS = {"ar": r"[\u0600-\u06ff]", "th": r"[\u0e00-\u0e7f]", "ko": r"[\uac00-\ud7a3]"}
FRENCH = re.compile(r"\b(?:le|la|les|des|est|vous|nous|pour|je|et|pas|une)\b", re.IGNORECASE)
ENGLISH = re.compile(r"\b(?:the|and|to|you|we|is|for|of|it|on|that|with)\b", re.IGNORECASE)
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True)
class Mail:
    """One mail as the story tells it."""

    story: str
    key: str
    date: datetime
    sender: str
    to: Sequence[str]
    subject: str
    style: str
    html: bool
    parent: Mail | None = None
    cc: Sequence[str] = ()
    text: str = ""
    interleaved: Sequence[Mapping[str, str]] = ()
    signature: str = ""
    attachments: Sequence[Mapping[str, Any]] = ()
    charset: str = "utf-8"
    automatic: str = ""


@dataclass(frozen=True)
class Locale:
    """The words and date formats of mail programs in one language."""

    days: str
    days_short: str
    months: str
    months_short: str
    half_days: tuple[str, str]
    gmail: tuple[str, str]
    apple: tuple[str, str]
    outlook_sent: str
    outlook_labels: tuple[str, str, str, str, str]
    original: str
    direction: str = "ltr"
    digits: Mapping[int, int] = field(default_factory=dict)


LOCALES = {
    "en": Locale(
        days="Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        days_short="Mon Tue Wed Thu Fri Sat Sun",
        months="January February March April May June July August September October November "
        "December",
        months_short="Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        half_days=("AM", "PM"),
        gmail=(
            "{day_short}, {month_short} {d}, {y} at {h12}:{min} {half}",
            "On {when} {who} wrote:",
        ),
        apple=("{d} {month_short} {y}, at {h24:02}:{min}", "On {when}, {who} wrote:"),
        outlook_sent="{day}, {month} {d}, {y} {h12}:{min} {half}",
        outlook_labels=("From:", "Sent:", "To:", "Cc:", "Subject:"),
        original="-----Original Message-----",
    ),
    "fr": Locale(
        days="lundi mardi mercredi jeudi vendredi samedi dimanche",
        days_short="lun. mar. mer. jeu. ven. sam. dim.",
        months="janvier février mars avril mai juin juillet août septembre octobre novembre "
        "décembre",
        months_short="janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        half_days=("AM", "PM"),
        gmail=("{day_short} {d} {month_short} {y} à {h24:02}:{min}", "Le {when}, {who} a écrit :"),
        apple=("{d} {month_short} {y} à {h24:02}:{min}", "Le {when}, {who} a écrit :"),
        outlook_sent="{day} {d} {month} {y} {h24:02}:{min}",
        outlook_labels=("De :", "Envoyé :", "À :", "Cc :", "Objet :"),
        original="-----Message d'origine-----",
    ),
    "ko": Locale(
        days="월요일 화요일 수요일 목요일 금요일 토요일 일요일",
        days_short="월 화 수 목 금 토 일",
        months="1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월",
        months_short="1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월",
        half_days=("오전", "오후"),
        gmail=("{y}년 {month} {d}일 ({day_short}) {half} {h12}:{min}", "{when}, {who}님이 작성:"),
        apple=("{y}. {m}. {d}. {half} {h12}:{min}", "{when}, {who} 작성:"),
        outlook_sent="{y}년 {month} {d}일 {day} {half} {h12}:{min}",
        outlook_labels=("보낸 사람:", "보낸 날짜:", "받는 사람:", "참조:", "제목:"),
        original="-----원본 메시지-----",
    ),
    "th": Locale(
        days="จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์",
        days_short="จ. อ. พ. พฤ. ศ. ส. อา.",
        months="มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม "
        "พฤศจิกายน ธันวาคม",
        months_short="ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
        half_days=("AM", "PM"),
        gmail=("วัน{day}ที่ {d} {month} {be} เวลา {h24}:{min}", "เมื่อ {when} {who} เขียนว่า:"),
        apple=("{d} {month_short} {be} เวลา {h24:02}:{min}", "เมื่อ {when} {who} เขียนว่า:"),
        outlook_sent="วัน{day}ที่ {d} {month} {be} {h24}:{min}",
        outlook_labels=("จาก:", "ส่ง:", "ถึง:", "สำเนา:", "เรื่อง:"),
        original="-----ข้อความต้นฉบับ-----",
    ),
    "ar": Locale(
        days="الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
        days_short="الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
        months="يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        months_short="يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        half_days=("ص", "م"),
        gmail=("{day}، {d} {month} {y} في {h12}:{min} {half}", "في {when}، كتب {who}:"),
        apple=("{d} {month} {y}، الساعة {h12}:{min} {half}", "في {when}، كتب/كتبت {who}:"),
        outlook_sent="{day}, {d} {month} {y} {h12}:{min} {half}",
        outlook_labels=("من:", "تم الإرسال:", "إلى:", "نسخة:", "الموضوع:"),
        original="-----الرسالة الأصلية-----",
        direction="rtl",
        digits=ARABIC_DIGITS,
    ),
}


# ------------------------------------------------------------------------------------ the mails


def address_parts(person: str) -> tuple[str, str]:
    """Split ``Name <address>``."""
    name, _, addr = person.rpartition("<")
    return name.strip(), addr.rstrip(">").strip()


def ancestors(mail: Mail) -> list[Mail]:
    """List the mails that this one answers, the nearest first."""
    found = []
    while mail.parent:
        mail = mail.parent
        found.append(mail)
    return found


def writer_languages(mails: Iterable[Mail]) -> dict[str, str]:
    """Tell for each address the language of its mail program: the one most written in."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for mail in mails:
        counts[address_parts(mail.sender)[1]][_language(_new_words(mail))] += 1
    most = {addr: max(counter, key=counter.__getitem__) for addr, counter in counts.items()}
    return most | PROGRAM_LANGUAGE


def _language(text: str) -> str:
    script, letters = max(
        ((language, len(re.findall(letter, text))) for language, letter in SCRIPTS.items()),
        key=lambda pair: pair[1],
    )
    if letters > len(text) / 4:
        return script
    return "fr" if len(FRENCH.findall(text)) > len(ENGLISH.findall(text)) else "en"


def _new_words(mail: Mail) -> str:
    return mail.text or "\n\n".join(part.get("text", "") for part in mail.interleaved)


# ------------------------------------------------------------------------------------ plain text


def plain_text(mail: Mail, languages: Mapping[str, str], depth: int = HISTORY_DEPTH) -> str:
    """Write the whole plain-text body: new words, signature, quoted history."""
    if mail.interleaved:
        return _interleaved(mail, languages)
    body = mail.text + _plain_signature(mail) + "\n"
    if mail.parent is None or mail.automatic or depth == 0:
        return body
    history = plain_text(mail.parent, languages, depth - 1)
    if mail.style == "outlook":
        return f"{body}\n{_outlook_block(mail, languages)}\n\n{history}"
    return f"{body}\n{_plain_attribution(mail, languages)}\n{_gap(mail)}{_quote(history)}\n"


def _plain_signature(mail: Mail) -> str:
    if not mail.signature:
        return ""
    bare = mail.style in ("outlook", "apple")
    return f"\n\n{mail.signature}" if bare else f"\n\n-- \n{mail.signature}"


def _interleaved(mail: Mail, languages: Mapping[str, str]) -> str:
    parts = list(mail.interleaved)
    opening = [parts.pop(0)["text"]] if "text" in parts[0] else []
    attribution = [_plain_attribution(mail, languages)] if mail.parent else []
    answers = [part["text"] if "text" in part else _quote(part["quote"]) for part in parts]
    return "\n\n".join([*opening, *attribution, *answers]) + _plain_signature(mail) + "\n"


def _gap(mail: Mail) -> str:
    return "\n" if mail.style in ("gmail", "apple") else ""


def _quote(text: str) -> str:
    lines = text.rstrip("\n").split("\n")
    return "\n".join(">" + line if line.startswith(">") else f"> {line}".rstrip() for line in lines)


def _plain_attribution(mail: Mail, languages: Mapping[str, str]) -> str:
    line = _attribution(mail, languages)
    if mail.style == "apple" or len(line) <= ATTRIBUTION_WIDTH:
        return line
    return textwrap.fill(line, ATTRIBUTION_WIDTH, break_long_words=False, break_on_hyphens=False)


def _attribution(mail: Mail, languages: Mapping[str, str]) -> str:
    answered, locale = _answered(mail), _locale(mail, languages)
    when, sentence = locale.apple if mail.style == "apple" else locale.gmail
    date = _date(answered, mail, locale, when).translate(locale.digits)
    return sentence.format(when=date, who=answered.sender)


def _outlook_block(mail: Mail, languages: Mapping[str, str]) -> str:
    rule = "_" * 32 if mail.html else _locale(mail, languages).original
    return "\n".join([rule, *(" ".join(field) for field in _outlook_fields(mail, languages))])


def _outlook_fields(mail: Mail, languages: Mapping[str, str]) -> list[tuple[str, str]]:
    answered, locale = _answered(mail), _locale(mail, languages)
    sent = _date(answered, mail, locale, locale.outlook_sent)
    values = (
        answered.sender,
        sent,
        "; ".join(answered.to),
        "; ".join(answered.cc),
        answered.subject,
    )
    return [
        (label, value) for label, value in zip(locale.outlook_labels, values, strict=True) if value
    ]


def _answered(mail: Mail) -> Mail:
    if mail.parent is None:
        raise ValueError(f"{mail.story}/{mail.key} answers no mail and so has no history")
    return mail.parent


def _locale(mail: Mail, languages: Mapping[str, str]) -> Locale:
    return LOCALES[languages[address_parts(mail.sender)[1]]]


def _date(answered: Mail, mail: Mail, locale: Locale, pattern: str) -> str:
    """Write when the answered mail was sent, on the clock of who answers."""
    date = answered.date.astimezone(mail.date.tzinfo)
    return pattern.format(
        day=locale.days.split()[date.weekday()],
        day_short=locale.days_short.split()[date.weekday()],
        month=locale.months.split()[date.month - 1],
        month_short=locale.months_short.split()[date.month - 1],
        half=locale.half_days[date.hour >= 12],
        d=date.day,
        m=date.month,
        y=date.year,
        be=date.year + 543,  # the Thai calendar
        h12=(date.hour - 1) % 12 + 1,
        h24=date.hour,
        min=f"{date.minute:02d}",
    )


# ------------------------------------------------------------------------------------ HTML


def html_document(mail: Mail, languages: Mapping[str, str]) -> str:
    """Write the HTML alternative as the writer's program does."""
    body = _fragment(mail, languages, HISTORY_DEPTH)
    if mail.style == "gmail":
        return body + "\n"
    if mail.style == "apple":
        return f'<html><body style="overflow-wrap: break-word;">{body}</body></html>\n'
    language = languages[address_parts(mail.sender)[1]].upper()
    head = '<meta name="Generator" content="Microsoft Word 15 (filtered medium)">'
    return f'<html><head>{head}</head><body lang="{language}">{body}</body></html>\n'


def _fragment(mail: Mail, languages: Mapping[str, str], depth: int) -> str:
    if mail.style not in ("gmail", "outlook", "apple"):
        return f"<div>{_breaks(plain_text(mail, languages, depth))}</div>"
    direction = _locale(mail, languages).direction
    own = _OWN_WORDS[mail.style](mail, direction)
    if mail.parent is None or mail.automatic or depth == 0:
        return own
    history = _fragment(mail.parent, languages, depth - 1)
    if mail.style == "outlook":
        return f"{own}{_outlook_header(mail, languages, direction)}{history}"
    return own + _blockquote(mail, _attribution(mail, languages), history, direction)


def _gmail_words(mail: Mail, direction: str) -> str:
    signature = (
        '<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br>'
        f'<div dir="{direction}" class="gmail_signature" data-smartmail="gmail_signature">'
        f"{_breaks(mail.signature)}</div>"
    )
    return f'<div dir="{direction}">{_divs(mail.text)}{signature if mail.signature else ""}</div>'


def _outlook_words(mail: Mail, direction: str) -> str:
    text = mail.text + (f"\n\n{mail.signature}" if mail.signature else "")
    paragraphs = (
        f'<p class="MsoNormal" dir="{direction}">{escape(line) or "<o:p>&nbsp;</o:p>"}</p>'
        for line in [*text.split("\n"), ""]
    )
    return f'<div class="WordSection1">{"".join(paragraphs)}</div>'


def _apple_words(mail: Mail, direction: str) -> str:
    signature = f"<div><br></div><div>{_breaks(mail.signature)}</div>" if mail.signature else ""
    return f'<div dir="{direction}">{_divs(mail.text)}{signature}</div>'


_OWN_WORDS = {"gmail": _gmail_words, "outlook": _outlook_words, "apple": _apple_words}


def _outlook_header(mail: Mail, languages: Mapping[str, str], direction: str) -> str:
    lines = "<br>".join(
        f"<b>{escape(label)}</b> {escape(value)}"
        for label, value in _outlook_fields(mail, languages)
    )
    return (
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal" dir="{direction}">{lines}</p></div></div>'
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
    )


def _blockquote(mail: Mail, attribution: str, history: str, direction: str) -> str:
    _, addr = address_parts(_answered(mail).sender)
    line = escape(attribution).replace(addr, f'<a href="mailto:{addr}">{addr}</a>')
    if mail.style == "apple":
        return (
            f'<div><br><blockquote type="cite"><div>{line}</div>'
            f'<br class="Apple-interchange-newline"><div>{history}</div></blockquote></div>'
        )
    return (
        f'<br><div class="gmail_quote"><div dir="{direction}" class="gmail_attr">{line}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid '
        f'rgb(204,204,204);padding-left:1ex">{history}</blockquote></div>'
    )


def _divs(text: str) -> str:
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))


def _breaks(text: str) -> str:
    return escape(text.rstrip("\n")).replace("\n", "<br>\n")
