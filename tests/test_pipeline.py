import json
from email.message import EmailMessage

import pandas as pd
import pytest

import commsense as cs
from commsense.ingest.collecting import ingest
from commsense.reports import summarise
from commsense.tagging import load_tagger


def write_mail(folder, number: int, *, sender: str, to: str, text: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, f"Matter {number}"
    mail["Date"] = f"Mon, {number:02d} Sep 2025 10:00:00 +0000"
    mail["Message-ID"] = f"<{number}@test.example>"
    mail.set_content(text)
    (folder / f"{number:03d}.eml").write_bytes(mail.as_bytes())


@pytest.fixture
def export(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    for number in range(1, 9):
        ours = number % 2 == 0
        write_mail(
            folder,
            number,
            sender="me@agency.example" if ours else "jo@acme.example",
            to="jo@acme.example" if ours else "me@agency.example",
            text=f"Here is part {number} of the plan, as agreed on the phone this morning.",
        )
    return folder


def balanced(result: cs.Result) -> bool:
    counts = result.manifest["counts"]
    return (
        counts["found"] == counts["messages"] + counts["duplicates"] + counts["rejected"]
        and counts["messages"] == len(result.messages)
        and counts["rejected"] == len(result.rejected)
    )


def test_nothing_is_lost_on_the_whole_way(export):
    (export / "junk.bin").write_bytes(bytes(range(256)) * 40)
    result = cs.analyze(export, us=["agency.example"])
    assert balanced(result)
    assert len(result.messages) == 8
    assert len(result.rejected) == 1
    assert set(result.labels["message_id"]) == set(result.messages["id"])
    assert result.messages["client"].unique().tolist() == ["acme.example"]


def test_a_second_run_over_the_same_export_adds_nothing(export, tmp_path):
    first = cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    second = cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    for table in ("messages", "labels", "conversations", "clients"):
        pd.testing.assert_frame_equal(getattr(first, table), getattr(second, table))
    assert second.manifest["counts"]["duplicates"] == 8
    assert balanced(second)


def test_a_newer_export_adds_only_what_is_new(export, tmp_path):
    cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    write_mail(
        export, 9, sender="jo@acme.example", to="me@agency.example", text="One more thing, please."
    )
    both = cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    at_once = cs.analyze(export, us=["agency.example"])
    assert both.messages["id"].is_unique
    assert set(both.messages["id"]) == set(at_once.messages["id"])
    assert set(both.labels["message_id"]) == set(at_once.messages["id"])
    assert balanced(both)


def test_office_hours_of_the_clients_file_measure_answers_and_are_remembered(export, tmp_path):
    (tmp_path / "clients.toml").write_text(
        '[office_hours]\nopens = 0\ncloses = 24\nweekdays = ["mon", "tue", "sat", "sun"]\n'
        '[[clients]]\nclient = "lumen.example"\noffice_hours = { zone = "Asia/Seoul" }\n',
        encoding="utf-8",
    )
    for path in export.glob("*.eml"):
        reply = path.read_text().replace("Subject: ", "In-Reply-To: <1@test.example>\nSubject: ")
        path.write_text(reply)
    told = {"us": ["agency.example"], "out": tmp_path / "d"}
    usual = cs.analyze(export, us=["agency.example"]).conversations
    own = cs.analyze(export, clients=tmp_path / "clients.toml", **told)
    again = cs.analyze(export, **told)
    assert usual["provider_response_h"].tolist() == [8.5]
    assert own.conversations["provider_response_h"].tolist() == [17.0]
    assert again.conversations["provider_response_h"].tolist() == [17.0]
    assert cs.open_dataset(tmp_path / "d").profiles == own.profiles
    assert own.profiles[0].office_hours.zone == "Asia/Seoul"


def test_our_side_is_remembered_between_runs(export, tmp_path):
    cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    write_mail(
        export, 9, sender="jo@acme.example", to="me@agency.example", text="One more thing, please."
    )
    again = cs.analyze(export, out=tmp_path / "d")
    sides = again.messages.set_index("author")["side"].to_dict()
    assert sides == {"me@agency.example": "provider", "jo@acme.example": "client"}


def test_a_dataset_opens_as_the_result_that_was_saved(export, tmp_path):
    saved = cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    opened = cs.open_dataset(tmp_path / "d")
    pd.testing.assert_frame_equal(saved.messages, opened.messages)
    pd.testing.assert_frame_equal(saved.labels, opened.labels)
    assert opened.manifest == json.loads(json.dumps(saved.manifest))


def test_verdicts_need_a_small_part_of_a_dataset(export, tmp_path):
    whole = cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    part = cs.open_dataset(tmp_path / "d", for_verdicts=True)
    assert len(part.labels) < len(whole.labels) / 2
    assert "quoted" not in part.messages
    told = [[summarise(one) for one in result.assess()] for result in (whole, part)]
    assert told[0] == told[1]


def test_the_manifest_names_the_model_and_the_taxonomy(export):
    manifest = cs.analyze(export).manifest
    assert len(manifest["model"]["hash"]) >= 12
    assert manifest["taxonomy_version"] == cs.load_taxonomy().version


@pytest.fixture
def other_model(tmp_path):
    """A model that says the same under another name."""
    folder = tmp_path / "other-v1"
    load_tagger("default").describe(note="another").save(folder)
    return folder


def test_another_model_tags_a_dataset_anew_only_when_it_is_named(export, tmp_path, other_model):
    first = cs.analyze(export, us=["agency.example"], model=other_model, out=tmp_path / "d")
    assert first.manifest["model"]["name"] == "other-v1"
    with pytest.raises(cs.UsageError, match=r"other-v1 .* mend: .*--model linear-v1"):
        cs.analyze(export, out=tmp_path / "d")
    assert cs.open_dataset(tmp_path / "d").manifest == first.manifest
    anew = cs.analyze(export, model="default", out=tmp_path / "d")
    assert anew.manifest["model"]["name"] == "linear-v1"
    assert len(anew.messages) == len(first.messages)
    again = cs.analyze(export, out=tmp_path / "d")
    assert again.manifest["model"] == anew.manifest["model"]


def test_without_us_the_owner_is_whoever_sends_most(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    for number in range(1, 8):
        write_mail(
            folder,
            number,
            sender="me@agency.example",
            to=f"jo@client{number % 3}.example",
            text="The minutes of our call are attached, shout if anything is missing.",
        )
    write_mail(folder, 9, sender="jo@client1.example", to="me@agency.example", text="All fine.")
    messages = cs.read(folder)
    mine = messages["author"] == "me@agency.example"
    assert (messages.loc[mine, "side"] == "provider").all()
    assert (messages.loc[~mine, "side"] == "client").all()


def test_read_gives_the_messages_of_ingest(export):
    pd.testing.assert_frame_equal(cs.read(export), ingest([str(export)]).messages)


def test_no_source_is_a_usage_error():
    with pytest.raises(cs.UsageError, match="no source"):
        cs.analyze([])


def test_progress_is_told_of_every_stage(export, tmp_path):
    stages = []
    cs.analyze(
        export, out=tmp_path / "d", progress=lambda stage, _done, _total: stages.append(stage)
    )
    assert {"tagging", "conversations", "writing"} <= set(stages)


def test_pseudonyms_are_in_everything_that_is_written(export, tmp_path):
    result = cs.analyze(
        export,
        us=["me@agency.example"],
        out=tmp_path / "d",
        pseudonymise=True,
        key=tmp_path / "key",
    )
    assert balanced(result)
    assert set(result.messages["side"]) == {"client", "provider"}
    written = b"".join(path.read_bytes() for path in (tmp_path / "d").rglob("*") if path.is_file())
    tables = "".join(
        getattr(result, name).to_csv() for name in ("messages", "labels", "conversations")
    )
    for secret in ("jo@", "me@", "@test.example", str(export)):
        assert secret.encode() not in written
        assert secret not in tables


def test_a_second_run_with_the_same_key_adds_nothing(export, tmp_path):
    options = {"us": ["agency.example"], "out": tmp_path / "d", "key": tmp_path / "key"}
    first = cs.analyze(export, pseudonymise=True, **options)
    second = cs.analyze(export, pseudonymise=True, **options)
    pd.testing.assert_frame_equal(first.messages, second.messages)
    assert second.manifest["counts"]["duplicates"] == 8


def test_pseudonyms_and_names_are_not_mixed(export, tmp_path):
    options = {"us": ["agency.example"], "out": tmp_path / "d"}
    cs.analyze(export, pseudonymise=True, key=tmp_path / "key", **options)
    with pytest.raises(cs.UsageError, match="add --pseudonymise"):
        cs.analyze(export, **options)
    with pytest.raises(cs.UsageError, match="pseudonyms of another key"):
        cs.analyze(export, pseudonymise=True, key=tmp_path / "other", **options)
    plain = {**options, "out": tmp_path / "plain"}
    cs.analyze(export, **plain)
    with pytest.raises(cs.UsageError, match="names, not pseudonyms"):
        cs.analyze(export, pseudonymise=True, key=tmp_path / "key", **plain)


def test_addresses_of_ours_must_be_named_again_where_only_pseudonyms_were_kept(export, tmp_path):
    options = {"out": tmp_path / "d", "pseudonymise": True, "key": tmp_path / "key"}
    cs.analyze(export, us=["me@agency.example"], **options)
    with pytest.raises(cs.UsageError, match="name them: --us"):
        cs.analyze(export, **options)


def test_a_forgotten_person_does_not_come_back(export, tmp_path):
    cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    left = cs.forget(tmp_path / "d", "Jo@acme.example")
    assert balanced(left)
    assert set(left.messages["author"]) == {"me@agency.example"}
    assert set(left.labels["message_id"]) == set(left.messages["id"])
    again = cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    assert balanced(again)
    assert set(again.messages["author"]) == {"me@agency.example"}
    assert again.manifest["counts"]["rejected"] == 4
    assert "jo@acme.example" not in again.messages.to_csv()


def test_a_person_is_forgotten_in_a_dataset_of_pseudonyms(export, tmp_path):
    options = {"us": ["agency.example"], "out": tmp_path / "d", "key": tmp_path / "key"}
    cs.analyze(export, pseudonymise=True, **options)
    assert len(cs.forget(tmp_path / "d", "jo@acme.example", key=tmp_path / "key").messages) == 4


def test_who_is_not_there_cannot_be_forgotten(export, tmp_path):
    cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    with pytest.raises(cs.UsageError, match="no message by 'ann@"):
        cs.forget(tmp_path / "d", "ann@acme.example")
    with pytest.raises(cs.DatasetError, match="no commsense dataset"):
        cs.forget(tmp_path / "nowhere", "ann@acme.example")


def test_blanked_messages_do_not_come_back_beside_themselves(export, tmp_path):
    text = "Jo said on the phone that Jo Park will send the figures, jo@acme.example knows."
    write_mail(export, 9, sender="me@agency.example", to="al@acme.example", text=text)
    cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    left = cs.forget(tmp_path / "d", "jo@acme.example")
    again = cs.analyze(export, us=["agency.example"], out=tmp_path / "d")
    assert again.messages["id"].tolist() == left.messages["id"].tolist()
    assert "jo@acme.example" not in again.messages.to_csv()
    assert balanced(again)


def test_a_newer_export_with_more_names_adds_only_what_is_new_to_pseudonyms(export, tmp_path):
    options = {"us": ["agency.example"], "out": tmp_path / "d", "key": tmp_path / "key"}
    write_mail(export, 9, sender="me@agency.example", to="jo@acme.example", text="Zelma has it.")
    first = cs.analyze(export, pseudonymise=True, **options)
    write_mail(export, 10, sender="zelma@acme.example", to="me@agency.example", text="I have it.")
    second = cs.analyze(export, pseudonymise=True, **options)
    assert len(second.messages) == len(first.messages) + 1
    assert balanced(second)


def test_a_key_without_pseudonyms_is_refused(export, tmp_path):
    with pytest.raises(cs.UsageError, match="a key without pseudonyms"):
        cs.analyze(export, key=tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_nothing_read_leaves_no_dataset(tmp_path):
    (tmp_path / "junk.bin").write_bytes(bytes(range(256)) * 40)
    assert cs.analyze(tmp_path / "junk.bin", out=tmp_path / "d").messages.empty
    assert not (tmp_path / "d").exists()
