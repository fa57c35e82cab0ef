"""Errors as Google's services write them, so that their clients show the words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from dowse.api.edges import Failure
from dowse.errors import AlreadyExists, InvalidInput, Problem

BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"

_OF_KIND: Mapping[str, tuple[int, str]] = {
    "already-exists": (409, "ALREADY_EXISTS"),
    "invalid-input": (400, "INVALID_ARGUMENT"),
    "not-found": (404, "NOT_FOUND"),
    "conflict": (409, "ABORTED"),
    "refused": (400, "FAILED_PRECONDITION"),
    "unavailable": (503, "UNAVAILABLE"),
}
"""What our own errors are called there; their statuses differ from those of the native form."""

_OF_STATUS: Mapping[int, str] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    408: "DEADLINE_EXCEEDED",
    413: "INVALID_ARGUMENT",
    421: "PERMISSION_DENIED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


def google(failure: Failure) -> Response:
    """A failure in the form of `google.rpc.Status`."""
    by_status = failure.status, _OF_STATUS.get(failure.status, "UNKNOWN")
    code, status = _OF_KIND.get(failure.kind, by_status)
    error: dict[str, Any] = {"code": code, "message": failure.detail, "status": status}
    violations = [
        {"field": problem.path, "description": problem.message}
        for problem in failure.problems
        if problem.path
    ]
    if violations:
        error["details"] = [{"@type": BAD_REQUEST, "fieldViolations": violations}]
    return JSONResponse({"error": error}, status_code=code, headers=dict(failure.headers))


@contextlib.contextmanager
def naming(field: str, name: str) -> Iterator[None]:
    """What is wrong with the name of something new, said of the field that a client gives it in."""
    try:
        yield
    except AlreadyExists:
        message = f"there is already a job or a study {name!r}; choose another {field}"
        raise AlreadyExists([Problem(path=field, message=message)]) from None
    except InvalidInput as error:
        if not any(problem.path == "name" for problem in error.problems):
            raise
        raise InvalidInput(
            replace(problem, path=field) if problem.path == "name" else problem
            for problem in error.problems
        ) from None
