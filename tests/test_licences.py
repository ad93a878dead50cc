"""What is installed with commsense may be used and passed on."""

import importlib.util
from email.message import Message
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location(
    "licences", Path(__file__).parent.parent / "docs" / "licences.py"
)
licences = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(licences)


def test_whoever_installs_the_package_is_bound_by_no_gpl():
    core = licences.installed()
    assert {"numpy", "pandas", "spacy", "click"} <= set(core)  # what those need, too
    assert "GPL" not in {licences.licence(one) for one in core.values()}


@pytest.mark.parametrize("extra", licences.EXTRAS)
def test_the_gpl_is_in_one_extra_alone(extra):
    found = {licences.licence(one) for one in licences.installed(extra).values()}
    assert "GPL" not in found or extra == "outlook"


class Stated:
    def __init__(self, **told: str) -> None:
        self.metadata = Message()
        for name, value in {"Name": "some-package", **told}.items():
            self.metadata[name.replace("_", "-")] = value


def test_the_first_licence_of_several_is_named():
    both = Stated(License_Expression="BSD-3-Clause AND MIT")
    assert licences.licence(both) == "BSD"
    assert licences.licence(Stated(License="GNU Lesser General Public License")).startswith("LGPL")
    assert licences.licence(Stated(Classifier="License :: OSI Approved :: GPLv3")) == "GPL"


def test_a_licence_that_nobody_knows_is_told():
    with pytest.raises(ValueError, match="some-package states no licence"):
        licences.licence(Stated(License="Ask me"))


def test_the_page_names_each_dependency():
    page = licences.PAGE.read_text(encoding="utf-8")
    missing = [name for name in ("numpy", "pandas", "selectolax") if f"| {name} |" not in page]
    assert not missing
