import signal
import threading
import time

import pytest

from commsense.errors import MessageError
from commsense.ingest import reading
from commsense.ingest.patience import patience, ready
from commsense.ingest.reader import SourceFile
from commsense.schema import Message, Rejected

MAIL = b"From: a@a.example\nSubject: Hi\n\nHello."


def work(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_what_takes_too_long_is_given_up():
    started = time.monotonic()
    with pytest.raises(MessageError, match="took too long"), patience(0.05):
        work(5)
    assert time.monotonic() - started < 2


def test_what_is_quick_is_left_alone():
    with patience(0.05):
        pass
    work(0.1)  # no alarm goes off later


def test_many_messages_share_one_answer_to_the_alarm():
    before = signal.getsignal(signal.SIGALRM)
    with ready():
        with patience(5):
            pass
        with pytest.raises(MessageError, match="took too long"), patience(0.05):
            work(5)
        with patience(0.05):
            pass
        work(0.1)
    assert signal.getsignal(signal.SIGALRM) is before


def test_other_threads_have_no_alarm_and_no_error():
    errors = []

    def run() -> None:
        try:
            with patience(0.01):
                work(0.05)
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert errors == []


def test_one_slow_message_is_rejected_and_the_others_read(monkeypatch):
    def slow(mail):
        work(5 if mail.source == "b" else 0)
        return to_message(mail)

    to_message = reading.to_message
    monkeypatch.setattr(reading, "to_message", slow)
    monkeypatch.setattr(reading, "patience", lambda: patience(0.2))
    files = [SourceFile(name, content=MAIL) for name in "abc"]
    found = list(reading.read_found(files))
    assert [type(row) for row in found] == [Message, Rejected, Message]
    assert "took too long" in found[1].reason
