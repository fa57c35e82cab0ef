"""The OpenAPI document of the native API.

The framework writes down paths, parameters and answers; what holds for all of them is added here:
who may ask, and every error with its form. The facades are documented by whom they imitate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from dowse.api import examples, reports
from dowse.wire.answers import FailureDocument

PREFIXES = ("/api/v1/", "/healthz")
DESCRIPTION = """Jobs, their trials and what these measure.

Every path but `/healthz` needs the owner's token (`Authorization: Bearer TOKEN`); `/api/v1/report`
needs the token of a trial. Numbers that JSON lacks are the words "NaN", "Infinity", "-Infinity".
"""
ERRORS: Mapping[str, tuple[str, str]] = {
    "400": ("error", "The request is no HTTP that is understood."),
    "401": ("unauthenticated", "No token, or a wrong one."),
    "403": ("forbidden", "The token is a trial's, or a page of another site asks."),
    "404": ("not-found", "There is no such job, trial or path."),
    "405": ("method-not-allowed", "The path knows other methods."),
    "408": ("timeout", "The body did not arrive in time."),
    "409": ("conflict", "The present state does not allow it, or the name is taken."),
    "413": ("too-large", "The body is too large."),
    "415": ("unsupported", "The body is compressed."),
    "421": ("wrong-host", "The server is not called that."),
    "422": ("invalid-input", "Something is wrong with the input; `problems` says what and where."),
    "429": ("too-many-requests", "Too many wrong tokens from this address."),
    "500": ("error", "A fault of the server; its log says which."),
    "503": ("unavailable", "The store does not answer, or too many wait."),
}
_REFERENCE = {"$ref": "#/components/schemas/FailureDocument"}


def install(app: FastAPI) -> None:
    """Make the application answer its document with everything that is added here."""
    app.openapi = _maker(app)  # type: ignore[method-assign]


def _maker(app: FastAPI) -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(app)
        return app.openapi_schema

    return make


def _completed(app: FastAPI) -> dict[str, Any]:
    native = [
        route
        for route in app.routes
        if isinstance(route, APIRoute) and route.path.startswith(PREFIXES)
    ]
    document = get_openapi(
        title=app.title, version=app.version, description=DESCRIPTION, routes=native
    )
    document["paths"][reports.PATH] = reports.DOCUMENTATION
    components = document.setdefault("components", {})
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "The owner's token."},
        "trial": {"type": "http", "scheme": "bearer", "description": "The token of a trial."},
    }
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas.update(_failure_schemas())
    names = {(route.path, method): route.name for route in native for method in route.methods or ()}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            # Stable: the name of the function that answers.
            operation["operationId"] = names.get((path, method.upper()), operation["operationId"])
            _complete(path, operation)
            _exemplify(operation)
    return document


def _failure_schemas() -> dict[str, Any]:
    schema = FailureDocument.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    return {**schema.pop("$defs"), "FailureDocument": schema}


def _exemplify(operation: dict[str, Any]) -> None:
    """Put the examples of a request and of its answer where a reader looks for them."""
    name = operation["operationId"]
    if name in examples.REQUESTS:
        body = operation["requestBody"]["content"]["application/json"]
        body["example"] = examples.REQUESTS[name]
    answered = examples.answers()
    if name in answered:
        status = "201" if "201" in operation["responses"] else "200"
        content = operation["responses"][status]["content"]["application/json"]
        content["example"] = answered[name]


def _complete(path: str, operation: dict[str, Any]) -> None:
    if path == "/healthz":
        operation["security"] = [{}, {"token": []}]
    else:
        operation["security"] = [{"trial" if path == reports.PATH else "token": []}]
    responses = operation["responses"]
    for status, (kind, description) in ERRORS.items():
        example = {"type": kind, "status": int(status), "detail": description, "problems": []}
        responses[status] = {
            "description": description,
            "content": {"application/problem+json": {"schema": _REFERENCE, "example": example}},
        }
