"""Routes of advice on jobs, and of jobs that confirm others."""

from __future__ import annotations

import threading
from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.documented import JobName, answer
from dowse.api.services import Services
from dowse.dialects.lint import lint
from dowse.service.confirming import ConfirmRequest
from dowse.wire.advice import (
    ConfirmationDocument,
    ConfirmForm,
    CounselDocument,
    RangesDocument,
    confirmation_to_json,
    counsel_to_json,
    ranges_to_json,
)
from dowse.wire.documents import JobSummary, job_summary


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs/{name}."""
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    advising, confirming = services.analysts.advising, services.analysts.confirming
    # They compute for seconds; side by side they would only take longer.
    one_question = threading.Lock()

    @router.get("/jobs/{name}/advice", **answer(CounselDocument))
    def get_advice(name: JobName) -> dict[str, Any]:
        """What to do about a job: set-up, ranges, which result to trust, whether to go on."""
        with one_question:
            on_spec = lint(services.queries.spec(name))
            return counsel_to_json(advising.counsel(name, on_spec))

    @router.get("/jobs/{name}/ranges", **answer(RangesDocument))
    def get_ranges(name: JobName) -> dict[str, Any]:
        """Which ranges a further job should have, and why."""
        with one_question:
            return ranges_to_json(advising.ranges(name))

    @router.post("/jobs/{name}/confirm", status_code=201, **answer(JobSummary, 201))
    def confirm_job(name: JobName, request: ConfirmForm) -> dict[str, Any]:
        """Run the best configurations again under several seeds, as a job of its own."""
        wanted = ConfirmRequest(**request.model_dump(exclude={"environment"}))
        with services.submitting, one_question:
            job = confirming.begin(name, wanted, environment=request.environment)
        return job_summary(job)

    @router.get("/jobs/{name}/confirmation", **answer(ConfirmationDocument))
    def get_confirmation(name: JobName) -> dict[str, Any]:
        """What the runs of a job that confirms say; of another job, those of its newest one."""
        with one_question:
            job, report = confirming.report(name)
        metric = services.queries.spec(job).objective.metric
        return confirmation_to_json(report, name=job, metric=metric)

    return router.routes
