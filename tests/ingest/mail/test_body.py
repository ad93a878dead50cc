from .mails import mail, multipart, part

PLAIN = b"Content-Type: text/plain; charset=utf-8"
HTML = b"Content-Type: text/html; charset=utf-8"


def test_of_alternatives_the_plain_text_is_read():
    found = multipart(part(b"Hello.", PLAIN), part(b"<p>Hello!</p>", HTML), kind=b"alternative")
    assert found.text == "Hello."


def test_an_empty_plain_text_gives_way_to_the_html():
    found = multipart(part(b" \n", PLAIN), part(b"<p>Hello!</p>", HTML), kind=b"alternative")
    assert found.text == "Hello!"


def test_a_stand_in_gives_way_too():
    stub = b"This mail has HTML only, please use another program."
    page = b"<p>" + b"We looked at every one of the forty open points. " * 10 + b"</p>"
    found = multipart(part(stub, PLAIN), part(page, HTML), kind=b"alternative")
    assert found.text.startswith("We looked at every one")


def test_html_within_related_parts_is_found():
    related = (
        b"Content-Type: multipart/related; boundary=in\n\n--in\n"
        + part(b"<b>Yes</b>", HTML)
        + b"\n"
        b"--in\nContent-Type: image/png\nContent-ID: <1>\n\nPNG\n--in--"
    )
    found = multipart(part(b"", PLAIN), related, kind=b"alternative")
    assert found.text == "Yes"
    assert [one.type for one in found.attachments] == ["image/png"]


def test_text_parts_are_joined_and_files_listed():
    found = multipart(
        part(b"Above.", PLAIN),
        part(b"PDF", b'Content-Type: application/pdf; name="offer.pdf"'),
        part(b"Below.", PLAIN),
        part(b"a,b", b"Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt"),
    )
    assert found.text == "Above.\n\nBelow."
    assert [one.name for one in found.attachments] == ["offer.pdf", "a.txt"]


def test_an_attached_message_is_history():
    inner = b"Content-Type: message/rfc822\n\nFrom: c@d.example\nSubject: Old\n\nThe old text."
    found = multipart(part(b"See below, please.", PLAIN), inner)
    assert found.text == "See below, please."
    assert found.quoted.splitlines() == ["From: c@d.example", "Subject: Old", "", "The old text."]
    assert [one.type for one in found.attachments] == ["message/rfc822"]


def test_flowed_paragraphs_are_joined_before_zones_are_cut():
    found = mail(b"A long \nline.\n> old \n> words\n", b"Content-Type: text/plain; format=flowed\n")
    assert (found.text, found.quoted) == ("A long line.", "> old words")


def test_what_nobody_could_write_is_kept_beside_the_text():
    found = mail(b"Start. " + b"x " * 300_000)
    assert found.text.startswith("Start.")
    assert len(found.text) + len(found.quoted) >= 600_000


NAMED = b'Content-Type: text/plain; name="mail.txt"'


def test_a_text_with_a_file_name_is_read_where_there_is_no_other():
    found = multipart(part(b"Hello.", NAMED + b"\nContent-Disposition: inline"))
    assert (found.text, found.attachments) == ("Hello.", [])
    pair = (part(b"Hello.", NAMED), part(b"<p>Hello!</p>", b"Content-Type: text/html; name=a.html"))
    assert multipart(*pair, kind=b"alternative").text == "Hello."
    beside = multipart(part(b"Above.", PLAIN), part(b"Log.", NAMED))
    assert (beside.text, [one.name for one in beside.attachments]) == ("Above.", ["mail.txt"])


def test_a_mail_that_is_an_attachment_of_itself_is_read():
    assert mail(b"Hello.", PLAIN + b"\nContent-Disposition: attachment\n").text == "Hello."
    assert mail(b"*Hello.*", b"Content-Type: text/markdown\n").text == "*Hello.*"


def test_files_are_no_text():
    log = part(b"Error 1", NAMED + b"\nContent-Disposition: attachment; filename=a.txt")
    found = multipart(part(b"", PLAIN), log)
    assert (found.text, [one.name for one in found.attachments]) == ("", ["a.txt"])
    assert mail(b"BEGIN:VCALENDAR", b"Content-Type: text/calendar\n").text == ""


def test_a_calendar_file_that_somebody_attached_is_no_invitation():
    field = b"Content-Type: text/calendar%b\nContent-Disposition: attachment; filename=a.ics"
    text = part(b"I attach the new date.", PLAIN)
    assert not multipart(text, part(b"BEGIN:VCALENDAR", field % b"")).automatic
    assert multipart(text, part(b"BEGIN:VCALENDAR", field % b"; method=REQUEST")).automatic
