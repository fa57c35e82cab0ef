"""The OpenAPI document under attack: schemathesis makes requests of every kind from it.

No answer may be a fault of the server, and each must have a status, a type and a form that the
document names.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dowse import wiring
from dowse.config import Settings
from dowse.domain.job import JobState
from dowse.domain.lifecycle import advance_job, advance_trial
from dowse.domain.metrics import Measurement
from dowse.domain.trial import Trial, TrialState
from tests.compat.environments import python
from tests.contracts.store_contract import make_spec

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
# Streams never end, and bodies that are no text cannot be made from a document.
NOT_ASKED = r"events/stream|v1/events$|v1/changes$|outputs/file|uploads"
SECONDS = 60 if "ALL_CLIENTS" in os.environ else 10


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[wiring.Owner]:
    """An owner with the job and the trial of the document's examples."""
    owner = wiring.Owner(Settings(data_dir=tmp_path / "data"), environ=os.environ, working=False)
    job = owner.store.create_job(make_spec(), name="digits")
    owner.store.change_job(advance_job(job, JobState.RUNNING, at=1.0))
    yield owner
    owner.close()


@pytest.fixture
def trial(owner: wiring.Owner) -> Trial:
    values: dict[str, float | str] = {"lr": 0.1, "c": "a"}
    job = owner.store.job("digits")
    trial = Trial(job_id=job.id, job="digits", number=1, parameters=values, created_at=1.0)
    queued = owner.store.create_trial(trial, note=None)
    running = owner.store.change_trial(advance_trial(queued, TrialState.RUNNING, at=2.0))
    report = Measurement(metric="accuracy", value=float("nan"), time=3.0)
    owner.store.record(running.ref, [report], source="test")
    return running


def attack(owner: wiring.Owner, token: str, *options: str, seconds: int) -> None:
    document = owner.folders.root / "openapi.json"
    words = [
        *(str(python("schemathesis").with_name("st")), "run", str(document)),
        *("--url", owner.url, "--header", f"Authorization: Bearer {token}"),
        *("--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"),
        *("--max-time", str(seconds), "--max-examples", "20", "--seed", "1"),
        *("--generation-database", "none", "--no-color"),
    ]
    document.write_text(json.dumps(owner.app.openapi()))
    found = subprocess.run(
        [*words, *options],
        cwd=owner.folders.root,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "generated" in found.stdout


def test_no_request_makes_the_server_fail_or_answer_what_is_not_documented(
    owner: wiring.Owner, trial: Trial
) -> None:
    options = ("--exclude-path-regex", f"{NOT_ASKED}|v1/report")
    attack(owner, owner.secrets.token, *options, seconds=SECONDS)


def test_no_report_makes_the_server_fail(owner: wiring.Owner, trial: Trial) -> None:
    token = owner.trial_door.tokens.token(trial)
    attack(owner, token, "--include-path", "/api/v1/report", seconds=SECONDS // 2)
