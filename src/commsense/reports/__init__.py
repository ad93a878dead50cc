"""Reports: one summary, a plain dict, and renderers for terminal, HTML, Markdown and JSON."""

from commsense.reports.display import Report
from commsense.reports.html import render_html, render_portfolio_html
from commsense.reports.markdown import render_markdown
from commsense.reports.plain import render_json, render_portfolio_csv, render_portfolio_json
from commsense.reports.summary import SCHEMA_VERSION, load_schema, portfolio, summarise
from commsense.reports.terminal import render_portfolio_terminal, render_terminal

__all__ = [
    "SCHEMA_VERSION",
    "Report",
    "load_schema",
    "portfolio",
    "render_html",
    "render_json",
    "render_markdown",
    "render_portfolio_csv",
    "render_portfolio_html",
    "render_portfolio_json",
    "render_portfolio_terminal",
    "render_terminal",
    "summarise",
]
