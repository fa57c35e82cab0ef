"""What an editor asks the server of a document that is no job yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from dowse import wiring
from dowse.config import Settings
from dowse.dialects.registry import DIALECTS
from dowse.wire.drafts import DraftDocument, PreviewDocument, StartersDocument

DOCUMENT = """\
command: python train.py --batch ${batch}
metric: loss
goal: minimize
parameters:
  lr: {type: double, min: 1e-5, max: 1e-1, scale: log}
  batch: [16, 32]
seed: 7
limits: {trials: 12, parallel: 4}
"""
BROKEN = """\
command: python train.py
metric: loss
goal: minimise
parameters:
  lr: {type: double, min: 0, max: 0.1, scale: log}
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("drafts") / "data")
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    headers = {"Authorization": f"Bearer {owner.secrets.token}"}
    with httpx.Client(base_url=f"{owner.url}/api/v1", headers=headers) as client:
        yield client
    owner.close()


def check(client: httpx.Client, document: str, **parts: Any) -> dict[str, Any]:
    answer = client.post("/check", json={"document": document, **parts})
    assert answer.status_code == 200, answer.text
    DraftDocument.model_validate(answer.json())
    found: dict[str, Any] = answer.json()
    return found


def test_every_starter_is_valid_without_a_folder_and_without_a_warning(
    client: httpx.Client,
) -> None:
    starters = StartersDocument.model_validate(client.get("/starters").json()).starters
    assert [one.dialect for one in starters] == list(DIALECTS)
    for one in starters:
        found = check(client, one.document, file=one.file)
        assert (found["valid"], found["problems"]) == (True, []), one.dialect
        assert (found["dialect"], found["title"]) == (one.dialect, one.title)
        is_google = one.dialect == "ai_platform"
        assert (found["needs"] or "").startswith("to run it, ") == is_google


def test_every_problem_has_its_path_its_line_and_its_column(client: httpx.Client) -> None:
    found = check(client, BROKEN, file="tune.yaml")
    assert found["valid"] is False
    goal, low = found["problems"]
    assert (goal["path"], goal["location"]) == (
        "goal",
        {"file": "tune.yaml", "line": 3, "column": 7},
    )
    assert (low["path"], low["location"]["line"], low["location"]["column"]) == (
        "parameters.lr.min",
        5,
        27,
    )
    assert "must be > 0 on a log scale, got 0" in low["message"]


def test_text_that_is_no_yaml_yet_has_the_place_where_it_breaks(client: httpx.Client) -> None:
    (problem,) = check(client, "metric: loss\nparameters: {lr: [1, 2\n")["problems"]
    assert problem["location"]["line"] >= 2
    (problem,) = check(client, "")["problems"]
    assert problem["severity"] == "error"


def test_what_runs_but_is_odd_is_a_warning_of_a_valid_draft(client: httpx.Client) -> None:
    found = check(client, DOCUMENT.replace("trials: 12", "trials: 1_000"))
    assert found["valid"] is True
    assert [one["severity"] for one in found["problems"]] == ["warning"]
    assert found["spec"]["limits"]["trials"] == 1000
    assert found["space"] == "every point of the space is feasible"


def test_a_preview_shows_the_first_trials_with_their_commands(
    client: httpx.Client, tmp_path: Path
) -> None:
    request = {"document": DOCUMENT, "folder": str(tmp_path)}
    answer = client.post("/preview", json=request)
    assert answer.status_code == 200, answer.text
    found = PreviewDocument.model_validate(answer.json())
    assert [trial.number for trial in found.trials] == [1, 2, 3, 4]
    first = found.trials[0]
    assert f"train.py --batch {first.parameters['batch']} --lr=" in first.command
    assert first.environment["DOWSE_PARAM_BATCH"] == str(first.parameters["batch"])
    tokens = {name: value for name, value in first.environment.items() if name.endswith("_TOKEN")}
    assert "DOWSE_TRIAL_TOKEN" in tokens
    assert set(tokens.values()) == {"•••"}
    assert client.post("/preview", json=request).json()["trials"][0]["parameters"] == dict(
        first.parameters
    )
    assert client.get("/jobs").json()["jobs"] == []


def test_a_preview_refuses_what_a_submission_would(client: httpx.Client, tmp_path: Path) -> None:
    answer = client.post("/preview", json={"document": BROKEN, "folder": str(tmp_path)})
    assert answer.status_code == 422
    assert len(answer.json()["problems"]) == 2
    gone = client.post("/preview", json={"document": DOCUMENT, "folder": str(tmp_path / "gone")})
    assert (gone.status_code, "gone" in gone.text) == (422, True)


def test_the_schema_of_the_own_form_is_handed_out(client: httpx.Client) -> None:
    answer = client.get("/schema")
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["metric"]["description"]
