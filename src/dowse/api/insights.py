"""Routes of what the finished trials of a job say."""

from __future__ import annotations

import threading
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.documented import JobName, answer
from dowse.api.services import Services
from dowse.domain.metrics import MAX_METRIC_NAME
from dowse.wire.insights import (
    ConvergenceDocument,
    DependenceDocument,
    ImportanceDocument,
    convergence_to_json,
    dependence_to_json,
    importance_to_json,
)

Asked = Annotated[
    str | None,
    Query(
        description="A metric that the job asks for: an objective, or one with a limit.",
        max_length=MAX_METRIC_NAME,
    ),
]


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs/{name}."""
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    analyses, queries = services.analysts.analyses, services.queries
    # They compute for a second at most; side by side they would only take longer.
    one_question = threading.Lock()

    @router.get("/jobs/{name}/importance", **answer(ImportanceDocument))
    def get_importance(name: JobName, method: str = "auto", metric: Asked = None) -> dict[str, Any]:
        """Which parameters matter, by `ped-anova`, `sobol`, or what suits the space."""
        with one_question:
            found = analyses.importance(name, method=method, metric=metric)
        return importance_to_json(found, metric=metric or queries.spec(name).objective.metric)

    @router.get("/jobs/{name}/dependence", **answer(DependenceDocument))
    def get_dependence(
        name: JobName, parameter: Annotated[list[str], Query()], metric: Asked = None
    ) -> dict[str, Any]:
        """How the metric depends on one parameter, or on two together."""
        with one_question:
            found = analyses.dependence(name, parameter, metric=metric)
        return dependence_to_json(found, metric=metric or queries.spec(name).objective.metric)

    @router.get("/jobs/{name}/convergence", **answer(ConvergenceDocument))
    def get_convergence(name: JobName, tolerance: float | None = None) -> dict[str, Any]:
        """Whether the search has found what there is to find, and what more trials would bring."""
        with one_question:
            return convergence_to_json(analyses.convergence(name, tolerance=tolerance))

    return router.routes
