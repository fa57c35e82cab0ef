from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi.routing import APIRoute

from dowse import wiring
from dowse.api.bodies import JsonRoute
from dowse.api.openapi import ERRORS
from dowse.config import Settings


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("openapi") / "data")
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    yield owner.app.openapi()
    owner.close()


def test_no_documented_route_believes_one_of_two_keys_of_a_name(tmp_path: Path) -> None:
    owner = wiring.Owner(Settings(data_dir=tmp_path / "data"), environ=os.environ, working=False)
    documented = [route for route in owner.app.routes if isinstance(route, APIRoute)]
    owner.close()
    assert len(documented) > 20
    assert [route.path for route in documented if not isinstance(route, JsonRoute)] == []


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, found in document["paths"].items():
        for method, operation in found.items():
            yield f"{method} {path}", operation


def test_every_operation_has_an_id_of_its_own_that_does_not_follow_from_its_path(
    document: dict[str, Any],
) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(names)) == len(names) > 20
    assert {"list_jobs", "submit_job", "get_trial", "report", "stream_events"} <= set(names)
    assert not [name for name in names if "api_v1" in name]


def test_every_operation_says_what_it_does_who_may_ask_and_how_it_fails(
    document: dict[str, Any],
) -> None:
    for name, operation in operations(document):
        assert operation.get("description") or operation.get("summary"), name
        assert operation["security"], name
        for status in ERRORS:
            content = operation["responses"][status]["content"]
            assert list(content) == ["application/problem+json"], name


def test_every_answer_with_a_document_has_its_form(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                assert content.get("schema"), f"{name} {status} {kind}"


def test_every_example_has_the_form_that_stands_beside_it(document: dict[str, Any]) -> None:
    checked = 0
    for _, operation in operations(document):
        contents = [
            *operation.get("requestBody", {}).get("content", {}).items(),
            *(
                pair
                for answer in operation["responses"].values()
                for pair in answer.get("content", {}).items()
            ),
        ]
        for kind, content in contents:
            if "example" in content and kind.endswith("json"):
                schema = {**content["schema"], "components": document["components"]}
                jsonschema.Draft202012Validator(schema).validate(content["example"])
                checked += 1
    assert checked > 300


def test_the_document_names_no_route_of_a_facade(document: dict[str, Any]) -> None:
    assert {path.split("/")[1] for path in document["paths"]} == {"api", "healthz"}
    assert not [path for path in document["paths"] if "mlflow" in path]
