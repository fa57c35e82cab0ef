import json
from typing import Any

import pytest

from dowse.api.ai_platform.errors import google, naming
from dowse.api.edges import Failure
from dowse.errors import AlreadyExists, InvalidInput, Problem


def rendered(status: int, kind: str, **more: Any) -> tuple[int, dict[str, Any]]:
    failure = Failure(status=status, kind=kind, detail="words", path="/v1/x", **more)
    answer = google(failure)
    error: dict[str, Any] = json.loads(bytes(answer.body))["error"]
    assert (error["code"], error["message"]) == (answer.status_code, "words")
    return answer.status_code, error


@pytest.mark.parametrize(
    ("status", "kind", "code", "name"),
    [
        (422, "invalid-input", 400, "INVALID_ARGUMENT"),
        (409, "already-exists", 409, "ALREADY_EXISTS"),
        (409, "conflict", 409, "ABORTED"),
        (409, "refused", 400, "FAILED_PRECONDITION"),
        (404, "not-found", 404, "NOT_FOUND"),
        (503, "unavailable", 503, "UNAVAILABLE"),
        (401, "unauthorized", 401, "UNAUTHENTICATED"),
        (403, "forbidden", 403, "PERMISSION_DENIED"),
        (405, "method-not-allowed", 405, "UNIMPLEMENTED"),
        (413, "too-large", 413, "INVALID_ARGUMENT"),
        (429, "too-many", 429, "RESOURCE_EXHAUSTED"),
        (500, "error", 500, "INTERNAL"),
        (501, "error", 501, "UNIMPLEMENTED"),
        (418, "teapot", 418, "UNKNOWN"),
    ],
)
def test_every_failure_has_googles_code_and_name(
    status: int, kind: str, code: int, name: str
) -> None:
    found, error = rendered(status, kind)
    assert (found, error["status"]) == (code, name)
    assert "details" not in error


def test_problems_are_violations_of_their_fields() -> None:
    problems = (Problem(path="a.b", message="is wrong"), Problem(path="", message="of no field"))
    _, error = rendered(422, "invalid-input", problems=problems)
    (details,) = error["details"]
    assert details["@type"] == "type.googleapis.com/google.rpc.BadRequest"
    assert details["fieldViolations"] == [{"field": "a.b", "description": "is wrong"}]


def test_headers_of_a_failure_reach_the_client() -> None:
    failure = Failure(
        status=401, kind="unauthorized", detail="x", path="/v1", headers={"WWW-Authenticate": "B"}
    )
    assert google(failure).headers["www-authenticate"] == "B"


def test_a_name_that_is_taken_is_said_of_the_field_that_the_client_gave_it_in() -> None:
    with pytest.raises(AlreadyExists) as caught, naming("studyId", "branin"):
        raise AlreadyExists("name: there is already a job 'branin'; choose another --name")
    words = "studyId: there is already a job or a study 'branin'; choose another studyId"
    assert str(caught.value) == words
    assert [problem.path for problem in caught.value.problems] == ["studyId"]


def test_a_bad_name_is_said_of_the_field_and_other_problems_of_theirs() -> None:
    bad = [Problem(path="name", message="must be short"), Problem(path="a", message="is wrong")]
    with pytest.raises(InvalidInput) as caught, naming("jobId", "x" * 300):
        raise InvalidInput(bad)
    assert str(caught.value) == "jobId: must be short\na: is wrong"
    with pytest.raises(InvalidInput, match=r"^a: is wrong$"), naming("jobId", "x"):
        raise InvalidInput(bad[1:])
