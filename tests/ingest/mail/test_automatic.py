import pytest

from commsense.ingest.mail.automatic import is_automatic
from commsense.ingest.mail.headers import Headers


def automatic(
    fields: str = "", types=("text/plain",), sender="ann@a.example", subject="Hi"
) -> bool:
    return is_automatic(Headers(fields.encode()), set(types), sender, subject)


@pytest.mark.parametrize(
    "fields",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=y",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Return-Path: <>",
        "List-Unsubscribe: <mailto:a@b.example>",
        "List-Unsubscribe: <x>\nList-Post: NO",
    ],
)
def test_fields_that_programs_set(fields):
    assert automatic(fields)


@pytest.mark.parametrize(
    "fields",
    [
        "",
        "Auto-Submitted: no",
        "Precedence: list\nList-Post: <mailto:l@b.example>\nList-Unsubscribe: <x>",
        "Return-Path: <ann@a.example>",
        "List-Unsubscribe: <x>\nIn-Reply-To: <1@x>",
        "Precedence: bulk\nList-Post: <mailto:l@b.example>",
    ],
)
def test_people_who_write_to_lists_are_people(fields):
    assert not automatic(fields)


@pytest.mark.parametrize("kind", ["multipart/report", "text/calendar"])
def test_reports_and_invitations(kind):
    assert automatic(types=("multipart/mixed", kind))


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("mailer-daemon@x.example", True),
        ("no-reply@x.example", True),
        ("noreply+42@x.example", True),
        ("bounces-1@x.example", True),
        ("billing-noreply@x.example", True),
        ("no.reply@x.example", True),
        ("ne_pas_repondre@x.example", True),
        ("noreply_mail@x.example", True),
        ("dev-bounces@x.example", False),
        ("noreen@x.example", False),
        ("bouncer@x.example", False),
        ("", False),
    ],
)
def test_senders_that_are_no_people(sender, expected):
    assert automatic(sender=sender) is expected


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Plans",
        "Réponse automatique : Plans",
        "رد تلقائي: الخطة",
        "자동 회신: 계획",
        "[부재중] 휴가",
        "ตอบกลับอัตโนมัติ: แผน",
        "Out of Office",
        "Out of Office AutoReply: Plans",
        "Out of Office Re: Plans",
        "I am out of the office until Monday",
        "OOO: Plans",
        "부재중 회신: 계획",
        "رد تلقائي على: الخطة",
        "ไม่อยู่สำนักงาน: แผน",
        "[발송실패 안내] 계획",
        "읽음: 계획",
    ],
)
def test_subjects_of_automatic_mail(subject):
    assert automatic(subject=subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Read this first",
        "Read: this before the meeting",
        "Accepted: our offer",
        "Out of office reform",
        "Out of office furniture",
        "Lu et approuvé",
        "부재중 업무 인계 요청드립니다",
    ],
)
def test_subjects_of_people(subject):
    assert not automatic(subject=subject)


@pytest.mark.parametrize("subject", ["Read: Plans", "Accepted: Plans", "수락됨: 계획"])
def test_answers_of_programs(subject):
    assert automatic("In-Reply-To: <1@x>", subject=subject)
    assert not automatic("In-Reply-To: <1@x>", subject=f"Re: {subject}")
