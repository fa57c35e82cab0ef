"""The application: the native API below /api/v1, the facades beside it, the console, and /healthz.

A facade is a module with an `Edge` (where it answers, who may come, how its errors look) and
`routes(services)`, each with its whole path. It is added to `EDGES` and to `_routes`, and that is
all: the gate, the limits and the error handlers go by the edge.
"""

from __future__ import annotations

from fastapi import FastAPI
from starlette.routing import BaseRoute

from dowse.api import (
    accounts,
    advice,
    columns,
    console,
    drafts,
    fronts,
    health,
    insights,
    jobs,
    lineage,
    login,
    openapi,
    openbayes,
    outputs,
    problems,
    replay,
    reports,
    streams,
    trials,
    uploads,
)
from dowse.api.ai_platform import facade as ai_platform
from dowse.api.azure_ml import facade as azure_ml
from dowse.api.edges import Access, Edge, Edges
from dowse.api.mlflow import routes as mlflow
from dowse.api.security.gate import Defence, Gate
from dowse.api.services import Services

NATIVE = Edge(prefixes=("/api/v1",), render=problems.native)
EDGES = (
    NATIVE,
    reports.EDGE,
    Edge(prefixes=("/healthz", *login.PATHS), render=problems.native, access=Access.PUBLIC),
    *ai_platform.EDGES,
    *azure_ml.EDGES,
    mlflow.EDGE,
    openbayes.EDGE,
    console.EDGE,
)
"""Where each part of the address space begins, who may come there, and how errors look."""


def create_app(services: Services, defence: Defence) -> FastAPI:
    """Everything that is served, behind the gate."""
    streamed = (_upload_edge(defence), mlflow.artifact_edge(defence.max_artifact_mb))
    edges = Edges((*EDGES, *streamed), default=NATIVE)
    app = FastAPI(
        title="Dowse",
        version=services.version,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
    )
    openapi.install(app)
    problems.install(app, edges)
    app.add_middleware(Gate, edges=edges, defence=defence)
    # Plain routes in one list, so that tests can walk all there are; including a router hides them.
    app.router.routes.extend(_routes(services))
    app.router.routes.extend(login.routes(defence, edges, services.url))
    app.router.routes.extend(console.routes())
    return app


def _upload_edge(defence: Defence) -> Edge:
    return Edge(
        prefixes=(uploads.PATH,),
        render=problems.native,
        max_body_mb=defence.max_upload_mb,
        body_setting="max_code_mb",
    )


def _routes(services: Services) -> list[BaseRoute]:
    # Routes are tried in order: those that every training program calls at every step are first.
    return [
        *reports.routes(services),
        *mlflow.routes(services),
        *openbayes.routes(services),
        *health.routes(services),
        *jobs.routes(services),
        *fronts.routes(services),
        *columns.routes(services),
        *drafts.routes(services),
        *trials.routes(services),
        *ai_platform.routes(services),
        *azure_ml.routes(services),
        *accounts.routes(services),
        *advice.routes(services),
        *insights.routes(services),
        *replay.routes(services),
        *lineage.routes(services),
        *streams.routes(services),
        *uploads.routes(services),
        *outputs.routes(services),
    ]
