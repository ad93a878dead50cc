from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsense.ingest.mail import forwarded, to_message
from commsense.ingest.reader import RawMail
from commsense.schema import Message

BEN, DORA, CARLA = "ben@agency.example", "dora@agency.example", "carla@other.example"
GMAIL = """{note}

---------- Forwarded message ---------
{sender}: Carla Diaz <carla@other.example>
Date: {date}
Subject: {subject}
To: Ben Carter <ben@agency.example>


{text}
"""
FIELDS = """From: Carla Diaz <carla@other.example>
Sent: Monday, March 11, 2024 9:00 AM
To: Ben Carter <ben@agency.example>
Subject: Complaint

Nothing came.
"""
OUTLOOK_HTML = """<html><body><div class=WordSection1><p class=MsoNormal>{note}<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;
border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>
<p class=MsoNormal><b>{sender}:</b> Carla Diaz &lt;carla@other.example&gt;<br>
<b>{sent}:</b> {date}<br><b>{to}:</b> Ben Carter &lt;ben@agency.example&gt;<br>
<b>{title}:</b> {subject}<o:p></o:p></p></div></div>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal>{text}<o:p></o:p></p></div></body></html>"""
GMAIL_HTML = """<div dir="ltr">FYI<br><br><div class="gmail_quote"><div class="gmail_attr">
---------- Forwarded message ---------<br>From:
<strong class="gmail_sendername">Carla Diaz</strong> <span>&lt;
<a href="mailto:carla@other.example">carla@other.example</a>&gt;</span><br>Date: Mon,
Mar 11, 2024 at 9:00 AM<br>Subject: Complaint<br>To: Ben Carter &lt;
<a href="mailto:ben@agency.example">ben@agency.example</a>&gt;<br></div><br><br>
<div dir="ltr">Nothing came.<br>-- <br>
<div class="gmail_signature">Carla Diaz<br>Sales</div></div></div></div>"""
APPLE_HTML = """<html><body>Please look.<br><div><br><blockquote type="cite"><div>Begin forwarded
message:</div><br><div><b>From: </b>Carla Diaz &lt;carla@other.example&gt;<br></div><div>
<b>Subject: </b><b>Complaint</b><br></div><div><b>Date: </b>11 March 2024 at 09:00:00 CET<br></div>
<div><b>To: </b>Ben Carter &lt;ben@agency.example&gt;<br></div><br><div>Nothing came.</div>
</blockquote></div></body></html>"""


def raw(body: str, subject="Fwd: Complaint", *, to=DORA, kind="text/plain", more="") -> RawMail:
    head = (
        f"From: Ben Carter <{BEN}>\nTo: Dora <{to}>\nSubject: {subject}\nMessage-ID: <f@x>\n"
        f"Date: Tue, 12 Mar 2024 10:00:00 +0100\n{more}Content-Type: {kind}; charset=utf-8\n\n"
    )
    return RawMail((head + body).encode(), "box#7")


def taken_out(mail: RawMail) -> list[Message]:
    message = to_message(mail)
    assert isinstance(message, Message)
    return list(forwarded(message, mail))


def outlook(sender: str, sent: str, to: str, title: str) -> str:
    head = f"{sender}: Carla Diaz <{CARLA}>\n{sent}: {{date}}\n{to}: Ben Carter <{BEN}>\n"
    return f"{{note}}\n\n________________________________\n{head}{title}: {{subject}}\n\n{{text}}\n"


def apple(heading: str, sender: str, title: str, sent: str, to: str) -> str:
    fields = (f"{sender}: Carla Diaz <{CARLA}>", f"{title}: {{subject}}", f"{sent}: {{date}}")
    lines = (*fields, f"{to}: Ben Carter <{BEN}>", "", "{text}")
    return f"{{note}}\n\n{heading}:\n\n" + "\n".join(f"> {line}" for line in lines) + "\n"


LANGUAGES = {
    "en": ("Fwd", "For you.", "Complaint", "The goods never came."),
    "fr": ("TR", "Pour toi.", "Réclamation", "La marchandise n'est jamais arrivée."),
    "ar": ("إعادة توجيه", "للعلم", "شكوى", "لم تصل البضاعة حتى الآن."),
    "ko": ("전달", "확인해 주세요.", "불만", "물건이 아직 도착하지 않았습니다."),
    "th": ("ส่งต่อ", "ฝากดูด้วย", "ร้องเรียน", "สินค้ายังมาไม่ถึงเลย"),
}
FORWARDS = [
    ("en", GMAIL.replace("{sender}", "From"), "Mon, Mar 11, 2024 at 9:00 AM"),
    ("en", outlook("From", "Sent", "To", "Subject"), "Monday, March 11, 2024 9:00 AM"),
    ("en", apple("Begin forwarded message", "From", "Subject", "Date", "To"),
     "11 March 2024 at 09:00:00 CET"),
    ("fr", GMAIL.replace("{sender}", "De"), "lun. 11 mars 2024 à 09:00"),
    ("fr", outlook("De ", "Envoyé ", "À ", "Objet "), "lundi 11 mars 2024 09:00"),
    ("fr", apple("Début du message réexpédié", "De", "Objet", "Date", "À"),
     "11 mars 2024 à 09:00:00 UTC+1"),
    ("ar", GMAIL.replace("{sender}", "من"), "الاثنين، 11 مارس 2024 في 9:00 ص"),
    ("ar", outlook("من", "‏‏تم الإرسال", "إلى", "الموضوع"), "الإثنين، ١١ آذار ٢٠٢٤ ٠٩:٠٠ ص"),
    ("ar", apple("بدء الرسالة المعاد توجيهها", "من", "الموضوع", "التاريخ", "إلى"),
     "١١ مارس ٢٠٢٤ في ٩:٠٠:٠٠ ص"),
    ("ko", GMAIL.replace("{sender}", "보낸사람"), "2024년 3월 11일 (월) 오전 9:00"),
    ("ko", outlook("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
     "2024년 3월 11일 월요일 오전 9:00"),
    ("ko", apple("전달된 메시지 시작", "보낸 사람", "제목", "날짜", "받는 사람"),
     "2024년 3월 11일 오전 9시 0분"),
    ("th", GMAIL.replace("{sender}", "จาก"), "จ. 11 มี.ค. 2024 เวลา 09:00"),
    ("th", outlook("จาก", "ส่ง", "ถึง", "เรื่อง"), "วันจันทร์ที่ 11 มีนาคม 2567 09:00"),
    ("th", apple("เริ่มข้อความที่ส่งต่อ", "จาก", "เรื่อง", "วันที่", "ถึง"),
     "11 มีนาคม 2567 เวลา 09:00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "form", "date"), FORWARDS)
def test_a_forward_in_every_language_is_a_message_of_its_author(language, form, date):
    prefix, note, subject, text = LANGUAGES[language]
    body = form.format(note=note, date=date, subject=subject, text=text)
    (found,) = taken_out(raw(body, f"{prefix}: {subject}"))
    assert (found.author, found.author_name) == (CARLA, "Carla Diaz")
    assert found.sent_at == datetime(2024, 3, 11, 8, tzinfo=UTC)
    assert found.recipients == [BEN]
    assert (found.subject, found.text) == (subject, text)
    assert found.language == language
    assert found.channel == "email"


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        (GMAIL_HTML, "Fwd: Complaint"),
        (APPLE_HTML, "Fwd: Complaint"),
        (
            OUTLOOK_HTML.format(
                note="Bitte lesen.", sender="Von", sent="Gesendet", to="An", title="Betreff",
                date="Montag, 11. März 2024 09:00", subject="Complaint", text="Nothing came.",
            ),
            "WG: Complaint",
        ),
    ],
)  # fmt: skip
def test_html_forwards_are_read_too(body, subject):
    (found,) = taken_out(raw(body, subject, kind="text/html"))
    assert (found.author, found.subject, found.text) == (CARLA, "Complaint", "Nothing came.")
    assert found.sent_at == datetime(2024, 3, 11, 8, tzinfo=UTC)


def test_id_place_and_thread_are_those_of_the_forward():
    mail = raw(FIELDS, more="References: <1@x>\nIn-Reply-To: <2@x>\n")
    (found,) = taken_out(mail)
    assert (found.id, found.source) == ("f@x#forwarded", "box#7")
    assert found.references == ["1@x", "2@x", "f@x"]
    assert taken_out(mail) == [found]


def test_the_forward_itself_stays_as_it_is():
    message = to_message(raw(f"For you.\n\n{FIELDS}"))
    assert message.text == "For you."
    assert "Nothing came." in message.quoted
    assert message.author == BEN


def test_history_and_signature_of_what_is_forwarded_are_cut_off():
    quoted = "On Sun, 10 Mar 2024 at 8:00, Ben <b@x.example> wrote:\n> It did."
    (found,) = taken_out(raw(f"{FIELDS}\n-- \nCarla Diaz\n\n{quoted}"))
    assert found.text == "Nothing came."
    assert "It did." in found.quoted
    assert "Carla Diaz" in found.signature


@pytest.mark.parametrize(
    ("body", "subject", "to"),
    [
        (f"Sorry.\n\n-----Original Message-----\n{FIELDS}", "RE: Complaint", CARLA),
        (f"Sorry.\n\n-----Original Message-----\n{FIELDS}", "RE: Complaint", DORA),
        (f"Sorry.\n\n-----Original Message-----\n{FIELDS}", "Complaint", CARLA),
        (f"Sorry.\n\n{FIELDS}", "Complaint", DORA),
        (f"{'Long. ' * 100}\n\n-----Original Message-----\n{FIELDS}", "Complaint", DORA),
        (f"-----Original Message-----\n{FIELDS}".replace(BEN, "list@x.example"), "Complaint",
         "list@x.example"),
        (f"News?\n\n-----Original Message-----\n{FIELDS}".replace(CARLA, BEN), "Offer", DORA),
        (f"Sorry.\n\n{FIELDS}", "Re: Fwd: Complaint", DORA),
        (f"On Mon, 11 Mar 2024 at 9:00, Carla <{CARLA}> wrote:\n> Nothing came.", "Fwd: x", DORA),
        ("Nothing is below.", "Fwd: Complaint", DORA),
        (FIELDS.replace(f" <{CARLA}>", ""), "Fwd: Complaint", DORA),  # whose address is unknown
        (FIELDS.replace("Nothing came.", ""), "Fwd: Complaint", DORA),
    ],
)  # fmt: skip
def test_replies_and_what_cannot_be_attributed_make_no_message(body, subject, to):
    assert taken_out(raw(body, subject, to=to)) == []


def test_without_known_recipients_a_mail_stays_whole():
    mail = raw(FIELDS)
    assert taken_out(RawMail(mail.raw.replace(b"To: Dora <dora@agency.example>\n", b""), "x")) == []


def test_automatic_mail_forwards_nothing():
    assert taken_out(raw(FIELDS, more="Auto-Submitted: auto-generated\n")) == []


@pytest.mark.parametrize(
    "subject", ["A sad story", "Complaint", "[Fwd: Complaint]", "[list] FW: x"]
)
def test_a_heading_tells_a_forward_whatever_its_subject(subject):
    body = f"Read this.\n\n-------- Forwarded Message --------\n{FIELDS}"
    (found,) = taken_out(raw(body, subject))
    assert found.author == CARLA


def test_a_name_is_attributed_by_the_people_of_the_mail():
    body = f"-----Original Message-----\n{FIELDS}".replace(f"Carla Diaz <{CARLA}>", "Carter, Ben")
    (found,) = taken_out(raw(body))
    assert (found.author, found.author_name) == (BEN, "Carter, Ben")


@pytest.mark.parametrize(
    "sender",
    [f"Carla Diaz [mailto:{CARLA}]", f'"Carla Diaz"<{CARLA}>', f"*Carla Diaz* <{CARLA}>",
     f"Carla Diaz <{CARLA}<mailto:{CARLA}>>", f"'Carla Diaz' (mailto:{CARLA.upper()})"],
)  # fmt: skip
def test_every_way_to_write_a_name_with_an_address(sender):
    (found,) = taken_out(raw(FIELDS.replace(f"Carla Diaz <{CARLA}>", sender)))
    assert (found.author, found.author_name) == (CARLA, "Carla Diaz")


def test_wrapped_fields_belong_to_the_block():
    to = "Ben Carter <ben@agency.example>,\n Eve <eve@agency.example>"
    title = "A complaint\nabout late goods"
    body = FIELDS.replace(f"Ben Carter <{BEN}>", to).replace("Complaint", title)
    (found,) = taken_out(raw(body, "Fwd: A complaint about late goods"))
    assert found.recipients == [BEN, "eve@agency.example"]
    assert (found.subject, found.text) == ("A complaint about late goods", "Nothing came.")


def test_names_stand_for_recipients_without_address():
    to = FIELDS.replace(f"Ben Carter <{BEN}>", "Ben Carter; Stone, Eve")
    (found,) = taken_out(raw(to.replace("Subject:", f"Cc: {DORA}\nSubject:")))
    assert found.recipients == [BEN, "stone, eve", DORA]


def test_a_forward_of_a_forward_gives_both():
    inner = GMAIL.format(
        sender="From", note="What now?", date="Mon, Mar 11, 2024 at 9:00 AM",
        subject="Complaint", text="Nothing came.",
    )  # fmt: skip
    outer = FIELDS.replace(f"Carla Diaz <{CARLA}>", "Eve Stone <eve@agency.example>")
    outer = outer.replace("Complaint", "Fwd: Complaint").replace("Nothing came.", inner)
    found = taken_out(raw(outer))
    told = [(one.id, one.author, one.text) for one in found]
    assert told == [
        ("f@x#forwarded", "eve@agency.example", "What now?"),
        ("f@x#forwarded#forwarded", CARLA, "Nothing came."),
    ]
    assert [one.text for one in taken_out(raw(outer.replace("What now?", "")))] == ["Nothing came."]


def test_an_attached_mail_is_attributed_too():
    attached = (
        f"From: Carla Diaz <{CARLA}>\nTo: {BEN}\nSubject: Goods\n"
        "Date: Mon, 11 Mar 2024 09:00:00 -0500\n\nNothing came.\n"
    )
    body = (
        "--cut\nContent-Type: text/plain\n\nSee the attached mail.\n\n"
        f"--cut\nContent-Type: message/rfc822\n\n{attached}\n--cut--\n"
    )
    (found,) = taken_out(raw(body, "A complaint", kind='multipart/mixed; boundary="cut"'))
    assert (found.author, found.text) == (CARLA, "Nothing came.")
    assert found.sent_at == datetime(2024, 3, 11, 14, tzinfo=UTC)


def test_forwarded_mail_of_programs_is_automatic():
    (found,) = taken_out(raw(FIELDS.replace(CARLA, "no-reply@other.example")))
    assert found.automatic


@pytest.mark.parametrize(
    "lines",
    ["Nothing came.\n" * 10_000, "From: a@b.example\nTo: c@d.example\n" * 5_000, "> " * 10_000,
     ">\n" * 10_000, f"{FIELDS}\n" * 2_000, "Subject: " + "x, " * 50_000],
)  # fmt: skip
def test_long_blocks_are_read_in_linear_time(lines):
    mail = raw(f"{FIELDS}{lines}")
    message = to_message(mail)
    start = datetime.now(UTC)
    assert len(list(forwarded(message, mail))) <= 5
    assert datetime.now(UTC) - start < timedelta(seconds=5)


PIECES = st.sampled_from(
    [*FIELDS.splitlines(keepends=True), "> ", "\n", "Fwd:", "-----Original Message-----\n", "<",
     "@", "Date: 31/12/9999 25:61\n", "To:\n", "Cc: x@y,\n", "99", "Begin forwarded message:\n"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=9)), max_size=25).map("".join))
def test_no_history_stops_a_run(body):
    mail = RawMail(raw(f"-----Original Message-----\n{body}").raw, "x")
    message = to_message(mail)
    assert all(one.text for one in forwarded(message, mail))
