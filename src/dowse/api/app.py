"""The application: every route of the native API below /api/v1, and /healthz."""

from __future__ import annotations

import os

from fastapi import FastAPI

from dowse.api import jobs, problems, trials
from dowse.api.services import Services


def create_app(services: Services) -> FastAPI:
    app = FastAPI(
        title="Dowse",
        version=services.version,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    problems.install(app)
    app.include_router(jobs.router(services), prefix="/api/v1")
    app.include_router(trials.router(services), prefix="/api/v1")

    @app.get("/healthz")
    def healthz() -> dict[str, object]:
        """Who answers here."""
        return {
            "version": services.version,
            "data_dir": services.data_dir,
            "pid": os.getpid(),
        }

    return app
