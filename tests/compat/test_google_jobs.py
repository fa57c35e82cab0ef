"""ml.v1 jobs, driven by the real google-api-python-client."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.compat.environments import python
from tests.compat.servers import serving

CLIENTS = Path(__file__).parent / "clients"
MODULE = """
import json, os, sys
values = dict(word[2:].split("=", 1) for word in sys.argv[1:] if word.startswith("--"))
assert json.loads(os.environ["TF_CONFIG"])["task"]["trial"] == os.environ["CLOUD_ML_TRIAL_ID"]
line = {
    "metric1": str(float(values["hidden1"]) * int(values["numRnnCells"])),
    "global_step": "100",
    "timestamp": 1.5,
    "trial": os.environ["CLOUD_ML_TRIAL_ID"],
}
with open(os.environ["CLOUD_ML_HP_METRIC_FILE"], "w") as file:
    file.write(json.dumps(line) + "\\n")
"""


def wheel(folder: Path) -> Path:
    """The package `trainer` with the module `trainer.task`, as pip installs it."""
    name = "trainer-0.1.dist-info"
    path = folder / "trainer-0.1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("trainer/__init__.py", "")
        archive.writestr("trainer/task.py", MODULE)
        archive.writestr(f"{name}/METADATA", "Metadata-Version: 2.1\nName: trainer\nVersion: 0.1\n")
        tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{name}/WHEEL", tags)
        archive.writestr(f"{name}/RECORD", "")
    return path


def drive(client: str, *words: str) -> Any:
    """What a client script prints."""
    done = subprocess.run(
        [str(python("google")), str(CLIENTS / client), *words],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("google")
    program = {"packageUris": [str(wheel(folder))], "pythonModule": "trainer.task"}
    with serving(folder) as server:
        return drive("google_jobs.py", server.url, server.token, json.dumps(program))


def test_no_jobs_are_an_empty_answer(found: Any) -> None:
    assert found["nothing"] == {}


def test_a_job_is_created_and_runs_to_its_end(found: Any) -> None:
    created, done = found["created"], found["done"]
    assert created["jobId"] == "first"
    assert created["state"] in ("QUEUED", "PREPARING")
    assert created["trainingOutput"] == {
        "completedTrialCount": "0",
        "consumedMLUnits": 0.0,
        "isHyperparameterTuningJob": True,
        "hyperparameterMetricTag": "metric1",
    }
    assert (done["state"], done["labels"]) == ("SUCCEEDED", {"team": "vision"})
    assert done["createTime"] <= done["startTime"] <= done["endTime"]
    assert done["trainingInput"] == created["trainingInput"]
    assert done["trainingInput"]["workerCount"] == "9"


def test_the_trials_come_best_first_with_their_values_as_text(found: Any) -> None:
    output = found["done"]["trainingOutput"]
    trials = output["trials"]
    assert output["completedTrialCount"] == "3"
    assert sorted(trial["trialId"] for trial in trials) == ["1", "2", "3"]
    values = [trial["finalMetric"]["objectiveValue"] for trial in trials]
    assert values == sorted(values, reverse=True)
    for trial in trials:
        given = trial["hyperparameters"]
        assert trial["state"] == "SUCCEEDED"
        assert trial["finalMetric"] == {
            "trainingStep": "100",
            "objectiveValue": float(given["hidden1"]) * int(given["numRnnCells"]),
        }


def test_a_package_that_cannot_be_installed_fails_the_job_before_any_trial(found: Any) -> None:
    broken = found["broken"]
    assert broken["state"] == "FAILED"
    assert "the preparation failed" in broken["errorMessage"]
    assert "trials" not in broken["trainingOutput"]


def test_the_references_own_job_is_taken_as_it_stands_and_can_be_cancelled(found: Any) -> None:
    tuning = found["reference"]["trainingInput"]["hyperparameters"]
    assert (tuning["maxTrials"], tuning["enableTrialEarlyStopping"]) == (30, True)
    assert [one["parameterName"] for one in tuning["params"]] == [
        "hidden1",
        "numRnnCells",
        "rnnCellType",
    ]
    assert found["cancelled"]["state"] == "CANCELLED"
    assert found["cancelled"]["errorMessage"] == "cancelled on request"
    assert found["cancel"] == {}


def test_lists_are_filtered_and_paged_by_the_clients_own_means(found: Any) -> None:
    assert found["lists"] == {
        "all": [["endless"], ["broken"], ["reference"], ["first"]],
        "cancelled": [["endless", "reference"]],
        "named": [["first"]],
    }


def test_labels_are_patched_under_the_guard_of_the_etag(found: Any) -> None:
    assert found["labels"] == {"team": "speech"}


def test_a_client_can_be_built_from_the_servers_own_discovery_document(found: Any) -> None:
    assert found["by our discovery"] == "first"


@pytest.mark.parametrize(
    ("case", "kind", "reason", "fields"),
    [
        ("no token", (401, "UNAUTHENTICATED"), "Authorization: Bearer TOKEN", []),
        (
            "same id",
            (409, "ALREADY_EXISTS"),
            "job or a study 'first'; choose another jobId",
            ["jobId"],
        ),
        (
            "wrong fields",
            (400, "INVALID_ARGUMENT"),
            "must be one of MAXIMIZE",
            ["trainingInput.hyperparameters.goal", "trainingInput.hyperparameters.maxTrails"],
        ),
        ("no program", (400, "INVALID_ARGUMENT"), "pythonModule: trainer.task", ["trainingInput"]),
        (
            "no package",
            (400, "INVALID_ARGUMENT"),
            "cannot be fetched from /nowhere",
            ["packages[0]"],
        ),
        (
            "relative package",
            (400, "INVALID_ARGUMENT"),
            "must be an absolute path of the server or a URL",
            ["trainingInput.packageUris[0]"],
        ),
        ("no id", (400, "INVALID_ARGUMENT"), "give the name of the job", ["jobId"]),
        ("unknown", (404, "NOT_FOUND"), "did you mean 'first'?", []),
        ("cancelled twice", (400, "FAILED_PRECONDITION"), "it is over", []),
        ("filter", (400, "INVALID_ARGUMENT"), "got 'colour'", ["filter"]),
        ("page", (400, "INVALID_ARGUMENT"), "nextPageToken of an earlier answer", ["pageToken"]),
        ("mask", (400, "INVALID_ARGUMENT"), "must be labels, or labels,etag", ["updateMask"]),
        ("etag", (409, "ABORTED"), "was changed since", []),
        ("permissions", (501, "UNIMPLEMENTED"), "have no getIamPolicy here", []),
    ],
)
def test_an_error_reaches_the_client_in_its_own_form(
    found: Any, case: str, kind: tuple[int, str], reason: str, fields: list[str]
) -> None:
    error = found["errors"][case]
    assert (error["code"], error["status"]) == kind
    assert reason in error["reason"]
    assert sorted(error["fields"]) == fields


def test_the_examples_of_the_documentation_run_one_after_the_other(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "clients" / "google.md"
    with serving(tmp_path) as server:
        token = str(server.place.data / "token")
        words = (str(page), server.url, token, str(wheel(tmp_path)), str(tmp_path / "out"))
        found = drive("google_page.py", *words)
    assert found["examples"] == 3
    assert found["said"].split()[0] in ("QUEUED", "PREPARING")
    assert found["job"] == "babyweight_1"
    assert found["best"] == "projects/p/locations/l/studies/tuning/trials/1"
