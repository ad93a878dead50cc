"""What the documentation shows is tried: queries run, links lead somewhere, names exist."""

import re
from pathlib import Path

import duckdb
import pytest

import commsense as cs

REPOSITORY = Path(__file__).parent.parent
DOCS = sorted([*(REPOSITORY / "docs").rglob("*.md"), *REPOSITORY.glob("*.md")])
QUERIES = re.findall(
    r"```sql\n(.*?)```", (REPOSITORY / "docs/queries.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, samples, clients_file) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    us = ["northlight.example"]
    cs.analyze(samples, us=us, clients=clients_file, out=folder / "dataset")
    return folder


def test_there_are_five_queries():
    assert len(QUERIES) == 5


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_answers(query, dataset, monkeypatch):
    monkeypatch.chdir(dataset)
    assert len(duckdb.sql(query).fetchall()) > 0


@pytest.mark.parametrize("page", DOCS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_and_paths_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", text)
    assert not [link for link in links if not (page.parent / link).exists()]
    named = re.findall(r"`((?:tests|benchmarks|src|docs|data)/[\w./-]+)`", text)
    assert not [path for path in named if not (REPOSITORY / path).exists()]
