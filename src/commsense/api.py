"""The short calls of a notebook: tag some texts, show one client's report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from commsense.clients import Assessment, Grain
from commsense.errors import InputError, UsageError
from commsense.pipeline import Result
from commsense.reports import Report
from commsense.tagging import Tagger, decisions, load_tagger, probabilities


def tag(
    messages: pd.DataFrame | Sequence[str],
    *,
    model: str | Path | Tagger = "default",
    holds: bool = False,
) -> pd.DataFrame:
    """Tag messages with relationship traits.

    Parameters
    ----------
    messages : pandas.DataFrame or sequence of str
        A table with at least a ``text`` column, or the texts themselves.
    model : str, path or Tagger
        A shipped model's name, a model folder or a loaded model.
    holds : bool
        Whether to tell which labels hold instead of how likely they are.

    Returns
    -------
    pandas.DataFrame
        One row a message, one column a label: calibrated probabilities from 0 to 1; or true and
        false, and ``<NA>`` where the model abstains, for it was not trained on the language.

    Raises
    ------
    InputError
        Where the table has no ``text`` column.
    ModelError
        Where the model cannot be loaded.
    """
    if isinstance(messages, str):
        raise InputError("one text", "a list of texts, or a table", 'write it as ["…"]')
    tagger = load_tagger(model) if isinstance(model, str | Path) else model
    return decisions(messages, tagger) if holds else probabilities(messages, tagger)


def report(
    result: Result,
    client: str | None = None,
    *,
    by: Grain = "month",
    since: date | None = None,
    until: date | None = None,
    language: str = "en",
) -> Report:
    """Report on one client.

    Parameters
    ----------
    result : Result
        What :func:`commsense.analyze` returned.
    client : str, optional
        Client key; the most worrying client where it is left out.
    by : {"month", "week", "quarter"}
        Length of the periods of the time line.
    since, until : date, optional
        First and last day of the reported period; earlier messages still serve as baseline.
    language : str
        Language of the report's own words: ar, en, fr, ko or th.

    Returns
    -------
    Report
        Displays itself in a notebook; ``plot`` and ``frame`` are for analysts, ``to_html``,
        ``to_markdown`` and ``to_dict`` give the rest.

    Raises
    ------
    UsageError
        Where there is no such client.
    """
    assessments = result.assess(by=by, since=since, until=until)
    return Report.of(choose(assessments, client), language=language)


def choose(assessments: Sequence[Assessment], client: str | None) -> Assessment:
    """Return the named client's assessment, or the first where no client is named.

    Raises
    ------
    UsageError
        Where there is no such client, or none at all.
    """
    if not assessments:
        raise UsageError(
            "no client was found in these messages",
            "mail or calls between us and others",
            "name our side with --us DOMAIN, or the clients with --clients FILE",
        )
    if client is None:
        return assessments[0]
    for assessment in assessments:
        if client.casefold() in (assessment.client.casefold(), assessment.name.casefold()):
            return assessment
    raise UsageError(
        f"unknown client {client!r}",
        "one of " + _listed([assessment.client for assessment in assessments]),
        "list them with: commsense clients",
    )


def _listed(names: list[str], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
