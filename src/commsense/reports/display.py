"""The object that shows a report in a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import escape

from commsense.clients.assessment import Assessment
from commsense.errors import MissingExtraError
from commsense.reports.frames import frame
from commsense.reports.html import render_html
from commsense.reports.markdown import render_markdown
from commsense.reports.summary import summarise
from commsense.reports.words import load_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FRAME_HEIGHT = 760  # pixels: the verdict, the reasons and the next steps


class Report:
    """One client's report; displays itself in a notebook.

    Parameters
    ----------
    summary : mapping
        What :func:`commsense.reports.summarise` returned.
    language : str
        Interface language.
    """

    def __init__(self, summary: Mapping[str, Any], *, language: str = "en") -> None:
        self._summary = summary
        self._language = language

    @classmethod
    def of(cls, assessment: Assessment, *, language: str = "en") -> Report:
        """Return the report of an assessment.

        Parameters
        ----------
        assessment : Assessment
            One of those that :meth:`commsense.Result.assess` gives.
        language : str
            Language of the report's own words: ar, en, fr, ko or th.

        Raises
        ------
        UsageError
            Where the language is unknown.
        """
        return cls(summarise(assessment, language=language), language=language)

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

    def frame(self, name: str = "timeline") -> pd.DataFrame:
        """Return the figures behind a picture as a tidy table; values run from -1 to +1.

        Parameters
        ----------
        name : {"timeline", "dimensions", "changes"}
            ``timeline``: a row a period, the balance ``value`` with the ends ``low`` and ``high``
            of its 90 % interval, NaN where no message tells of it, and the counts of ``messages``
            and of those that carry ``strengths`` or ``risks``. ``dimensions``: a row a dimension,
            the same and its ``baseline``, the ``change`` with its interval, ``judged`` (worse,
            better, same or unsure) and the value by side. ``changes``: a row a turning point,
            ``date``, ``direction``, ``probability`` and the ``messages`` that it rests on.

        Raises
        ------
        UsageError
            Where there is no table of this name.
        """
        return frame(self._summary, name)

    def plot(self) -> Figure:
        """Draw the balance of strengths and risks over time, with its turning points.

        Above the balance with its 90 % interval; below how many messages carry a strength
        (upwards) or a risk (downwards), before all messages of the period.

        Returns
        -------
        matplotlib.figure.Figure
            Shown by a notebook as it is; pyplot does not keep it. ``figure.axes`` are the two
            panels, to be changed before ``figure.savefig``. The figures are those of
            ``frame("timeline")`` and ``frame("changes")``. Words are English where
            matplotlib's font lacks the letters of the report's language.

        Raises
        ------
        MissingExtraError
            Where the extra ``notebook`` is not installed.
        """
        figure: Figure = _plots().plot_timeline(self._summary, language=self._language)
        return figure

    def plot_dimensions(self) -> Figure:
        """Draw each dimension's value and interval against the client's own baseline.

        Returns
        -------
        matplotlib.figure.Figure
            As of :meth:`plot`; the figures are those of ``frame("dimensions")``, the worst change
            on top.

        Raises
        ------
        MissingExtraError
            Where the extra ``notebook`` is not installed.
        """
        figure: Figure = _plots().plot_dimensions(self._summary, language=self._language)
        return figure

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


def _plots() -> ModuleType:
    """Return the module that draws with matplotlib, which not everybody installs."""
    try:
        return import_module("commsense.reports.plots")
    except ModuleNotFoundError:
        raise MissingExtraError("a plot", "notebook") from None
