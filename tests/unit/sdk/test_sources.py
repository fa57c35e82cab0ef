"""What may be submitted becomes one request."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from dowse.errors import InvalidInput
from dowse.sdk.sources import request_of


class Sweep:
    """Exports itself as an object of azure.ai.ml does."""

    def __init__(self, code: str | None) -> None:
        self.code = code

    def _to_dict(self) -> dict[str, Any]:
        trial = {"command": "python a.py"} | ({} if self.code is None else {"code": self.code})
        return {"type": "sweep", "trial": trial}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep" / "src").mkdir(parents=True)
    (tmp_path / "deep" / "job.yaml").write_text("command: a\n")


@pytest.mark.parametrize("source", ["deep/job.yaml", Path("deep/job.yaml")])
def test_a_file_brings_its_folder(source: str | Path, tmp_path: Path) -> None:
    request = request_of(source, name="n", dialect="azure-ml", arguments=["--a"])
    assert (request.document, request.file) == ("command: a\n", "deep/job.yaml")
    assert request.folder == str(tmp_path / "deep")
    assert (request.name, request.dialect, request.arguments) == ("n", "azure_ml", ("--a",))
    assert request_of(source, folder="deep/src").folder == str(tmp_path / "deep" / "src")


@pytest.mark.parametrize("text", ["command: a\n", '{"command": "a"}'])
def test_text_and_mappings_begin_where_the_program_stands(text: str, tmp_path: Path) -> None:
    assert request_of(text).document == text
    assert request_of(text).folder == str(tmp_path)
    request = request_of({"command": "ä"}, package_path="deep")
    assert json.loads(request.document) == {"command": "ä"}
    assert request.package_path == os.path.join(tmp_path, "deep")


def test_an_object_of_azure_keeps_its_folder_here_and_carries_its_code_elsewhere(
    tmp_path: Path,
) -> None:
    code = str(tmp_path / "deep" / "src")
    here = request_of(Sweep(code))
    assert json.loads(here.document)["trial"]["code"] == code
    assert here.folder == str(tmp_path)
    there = request_of(Sweep(code), elsewhere=True)
    assert json.loads(there.document)["trial"]["code"] == "."
    assert there.folder == code
    named = request_of(Sweep(code), elsewhere=True, folder="deep")
    assert named.folder == str(tmp_path / "deep")
    assert request_of(Sweep(None), elsewhere=True).folder == str(tmp_path)
    assert request_of(Sweep("azureml:code:1"), elsewhere=True).folder == str(tmp_path)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (3, "a job is a path, text, a mapping or an object of azure.ai.ml, got int"),
        (None, "got NoneType"),
        ({"x": float("nan")}, "the job holds what JSON cannot say"),
        ({"x": {1, 2}}, "the job holds what JSON cannot say: .*set"),
        ("absent.yaml", "absent.yaml: cannot be read"),
    ],
)
def test_what_is_no_job_is_refused(source: Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        request_of(source)
