from __future__ import annotations

import numpy as np
import pandas as pd

from .conftest import alternating


def test_a_year_of_mail_with_several_of_us_is_long_term(tables, one):
    messages, labels, threads = tables(
        alternating(np.linspace(0, 360, 120).tolist(), lambda _i, _day: [])
    )
    ours = messages["side"] == "provider"
    messages.loc[ours, "author"] = [f"p{i % 4}@us.example" for i in range(int(ours.sum()))]
    found = one((messages, labels, threads)).relationship_type
    assert found.type == "long-term"
    assert [reason.filled for reason in found.reasons if reason.key == "span"] == [
        {"n": 120, "days": 360}
    ]


def test_one_of_us_for_one_client_is_dedicated(tables, one):
    found = one(tables(alternating(np.linspace(0, 200, 80).tolist(), lambda _i, _day: [])))
    assert found.relationship_type.type == "dedicated personal assistance"


def test_a_message_now_and_then_is_transactional(tables, one):
    found = one(tables(alternating(np.linspace(0, 320, 20).tolist(), lambda _i, _day: [])))
    assert found.relationship_type.type == "transactional"


def test_no_type_is_named_from_a_few_messages(tables, one):
    found = one(tables(alternating([0.0, 30.0, 60.0], lambda _i, _day: [])))
    assert found.relationship_type.type == "unknown"
    assert found.relationship_type.reasons == []


def test_machines_that_write_are_an_automated_service(tables, one):
    messages, labels, threads = tables(
        alternating(np.linspace(0, 90, 20).tolist(), lambda _i, _day: [])
    )
    copies = [messages.assign(id=messages["id"] + f"-{n}", automatic=True) for n in range(6)]
    found = one((pd.concat([messages, *copies]), labels, threads))
    assert found.relationship_type.type == "automated service"
