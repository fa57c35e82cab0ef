"""The native API through a real owner's door, with real trials behind it."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dowse import wiring
from dowse.config import Settings
from dowse.errors import AlreadyExists, InvalidInput, NotFound, Refused, Unavailable
from dowse.sdk.client import Client
from dowse.service.folders import DataDirectory
from dowse.service.owner import read_card
from dowse.wire.requests import SubmitRequest

PROGRAM = """
import json, os, sys, time
x = float(sys.argv[1].partition("=")[2])
print("x is", x)
with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
    for step in (1, 2, 3):
        loss = (x - 0.3) ** 2 + 1 / step
        file.write(json.dumps({"step": step, "loss": loss, "side": step}) + "\\n")
time.sleep(float(os.environ.get("NAP", "0")))
"""

DOCUMENT = """
command: python train.py
metric: loss
goal: minimize
parameters:
  x: {type: double, min: 0, max: 1}
algorithm: random
seed: 7
limits: {trials: 3, parallel: 2}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", grace_s=1.0)


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    owner = wiring.Owner(settings, environ=os.environ)
    with Client(owner.socket) as client:
        yield client
    owner.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "code"
    path.mkdir()
    (path / "train.py").write_text(PROGRAM)
    return path


def request(folder: Path, document: str = DOCUMENT, **parts: Any) -> SubmitRequest:
    parts = {"python": sys.executable, "file": "tune.yaml", **parts}
    return SubmitRequest(document=document, folder=str(folder), **parts)


def wait_for(client: Client, name: str, *states: str, seconds: float = 60) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        progress = client.progress(name, wait_s=0.2)
        if progress["job"]["state"] in states:
            return progress
    raise AssertionError(f"{name} is {progress['job']} after {seconds} s")


def test_a_job_runs_to_its_end_and_tells_everything(client: Client, folder: Path) -> None:
    answer = client.submit(request(folder, name="first"))
    assert answer["job"]["name"] == "first"
    wait_for(client, "first", "succeeded")
    job = client.job("first")
    assert (job["state"], job["reason"]) == ("succeeded", "trials_done")
    assert [trial["number"] for trial in job["trials"]] == [1, 2, 3]
    for trial in job["trials"]:
        x = trial["parameters"]["x"]
        assert trial["state"] == "succeeded"
        assert trial["objective"] == pytest.approx((x - 0.3) ** 2 + 1 / 3)
        assert trial["step"] == 3
        assert Path(trial["output_dir"], "train.py").exists()
        assert client.log("first", trial["number"])["text"] == f"x is {x!r}\n"
    best = min(job["trials"], key=lambda trial: trial["objective"])
    assert job["best"]["number"] == best["number"]
    metrics = client.metrics("first", 1)
    assert [one["value"] for one in metrics["side"]] == [1, 2, 3]
    assert [one["seq"] for one in metrics["loss"]] == [1, 2, 3]


def test_events_are_numbered_without_gaps_and_can_be_read_on(client: Client, folder: Path) -> None:
    client.submit(request(folder, name="events"))
    wait_for(client, "events", "succeeded")
    events = client.events("events")
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["event"]["kind"] == "job_submitted"
    assert client.events("events", after=events[2]["number"], limit=2) == events[3:5]


def test_the_same_seed_suggests_the_same_trials(client: Client, folder: Path) -> None:
    for name in ("one", "other"):
        client.submit(request(folder, name=name))
        wait_for(client, name, "succeeded")
    one, other = (client.trials(name) for name in ("one", "other"))
    assert [t["parameters"] for t in one] == [t["parameters"] for t in other]


def test_a_name_that_is_taken_is_refused_and_says_how_to_go_on(
    client: Client, folder: Path, settings: Settings
) -> None:
    client.submit(request(folder, name="taken"))
    with pytest.raises(AlreadyExists, match="dowse resume taken"):
        client.submit(request(folder, name="taken"))
    assert len(client.jobs()) == 1
    wait_for(client, "taken", "succeeded")


def test_jobs_without_a_name_are_named_after_their_file_and_the_time(
    client: Client, folder: Path
) -> None:
    names = [client.submit(request(folder))["job"]["name"] for _ in range(2)]
    assert names[0] != names[1]
    assert all(name.startswith("tune_20") for name in names)
    for name in names:
        wait_for(client, name, "succeeded")


@pytest.mark.parametrize("name", ["a/b", "..", ".hidden", "x" * 129, "two words", "a\nb"])
def test_a_name_that_cannot_be_a_folder_is_refused(
    client: Client, folder: Path, name: str, settings: Settings
) -> None:
    with pytest.raises(InvalidInput, match="name: must be 1 to 128 letters"):
        client.submit(request(folder, name=name))
    assert client.jobs() == []
    assert not (settings.data_dir / "jobs").exists()


def test_a_faulty_document_creates_nothing_and_names_every_problem(
    client: Client, folder: Path, settings: Settings
) -> None:
    faulty = DOCUMENT.replace("max: 1", "max: -1").replace("goal: minimize", "goal: best")
    with pytest.raises(InvalidInput) as error:
        client.submit(request(folder, faulty))
    assert {problem.path for problem in error.value.problems} >= {"goal"}
    assert all(problem.location is not None for problem in error.value.problems)
    assert client.jobs() == []
    assert not (settings.data_dir / "jobs").exists()


def test_code_that_cannot_be_taken_creates_nothing(
    client: Client, tmp_path: Path, settings: Settings
) -> None:
    with pytest.raises(InvalidInput, match=r"code.root"):
        client.submit(request(tmp_path / "absent"))
    assert client.jobs() == []
    assert not any((settings.data_dir / "jobs").glob("*"))


def test_a_paused_job_waits_and_a_resumed_one_goes_on(client: Client, folder: Path) -> None:
    client.submit(request(folder, name="nap", environment={**os.environ, "NAP": "0.5"}))
    while not client.progress("nap")["live"]:
        time.sleep(0.02)
    client.pause("nap")
    paused = wait_for(client, "nap", "paused")
    assert 1 <= paused["counts"]["succeeded"] <= 2
    client.resume("nap")
    wait_for(client, "nap", "succeeded")
    assert [trial["attempt"] for trial in client.trials("nap")] == [1, 1, 1]


def test_a_pause_at_once_runs_the_interrupted_trials_again(client: Client, folder: Path) -> None:
    client.submit(request(folder, name="now", environment={**os.environ, "NAP": "30"}))
    while len(client.progress("now")["live"]) < 2:
        time.sleep(0.02)
    client.pause("now", now=True, interrupted=True)
    paused = wait_for(client, "now", "paused")
    assert paused["job"]["reason"] == "interrupted"
    assert [(t["state"], t["attempt"]) for t in client.trials("now")] == [("queued", 2)] * 2
    client.resume("now", environment={**os.environ, "NAP": "0"})
    wait_for(client, "now", "succeeded")
    assert [trial["attempt"] for trial in client.trials("now")] == [2, 2, 1]


def test_a_cancelled_job_ends_its_trials_and_can_be_deleted(
    client: Client, folder: Path, settings: Settings
) -> None:
    client.submit(request(folder, name="gone", environment={**os.environ, "NAP": "30"}))
    while not client.progress("gone")["live"]:
        time.sleep(0.02)
    with pytest.raises(Refused, match="job gone is running; cancel it first"):
        client.delete("gone")
    client.cancel("gone")
    progress = wait_for(client, "gone", "cancelled")
    assert progress["job"]["reason"] == "user"
    assert {trial["state"] for trial in client.trials("gone")} == {"cancelled"}
    with pytest.raises(Refused, match="it is over"):
        client.cancel("gone")
    with pytest.raises(Refused, match="nothing to resume"):
        client.resume("gone")
    client.delete("gone")
    assert client.jobs() == []
    assert not (settings.data_dir / "jobs" / "gone").exists()


def test_an_unknown_job_or_trial_is_not_found(client: Client, folder: Path) -> None:
    client.submit(request(folder, name="known"))
    with pytest.raises(NotFound, match="known"):
        client.job("knwon")
    wait_for(client, "known", "succeeded")
    with pytest.raises(NotFound, match="9"):
        client.trial("known", 9)


def test_a_second_owner_is_refused_and_told_who_the_first_is(
    client: Client, settings: Settings
) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable, match=f"is owned by process {os.getpid()}"):
        wiring.Owner(settings, environ=os.environ)
    assert time.monotonic() - began < 1


def test_only_the_user_can_open_the_door(client: Client, settings: Settings) -> None:
    card = read_card(DataDirectory(settings.data_dir))
    assert card is not None
    assert stat.S_IMODE(os.stat(card.socket).st_mode) == 0o600
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700


def test_a_data_directory_with_a_long_path_still_has_a_door(tmp_path: Path, folder: Path) -> None:
    settings = Settings(data_dir=tmp_path / ("long" * 30) / "data")
    with wiring.door(settings, environ=os.environ) as client:
        client.submit(request(folder, name="far"))
        wait_for(client, "far", "succeeded")


def test_unknown_fields_and_wrong_types_are_named(client: Client, settings: Settings) -> None:
    card = read_card(DataDirectory(settings.data_dir))
    assert card is not None
    with httpx.Client(transport=httpx.HTTPTransport(uds=card.socket)) as raw:
        answer = raw.post("http://dowse/api/v1/jobs", json={"document": 3, "colour": "red"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {problem["path"] for problem in answer.json()["problems"]} == {
        "document",
        "colour",
    }


def test_a_body_that_is_no_json_is_told_where_it_breaks(client: Client, settings: Settings) -> None:
    card = read_card(DataDirectory(settings.data_dir))
    assert card is not None
    with httpx.Client(transport=httpx.HTTPTransport(uds=card.socket)) as raw:
        headers = {"content-type": "application/json"}
        answer = raw.post("http://dowse/api/v1/jobs", content=b'{"a": ', headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "the body must be JSON: Expecting value, at character 6"


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"[]", "application/json", "the body must be a JSON object, got []"),
        (b"", "application/json", "the body is missing"),
        (
            b"{}",
            "text/plain",
            "the body must be a JSON object, sent with Content-Type: application/json",
        ),
        (
            b'{"name": ' + b"9" * 5000 + b"}",
            "application/json",
            "the body must be JSON in UTF-8, with numbers of at most 4,300 digits",
        ),
        (
            b'{"document": "x", "name": "a", "document": "y"}',
            "application/json",
            "the body has the key 'document' twice in one object; keep one",
        ),
        (
            b'{"document": "x", "nme": 1}',
            "application/json",
            "nme: is not a key that is known here, got 1",
        ),
    ],
)
def test_a_body_of_another_shape_is_told_what_would_be_right(
    client: Client, settings: Settings, body: bytes, kind: str, words: str
) -> None:
    card = read_card(DataDirectory(settings.data_dir))
    assert card is not None
    with httpx.Client(transport=httpx.HTTPTransport(uds=card.socket)) as raw:
        headers = {"content-type": kind}
        answer = raw.post("http://dowse/api/v1/jobs", content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"] == words


def test_an_owner_that_only_answers_moves_nothing(settings: Settings, folder: Path) -> None:
    with wiring.door(settings, environ=os.environ, working=False) as client:
        client.submit(request(folder, name="still"))
        time.sleep(0.5)
        assert client.progress("still")["job"]["state"] == "queued"
    with wiring.door(settings, environ=os.environ) as client:
        wait_for(client, "still", "succeeded")


def test_a_job_gets_the_environment_and_quota_of_the_owner_s_settings(
    tmp_path: Path, folder: Path
) -> None:
    document = """
resource: t4
env: pytorch-2.0
command: python train.py
hyper_tuning:
  max_job_count: 3
  hyperparameter_metric: loss
  goal: MINIMIZE
  algorithm: Random
  parameter_specs: [{name: x, type: DOUBLE, min_value: 0, max_value: 1}]
"""
    tables: dict[str, Any] = {"environments": {"pytorch-2.0": sys.executable}, "quotas": {"t4": 2}}
    settings = Settings(data_dir=tmp_path / "data", **tables)
    with wiring.door(settings, environ=os.environ, working=False) as client:
        answer = client.submit(request(folder, document, name="mapped", python=None))
        spec = client.spec("mapped")
    assert "no environment" not in str(answer["warnings"])
    assert spec["launch"]["python"] == sys.executable
    assert spec["limits"]["parallel"] == 2


INSIGHTFUL = """
command: python train.py
metric: loss
goal: minimize
parameters:
  x: {type: double, min: 0, max: 1}
  idle: {type: integer, min: 1, max: 9}
algorithm: sobol
seed: 7
limits: {trials: 8, parallel: 2}
"""


def test_finished_trials_say_what_matters_and_what_is_left(client: Client, folder: Path) -> None:
    client.submit(request(folder, INSIGHTFUL, name="told"))
    wait_for(client, "told", "succeeded")
    found = client.importance("told")
    assert (found["method"], found["trials"]) == ("sobol", 8)
    assert [each["name"] for each in found["parameters"]] == ["x", "idle"]
    assert client.importance("told", method="ped-anova")["method"] == "ped-anova"
    curve = client.dependence("told", "x")
    means = [point["mean"] for point in curve["points"]]
    assert curve["axes"][0][0] == 0.0
    assert 3 <= means.index(min(means)) <= 12  # Near 0.3 of 25 points.
    assert client.dependence("told", "idle", "x")["parameters"] == ["idle", "x"]
    assert client.convergence("told")["verdict"] == "too_early"


def test_questions_that_cannot_be_answered_are_refused_by_name(
    client: Client, folder: Path
) -> None:
    client.submit(request(folder, name="asked"))
    with pytest.raises(InvalidInput, match=r"^method: must be one of auto, ped-anova, sobol"):
        client.importance("asked", method="fanova")
    with pytest.raises(InvalidInput, match=r"^y: is not a parameter that varies; there are x"):
        client.dependence("asked", "y")
    with pytest.raises(InvalidInput, match=r"^tolerance: must be a positive number, got -1"):
        client.convergence("asked", tolerance=-1)
    with pytest.raises(NotFound):
        client.importance("nobody")
    wait_for(client, "asked", "succeeded")


def test_a_trial_that_somebody_adds_runs_like_any_other(client: Client, folder: Path) -> None:
    document = DOCUMENT.replace("trials: 3", "trials: 5")
    client.submit(request(folder, document, name="tune", environment={"NAP": "1", **os.environ}))
    while not client.progress("tune")["live"]:
        time.sleep(0.02)
    added = client.add_trial("tune", {"x": 0.25})
    assert (added["state"], added["parameters"], added["why"]) == (
        "queued",
        {"x": 0.25},
        {"algorithm": "user"},
    )
    with pytest.raises(InvalidInput, match=r"parameters.x: .*got 7"):
        client.add_trial("tune", {"x": 7})
    with pytest.raises(NotFound, match="has no trial 99"):
        client.add_trial("tune", {}, like=99)
    again = client.add_trial("tune", {}, like=added["number"])
    assert again["parameters"] == {"x": 0.25}
    wait_for(client, "tune", "succeeded")
    trials = client.trials("tune")
    assert [trial["number"] for trial in trials] == [1, 2, 3, 4, 5]
    assert all(trial["state"] == "succeeded" for trial in trials)
    assert [trial["parameters"]["x"] for trial in trials].count(0.25) == 2
    with pytest.raises(Refused, match="job tune is succeeded: it takes no more trials"):
        client.add_trial("tune", {"x": 0.5})
