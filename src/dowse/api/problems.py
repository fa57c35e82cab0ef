"""Every error as an answer: what failed, and in the form of the edge that was asked.

The native form is `application/problem+json` (RFC 9457), by what the caller should do about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from dowse.api.edges import Edges, Failure
from dowse.domain.phrases import plainly
from dowse.errors import (
    AlreadyExists,
    Conflict,
    DowseError,
    InvalidInput,
    NotFound,
    Problem,
    Refused,
    Unavailable,
)
from dowse.wire.documents import problem_to_json

STATUS: tuple[tuple[type[DowseError], int, str], ...] = (
    (AlreadyExists, 409, "already-exists"),
    (InvalidInput, 422, "invalid-input"),
    (NotFound, 404, "not-found"),
    (Conflict, 409, "conflict"),
    (Refused, 409, "refused"),
    (Unavailable, 503, "unavailable"),
    (DowseError, 500, "error"),
)
"""The first class that fits decides; `type` in the answer is the last column."""

# What FastAPI's own reading of bodies finds, in our words; the rest is said in pydantic's.
SHAPES = {
    "missing": "is missing",
    "extra_forbidden": "is not a key that is known here",
    "model_attributes_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "dict_type": "must be a JSON object",
}
UNREADABLE = "the body must be JSON in UTF-8, with numbers of at most 4,300 digits"

HTTP_KINDS = {404: "not-found", 405: "method-not-allowed"}


def install(app: FastAPI, edges: Edges) -> None:
    """Answer every error in the form of the edge that its path belongs to."""

    async def answer(request: Request, error: Exception) -> Response:
        return edges.answer(failure_of(error, request.scope["path"]))

    for kind in (DowseError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, answer)


def failure_of(error: Exception, path: str) -> Failure:
    """What a client is to be told of any error; of a fault of our own, no more than that."""
    match error:
        case DowseError():
            return _of_ours(error, path)
        case RequestValidationError():
            return _of_ours(InvalidInput(_problems(error)), path)
        case HTTPException(status_code=400) if isinstance(error.__cause__, InvalidInput):
            return _of_ours(error.__cause__, path)
        case HTTPException(status_code=400) if isinstance(error.__cause__, ValueError):
            return _of_ours(InvalidInput([Problem(path="", message=UNREADABLE)]), path)
        case HTTPException():
            return _of_http(error, path)
    detail = "Dowse itself failed; the log of the server says how"
    return Failure(status=500, kind="error", detail=detail, path=path)


def native(failure: Failure) -> Response:
    """The native form."""
    body: dict[str, Any] = {
        "type": failure.kind,
        "status": failure.status,
        "detail": failure.detail,
        "problems": [problem_to_json(problem) for problem in failure.problems],
    }
    return JSONResponse(
        body,
        status_code=failure.status,
        media_type="application/problem+json",
        headers=dict(failure.headers),
    )


def _of_ours(error: DowseError, path: str) -> Failure:
    status, kind = next((code, kind) for cls, code, kind in STATUS if isinstance(error, cls))
    found = error.problems if isinstance(error, InvalidInput) else ()
    headers = {"Retry-After": "1"} if status == 503 else {}
    return Failure(
        status=status, kind=kind, detail=str(error), path=path, problems=found, headers=headers
    )


def _of_http(error: HTTPException, path: str) -> Failure:
    kind = HTTP_KINDS.get(error.status_code, "error")
    detail = f"there is nothing at {path}" if error.status_code == 404 else str(error.detail)
    return Failure(
        status=error.status_code,
        kind=kind,
        detail=detail,
        path=path,
        headers=dict(error.headers or {}),
    )


def _problems(error: RequestValidationError) -> list[Problem]:
    return [_problem(found) for found in error.errors()]


def _problem(found: Mapping[str, Any]) -> Problem:
    if found["type"] == "json_invalid":
        place = f"{found['ctx']['error']}, at character {found['loc'][-1]}"
        return Problem(path="", message=f"the body must be JSON: {place}")
    path = ".".join(str(step) for step in found["loc"] if step != "body")
    said = plainly(found["msg"])
    words = SHAPES.get(found["type"], f"{said[0].lower()}{said[1:]}")
    given = found.get("input")
    if isinstance(given, bytes):
        words += ", sent with Content-Type: application/json"
    elif found["type"] != "missing":
        words += f", got {given!r}"
    subject = "" if path else "the body "
    return Problem(path=path, message=f"{subject}{words}"[:500])
