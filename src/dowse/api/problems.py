"""Errors as `application/problem+json` (RFC 9457), by what the caller should do about them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

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


def install(app: FastAPI) -> None:
    """Answer every error in this one form."""
    app.add_exception_handler(DowseError, _on_dowse_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)


def problem_document(error: DowseError) -> tuple[int, dict[str, Any]]:
    """The status and the body for an error."""
    status, kind = next((code, kind) for cls, code, kind in STATUS if isinstance(error, cls))
    found = error.problems if isinstance(error, InvalidInput) else ()
    return status, {
        "type": kind,
        "status": status,
        "detail": str(error),
        "problems": [problem_to_json(problem) for problem in found],
    }


async def _on_dowse_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DowseError)
    status, body = problem_document(error)
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


async def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [
        Problem(
            path=".".join(str(step) for step in found["loc"] if step != "body"),
            message=f"{found['msg'][0].lower()}{found['msg'][1:]}, got {found.get('input')!r}"[
                :500
            ],
        )
        for found in error.errors()
    ]
    return await _on_dowse_error(request, InvalidInput(problems))
