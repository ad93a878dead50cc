"""The object that shows a report in a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from markupsafe import escape

from commsense.report.html import render_html
from commsense.report.markdown import render_markdown
from commsense.report.words import load_words

_FRAME_HEIGHT = 760  # pixels: the verdict, the reasons and the next steps


class Report:
    """One client's report; displays itself in a notebook.

    Parameters
    ----------
    summary : mapping
        What :func:`commsense.report.summarise` returned.
    language : str
        Interface language.
    """

    def __init__(self, summary: Mapping[str, Any], *, language: str = "en") -> None:
        self._summary = summary
        self._language = language

    def to_dict(self) -> dict[str, Any]:
        """Return the report's data; the caller may change it."""
        return deepcopy(dict(self._summary))

    def to_json(self) -> str:
        """Return the report's data as JSON text."""
        return json.dumps(self._summary, ensure_ascii=False, indent=2, allow_nan=False)

    def to_html(self) -> str:
        """Return the report as a page that opens offline."""
        return render_html(self._summary, language=self._language)

    def to_markdown(self) -> str:
        """Return the report as Markdown."""
        return render_markdown(self._summary, language=self._language)

    def _repr_html_(self) -> str:
        # A sandboxed frame keeps the page's styles, and whatever a mail holds, out of the notebook.
        title = load_words(self._language)("page.title", name=self._summary["name"])
        return (
            f'<iframe sandbox title="{escape(title)}" width="100%" height="{_FRAME_HEIGHT}" '
            f'style="border: 0; resize: vertical" srcdoc="{escape(self.to_html())}"></iframe>'
        )

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def __repr__(self) -> str:
        verdict = self._summary["verdict"]["sentence"]
        return f"<Report on {self._summary['client']}: {verdict}>"
