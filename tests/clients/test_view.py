"""Which labels count in a client's rates."""

import math

import pandas as pd

from commsense.clients.view import LIKELY, Tags, tags, views
from commsense.profiles import ClientProfile
from commsense.schema import CONVERSATIONS, LABELS, MESSAGES, frame
from commsense.taxonomy import load_taxonomy


def found_label(holds: bool | None, score: float) -> Tags:
    """Return the tags of one message that has a label with a decision and a probability."""
    message = {"id": "a", "client": "acme", "text": "Thanks.", "automatic": False}
    messages = frame(MESSAGES, [message])
    messages["sent_at"] = pd.Timestamp("2025-03-01", tz="UTC")
    row = {"message_id": "a", "label": "courtesy", "score": score, "holds": holds, "spans": []}
    return tags(messages, frame(LABELS, [row]), frame(CONVERSATIONS, []), load_taxonomy())


def counted(holds: bool | None, score: float) -> bool:
    found = found_label(holds, score)
    return bool(found.holds[0, found.column["courtesy"]])


def test_what_was_raised_counts():
    assert counted(True, 0.3)


def test_what_is_likely_counts_though_it_was_not_raised():
    assert counted(False, LIKELY + 0.01)
    assert not counted(False, LIKELY - 0.01)


def test_what_is_likely_is_nothing_to_show():
    assert not found_label(False, LIKELY + 0.01).raised.any()
    assert found_label(True, 0.3).raised.any()


def test_where_the_model_abstained_nothing_counts():
    assert not counted(None, 0.99)


def test_the_weight_of_reporting_counts_once_though_its_dimension_has_its_name(tables):
    found = tags(*tables([(0.0, "client", ["reporting"])]), load_taxonomy())
    threads = frame(CONVERSATIONS, [])
    profile = ClientProfile("acme", weights={"reporting": 3.0})
    (view,) = views(found, threads, load_taxonomy(), [profile], math.inf)
    assert view.weight(load_taxonomy()["reporting"]) == 3.0
    assert view.weight(load_taxonomy()["missing_reporting"]) == 3.0
    assert view.strengths.tolist() == [3.0]
