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
        "Read: Plans",
        "읽음: 계획",
    ],
)
def test_subjects_of_automatic_mail(subject):
    assert automatic(subject=subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Read this first",
        "Out of office furniture",
        "Lu et approuvé",
        "부재중 업무 인계 요청드립니다",
    ],
)
def test_subjects_of_people(subject):
    assert not automatic(subject=subject)
