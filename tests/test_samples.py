"""The sample exports are what the stories say, and are built anew from them unchanged."""

import email
import json
import mailbox
import re
import runpy
from collections import Counter
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from commsense.profiles import load_profiles

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
AGENCY_SPEAKERS = ("Maya", "Julien", "Karim", "Tom", "Minah", "Seo", "Anong")
AGENCY_SPEAKERS += ("서민아", "민아", "อนงค์", "كريم")
SHARED_MAILS = 12
CLOCKS = {
    "maya@northlight.example": "Europe/London",
    "tom@northlight.example": "Europe/London",
    "julien@northlight.example": "Europe/Paris",
    "karim@northlight.example": "Asia/Beirut",
    "minah@northlight.example": "Asia/Seoul",
    "anong@northlight.example": "Asia/Bangkok",
}


@pytest.fixture(scope="module")
def stories():
    return {
        path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for path in sorted((SAMPLES / "stories").glob("*.jsonl"))
    }


@pytest.fixture(scope="module")
def story_mails(stories):
    return {
        (story, row["key"]): row
        for story, rows in stories.items()
        for row in rows
        if row["kind"] == "mail"
    }


@pytest.fixture(scope="module")
def exported(samples):
    contents = {
        "mbox": [
            re.sub(rb"(?m)^>(>*From )", rb"\1", bytes(mail))  # mboxrd
            for mail in mailbox.mbox(samples / "agency.mbox", create=False)
        ],
        "maildir": [
            path.read_bytes()
            for name in ("cur", "new")
            for path in sorted((samples / "asia-desk" / name).iterdir())
        ],
        "eml": [path.read_bytes() for path in sorted((samples / "karim-eml").glob("*.eml"))],
    }
    return {
        name: [email.message_from_bytes(content, policy=default) for content in mails]
        for name, mails in contents.items()
    }


@pytest.fixture(scope="module")
def by_key(exported):
    return {_key(mail): mail for mails in exported.values() for mail in mails}


def _key(mail):
    story, key, _ = mail["Message-ID"].strip("<>").split("@")[0].split(".")
    return story, key


def _text(part):
    # Python knows windows-874 only by its other name.
    charset = part.get_content_charset().replace("windows-874", "cp874")
    return part.get_payload(decode=True).decode(charset).replace("\r\n", "\n")


def _files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_exports_are_fresh(tmp_path, samples, monkeypatch):
    monkeypatch.syspath_prepend(SAMPLES)
    runpy.run_path(str(SAMPLES / "build.py"))["build"](SAMPLES / "stories", tmp_path / "exports")
    built, kept = _files(tmp_path / "exports"), _files(samples)
    assert built.keys() == kept.keys()
    assert [name for name, content in built.items() if kept[name] != content] == []


def test_every_mail_is_exported_and_a_dozen_twice(story_mails, exported):
    counts = Counter(_key(mail) for mails in exported.values() for mail in mails)
    assert counts.keys() == story_mails.keys()
    assert Counter(counts.values()) == {1: len(story_mails) - SHARED_MAILS, 2: SHARED_MAILS}
    assert all(len(mails) > 40 for mails in exported.values())


def test_every_call_is_exported_with_all_its_turns(stories, samples):
    calls = {
        f"{row['date'][:10]}-{story}.{row['format']}": row
        for story, rows in stories.items()
        for row in rows
        if row["kind"] == "call"
    }
    texts = {path.name: path.read_text("utf-8") for path in (samples / "calls").iterdir()}
    assert texts.keys() == calls.keys()
    assert {Path(name).suffix for name in texts} == {".vtt", ".srt", ".txt"}
    for name, call in calls.items():
        assert all(turn["text"] in texts[name] for turn in call["turns"]), name
        assert ("-->" in texts[name]) == (not name.endswith(".txt"))


def test_about_four_hundred_messages_of_seven_clients_in_one_year(stories):
    sizes = {
        story: sum(len(row.get("turns", "x")) for row in rows) for story, rows in stories.items()
    }
    assert len(sizes) == 7
    assert 360 <= sum(sizes.values()) <= 480
    assert min(sizes.values()) >= 40
    first, last = datetime(2024, 11, 1, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC)
    dates = [datetime.fromisoformat(row["date"]) for rows in stories.values() for row in rows]
    assert first <= min(dates) < max(dates) < last


def test_the_agency_writes_on_its_own_clocks(story_mails):
    senders = set()
    for key, row in story_mails.items():
        address = row["from"].rstrip(">").rpartition("<")[2]
        if address.endswith("@northlight.example"):
            senders.add(address)
            date = datetime.fromisoformat(row["date"])
            assert date.utcoffset() == date.astimezone(ZoneInfo(CLOCKS[address])).utcoffset(), key
    assert senders == CLOCKS.keys()


def test_the_new_words_head_every_mail_in_its_own_charset(story_mails, by_key):
    for key, row in story_mails.items():
        text = _text(by_key[key].get_body(("plain",)))
        words = row.get("text") or row["interleaved"][-1].get("text", "")
        assert words in text, key
        assert (by_key[key].get_body(("html",)) is not None) == row["html"], key
        assert not by_key[key].defects, key
    charsets = {part.get_content_charset() for mail in by_key.values() for part in mail.walk()}
    assert {"utf-8", "iso-8859-1", "windows-874", "windows-1256", "euc-kr"} <= charsets


def test_answers_point_to_the_answered_mail_and_quote_it(story_mails, by_key):
    ids = {mail["Message-ID"]: key for key, mail in by_key.items()}
    for key, row in story_mails.items():
        answered = by_key[key]["In-Reply-To"]
        assert (ids[answered] if answered else None) == (
            (key[0], row["reply_to"]) if row["reply_to"] else None
        )
        if row["reply_to"]:
            assert by_key[key]["References"].split()[-1] == answered
        parent = story_mails.get((key[0], row["reply_to"]), {})
        quotes = [part["quote"] for part in row.get("interleaved", ()) if "quote" in part]
        assert set(quotes) <= set(parent.get("text", "").split("\n")), key


def test_history_is_quoted_in_all_languages_and_ways(by_key):
    texts = [_text(mail.get_body(("plain",))) for mail in by_key.values()]
    marks = ("wrote:", "a écrit", "작성:", "เขียนว่า:", "كتب", "\nFrom:", "\nDe :", "\nจาก:", "\nمن:")
    assert [mark for mark in marks if not any(mark in text for text in texts)] == []
    pages = [_text(page) for mail in by_key.values() if (page := mail.get_body(("html",)))]
    for mark in ("gmail_attr", "border-top:solid #E1E1E1", 'blockquote type="cite"', 'dir="rtl"'):
        assert any(mark in page for page in pages), mark


def test_automatic_mail_says_so(story_mails, by_key):
    automatic = {key for key, row in story_mails.items() if row.get("automatic")}
    assert automatic
    headers = ("Auto-Submitted", "List-Unsubscribe")
    assert automatic == {
        key for key, mail in by_key.items() if any(header in mail for header in headers)
    }


def test_the_mbox_escapes_lines_that_look_like_a_separator(samples, exported):
    content = (samples / "agency.mbox").read_bytes()
    assert b"\n>From " in content
    assert content.count(b"\nFrom ") + 1 == len(exported["mbox"])


def test_the_clients_file_knows_every_client_and_speaker(stories, clients_file):
    profiles = load_profiles(clients_file)
    assert len(profiles) == 7
    domains = {domain for profile in profiles for domain in profile.domains}
    rows = [row for story in stories.values() for row in story]
    senders = {row["from"].rstrip(">").rpartition("@")[2] for row in rows if row["kind"] == "mail"}
    assert senders - {"northlight.example"} == domains
    speakers = {turn["speaker"] for row in rows for turn in row.get("turns", ())}
    clients = {name for name in speakers if not name.startswith(AGENCY_SPEAKERS)}
    assert clients == {name for profile in profiles for name in profile.speakers}
