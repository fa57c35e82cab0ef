"""Small documents and exactly what becomes of each: the words of every error, or the job.

A file beside a document, with `.expected` added to its name, holds the verdict and the messages;
after them, for a job that was read, the native document that says the same. After a change that is
meant, `python -m tests.golden.dialects.test_documents` writes them anew: read the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dowse import catalog
from dowse.dialects.documents import read_text
from dowse.dialects.native.writer import write_native
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read
from dowse.domain.spec import JobSpec
from dowse.errors import InvalidInput, NotFound, Refused

FOLDER = Path(__file__).parent
GROUPS = ("any", "ai_platform", "native", "openbayes", "azure_ml")
DOCUMENTS = sorted(
    path for group in GROUPS for path in (FOLDER / group).iterdir() if path.suffix != ".expected"
)

WITH_PROGRAM = ("native", "openbayes", "azure_ml")
PROGRAM_IN_DOCUMENT = ("file-as-module", "numbers-as-people-type-them", "yaml-in-braces")


BEFORE = """
metric: rmse
goal: minimize
limits: {trials: 40}
command: python train.py
parameters:
  nembeds: {type: integer, min: 3, max: 15}
  nnsize: [4, 16, 32, 64, 128]
"""


def previous(name: str) -> JobSpec:
    """The jobs before those of the documents."""
    if name == "babyweight_running":
        raise Refused(f"{name} is running: a new job can continue it once it is over")
    if name not in ("babyweight_1", "PREVIOUS_JOB_IDENTIFIER"):
        raise NotFound(f"there is no job {name!r}; did you mean 'babyweight_1'?")
    return read(BEFORE, context=ReadContext(folder="/jobs/one")).spec


def outcome(path: Path) -> str:
    named = path.parent.name in WITH_PROGRAM or path.stem in PROGRAM_IN_DOCUMENT
    context = ReadContext(
        folder="/jobs/one",
        file="job",
        module_name=None if named else "trainer.task",
        package_path=None if named else "trainer",
        known_algorithms=set(catalog.SUGGESTERS),
        known_rules=set(catalog.STOPPING_RULES),
        option_problems=catalog.option_problems,
        previous=previous,
    )
    try:
        reading = read(read_text(path), context=context)
    except InvalidInput as error:
        return f"refused\n{error}\n"
    warnings = "".join(f"{warning}\n" for warning in reading.warnings)
    return f"read\n{warnings}\n{write_native(reading.spec)}"


def expected(path: Path) -> Path:
    return path.with_name(path.name + ".expected")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_document_becomes_exactly_what_is_written_beside_it(path: Path) -> None:
    assert outcome(path) == expected(path).read_text(encoding="utf-8")


def test_there_are_many_documents_and_no_expectation_without_one() -> None:
    assert len(DOCUMENTS) >= 60
    beside = set(FOLDER.rglob("*.expected"))
    assert beside == {expected(path) for path in DOCUMENTS}


PUBLISHED = (
    "ai_platform/reference",
    "ai_platform/blog",
    "ai_platform/resume",
    "openbayes/sample",
    "openbayes/root-parameters-are-overridden",
    "azure_ml/iris",
)
"""What the pages of the services show; a user who copies it must not have to change a word."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_the_pages_of_the_services_show_is_read_as_it_stands(name: str) -> None:
    assert outcome(FOLDER / f"{name}.yaml").startswith("read\n")


if __name__ == "__main__":
    for document in DOCUMENTS:
        expected(document).write_text(outcome(document), encoding="utf-8")
