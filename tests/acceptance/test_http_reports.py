"""Trials that report over HTTP in the native form, to a real owner."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from dowse import wiring
from dowse.config import Settings
from dowse.domain.job import JobState
from dowse.domain.lifecycle import Outcome, advance_job, advance_trial
from dowse.domain.trial import Trial, TrialState
from dowse.runtime import layout
from dowse.sdk.client import Client
from dowse.wire.requests import SubmitRequest
from tests.contracts.store_contract import make_spec

PATH = "/api/v1/report"


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wiring.Owner]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("reports") / "data")
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    yield owner
    owner.close()


@pytest.fixture
def trial(owner: wiring.Owner, request: pytest.FixtureRequest) -> Trial:
    """A running trial of a job of its own."""
    job = owner.store.create_job(make_spec(), name=f"job{len(owner.store.jobs())}")
    owner.store.change_job(advance_job(job, JobState.RUNNING, at=1.0))
    values: dict[str, float | str] = {"lr": 0.1, "c": "a"}
    trial = Trial(job_id=job.id, job=job.name, number=1, parameters=values, created_at=1.0)
    queued = owner.store.create_trial(trial, note=None)
    return owner.store.change_trial(advance_trial(queued, TrialState.RUNNING, at=2.0))


def send(owner: wiring.Owner, trial: Trial, document: Any = None, **parts: Any) -> httpx.Response:
    token = owner.trial_door.tokens.token(trial)
    headers = {"Authorization": f"Bearer {token}"}
    body = parts if "content" in parts else {"json": document}
    return httpx.post(owner.trial_door.url + PATH, headers=headers, **body)


def values(owner: wiring.Owner, trial: Trial, metric: str = "accuracy") -> list[tuple[int, float]]:
    curve = owner.store.curve(trial.ref, metric)
    return [(one.measurement.step, one.measurement.value) for one in curve]


def test_a_report_is_stored_with_all_its_metrics_when_the_answer_comes(
    owner: wiring.Owner, trial: Trial
) -> None:
    answer = send(owner, trial, {"metrics": {"accuracy": 0.5, "loss": "NaN"}, "step": 3})
    assert (answer.status_code, answer.json()) == (200, {"new": 2, "stop": False})
    assert values(owner, trial) == [(3, 0.5)]
    assert str(values(owner, trial, "loss")) == "[(3, nan)]"


def test_the_same_id_counts_once_and_no_id_counts_each_time(
    owner: wiring.Owner, trial: Trial
) -> None:
    known = {"metrics": {"accuracy": 1, "loss": 2}, "id": "epoch-1"}
    assert [send(owner, trial, known).json()["new"] for _ in range(3)] == [2, 0, 0]
    unknown = {"metrics": {"accuracy": 1}}
    assert [send(owner, trial, unknown).json()["new"] for _ in range(2)] == [1, 1]


def test_a_batch_counts_in_whole_or_not_at_all(owner: wiring.Owner, trial: Trial) -> None:
    batch = [{"metrics": {"accuracy": k / 10}, "step": k, "id": f"r{k}"} for k in range(10)]
    assert send(owner, trial, {"reports": batch}).json()["new"] == 10
    odd = [*({**one, "id": f"s{k}"} for k, one in enumerate(batch)), {"metrics": {"a": "high"}}]
    answer = send(owner, trial, {"reports": odd})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"] == "reports[10].metrics.a"
    assert len(values(owner, trial)) == 10


BAD: dict[str, tuple[Any, str]] = {
    "list": ([], "must be an object with metrics, or with reports, got a list of 0"),
    "number": (3, "must be an object with metrics, or with reports, got 3"),
    "no metrics": ({}, "metrics: must be an object of values by name, got None"),
    "empty": ({"metrics": {}}, "metrics: must be an object of values by name"),
    "text": ({"metrics": {"a": "0.5"}}, "metrics.a: must be a number or one of NaN, Infinity"),
    "flag": ({"metrics": {"a": True}}, "metrics.a: must be a number or one of NaN"),
    "huge": ({"metrics": {"a": 10**400}}, "got a huge number"),
    "name": ({"metrics": {"x" * 257: 1}}, "a metric name has 1 to 256 characters"),
    "step": ({"metrics": {"a": 1}, "step": -1}, "a step lies between 0 and 2^63-1, got -1"),
    "far": ({"metrics": {"a": 1}, "step": 2**63}, "a step lies between 0 and 2^63-1"),
    "half": ({"metrics": {"a": 1}, "step": 1.5}, "step: must be a whole number, got 1.5"),
    "time": ({"metrics": {"a": 1}, "time": "NaN"}, "time: must be seconds since 1970, got 'NaN'"),
    "id": ({"metrics": {"a": 1}, "id": ""}, "id: must be text of 1 to 128 characters"),
    "key": ({"metrics": {"a": 1}, "value": 3}, "value: is not one of id, metrics, step, time"),
    "both": ({"reports": [{}], "step": 1}, "step: does not go together with reports"),
    "none": ({"reports": []}, "reports: must be a list with one report or more"),
    "inner": ({"reports": [3]}, "reports[0]: must be an object with metrics, got 3"),
    "many": (
        {"reports": [{"metrics": {"a": 1}}] * 10_001},
        "reports: hold more than 10000 values; send several requests",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_report_is_refused_with_its_place_and_value(
    owner: wiring.Owner, trial: Trial, kind: str
) -> None:
    document, message = BAD[kind]
    answer = send(owner, trial, document)
    assert answer.status_code == 422
    assert message in answer.json()["detail"]
    assert owner.store.metric_names(trial.ref) == ()


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 31, b"9" * 5000])
def test_what_is_no_json_is_refused(owner: wiring.Owner, trial: Trial, text: bytes) -> None:
    answer = send(owner, trial, content=text)
    assert answer.status_code == 422


def test_a_trial_that_has_ended_or_has_a_new_attempt_reports_no_more(
    owner: wiring.Owner, trial: Trial
) -> None:
    report = {"metrics": {"accuracy": 1}}
    again = owner.store.change_trial(advance_trial(trial, TrialState.QUEUED, at=3.0))
    assert again.attempt == 2
    answer = send(owner, trial, report)
    assert (answer.status_code, answer.json()["type"]) == (409, "refused")
    assert "was replaced by attempt 2" in answer.json()["detail"]
    running = owner.store.change_trial(advance_trial(again, TrialState.RUNNING, at=4.0))
    assert send(owner, running, report).status_code == 200
    outcome = Outcome(objective=1.0, step=0)
    owner.store.change_trial(advance_trial(running, TrialState.SUCCEEDED, at=5.0, outcome=outcome))
    answer = send(owner, running, report)
    assert (answer.status_code, answer.json()["type"]) == (409, "refused")
    assert "it can report only while it runs" in answer.json()["detail"]


def test_the_owner_is_no_trial(owner: wiring.Owner, trial: Trial) -> None:
    headers = {"Authorization": f"Bearer {owner.secrets.token}"}
    answer = httpx.post(owner.url + PATH, headers=headers, json={"metrics": {"a": 1}})
    assert answer.status_code == 409
    assert "the trial whose token comes with it" in answer.json()["detail"]


def test_the_answer_says_when_the_trial_is_to_stop(owner: wiring.Owner, trial: Trial) -> None:
    directory = owner.folders.attempt(trial.ref)
    directory.mkdir(parents=True)
    (directory / layout.STOP).touch()
    assert send(owner, trial, {"metrics": {"accuracy": 1}}).json() == {"new": 1, "stop": True}


def test_many_clients_at_once_lose_nothing(owner: wiring.Owner, trial: Trial) -> None:
    headers = {"Authorization": f"Bearer {owner.trial_door.tokens.token(trial)}"}

    def client(number: int) -> int:
        with httpx.Client(base_url=owner.trial_door.url, headers=headers) as http:
            return sum(
                http.post(
                    PATH, json={"metrics": {"accuracy": 1}, "id": f"{number % 4}-{step}"}
                ).json()["new"]
                for step in range(25)
            )

    with ThreadPoolExecutor(8) as pool:
        new = sum(pool.map(client, range(8)))
    assert new == 100 == len(values(owner, trial))


PROGRAM = """
import json, os, urllib.request
for step in range(1, 4):
    body = json.dumps({"metrics": {"loss": 1 / step}, "step": step}).encode()
    headers = {"Authorization": "Bearer " + os.environ["DOWSE_TRIAL_TOKEN"]}
    url = os.environ["DOWSE_TRIAL_URL"] + "/api/v1/report"
    answer = urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20)
    assert json.load(answer) == {"new": 1, "stop": False}
"""
DOCUMENT = """
command: python train.py
metric: loss
goal: minimize
parameters: {x: {type: double, min: 0, max: 1}}
algorithm: random
limits: {trials: 2}
"""


def test_a_program_needs_nothing_but_its_environment_to_report(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "train.py").write_text(PROGRAM)
    settings = Settings(data_dir=tmp_path / "data", python=sys.executable)
    owner = wiring.Owner(settings, environ=os.environ)
    with Client(owner.socket) as client:
        code = str(tmp_path / "code")
        client.submit(SubmitRequest(document=DOCUMENT, folder=code, name="web"))
        deadline = time.monotonic() + 60
        while client.progress("web", wait_s=0.5)["job"]["state"] not in ("succeeded", "failed"):
            assert time.monotonic() < deadline
        trials = client.trials("web")
    owner.close()
    assert [(one["state"], one["objective"]) for one in trials] == [("succeeded", 1 / 3)] * 2
