"""Turn the roles of docstrings, such as :func:`commsense.analyze`, into links, for MkDocs."""

from __future__ import annotations

import re
from typing import Any

_ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):<code>~?([\w.]+)</code>")


def on_page_content(html: str, **_: Any) -> str:  # noqa: ANN401  # what MkDocs passes
    """Link a role to where its object is documented; elsewhere only the name is left."""
    return _ROLE.sub(r'<autoref identifier="\1" optional><code>\1</code></autoref>', html)
