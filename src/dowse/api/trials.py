"""Routes of trials: what they are, what they measured, what they printed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.routing import BaseRoute

from dowse.api.services import Services
from dowse.wire.documents import stored_measurement_to_json, trial_document
from dowse.wire.events import numbered_event_to_json
from dowse.wire.logged import logged_document


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs/{name}."""
    router = APIRouter(prefix="/api/v1")
    queries = services.queries

    @router.get("/jobs/{name}/trials")
    def list_trials(name: str) -> dict[str, Any]:
        """All trials of a job, by number."""
        return {"trials": [trial_document(trial) for trial in queries.trials(name)]}

    @router.get("/jobs/{name}/trials/{number}")
    def get_trial(name: str, number: int) -> dict[str, Any]:
        return trial_document(queries.trial(name, number))

    @router.get("/jobs/{name}/trials/{number}/metrics")
    def get_metrics(name: str, number: int) -> dict[str, Any]:
        """Every metric that the present attempt reported, in order of arrival."""
        curves = queries.metrics(name, number)
        return {
            "metrics": {
                metric: [stored_measurement_to_json(one) for one in curve]
                for metric, curve in curves.items()
            }
        }

    @router.get("/jobs/{name}/trials/{number}/logged")
    def get_logged(name: str, number: int) -> dict[str, Any]:
        """What the present attempt logged besides metrics: parameters, tags, runs, models, files.

        It comes from programs that report with MLflow or openbayestool.
        """
        files = queries.logged_files(name, number)
        return logged_document(
            queries.annotations(name, number), [(file.path, file.size or 0) for file in files]
        )

    @router.get("/jobs/{name}/trials/{number}/log")
    def get_log(name: str, number: int, offset: Annotated[int, Query(ge=0)] = 0) -> dict[str, Any]:
        """What the program printed, from a byte on; ask again from the `offset` that comes back."""
        data, end = queries.log(name, number, offset=offset)
        return {
            "path": str(queries.log_path(name, number)),
            "text": data.decode("utf-8", errors="replace"),
            "offset": end,
        }

    @router.post("/jobs/{name}/trials/{number}/stop")
    def stop_trial(name: str, number: int) -> dict[str, Any]:
        """End one trial; its last value counts, and the job goes on."""
        return trial_document(services.jobs.stop_trial(name, number))

    @router.get("/jobs/{name}/events")
    def list_events(
        name: str,
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    ) -> dict[str, Any]:
        """Everything that happened, by number."""
        found = queries.events(name, after=after, limit=limit)
        return {"events": [numbered_event_to_json(*numbered) for numbered in found]}

    return router.routes
