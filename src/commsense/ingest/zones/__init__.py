"""Cut a mail body into its three zones: new words, quoted history, signature.

``split_text`` works on plain text, line by line and in linear time; ``split_html`` cuts what the
mail programs mark in the document first and passes the rest through ``split_text``. What the
mail programs write, in some sixty languages, is data: ``patterns/*.toml``.
"""

from commsense.ingest.zones.html import split_html
from commsense.ingest.zones.model import Zones
from commsense.ingest.zones.text import split_text

__all__ = ["Zones", "split_html", "split_text"]
