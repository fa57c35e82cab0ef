"""Routes of the jobs before and after a job."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.documented import JobName, answer
from dowse.api.services import Services
from dowse.dialects.extending import Extension, extended
from dowse.domain.ceilings import refuse_beyond
from dowse.service.kin import kin_of
from dowse.wire.answers import SubmittedDocument
from dowse.wire.documents import job_summary, problem_to_json
from dowse.wire.lineage import KinDocument, kin_document
from dowse.wire.requests import ExtendRequest


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs/{name}."""
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    jobs = services.jobs

    @router.get("/jobs/{name}/lineage", **answer(KinDocument))
    def get_lineage(name: JobName) -> dict[str, Any]:
        """What a job goes on with, what goes on with it, and which jobs it learns from."""
        return kin_document(kin_of(services.store, name))

    @router.post("/jobs/{name}/extend", status_code=201, **answer(SubmittedDocument, 201))
    def extend_job(name: JobName, request: ExtendRequest) -> dict[str, Any]:
        """Begin a job that goes on with one that is over: more trials, perhaps in other ranges."""
        before = jobs.previous(name)
        with services.submitting:
            asked = {"trials": request.trials, "parallel": request.parallel}
            refuse_beyond(before, asked, services.quotas)
            chosen = request.name or jobs.next_name(name)
            spec = extended(before, extension_of(request), job=name, name=chosen)
            job = jobs.submit(
                spec, fallback_name=chosen, environment=request.environment, code_of=name
            )
        warnings = [problem_to_json(each) for each in jobs.advice(spec)]
        return {"job": job_summary(job), "warnings": warnings}

    return router.routes


def extension_of(request: ExtendRequest) -> Extension:
    return Extension(
        trials=request.trials,
        parallel=request.parallel,
        seed=request.seed,
        ranges=request.ranges,
        add=request.add,
        remove=request.remove,
        fixed=request.fixed,
    )
