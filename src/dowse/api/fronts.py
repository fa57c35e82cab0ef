"""The route of the Pareto front of a job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.documented import JobName, answer
from dowse.api.services import Services
from dowse.errors import InvalidInput, Problem
from dowse.service.fronts import front_of
from dowse.wire.front import FrontDocument, front_document

Reference = Annotated[
    list[str] | None,
    Query(
        description="The worst value of interest of an objective, as name=value; one for each.",
        examples=[["accuracy=0.5", "latency_ms=100"]],
    ),
]


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs/{name}."""
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)

    @router.get("/jobs/{name}/front", **answer(FrontDocument))
    def get_front(name: JobName, reference: Reference = None) -> dict[str, Any]:
        """The trials that no other one beats in every objective, and their hypervolume."""
        found = front_of(services.store, name, _read(reference) if reference else None)
        return front_document(found.job, found.targets, found.trials, found.reference, found.volume)

    return router.routes


def _read(given: Sequence[str]) -> dict[str, float]:
    """Raises InvalidInput for what is not a name and a number."""
    found = {}
    for text in given:
        name, _, number = text.rpartition("=")
        try:
            found[name] = float(number)
        except ValueError:
            name = ""
        if not name:
            message = f"must be NAME=VALUE, such as accuracy=0.5, got {text!r}"
            raise InvalidInput([Problem(path="reference", message=message)])
    return found
