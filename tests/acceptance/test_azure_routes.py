"""The routes for Azure's client, as far as its own checks keep it from reaching them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dowse import wiring
from dowse.config import Settings

WORKSPACE = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
)


def body(**properties: Any) -> dict[str, Any]:
    sweep = {
        "jobType": "Sweep",
        "searchSpace": {"lr": ["uniform", [0.1, 0.9]]},
        "samplingAlgorithm": {"samplingAlgorithmType": "Random"},
        "limits": {"jobLimitsType": "Sweep", "maxTotalTrials": 2},
        "objective": {"goal": "minimize", "primaryMetric": "loss"},
        "trial": {"command": "python /srv/x.py ${{search_space.lr}}", "environmentId": "e"},
    }
    return {"properties": {**sweep, **properties}}


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[wiring.Owner]:
    """It answers, and works on nothing."""
    found = wiring.Owner(Settings(data_dir=tmp_path / "data"), environ=os.environ, working=False)
    yield found
    found.close()


@pytest.fixture
def azure(owner: wiring.Owner) -> Iterator[httpx.Client]:
    transport = httpx.HTTPTransport(uds=str(owner.socket))
    with httpx.Client(transport=transport, base_url=f"http://dowse{WORKSPACE}") as client:
        yield client


def error(answer: httpx.Response) -> tuple[int, str, str]:
    found = answer.json()["error"]
    return answer.status_code, found["code"], found["message"]


def test_a_list_comes_in_pages_with_the_address_of_the_next(
    azure: httpx.Client, owner: wiring.Owner
) -> None:
    for number in range(51):
        assert azure.put(f"/jobs/j{number}", json=body()).status_code == 201
    first = azure.get("/jobs", params={"listViewType": "All"}).json()
    assert [job["name"] for job in first["value"]] == [f"j{number}" for number in range(50, 0, -1)]
    assert first["nextLink"] == f"{owner.url}{WORKSPACE}/jobs?$skip=50&listViewType=All"
    rest = azure.get("/jobs", params={"$skip": 50}).json()
    assert [job["name"] for job in rest["value"]] == ["j0"]
    assert "nextLink" not in rest
    assert azure.get("/jobs", params={"listViewType": "ArchivedOnly"}).json() == {"value": []}


def test_the_code_of_a_job_is_the_folder_that_its_tag_names(
    azure: httpx.Client, tmp_path: Path
) -> None:
    (tmp_path / "src").mkdir()
    tags = {"dowse.code": str(tmp_path / "src"), "a": "b"}
    created = azure.put("/jobs/tagged", json=body(tags=tags)).json()
    assert created["properties"]["tags"] == {"a": "b"}
    assert created["properties"]["status"] == "Queued"
    assert created["id"] == f"{WORKSPACE}/jobs/tagged"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "properties: must hold the properties of a sweep job"),
        ({"properties": 3}, "properties: must hold the properties of a sweep job"),
        (body(tags={"dowse.code": "src"}), "must be the absolute path of a folder of the server"),
        (body(tags={"dowse.code": "/not/there"}), "/not/there"),
        (body(jobType="Command"), "type"),
        (body(limits={"maxTotalTrials": 0}), "max_total_trials"),
        (body(colour="red"), "colour"),
        (body(searchSpace={"lr": ["uniform", [0.9, 0.1]]}), "lr"),
    ],
)
def test_a_faulty_job_is_refused_in_azure_s_form_and_creates_nothing(
    azure: httpx.Client, sent: Any, words: str
) -> None:
    answer = azure.put("/jobs/x", json=sent)
    status, code, message = error(answer)
    assert (status, code) == (400, "ValidationError"), message
    assert words in message
    assert error(azure.get("/jobs/x"))[:2] == (404, "NotFound")


def test_a_name_that_is_taken_or_cannot_be_one_is_refused(azure: httpx.Client) -> None:
    azure.put("/jobs/twice", json=body())
    assert error(azure.put("/jobs/twice", json=body()))[:2] == (409, "Conflict")
    assert "must be 1 to 128 letters" in error(azure.put("/jobs/.x", json=body()))[2]


def test_what_is_not_served_says_what_is(azure: httpx.Client) -> None:
    for method, path in (
        ("GET", "/datastores/workspaceblobstore"),
        ("GET", ""),
        ("PATCH", "/jobs/x"),
        ("POST", "/jobs/x/archive"),
    ):
        status, code, message = error(azure.request(method, path))
        assert (status, code) == (501, "NotImplemented"), path
        assert "here are the jobs of a workspace: get, list, create and cancel" in message
    assert error(azure.get("/jobs/absent_1"))[0] == 404
    azure.put("/jobs/known", json=body())
    assert error(azure.get(f"/jobs/known_{10**30}"))[0] == 404
    assert error(azure.get("/jobs", params={"$skip": -1}))[0] == 400
    assert error(azure.post("/jobs/absent/cancel"))[0] == 404
