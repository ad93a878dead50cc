"""Paragraphs that a mail program broke into lines for the way (RFC 3676, ``format=flowed``)."""

from __future__ import annotations


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Join the lines of each paragraph again.

    Parameters
    ----------
    text : str
        A body whose Content-Type says ``format=flowed``.
    delete_space : bool
        Whether the space at a line's end was added for the way (``DelSp=yes``).

    Returns
    -------
    str
        Quoted lines keep their marks and are joined within one depth only.
    """
    lines: list[str] = []
    open_depth: int | None = None  # of the paragraph that goes on, None between paragraphs
    for line in text.replace("\r\n", "\n").split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")  # space-stuffing
        if depth == open_depth and content != "-- ":
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        flows = content.endswith(" ") and content != "-- "
        if flows and delete_space:
            lines[-1] = lines[-1][:-1]
        open_depth = depth if flows else None
    return "\n".join(lines)
