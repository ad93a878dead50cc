"""The generated pages of the reference say what the program says."""

import importlib.util
import tomllib
from pathlib import Path

import pytest

from commsense import schema
from commsense.taxonomy import load_taxonomy

DOCS = Path(__file__).parent.parent / "docs"
SPEC = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
reference = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(reference)
PAGES = reference.pages()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_stale(name):
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == PAGES[name], "run: python docs/reference.py"


def test_each_column_has_a_meaning_and_no_other_has():
    meanings = tomllib.loads((DOCS / "reference" / "columns.toml").read_text(encoding="utf-8"))
    columns = {name: getattr(schema, name.upper()).names for name in meanings}
    assert {name: list(said) for name, said in meanings.items()} == columns


def test_each_command_and_option_is_there():
    page = PAGES["commands.md"]
    for info in reference.cli.app.registered_commands:
        assert f"## `commsense {info.name or info.callback.__name__}`" in page
    assert "| `--language` | `ar`, `en`, `fr`, `ko`, `th` | `en` |" in page


def test_each_label_is_there_in_each_language():
    taxonomy = load_taxonomy()
    for language in reference.LANGUAGES:
        names = reference.names_in(language)
        for key in (*taxonomy.ids, *taxonomy.dimensions):
            assert names[key] in PAGES["taxonomy.md"]
    assert len({reference.names_in(code)["courtesy"] for code in reference.LANGUAGES}) == 5
