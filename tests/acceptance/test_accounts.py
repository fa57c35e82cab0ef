"""Limits that change while a job runs, what jobs cost and save, and jobs side by side."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dowse import wiring
from dowse.config import Settings
from dowse.domain.prices import Price
from dowse.errors import InvalidInput, NotFound, Refused
from dowse.sdk.client import Client
from dowse.wire.requests import SubmitRequest

PROGRAM = """
import json, os, sys, time
x = float(sys.argv[1].partition("=")[2])
for step in range(10, 60, 10):
    with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
        file.write(json.dumps({"step": step, "loss": x + 1 / step}) + "\\n")
    time.sleep(float(os.environ.get("NAP", "0")))
"""
DOCUMENT = """
command: python train.py
metric: loss
goal: minimize
parameters: {x: {type: double, min: 0, max: 1}}
algorithm: random
limits: {trials: 4, parallel: 2}
resources: {machine: our-gpu}
"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    prices = {"our-gpu": Price(per_hour=3600.0, ml_units=7200.0)}
    settings = Settings(data_dir=tmp_path / "data", prices=prices, currency="EUR", poll_s=0.05)
    owner = wiring.Owner(settings, environ=os.environ)
    with Client(owner.socket) as client:
        yield client
    owner.close()


@pytest.fixture
def submit(client: Client, tmp_path: Path) -> Any:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "train.py").write_text(PROGRAM)

    def submit(name: str, document: str = DOCUMENT, nap: float = 0.0) -> None:
        environment = {**os.environ, "NAP": str(nap)}
        client.submit(
            SubmitRequest(document=document, folder=str(folder), name=name, environment=environment)
        )

    return submit


def finished(client: Client, name: str) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        progress = client.progress(name, wait_s=0.2)
        if progress["job"]["state"] in ("succeeded", "failed", "cancelled"):
            return client.job(name)
    raise AssertionError(f"{name} does not end")


def test_limits_change_while_a_job_runs_and_the_change_is_told(client: Client, submit: Any) -> None:
    submit("digits", nap=0.1)
    changed = client.edit("digits", trials=3, parallel=1, failed=2)
    assert changed["limits"] == {"trials": 3, "parallel": 1, "failed": 2}
    assert client.spec("digits")["limits"]["trials"] == 3
    assert client.edit("digits", failed=0)["limits"]["failed"] is None
    assert client.progress("digits")["max_trials"] == 3
    with pytest.raises(InvalidInput, match=r"^limits.trials: must be greater than or"):
        client.edit("digits", trials=0)
    with pytest.raises(InvalidInput, match=r"^limits.parallel: must be a whole number from 1 to"):
        client.edit("digits", parallel=99_999)
    job = finished(client, "digits")
    assert (job["reason"], len(job["trials"])) == ("trials_done", 3)
    told = [one["event"] for one in client.events("digits")]
    assert [each["after"] for each in told if each["kind"] == "limits_changed"] == [
        {"trials": 3, "parallel": 1, "failed": 2},
        {"failed": None},
    ]
    with pytest.raises(Refused, match="job digits is succeeded: it is over"):
        client.edit("digits", trials=9)


def test_a_cost_limit_ends_what_runs(client: Client, submit: Any) -> None:
    submit("digits", DOCUMENT.replace("trials: 4", "trials: 40, cost: 0.6"), nap=0.15)
    job = finished(client, "digits")
    assert (job["state"], job["reason"]) in (
        ("succeeded", "cost_limit"),
        ("cancelled", "cost_limit"),
    )
    assert job["message"] == "the job's cost limit of 0.6 was reached"
    assert job["cost"]["amount"] >= 0.6
    unpriced = DOCUMENT.replace("resources: {machine: our-gpu}", "").replace("trials: 4", "cost: 1")
    with pytest.raises(InvalidInput, match=r"limits.cost: no price is known: name the machine"):
        submit("dear", unpriced)


def test_the_ledger_tells_what_was_saved_and_the_controls_what_it_cost(
    client: Client, submit: Any
) -> None:
    rule = "early_stopping: {rule: bandit, slack_amount: 0.05, controls: 0.5}\n"
    submit("digits", DOCUMENT.replace("trials: 4", "trials: 9") + rule, nap=0.07)
    job = finished(client, "digits")
    found = client.savings("digits")
    stopped = [trial["number"] for trial in job["trials"] if trial["state"] == "stopped"]
    chosen = [one["event"]["trial"] for one in client.events("digits") if is_control(one)]
    made = {number: len(client.metrics("digits", number)["loss"]) for number in stopped}
    assert [each["trial"] for each in found["stopped"]] == [n for n in stopped if made[n] < 5]
    assert set(chosen).isdisjoint(stopped)
    assert found["audit"]["controls"] == found["audit"]["judged"] == len(chosen) > 0
    assert found["audit"]["share"] == 0.5
    assert 0 <= found["audit"]["low"] <= found["audit"]["high"] <= 1
    for each in found["stopped"]:
        expected = each["expected"]
        assert (expected["reports"], expected["step"]) == (5.0, 50.0)
        assert expected["basis"] == "equal"
        assert expected["trials"] == len(job["trials"]) - len(stopped)
        assert each["saved_reports"] == 5 - each["reports"]
    assert client.savings("digits") == found
    with pytest.raises(NotFound):
        client.savings("nobody")


def is_control(one: dict[str, Any]) -> bool:
    return bool(one["event"]["kind"] == "control_chosen")


def test_jobs_cost_what_their_machine_costs_and_stand_side_by_side(
    client: Client, submit: Any
) -> None:
    two = DOCUMENT.replace("trials: 4", "trials: 2")
    submit("one", two)
    submit("two", two + "description: Isolated job\nseed: 3\n")
    cost = finished(client, "one")["cost"]
    finished(client, "two")
    assert (cost["machine"], cost["currency"]) == ("our-gpu", "EUR")
    assert cost["amount"] == pytest.approx(cost["seconds"])
    assert cost["ml_units"] == pytest.approx(2 * cost["seconds"])
    told = client.costs("one")
    assert told["amount"] == cost["amount"] > 0
    assert sum(each["amount"] for each in told["trials"]) == pytest.approx(cost["amount"])
    trial = client.trial("one", 1)
    assert told["trials"][0]["seconds"] == trial["active_s"]
    assert 0 < trial["active_s"] <= trial["ended_at"] - trial["started_at"] + 0.001
    found = client.compare(["two", "one"])
    second, first = found["jobs"]
    assert [each["job"] for each in found["jobs"]] == ["two", "one"]
    assert (second["comment"], first["comment"]) == ("Isolated job", "random")
    assert first["best"] < first["worst"]
    assert (first["trials"], first["amount"]) == (2, cost["amount"])
    assert found["currency"] == "EUR"
    with pytest.raises(NotFound):
        client.compare(["one", "nobody"])
