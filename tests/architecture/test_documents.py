"""What the documents say about the project is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEST_NAME = re.compile(r"`(test_\w+)`")
TEST_PATH = re.compile(r"`((?:tests|docs|benchmarks|examples)/[\w./]+)`")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def defined_tests() -> set[str]:
    return {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
    }


def test_every_invariant_of_the_architecture_names_tests_that_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(TEST_NAME.findall(text))
    assert len(named) > 20
    assert named - defined_tests() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_that_a_document_names_exist(document: Path) -> None:
    named = set(TEST_PATH.findall(document.read_text(encoding="utf-8")))
    made_by_a_verb = {path for path in named if path.startswith("benchmarks/")}
    assert {path for path in named - made_by_a_verb if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_package_of_the_source_stands_on_the_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    source = ROOT / "src" / "dowse"
    packages = [path.parent.name for path in source.glob("*/__init__.py")]
    assert [name for name in packages if f"`{name}" not in text] == []
