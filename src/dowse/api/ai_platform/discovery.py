"""The document from which Google's clients build their methods."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.services import Services
from dowse.errors import NotFound
from dowse.wire.google_discovery import discovery_document


def routes(services: Services) -> list[BaseRoute]:
    router = APIRouter(include_in_schema=False, route_class=JsonRoute)

    @router.get("/$discovery/rest")
    def get_discovery(version: str = "v1") -> dict[str, Any]:
        if version != "v1":
            raise NotFound(f"there is no version {version!r} of ml here; there is v1")
        return discovery_document(f"{services.url}/")

    return router.routes
