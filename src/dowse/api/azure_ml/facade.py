"""Where Azure's client is answered, how its errors look, and what it is told of all else."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from starlette.routing import BaseRoute

from dowse.api.azure_ml import jobs
from dowse.api.azure_ml.errors import azure
from dowse.api.bodies import JsonRoute
from dowse.api.edges import Edge
from dowse.api.services import Services

EDGES = (Edge(prefixes=("/subscriptions",), render=azure),)

SERVED = (
    "here are the jobs of a workspace: get, list, create and cancel. Data, code, environments and "
    "datastores are not: name folders and URLs of the server, and use the settings `environments`"
)


def routes(services: Services) -> list[BaseRoute]:
    router = APIRouter(include_in_schema=False, route_class=JsonRoute)

    @router.api_route(
        "/subscriptions/{rest:path}", methods=["GET", "PUT", "POST", "PATCH", "DELETE"]
    )
    def not_served(rest: str) -> None:
        raise HTTPException(501, f"Dowse does not serve /subscriptions/{rest[:300]}: {SERVED}")

    # What is known comes before what takes every path.
    return [*jobs.routes(services), *router.routes]
