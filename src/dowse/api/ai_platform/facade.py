"""Where the ml.v1 API answers, and how its errors look."""

from __future__ import annotations

from starlette.routing import BaseRoute

from dowse.api.ai_platform import discovery, jobs, studies
from dowse.api.ai_platform.errors import google
from dowse.api.edges import Access, Edge
from dowse.api.services import Services

EDGES = (
    Edge(prefixes=("/v1",), render=google),
    # Google's clients ask for it before they have any token; it says nothing about anybody.
    Edge(prefixes=("/$discovery",), render=google, access=Access.PUBLIC),
)


def routes(services: Services) -> list[BaseRoute]:
    return [
        *discovery.routes(services),
        *jobs.routes(services),
        *studies.routes(services),
    ]
