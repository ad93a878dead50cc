"""The report tells each sample client's story; data/samples/README.md says which is whose."""

from datetime import date

import pytest

from commsense.clients import Assessment

TROUBLED = {"harbourline.example", "baanrak.example", "atlasceram.example"}
FINE = {"lagarde.example", "hanbitfood.example", "frostbyte.example", "nakheel.example"}


@pytest.fixture(scope="module")
def ranked(story_result) -> list[str]:
    return [assessment.client for assessment in story_result.assess()]


@pytest.fixture(scope="module")
def of(story_result) -> dict[str, Assessment]:
    return {assessment.client: assessment for assessment in story_result.assess()}


def reasons(assessment: Assessment) -> set[str]:
    return {finding.id for finding in assessment.findings}


def test_all_seven_clients_are_found_and_what_they_wrote_or_got_is_theirs(story_result, ranked):
    assert set(ranked) == TROUBLED | FINE
    messages = story_result.messages
    nobodys = messages[messages["client"].isna()]
    people = {*nobodys["author"], *nobodys["recipients"].explode()}
    assert all(address.endswith("@northlight.example") for address in people)
    assert len(nobodys) < 5


def test_the_accounts_balance(story_result):
    counts = story_result.manifest["counts"]
    assert counts["found"] == counts["messages"] + counts["duplicates"] + counts["rejected"]
    assert counts["rejected"] == 0
    assert counts["duplicates"] > 0


def test_the_three_troubled_clients_lead_the_portfolio(ranked):
    assert set(ranked[:3]) == TROUBLED


def test_somebody_should_act_for_the_troubled_and_for_no_other(of):
    assert {client for client, assessment in of.items() if assessment.alert} == TROUBLED


def test_the_client_that_gives_notice_is_the_most_worrying(ranked):
    assert ranked[0] == "harbourline.example"


def test_the_slow_decline_is_dated_and_named(of):
    story = of["harbourline.example"]
    assert date(2025, 3, 1) <= story.since <= date(2025, 8, 31)
    assert story.change < 0
    assert any(change.direction == "decline" for change in story.changes)
    assert "dissolution" in reasons(story)
    assert story.stage.stage == "dissolution"


def test_the_decline_that_was_turned_round_shows_both_turns(of):
    story = of["hanbitfood.example"]
    turns = {change.direction: change.date for change in story.changes}
    assert turns["decline"] < turns["recovery"]
    assert date(2025, 1, 1) <= turns["decline"] <= date(2025, 4, 30)
    assert date(2025, 5, 1) <= turns["recovery"] <= date(2025, 8, 31)


def test_banter_with_swear_words_is_fine(of):
    story = of["frostbyte.example"]
    assert "vulgar_language" not in reasons(story)
    assert story.standing > 0


def test_steady_and_good_is_left_in_peace(of):
    story = of["lagarde.example"]
    assert story.standing > 0
    assert not [change for change in story.changes if change.direction == "decline"]


def test_silence_and_polite_withholding_is_a_finding(of):
    story = of["baanrak.example"]
    assert reasons(story) & {"silence", "missing_strengths"}
    assert reasons(story) & {"withheld_opinion", "unanswered_questions"}
    # It turns on 7 March; a date some weeks before is as near as monthly messages allow.
    assert date(2025, 2, 1) <= story.since <= date(2025, 9, 30)


def test_a_new_client_is_seen_as_exploring(of):
    assert of["nakheel.example"].stage.stage == "exploration"


def test_debates_that_never_end_are_listed(of):
    story = of["atlasceram.example"]
    assert len(story.unresolved_debates) >= 3
    assert "unresolved_debate" in reasons(story)


def test_every_troubled_client_gets_a_next_step_and_evidence(of):
    for client in TROUBLED:
        assert of[client].advice
        assert of[client].evidence or of[client].open_questions
        assert all(quote.text for quote in of[client].evidence)
