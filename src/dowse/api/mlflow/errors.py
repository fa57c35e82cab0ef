"""Errors as MLflow's clients read them: `{"error_code": …, "message": …}`."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from dowse.api.edges import Failure

_BY_KIND = {
    "already-exists": (400, "RESOURCE_ALREADY_EXISTS"),
    "invalid-input": (400, "INVALID_PARAMETER_VALUE"),
    "conflict": (400, "INVALID_PARAMETER_VALUE"),
    "not-found": (404, "RESOURCE_DOES_NOT_EXIST"),
    "refused": (409, "INVALID_STATE"),
    "unavailable": (503, "TEMPORARILY_UNAVAILABLE"),
}
_BY_STATUS = {
    400: "BAD_REQUEST",
    401: "CUSTOMER_UNAUTHORIZED",
    403: "PERMISSION_DENIED",
    404: "ENDPOINT_NOT_FOUND",
    405: "ENDPOINT_NOT_FOUND",
    413: "RESOURCE_LIMIT_EXCEEDED",
    429: "REQUEST_LIMIT_EXCEEDED",
    503: "TEMPORARILY_UNAVAILABLE",
}
"""Names that every version of the client knows; it fails over others."""


def render(failure: Failure) -> Response:
    status, code = _BY_KIND.get(
        failure.kind, (failure.status, _BY_STATUS.get(failure.status, "INTERNAL_ERROR"))
    )
    body = {"error_code": code, "message": failure.detail}
    return JSONResponse(body, status_code=status, headers=dict(failure.headers))


def unknown_endpoint(path: str) -> Response:
    message = f"Dowse has no endpoint {path}; what was sent to it is not kept"
    return JSONResponse({"error_code": "ENDPOINT_NOT_FOUND", "message": message}, status_code=404)
