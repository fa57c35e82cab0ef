"""What a job needs of this machine and does not find."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dowse.domain.spec import DataInput, DataKind, External, Shell
from dowse.runtime.absences import absences
from tests.unit.runtime.specs import a_spec

ENVIRON = {"PATH": str(Path(sys.executable).parent)}


def found(
    root: Path | str, environ: Mapping[str, str] = ENVIRON, **launch: Any
) -> list[tuple[str, str]]:
    told = absences(a_spec(root=str(root), **launch), environ)
    return [(problem.path, problem.message) for problem in told]


def test_a_job_of_which_everything_is_here_lacks_nothing(tmp_path: Path) -> None:
    inputs = {
        "here": DataInput(DataKind.FOLDER, str(tmp_path)),
        "elsewhere": DataInput(DataKind.FILE, "https://example.org/data.csv"),
    }
    assert found(tmp_path, inputs=inputs, python=sys.executable) == []
    assert found(tmp_path, python=Path(sys.executable).name) == []


def test_the_code_and_the_data_of_this_machine_must_be_there(tmp_path: Path) -> None:
    inputs = {"x": DataInput(DataKind.FOLDER, f"{tmp_path}/data")}
    assert found(f"{tmp_path}/code", inputs=inputs) == [
        ("code.root", f"must be a folder, got '{tmp_path}/code'"),
        (
            "inputs.x",
            f"must be a folder of this machine or a URL, and there is none at {tmp_path}/data",
        ),
    ]


@pytest.mark.parametrize(
    ("python", "where"),
    [
        ("/nope/python", "none at /nope/python"),
        ("./plain", "none at {root}/plain"),
        ("python-nope", "no python-nope on PATH"),
    ],
)
def test_an_interpreter_must_be_a_program_of_this_machine(
    tmp_path: Path, python: str, where: str
) -> None:
    (tmp_path / "plain").write_text("no program")
    start = "must be an interpreter of this machine, and there is "
    expected = start + where.format(root=tmp_path) + " that can be started"
    assert found(tmp_path, python=python) == [("python", expected)]


def test_what_is_prepared_may_bring_its_interpreter_and_a_study_starts_nothing(
    tmp_path: Path,
) -> None:
    assert found(tmp_path, python="/nope/python", prepare=Shell("python3 -m venv /nope")) == []
    assert found("/nope", program=External(), python="/nope/python") == []
