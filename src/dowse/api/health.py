"""Whether Dowse answers, and what it goes by."""

from __future__ import annotations

import os

from fastapi import APIRouter, Request
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.documented import answer
from dowse.api.security.callers import Owner, caller_of
from dowse.api.services import Services
from dowse.wire.answers import HealthDocument, SettingsDocument


def routes(services: Services) -> list[BaseRoute]:
    router = APIRouter(route_class=JsonRoute)

    @router.get("/healthz", **answer(HealthDocument))
    def get_health(request: Request) -> dict[str, object]:
        """Whether Dowse answers here; the owner is told which one it is."""
        answer: dict[str, object] = {"status": "ok", "version": services.version}
        if isinstance(caller_of(request), Owner):
            answer |= {"data_dir": services.data_dir, "pid": os.getpid(), "url": services.url}
        return answer

    @router.get("/api/v1/settings", **answer(SettingsDocument))
    def get_settings() -> dict[str, object]:
        """What this server goes by."""
        return {"version": services.version, "url": services.url, "settings": services.settings}

    return router.routes
