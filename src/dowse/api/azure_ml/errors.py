"""Errors as Azure's resource manager writes them, so that its clients show the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from dowse.api.edges import Failure

_OF_KIND: Mapping[str, tuple[int, str]] = {
    "already-exists": (409, "Conflict"),
    "invalid-input": (400, "ValidationError"),
    "not-found": (404, "NotFound"),
    "conflict": (409, "Conflict"),
    "refused": (409, "Conflict"),
    "unavailable": (503, "ServiceUnavailable"),
}
_OF_STATUS: Mapping[int, str] = {
    400: "BadRequest",
    401: "AuthenticationFailed",
    403: "AuthorizationFailed",
    404: "NotFound",
    405: "MethodNotAllowed",
    408: "RequestTimeout",
    413: "RequestEntityTooLarge",
    421: "AuthorizationFailed",
    429: "TooManyRequests",
    500: "InternalServerError",
    501: "NotImplemented",
    503: "ServiceUnavailable",
}


def azure(failure: Failure) -> Response:
    by_status = failure.status, _OF_STATUS.get(failure.status, "Error")
    status, code = _OF_KIND.get(failure.kind, by_status)
    error: dict[str, Any] = {"code": code, "message": failure.detail}
    details = [
        {"code": code, "target": problem.path, "message": problem.message}
        for problem in failure.problems
        if problem.path
    ]
    if details:
        error["details"] = details
    return JSONResponse({"error": error}, status_code=status, headers=dict(failure.headers))
