"""The door of the tracking API: one route that looks up its endpoint.

A route for each endpoint would be slower: they are tried one after the other, and every metric of
every training program comes through here.
"""

from __future__ import annotations

import logging
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dowse.api.bodies import read_json
from dowse.api.deliveries import Deliveries
from dowse.api.edges import Access, Edge
from dowse.api.mlflow.artifacts import list_artifacts, receive_artifact, send_artifact
from dowse.api.mlflow.endpoints import ENDPOINTS, of_model
from dowse.api.mlflow.errors import render, unknown_endpoint
from dowse.api.security.callers import trial_of
from dowse.api.services import Services
from dowse.errors import InvalidInput
from dowse.runtime.reporting import MLFLOW_PATH
from dowse.service.tracking.runs import Caller
from dowse.wire.mlflow.metrics import read_metric

log = logging.getLogger(__name__)

API = "api/2.0/mlflow/"
LOG_METRIC = f"{API}runs/log-metric"
"""Called at every step of a training: it waits for the disk without a thread."""
ARTIFACTS = "api/2.0/mlflow-artifacts/artifacts"
MODELS = "logged-models/"

EDGE = Edge(prefixes=(MLFLOW_PATH,), render=render, access=Access.TRIALS)


def artifact_edge(max_mb: int) -> Edge:
    """Where files are taken, each of `max_mb` at most."""
    return Edge(
        prefixes=(f"{MLFLOW_PATH}/{ARTIFACTS}",),
        render=render,
        access=Access.TRIALS,
        max_body_mb=max_mb,
        body_setting="max_artifact_mb",
    )


def routes(services: Services) -> list[BaseRoute]:
    tracking = services.tracking
    deliveries = Deliveries()

    async def answer(request: Request) -> Response:
        path = request.path_params["path"]
        speaker = trial_of(request)
        caller = Caller(speaker.job_id, speaker.attempt)
        if path.startswith(ARTIFACTS):
            return await _artifact(request, caller, path.removeprefix(ARTIFACTS).lstrip("/"))
        document = await _document(request)
        if path == LOG_METRIC and request.method == "POST":
            metric = read_metric(document)
            if metric.run == caller.own_run:
                stored, done = deliveries.expect()
                tracking.runs.log_soon(caller, metric, done=done)
                await stored
                return JSONResponse({})
        found = await run_in_threadpool(_carry_out, request.method, path, caller, document)
        return unknown_endpoint(request.url.path) if found is None else JSONResponse(found)

    def _carry_out(method: str, path: str, caller: Caller, document: dict[str, Any]) -> Any:
        name = path.removeprefix(API)
        if (endpoint := ENDPOINTS.get((method, name))) is not None:
            return endpoint(tracking, caller, document)
        found = None
        if name.startswith(MODELS):
            rest = name.removeprefix(MODELS)
            found = of_model(tracking, caller, method, rest, document)
        if found is None:
            words = f"{method} {path}"[:200]
            log.warning("no such MLflow endpoint: %s (%s)", words, caller.attempt)
            tracking.reports.note(
                caller.job_id,
                caller.attempt,
                f"the program called an MLflow endpoint that Dowse does not have, {words}: "
                "what it sent there is not kept",
            )
        return found

    async def _artifact(request: Request, caller: Caller, address: str) -> Response:
        artifacts = tracking.artifacts
        match request.method, address:
            case "GET", "":
                folder = request.query_params.get("path", "")
                return await run_in_threadpool(list_artifacts, artifacts, caller, folder)
            case "GET", _:
                return await send_artifact(artifacts, caller, address)
            case "PUT", _:
                return await receive_artifact(request, artifacts, caller, address)
        return unknown_endpoint(request.url.path)

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [Route(f"{MLFLOW_PATH}/{{path:path}}", answer, methods=methods)]


async def _document(request: Request) -> dict[str, Any]:
    """The body, or the query of a request that has none."""
    if request.method == "GET":
        return dict(request.query_params)
    body = await request.body()
    try:
        document = read_json(body) if body else {}
    except ValueError as error:
        raise InvalidInput(f"the body is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise InvalidInput(f"the body must be a JSON object, got {type(document).__name__}")
    return document
