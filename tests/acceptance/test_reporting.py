"""What programs report over HTTP, request by request: answers, errors, and what is then stored."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from dowse import wiring
from dowse.config import Settings
from dowse.domain.events import Noted
from dowse.domain.lifecycle import advance_trial
from dowse.domain.trial import Trial, TrialState
from dowse.runtime.reporting import run_id
from tests.acceptance.commands import by_number, place_in
from tests.contracts.store_contract import make_spec, make_trial

MLFLOW = "/mlflow/api/2.0/mlflow"
FILES = "/mlflow/api/2.0/mlflow-artifacts/artifacts"


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wiring.Owner]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), max_artifact_mb=9)
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    yield owner
    owner.close()


@dataclass
class Program:
    """A running trial that speaks HTTP with the token it was given."""

    owner: wiring.Owner
    trial: Trial
    http: httpx.Client

    @property
    def run(self) -> str:
        return run_id(self.trial.job_id, self.trial.number, self.trial.attempt)

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(f"{MLFLOW}/{path}", json={"run_id": self.run, **body})

    def get(self, path: str, **query: Any) -> Any:
        answer = self.http.get(f"{MLFLOW}/{path}", params={"run_id": self.run, **query})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def log(self, value: Any, *, key: str = "accuracy", **more: Any) -> httpx.Response:
        return self.post("runs/log-metric", key=key, value=value, timestamp=1000, **more)

    def put(self, document: Any) -> httpx.Response:
        return self.http.put("/openbayes", json=document)

    def curve(self, metric: str = "accuracy") -> list[str]:
        stored = self.owner.store.curve(self.trial.ref, metric)
        return [str(one.measurement.value) for one in stored]

    def to(self, *states: TrialState) -> None:
        for state in states:
            before = self.owner.store.trial(self.trial.job_id, self.trial.number)
            self.owner.store.change_trial(advance_trial(before, state, at=2.0))

    def notes(self) -> list[str]:
        events = self.owner.store.events(self.trial.job_id)
        return [event.message for _, _, event in events if isinstance(event, Noted)]


@pytest.fixture
def program(owner: wiring.Owner, request: pytest.FixtureRequest) -> Iterator[Program]:
    name = f"job{abs(hash(request.node.name))}"
    job = owner.store.create_job(make_spec(), name=name)
    trial = owner.store.create_trial(make_trial(job), note=None)
    output = str(owner.folders.root / "outputs" / name)
    running = advance_trial(trial, TrialState.RUNNING, at=1.0, output_dir=output)
    trial = owner.store.change_trial(running)
    told = owner.trial_door.variables(trial)
    headers = {"Authorization": f"Bearer {told['MLFLOW_TRACKING_TOKEN']}"}
    url = told["MLFLOW_TRACKING_URI"].removesuffix("/mlflow")
    with httpx.Client(base_url=url, headers=headers) as http:
        yield Program(owner, trial, http)


def refused(answer: httpx.Response) -> tuple[int, str, str]:
    """An error in the form that MLflow's clients read."""
    body = answer.json()
    assert set(body) == {"error_code", "message"}
    return answer.status_code, body["error_code"], body["message"]


# ---------------------------------------------------------------------- MLflow


def test_the_sequence_that_a_client_begins_with(program: Program) -> None:
    run = program.get("runs/get", run_uuid=program.run)["run"]
    assert run["info"]["run_id"] == run["info"]["run_uuid"] == program.run
    answer = program.post("runs/update", status="RUNNING")
    assert answer.json()["run_info"]["status"] == "RUNNING"
    assert program.log(0.5, step=1).json() == {}
    assert program.curve() == ["0.5"]


def test_a_batch_is_kept_whole(program: Program) -> None:
    answer = program.post(
        "runs/log-batch",
        metrics=[{"key": "accuracy", "value": v, "timestamp": 1, "step": v} for v in (1, 2, 3)],
        params=[{"key": "lr", "value": "0.1"}],
        tags=[{"key": "team", "value": "blue"}],
        model_id="of a newer client",
    )
    assert answer.json() == {}
    history = program.get("metrics/get-history", metric_key="accuracy", max_results=2)
    assert [one["value"] for one in history["metrics"]] == [1.0, 2.0]
    token = history["next_page_token"]
    more = program.get("metrics/get-history", metric_key="accuracy", page_token=token)
    assert [one["value"] for one in more["metrics"]] == [3.0]
    assert "next_page_token" not in more
    found = program.post("runs/search", filter="metrics.accuracy > 2 and params.lr = '0.1'")
    assert [run["info"]["run_id"] for run in found.json()["runs"]] == [program.run]


@pytest.mark.parametrize(
    ("given", "stored"), [("NaN", "nan"), ("Infinity", "inf"), ("-Infinity", "-inf")]
)
def test_numbers_that_are_none_are_kept_as_they_are(
    program: Program, given: str, stored: str
) -> None:
    assert program.log(given).status_code == 200
    assert program.curve() == [stored]
    (metric,) = program.get("runs/get")["run"]["data"]["metrics"]
    assert metric["value"] == given


def test_any_experiment_that_a_program_asks_for_is_its_own_job(program: Program) -> None:
    own = str(program.trial.job_id)
    found = program.get("experiments/get-by-name", experiment_name="mine")["experiment"]
    assert (found["experiment_id"], found["name"]) == (own, "mine")
    made = program.http.post(f"{MLFLOW}/experiments/create", json={"name": "other"})
    assert made.json() == {"experiment_id": own}
    found = program.get("experiments/get", experiment_id=own)["experiment"]
    assert found["name"] == program.trial.job


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"key": "a", "timestamp": 1}, "value: is missing"),
        ({"key": "a", "value": None}, "value: "),
        ({"key": "a", "value": "much"}, "value: must be a number or one of NaN, Infinity,"),
        ({"key": "", "value": 1}, "key: a metric name has 1 to 256 characters"),
        ({"value": 1}, "key: is missing"),
        ({"key": "a", "value": 1, "step": "x"}, "step: must be a whole number of 64 bits"),
    ],
)
def test_a_metric_that_is_none_is_refused_in_the_clients_form(
    program: Program, body: dict[str, Any], words: str
) -> None:
    status, code, message = refused(program.post("runs/log-metric", **body))
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE")
    assert words in message


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b"{" * 10_000])
def test_a_body_that_is_no_object_is_refused_in_the_clients_form(
    program: Program, body: bytes
) -> None:
    answer = program.http.post(
        f"{MLFLOW}/runs/log-metric", content=body, headers={"Content-Type": "application/json"}
    )
    status, code, _ = refused(answer)
    assert status in (400, 422)
    assert code in ("INVALID_PARAMETER_VALUE", "BAD_REQUEST")


def test_a_body_of_ten_megabytes_is_refused_in_the_clients_form(program: Program) -> None:
    status, code, message = refused(program.log(1.0, key="x" * 10_000_000))
    assert (status, code) == (413, "RESOURCE_LIMIT_EXCEEDED")
    assert "max_body_mb" in message
    assert program.log(1.0).status_code == 200


def test_a_file_is_limited_by_a_setting_of_its_own(program: Program) -> None:
    files = f"{FILES}/{program.trial.job_id}/{program.run}/artifacts"
    assert program.http.put(f"{files}/fits.bin", content=b"x" * 9_000_000).status_code == 200
    status, code, message = refused(program.http.put(f"{files}/b.bin", content=b"x" * 9_000_001))
    assert (status, code) == (413, "RESOURCE_LIMIT_EXCEEDED")
    assert message == "the body is larger than 9 MB (max_artifact_mb)"


def test_a_changed_parameter_is_refused_and_an_equal_one_is_not(program: Program) -> None:
    for _ in range(2):
        answer = program.post("runs/log-parameter", key="lr", value="0.1")
        assert answer.status_code == 200
    status, code, message = refused(program.post("runs/log-parameter", key="lr", value="0.2"))
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE")
    assert message == "parameter 'lr' is '0.1' already and cannot become '0.2'"


def test_a_run_of_another_trial_cannot_be_read_or_written(program: Program) -> None:
    other = run_id(program.trial.job_id, 2, 1)
    for answer in (
        program.log(1.0, run_id=other),
        program.http.get(f"{MLFLOW}/runs/get", params={"run_id": other}),
        program.http.put(f"{FILES}/{program.trial.job_id}/{other}/artifacts/a", content=b"x"),
    ):
        status, code, message = refused(answer)
        assert (status, code) == (404, "RESOURCE_DOES_NOT_EXIST")
        assert f"run {other!r} is not a run of trial 1" in message


def test_reports_count_until_the_trial_is_over_and_are_refused_then(program: Program) -> None:
    program.post("runs/update", status="FINISHED", end_time=5)
    assert program.log(0.5).status_code == 200
    program.to(TrialState.SUCCEEDED)
    status, code, message = refused(program.log(0.9))
    assert (status, code) == (409, "INVALID_STATE")
    assert "is succeeded; it can report only while it runs" in message
    assert program.curve() == ["0.5"]
    assert program.get("runs/get")["run"]["info"]["status"] == "FINISHED"


def test_an_attempt_that_was_replaced_is_told_so(program: Program) -> None:
    program.to(TrialState.QUEUED, TrialState.RUNNING)
    status, code, message = refused(program.log(0.9))
    assert (status, code) == (409, "INVALID_STATE")
    assert "attempt 1 of trial 1" in message
    assert "was replaced by attempt 2" in message


def test_a_wrong_token_is_refused_in_the_clients_form(program: Program) -> None:
    headers = {"Authorization": "Bearer dt1.wrong.token"}
    answer = program.http.post(f"{MLFLOW}/runs/log-metric", json={}, headers=headers)
    assert refused(answer)[:2] == (401, "CUSTOMER_UNAUTHORIZED")


def test_the_owners_token_speaks_for_no_trial(program: Program) -> None:
    headers = {"Authorization": f"Bearer {program.owner.secrets.token}"}
    status, code, message = refused(program.http.get(f"{MLFLOW}/runs/get", headers=headers))
    assert (status, code) == (409, "INVALID_STATE")
    assert "the trial whose token" in message


def test_an_endpoint_that_is_not_here_is_refused_and_noted_once(program: Program) -> None:
    for _ in range(2):
        status, code, message = refused(program.post("traces/search"))
        assert (status, code) == (404, "ENDPOINT_NOT_FOUND")
        assert "/mlflow/api/2.0/mlflow/traces/search" in message
    (note,) = program.notes()
    assert "called an MLflow endpoint that Dowse does not have, POST api/2.0/mlflow/traces" in note


def test_files_go_in_and_come_back_and_a_browser_runs_none_of_them(program: Program) -> None:
    base = f"{FILES}/{program.trial.job_id}/{program.run}/artifacts"
    data = os.urandom(3_000_000)
    assert program.http.put(f"{base}/plots/a b.html", content=data).json() == {}
    back = program.http.get(f"{base}/plots/a b.html")
    assert back.content == data
    assert back.headers["content-disposition"] == "attachment"
    assert back.headers["x-content-type-options"] == "nosniff"
    path = f"{program.trial.job_id}/{program.run}/artifacts"
    listed = program.http.get(FILES, params={"path": path}).json()
    assert listed == {"files": [{"path": "plots", "is_dir": True}]}
    listed = program.http.get(FILES, params={"path": f"{path}/plots"}).json()
    assert listed == {"files": [{"path": "a b.html", "is_dir": False, "file_size": 3_000_000}]}


@pytest.mark.parametrize(
    "path",
    [
        "..%2f..%2fsecret",
        "%2e%2e/secret",
        "a/..%2f..%2f..%2fsecret",
        "..%5csecret",
        "%2fetc%2fpasswd",
        "a%00b",
        "a//b",
        ".%2e/secret",
    ],
)
def test_no_address_leads_out_of_the_trial(program: Program, path: str) -> None:
    url = f"{FILES}/{program.trial.job_id}/{program.run}/artifacts/{path}"
    for method in ("PUT", "GET"):
        answer = program.http.request(method, url, content=b"x" if method == "PUT" else None)
        assert refused(answer)[:2] == (400, "INVALID_PARAMETER_VALUE")
    outputs = program.owner.folders.root / "outputs"
    assert not list(outputs.glob("**/secret"))


def test_a_model_is_logged_finished_and_registered(program: Program) -> None:
    body = {"experiment_id": "x", "name": "net", "source_run_id": program.run}
    info = program.http.post(f"{MLFLOW}/logged-models", json=body).json()["model"]["info"]
    assert info["status"] == "LOGGED_MODEL_PENDING"
    model = f"{MLFLOW}/logged-models/{info['model_id']}"
    tags = {"tags": [{"key": "a", "value": "1"}]}
    assert program.http.patch(f"{model}/tags", json=tags).status_code == 200
    params = {"params": [{"key": "C", "value": "1"}]}
    assert program.http.post(f"{model}/params", json=params).status_code == 200
    assert program.http.patch(model, json={"status": "LOGGED_MODEL_READY"}).status_code == 200
    found = program.http.get(model).json()["model"]
    assert found["info"]["status"] == "LOGGED_MODEL_READY"
    assert found["data"]["params"] == params["params"]
    answer = program.post("registered-models/create", name="best")
    assert answer.json()["registered_model"]["name"] == "best"
    status, code, _ = refused(program.post("registered-models/create", name="best"))
    assert (status, code) == (400, "RESOURCE_ALREADY_EXISTS")
    version = program.post("model-versions/create", name="best", source="models:/x").json()
    assert version["model_version"]["status"] == "READY"


# ---------------------------------------------------------------------- openbayestool


def test_metrics_are_appended_and_parameters_set(program: Program) -> None:
    for value in (0.5, 0.6):
        reports = [{"value": value, "created_at": "2026-11-20T17:35:54.638776"}]
        assert program.put({"metrics": {"accuracy": reports}}).status_code == 200
    program.put({"parameters": {"lr": 0.01}, "a key of a newer client": 1})
    assert program.curve() == ["0.5", "0.6"]
    (parameter,) = program.owner.store.annotations(program.trial.ref)
    assert (parameter.key, parameter.value) == ("lr", "0.01")


def test_a_metric_is_cleared_by_its_quoted_name(program: Program) -> None:
    program.put({"metrics": {"a/b 中": [{"value": 1}]}})
    answer = program.http.delete("/openbayes/metrics/a%2Fb%20%E4%B8%AD")
    assert answer.status_code == 200
    assert program.curve("a/b 中") == []
    assert program.notes() == [
        "the program cleared its metric 'a/b 中', of which 1 reports were kept"
    ]


def test_what_is_wrong_in_a_report_is_named(program: Program) -> None:
    answer = program.put({"metrics": {"a": [{"value": "x"}]}})
    assert answer.status_code == 422
    assert "metrics.a[0].value: must be a number" in answer.json()["message"]
    answer = program.http.put("/openbayes", content=b"{")
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("the body is no JSON: ")
    answer = program.http.put("/openbayes", content=b'{"metrics": {}, "metrics": {}}')
    assert answer.status_code == 422
    assert "the body has the key 'metrics' twice in one object" in answer.json()["message"]


def test_after_the_end_openbayes_reports_are_refused(program: Program) -> None:
    program.to(TrialState.SUCCEEDED)
    answer = program.put({"metrics": {"accuracy": [{"value": 1}]}})
    assert answer.status_code == 409
    assert "is succeeded; it can report only while it runs" in answer.json()["message"]


# ---------------------------------------------------------------------- deleted jobs


def test_a_program_of_a_deleted_job_cannot_speak_for_a_later_job_of_its_name(
    program: Program,
) -> None:
    other = program.post("runs/create", run_name="beside").json()["run"]["info"]["run_id"]
    store, name = program.owner.store, program.trial.job
    store.delete_job(program.trial.job_id)
    assert refused(program.log(0.5))[:2] == (404, "RESOURCE_DOES_NOT_EXIST")
    job = store.create_job(make_spec(), name=name)
    queued = store.create_trial(make_trial(job), note=None)
    later = store.change_trial(advance_trial(queued, TrialState.RUNNING, at=1.0))
    assert later.ref == program.trial.ref

    words = f"trial 1 was one of an earlier job {name!r} that is deleted; it cannot report to"
    for answer in (program.log(0.5), program.post("runs/set-tag", key="a", value="b")):
        status, code, message = refused(answer)
        assert (status, code, message[: len(words)]) == (409, "INVALID_STATE", words)
    assert refused(program.post("runs/search"))[:2] == (404, "RESOURCE_DOES_NOT_EXIST")
    history = {"run_id": other, "metric_key": "accuracy"}
    answer = program.http.get(f"{MLFLOW}/metrics/get-history", params=history)
    assert refused(answer)[0] == 404
    files = f"{FILES}/{program.trial.job_id}/{program.run}/artifacts/model.bin"
    assert refused(program.http.put(files, content=b"x"))[:2] == (409, "INVALID_STATE")
    assert refused(program.http.get(files))[0] == 404
    for answer in (
        program.put({"metrics": {"accuracy": [{"value": 0.5}]}}),
        program.http.delete("/openbayes/metrics/accuracy"),
    ):
        assert (answer.status_code, set(answer.json())) == (409, {"message"})
        assert answer.json()["message"].startswith(words)
    answer = program.http.post("/api/v1/report", json={"metrics": {"accuracy": 0.5}})
    assert (answer.status_code, answer.json()["type"]) == (409, "refused")
    assert answer.json()["detail"].startswith(words)
    assert store.metric_names(later.ref) == ()
    assert store.annotations(later.ref) == ()


# ---------------------------------------------------------------------- whole jobs


CLIMBING = """
import json, os, time, urllib.request
def log(value):
    body = json.dumps({"metrics": {"score": [{"value": value}]}}).encode()
    headers = {"Authorization": "Bearer " + os.environ["JOB_ACCESS_TOKEN"]}
    url = os.environ["JOB_UPDATE_URL"]
    urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PUT")).read()
poor = N == 3
for step in range(600 if poor else 4):
    log(0.0 if poor else 1.0)
    time.sleep(0.05 if poor else 0)
"""


@pytest.mark.acceptance
def test_what_is_reported_over_http_wakes_the_stopping_rule(tmp_path: Path) -> None:
    with place_in(tmp_path) as place:
        more = "early_stopping: {rule: median, delay_evaluation: 2, min_trials: 1}\n"
        place.program(CLIMBING, trials=3, more=more)
        document = place.document("run", "job.yaml", "--name", "tune")
        poor = by_number(document)[3]
    assert (poor["state"], poor["reason"]) == ("stopped", "stopped_early"), poor["message"]
    assert [trial["objective"] for trial in document["trials"]] == [1.0, 1.0, 0.0]


@pytest.mark.acceptance
def test_the_job_decides_where_its_libraries_report_to(tmp_path: Path) -> None:
    told = "report(0, score=1)\nprint(*(f'{k}={v}' for k, v in os.environ.items()), sep='\\n')\n"
    with place_in(tmp_path) as place:
        place.program(told, trials=1, more="env: {MLFLOW_TRACKING_URI: 'http://team:5000'}\n")
        place.document("run", "job.yaml", "--name", "tune")
        printed = place.dowse("trials", "logs", "tune", "1").stdout.splitlines()
    assert "MLFLOW_TRACKING_URI=http://team:5000" in printed
    assert not [line for line in printed if line.startswith("MLFLOW_RUN_ID")]
    assert [line for line in printed if line.startswith("JOB_UPDATE_URL=http://127.0.0.1:")]
