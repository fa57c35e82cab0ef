"""A job as the service's REST interface has it is the same job when it is read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dowse.dialects.azure_ml.rest import rest_properties
from dowse.dialects.native.writer import native_tree
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read
from dowse.dialects.rendering import differences
from dowse.errors import InvalidInput
from tests.unit.dialects.azure_ml.test_azure_ml import changed

GOLDEN = Path(__file__).parents[3] / "golden" / "dialects" / "azure_ml"
WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/M/workspaces/w"

# REST names every job and its experiment, knows code by ids only, and has no seed but for random.
UNSAID = ("code.root:", "labels.experiment_name:", "labels.display_name:", "labels:")
OTHERWISE = {
    "choice-mixed": ['parameters.lr.texts: ["0.10", auto, "5000."] is left out'],
    "sampling-with-extras": ["seed: 3 is left out"],
}


def valid() -> list[Path]:
    found = []
    for path in sorted(GOLDEN.glob("*.y*ml")):
        try:
            read(path.read_text(encoding="utf-8"), context=ReadContext(folder="/x"))
        except InvalidInput:
            continue
        found.append(path)
    return found


@pytest.mark.parametrize("path", valid(), ids=lambda path: path.stem)
def test_what_rest_has_reads_as_the_same_job(path: Path) -> None:
    spec = read(path.read_text(encoding="utf-8"), context=ReadContext(folder="/x")).spec
    properties = rest_properties(spec, workspace=WORKSPACE)
    text = json.dumps({"properties": properties}, allow_nan=False)
    again = read(text, context=ReadContext(folder="/x", name=spec.name)).spec
    changes = differences(native_tree(spec), native_tree(again))
    kept = [change for change in changes if not change.startswith(UNSAID)]
    assert kept == OTHERWISE.get(path.stem, [])


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ("azureml:torch:3", f"{WORKSPACE}/environments/torch/versions/3"),
        ("azureml:torch@latest", f"{WORKSPACE}/environments/torch/versions/latest"),
        ("torch", f"{WORKSPACE}/environments/torch/versions/1"),
        (f"{WORKSPACE}/environments/t/versions/2", f"{WORKSPACE}/environments/t/versions/2"),
        ("azureml://registries/r/environments/t/versions/2",) * 2,
        ({"image": "python:3.11"}, f"{WORKSPACE}/environments/dowse/versions/1"),
    ],
)
def test_the_environment_is_the_one_that_the_document_names(environment: Any, found: str) -> None:
    spec = read(changed("Trial", "environment", environment), context=ReadContext(folder="/x")).spec
    assert rest_properties(spec, workspace=WORKSPACE)["trial"]["environmentId"] == found


def test_a_job_of_another_dialect_has_an_environment_of_ours() -> None:
    text = "command: a\nmetric: x\ngoal: minimize\nparameters: {x: [1, 2]}\n"
    spec = read(text, context=ReadContext(folder="/x")).spec
    properties = rest_properties(spec, workspace=WORKSPACE)
    assert properties["trial"]["environmentId"] == f"{WORKSPACE}/environments/dowse/versions/1"
