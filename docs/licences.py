"""List what commsense installs, each package with its licence, and refuse one that is not allowed.

Usage: python docs/licences.py            (writes docs/reference/licences.md)

Read off the packages that are installed here. ``tests/test_licences.py`` fails where a dependency
has a licence that the page does not allow for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

PAGE: Final = Path(__file__).parent / "reference" / "licences.md"
NOTE: Final = "<!-- Written by docs/licences.py from the installed packages: run it again. -->"
EXTRAS: Final = ("distributed", "notebook", "outlook", "transformers")

# Part of a licence's name, and how the page calls it. Weak copyleft binds changes to the package
# itself; the GPL would bind whatever is passed on together with it, so it is in an extra alone.
FREE: Final = {
    r"\bMIT\b": "MIT",
    r"\bBSD\b|BSD-[23]": "BSD",
    r"Apache": "Apache-2.0",
    r"\bPSF|Python Software Foundation": "PSF-2.0",
    r"\bISC\b": "ISC",
    r"MPL|Mozilla": "MPL-2.0 (weak copyleft)",
    r"\bLGPL|Lesser": "LGPL (weak copyleft)",
    r"CC0|Public.Domain|Unlicense|0BSD": "public domain",
}
COPYLEFT: Final = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public", re.IGNORECASE)


def installed(extra: str = "") -> dict[str, Distribution]:
    """Return what the package, or one of its extras, needs and is installed, by name."""
    found: dict[str, Distribution] = {}
    waiting = list(_required("commsense", extra))
    while waiting:
        requirement = waiting.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if name in found or name == "commsense":
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # of another system, or of an extra that is not installed here
        for one in {"", *requirement.extras}:
            waiting += _required(name, one)
    return dict(sorted(found.items()))


def _required(name: str, extra: str) -> Iterator[Requirement]:
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        of_extra = "extra" in str(requirement.marker or "")
        fits = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        if fits and of_extra == bool(extra):
            yield requirement


def licence(package: Distribution) -> str:
    """Return the kind of licence of a package.

    Raises
    ------
    ValueError
        Where the package states none that is known here.
    """
    told = package.metadata
    stated = [
        told.get("License-Expression") or "",
        *(one for one in told.get_all("Classifier") or () if one.startswith("License")),
        (told.get("License") or "")[:200],
    ]
    text = next((one for one in stated if one.strip()), "")
    found = {
        match.start(): name
        for pattern, name in FREE.items()
        if (match := re.search(pattern, " ".join(stated))) is not None
    }
    if found:
        return found[min(found)]
    if COPYLEFT.search(" ".join(stated)):
        return "GPL"
    raise ValueError(f"{told['Name']} states no licence that is known here: {text!r}")


def page() -> str:
    """Return the page's text."""
    core = installed()
    lines = [NOTE, "", "# Licences of what is installed", ""]
    lines += [
        "commsense itself is Apache-2.0. `pip install commsense` brings these packages with it,",
        "and those that they need; every one may be used in a closed product too.",
        "",
    ]
    lines += _table(core)
    for extra in EXTRAS:
        more = {name: one for name, one in installed(extra).items() if name not in core}
        lines += ["", f"## With the extra `{extra}`", "", *_table(more)]
    lines += [
        "",
        "`extract-msg`, which reads Outlook's `.msg`, is under the GPL: that is why it is in an",
        "extra that is not installed unless you ask for it. Who passes on commsense together with",
        "it passes on the whole under the GPL.",
    ]
    return "\n".join(lines) + "\n"


def _table(packages: dict[str, Distribution]) -> list[str]:
    rows = [f"| {name} | {licence(package)} |" for name, package in packages.items()]
    return ["| package | licence |", "| --- | --- |", *rows]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
