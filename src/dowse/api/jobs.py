"""Routes of jobs. Handlers are plain functions: the framework runs them on its threads."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.routing import BaseRoute

from dowse import catalog
from dowse.api.services import Services
from dowse.dialects.protocol import ReadContext, Reading
from dowse.dialects.registry import read
from dowse.domain.job import JobState
from dowse.domain.reasons import Reason
from dowse.wire.documents import job_document, job_summary, problem_to_json
from dowse.wire.progress import progress_document
from dowse.wire.requests import PauseRequest, ResumeRequest, SubmitRequest
from dowse.wire.spec import spec_to_json

MAX_WAIT_S = 30.0
WAIT_STEP_S = 0.05


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs."""
    router = APIRouter(prefix="/api/v1")
    _add_queries(router, services)
    _add_commands(router, services)
    return router.routes


def _add_queries(router: APIRouter, services: Services) -> None:
    queries = services.queries

    @router.get("/jobs")
    def list_jobs(state: Annotated[list[JobState] | None, Query()] = None) -> dict[str, Any]:
        """Jobs without their trials, newest first."""
        return {"jobs": [job_summary(job) for job in queries.jobs(states=state or ())]}

    @router.get("/jobs/{name}")
    def get_job(name: str) -> dict[str, Any]:
        """A job with its trials and its best trial."""
        return job_document(queries.job(name), queries.trials(name), queries.ranked(name))

    @router.get("/jobs/{name}/spec")
    def get_spec(name: str) -> dict[str, Any]:
        """What was asked for, everything written out."""
        return spec_to_json(queries.spec(name))

    @router.get("/jobs/{name}/progress")
    def get_progress(
        name: str,
        after_event: int | None = None,
        wait_s: Annotated[float, Query(ge=0, le=MAX_WAIT_S)] = 0.0,
    ) -> dict[str, Any]:
        """A job at a glance; waits up to `wait_s` for an event after `after_event`."""
        deadline = time.monotonic() + wait_s
        found = queries.progress(name)
        while found.last_event == after_event and time.monotonic() < deadline:
            time.sleep(WAIT_STEP_S)
            if queries.last_event(name) != after_event:
                found = queries.progress(name)
        return progress_document(found)


def _add_commands(router: APIRouter, services: Services) -> None:
    jobs = services.jobs

    @router.post("/jobs", status_code=201)
    def submit_job(request: SubmitRequest) -> dict[str, Any]:
        """Read a job document, take its code, and begin."""
        upload = request.upload
        folder = request.folder if upload is None else str(services.uploads.folder(upload))
        reading = read_document(request, services, folder=str(folder))
        with services.submitting:
            job = jobs.submit(
                reading.spec,
                fallback_name=PurePath(request.file).stem,
                environment=request.environment,
            )
        if upload is not None:
            services.uploads.keep(upload)
        warnings = [problem_to_json(warning) for warning in reading.warnings]
        return {"job": job_summary(job), "warnings": warnings}

    @router.post("/jobs/{name}/resume")
    def resume_job(name: str, request: ResumeRequest) -> dict[str, Any]:
        """Go on with a paused or interrupted job."""
        return job_summary(jobs.resume(name, environment=request.environment))

    @router.post("/jobs/{name}/pause")
    def pause_job(name: str, request: PauseRequest) -> dict[str, Any]:
        """Start no more trials; the running ones end by themselves, or at once with `now`."""
        reason = Reason.INTERRUPTED if request.interrupted else Reason.USER
        return job_summary(jobs.pause(name, now=request.now, reason=reason))

    @router.post("/jobs/{name}/cancel")
    def cancel_job(name: str) -> dict[str, Any]:
        """End the job and its trials for good."""
        return job_summary(jobs.cancel(name))

    @router.delete("/jobs/{name}", status_code=204)
    def delete_job(name: str) -> None:
        """Remove a job that is over or paused, with everything it left."""
        root = services.queries.code_root(name)
        jobs.delete(name)
        services.uploads.release(root)


def read_document(request: SubmitRequest, services: Services, *, folder: str) -> Reading:
    """The job that a request describes. Raises InvalidInput with every problem."""
    package = request.package_path
    context = ReadContext(
        folder=folder,
        file=request.file,
        name=request.name,
        seed=request.seed,
        module_name=request.module_name,
        package_path=None if package is None else str(PurePath(folder, package)),
        job_dir=request.job_dir,
        python=request.python,
        arguments=request.arguments,
        known_algorithms=frozenset(catalog.suggester_names()),
        known_rules=frozenset(catalog.stopping_rule_names()),
        option_problems=catalog.option_problems,
        quotas=services.quotas,
        environments=services.environments,
    )
    reading = read(request.document, context=context, dialect=request.dialect)
    return reading if request.trials is None else _limited(reading, request.trials)


def _limited(reading: Reading, trials: int) -> Reading:
    """The same job with at most so many trials."""
    spec = reading.spec
    fewer = trials if spec.limits.trials is None else min(trials, spec.limits.trials)
    return replace(reading, spec=replace(spec, limits=replace(spec.limits, trials=fewer)))
