"""Render summaries as self-contained HTML pages: no script, nothing from the network."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from commsense.errors import UsageError
from commsense.reports import charts
from commsense.reports.text import clean, quote, shorten
from commsense.reports.timeline import change_words, describe, timeline
from commsense.reports.views import (
    anchors,
    badge,
    caveats,
    debate_course,
    judge,
    judged_words,
    nothing_missing,
    open_loops,
    period_words,
    rhythm_figures,
    severity,
    since_words,
    stage_runs,
    sure_words,
    sureness,
)
from commsense.reports.words import Words, load_words

_NARROW = 330.0  # drawn for a phone of 390 pixels, less the margins
_LOOP_LENGTH = 280
_NAME_LENGTH = 80
_LINK_SCHEMES = ("", "file", "http", "https")


def render_html(
    summary: Mapping[str, Any], *, link_back: str | None = None, language: str = "en"
) -> str:
    """Return one client's report as a page.

    Parameters
    ----------
    summary : mapping
        What :func:`commsense.reports.summarise` returned.
    link_back : str, optional
        Address of the portfolio's page, relative or absolute.
    language : str
        Interface language.

    Returns
    -------
    str
        A complete HTML document that opens offline.

    Raises
    ------
    UsageError
        Where the link is no address of a page, or the language is unknown.
    """
    words = load_words(language)
    return _page(
        "report.html.j2",
        words,
        s=summary,
        link_back=None if link_back is None else _address(link_back),
        loops=open_loops(summary),
        anchors=anchors(summary),
        stages=stage_runs(summary["stage"]["history"]),
        title=words("page.title", name=summary["name"]),
    )


def render_portfolio_html(
    rows: Sequence[Mapping[str, Any]],
    *,
    links: Mapping[str, str] | None = None,
    language: str = "en",
) -> str:
    """Return the portfolio as a page, one row a client.

    Parameters
    ----------
    rows : sequence of mapping
        What :func:`commsense.reports.portfolio` returned.
    links : mapping of str to str, optional
        Client key to the address of its report.
    language : str
        Interface language.

    Returns
    -------
    str
        A complete HTML document that opens offline.

    Raises
    ------
    UsageError
        Where a link is no address of a page, or the language is unknown.
    """
    words = load_words(language)
    addresses = {client: _address(link) for client, link in (links or {}).items()}
    title = words("page.portfolio_title")
    return _page("portfolio.html.j2", words, rows=rows, links=addresses, title=title)


def _page(template: str, words: Words, **values: Any) -> str:  # noqa: ANN401
    style = files("commsense.reports").joinpath("templates", "style.css").read_text("utf-8")
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _environment().get_template(template)
    return page.render(
        w=words,
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=digest,
        draw=charts,
        timeline=timeline,
        describe=describe,
        change_words=change_words,
        quote=quote,
        shorten=shorten,
        severity=severity,
        caveats=caveats,
        judge=judge,
        judged_words=judged_words,
        nothing_missing=nothing_missing,
        period_words=period_words,
        sure_words=sure_words,
        sureness=sureness,
        badge=badge,
        debate_course=debate_course,
        rhythm_figures=rhythm_figures,
        since_words=since_words,
        narrow=_NARROW,
        loop_length=_LOOP_LENGTH,
        name_length=_NAME_LENGTH,
        **values,
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("commsense.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["signed"] = lambda value, words: words.signed(value)
    return environment


def _harmless(value: Any) -> Any:  # noqa: ANN401
    """Clean every text that a template shows; markup made by us passes."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _address(link: str) -> str:
    if urlsplit(link).scheme not in _LINK_SCHEMES:
        raise UsageError(f"the link {link!r}", "a path, or an address of a page")
    return link
