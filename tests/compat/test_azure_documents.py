"""Azure's own reader as the judge of documents, and live objects of its SDK read by ours."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dowse.dialects.native.writer import native_tree
from dowse.dialects.protocol import ReadContext, Reading
from dowse.dialects.registry import read
from dowse.dialects.rendering import differences, render
from dowse.domain.spec import DataInput, DataKind
from dowse.errors import InvalidInput
from tests.compat.environments import python

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GOLDEN = ROOT / "tests" / "golden" / "dialects"
IRIS = ROOT / "examples" / "azure_ml" / "iris"
AZURE = sorted((GOLDEN / "azure_ml").glob("*.y*ml"))


def accepted(path: Path, folder: Path = Path("/jobs")) -> Reading | None:
    context = ReadContext(folder=str(folder), file=path.name, module_name=_module(path))
    try:
        return read(path.read_text(encoding="utf-8"), context=context)
    except InvalidInput:
        return None


def _module(path: Path) -> str | None:
    return "trainer.task" if path.parent.name == "ai_platform" else None


def ours(folder: Path) -> Iterator[tuple[str, str]]:
    """Jobs of every dialect, written as sweep jobs by us. Their code has to exist."""
    for dialect in ("ai_platform", "openbayes", "azure_ml"):
        for path in sorted((GOLDEN / dialect).glob("*.y*ml")):
            if reading := accepted(path, folder):
                Path(reading.spec.launch.code.root or folder).mkdir(exist_ok=True)
                yield f"ours-{dialect}-{path.stem}.yml", render(reading.spec, "azure_ml").text


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("documents")
    for path in AZURE:
        (folder / f"golden-{path.name}").write_bytes(path.read_bytes())
    for name, text in ours(folder):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "src").mkdir(exist_ok=True)
    done = subprocess.run(
        [
            str(python("azure")), str(HERE / "clients" / "azure_documents.py"),
            folder, ROOT / "src", IRIS / "sweep_job.py",
        ],
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_azure_accepts_every_sweep_job_that_we_write(judged: Any) -> None:
    verdicts = {name: said for name, said in judged["verdicts"].items() if name.startswith("ours-")}
    assert len(verdicts) > 60
    assert {name for name, said in verdicts.items() if said is not None} == NAMED_IN_DOCUMENTS_ONLY


def test_what_azure_accepts_we_read_or_refuse_for_what_only_its_service_checks(judged: Any) -> None:
    refused = {
        path.stem
        for path in AZURE
        if judged["verdicts"][f"golden-{path.name}"] is None and accepted(path) is None
    }
    assert refused == CHECKED_BY_THE_SERVICE | NOT_HERE


def test_what_azure_refuses_is_never_read_in_silence(judged: Any) -> None:
    silent = set()
    for path in AZURE:
        reading = accepted(path)
        if judged["verdicts"][f"golden-{path.name}"] is not None and reading is not None:
            silent |= set() if reading.warnings else {path.stem}
    assert silent == set()


CHECKED_BY_THE_SERVICE = {
    "bandit-with-both", "bandit-with-neither", "empty-search-space", "exponents-too-great",
    "grid-over-uniform", "limits-out-of-range", "min-above-max", "nested-choice-not-always-there",
    "no-search-space", "truncation-out-of-range", "tuned-name-as-an-input", "undefined-names",
}  # fmt: skip
"""Documents with faults that azure-ai-ml sends on, for its service to find."""

NOT_HERE = {"code-of-the-workspace", "inner-shell-behind-another", "variables"}
"""Right there: one needs a workspace's code, in two a value would become text of a shell."""

NAMED_IN_DOCUMENTS_ONLY = {"ours-azure_ml-truncation.yml"}
"""`exclude_finished_jobs` is in the service's documentation, and its client refuses it."""


@pytest.mark.parametrize("name", ["none", "bandit", "median", "truncation", "sobol", "sweep_job"])
def test_a_live_object_is_read_as_it_was_meant(judged: Any, name: str) -> None:
    context = ReadContext(folder="/jobs", environments={"AzureML-lightgbm-3.2": "x"})
    spec = read(judged["objects"][name], context=context).spec
    by_name = {parameter.name: parameter for parameter in spec.space.parameters}
    assert list(by_name) == [
        *("lr", "boosting", "layers", "units", "a1", "a2", "a3", "a4", "a5", "a6", "a7"),
        *("model", "model.sgd.opt", "mom", "model.adam.opt"),
    ]
    assert by_name["lr"].describe() == "a number from 0.01 to 0.9"
    assert by_name["units"].describe() == "a whole number from 0 to 63"
    assert (spec.objective.metric, spec.objective.goal.value) == ("accuracy", "maximize")
    limits = spec.limits
    assert (limits.trials, limits.parallel) == (20, 4)
    assert (limits.timeout_s, limits.trial_timeout_s) == (7200, 300)
    assert spec.launch.inputs["data"] == DataInput(DataKind.FILE, "https://example.org/iris.csv")
    assert spec.launch.outputs == {"model_dir": DataKind.FOLDER}
    assert spec.launch.env == {"A": "1"}
    assert spec.description == "described"
    assert spec.algorithm.name == ("sobol" if name == "sobol" else "random")
    assert spec.seed == (123 if name == "sobol" else 0)
    rules = {"bandit": "bandit", "median": "median", "truncation": "truncation"}
    assert (spec.stopping and spec.stopping.rule) == rules.get(name)


def test_the_example_is_the_same_job_as_a_document_and_as_an_object(judged: Any) -> None:
    context = ReadContext(folder=str(IRIS))
    document = read((IRIS / "sweep.yml").read_text(encoding="utf-8"), context=context).spec
    live = read(judged["objects"]["example"], context=context).spec
    assert list(differences(native_tree(document), native_tree(live))) == []
