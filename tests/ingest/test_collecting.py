import pandas as pd
import pytest

from commsense.errors import InputError
from commsense.ingest.collecting import ingest, stream
from commsense.profiles import ClientProfile
from commsense.schema import MESSAGES, to_arrow

MAIL = (
    "From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{number}@x>\n"
    "Date: Mon, {number:02} Sep 2025 10:00:00 +0000\n{more}\n{text}\n"
)
ACME, AGENCY = "jo@acme.example", "me@agency.example"


def write(folder, number: int, *, sender=ACME, to=AGENCY, subject="Plans", more="", text="Words."):
    content = MAIL.format(
        number=number, sender=sender, to=to, subject=subject, more=more, text=text
    )
    (folder / f"{number}.eml").write_text(content, "utf-8")


def test_the_accounts_balance_and_the_table_fits_the_schema(tmp_path):
    for number in range(1, 5):
        write(tmp_path, number)
    (tmp_path / "copy.eml").write_bytes((tmp_path / "1.eml").read_bytes())
    (tmp_path / "junk.bin").write_bytes(bytes(range(256)))
    found = ingest([str(tmp_path)])
    assert (found.found, len(found.messages), found.duplicates, len(found.rejected)) == (6, 4, 1, 1)
    assert to_arrow(MESSAGES, found.messages).schema == MESSAGES
    assert found.sources == [str(tmp_path)]


def test_threads_sides_and_clients_are_set(tmp_path):
    write(tmp_path, 1)
    write(tmp_path, 2, sender=AGENCY, to=ACME, more="In-Reply-To: <1@x>\n", subject="Re: Plans")
    messages = ingest([str(tmp_path)], us=["agency.example"]).messages
    assert len(set(messages["conversation_id"])) == 1
    assert messages.set_index("id")["side"].to_dict() == {"1@x": "client", "2@x": "provider"}
    assert messages["client"].unique().tolist() == ["acme.example"]


def test_profiles_name_the_client(tmp_path):
    write(tmp_path, 1)
    profile = ClientProfile("acme", domains=("acme.example",))
    messages = ingest([str(tmp_path)], us=["agency.example"], profiles=[profile]).messages
    assert messages["client"].tolist() == ["acme"]


def test_known_messages_stay_and_join_the_new_ones(tmp_path):
    write(tmp_path, 1)
    known = ingest([str(tmp_path)], us=["agency.example"]).messages
    write(tmp_path, 2, sender=AGENCY, to=ACME, more="References: <1@x>\n")
    tables = [to_arrow(MESSAGES, known)]
    with stream([str(tmp_path)], us=["agency.example"], known=tables) as found:
        messages = found.messages()
    assert messages["id"].tolist() == ["1@x", "2@x"]
    assert (found.found, found.duplicates) == (2, 1)
    assert len(set(messages["conversation_id"])) == 1


def test_a_data_frame_is_a_source(tmp_path):
    table = pd.DataFrame(
        {"text": ["Hello.", "Hi."], "author": ["client", "provider"], "client": "a"}
    )
    found = ingest(table)
    assert found.messages["side"].tolist() == ["client", "provider"]
    assert found.found == 2


def test_a_missing_source_is_refused(tmp_path):
    with pytest.raises(InputError):
        ingest([str(tmp_path / "none")])
