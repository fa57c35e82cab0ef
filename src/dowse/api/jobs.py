"""Routes of jobs. Handlers are plain functions: the framework runs them on its threads."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from dowse import catalog
from dowse.api.accounts import bill_document
from dowse.api.bodies import JsonRoute
from dowse.api.documented import MAX_NUMBER, Filter, JobName, Limit, answer
from dowse.api.services import Services
from dowse.dialects.protocol import ReadContext, Reading
from dowse.dialects.registry import read
from dowse.dialects.resuming import learning_of
from dowse.domain.job import JobState
from dowse.domain.reasons import Reason
from dowse.runtime.absences import absences
from dowse.wire.answers import (
    JobsDocument,
    ProgressDocument,
    SubmittedDocument,
    ValidatedDocument,
)
from dowse.wire.documents import (
    JobDocument,
    JobSummary,
    job_document,
    job_summary,
    problem_to_json,
)
from dowse.wire.progress import progress_document
from dowse.wire.requests import JobPatch, PauseRequest, ResumeRequest, SubmitRequest
from dowse.wire.spec import SpecForm, spec_to_json

MAX_WAIT_S = 30.0
WAIT_STEP_S = 0.05


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs."""
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    _add_queries(router, services)
    _add_commands(router, services)
    return router.routes


def _add_queries(router: APIRouter, services: Services) -> None:
    queries = services.queries

    @router.get("/jobs", **answer(JobsDocument))
    def list_jobs(
        state: Annotated[list[JobState] | None, Query()] = None,
        name: Annotated[
            str | None, Query(description="Part of the name, in either case.", max_length=128)
        ] = None,
        filter: Filter = None,
        before: Annotated[
            int | None, Query(description="The `next` of the page before.", ge=1, le=MAX_NUMBER)
        ] = None,
        limit: Limit = None,
    ) -> dict[str, Any]:
        """Jobs without their trials, newest first: all, those of a filter, or page by page."""
        part = (name or "").casefold()
        found = [
            job
            for job in queries.jobs(states=state or ())
            if part in job.name.casefold() and (before is None or job.id < before)
        ]
        if filter is not None:
            found = services.selections.jobs(filter, found)
        page = found[:limit]
        following = page[-1].id if len(found) > len(page) else None
        return {"jobs": [job_summary(job) for job in page], "next": following}

    @router.get("/jobs/{name}", **answer(JobDocument))
    def get_job(name: JobName) -> JSONResponse:
        """A job with its trials and its best trial."""
        trials, ranked = queries.trials(name), queries.ranked(name)
        leading = queries.leading(name) if queries.spec(name).targets.is_several else None
        document = job_document(queries.job(name), trials, ranked, leading)
        return JSONResponse({**document, "cost": bill_document(services.accounts.bill(name))})

    @router.get("/jobs/{name}/spec", **answer(SpecForm))
    def get_spec(name: JobName) -> dict[str, Any]:
        """What was asked for, everything written out."""
        return spec_to_json(queries.spec(name))

    @router.get("/jobs/{name}/progress", **answer(ProgressDocument))
    def get_progress(
        name: JobName,
        after_event: Annotated[int | None, Query(ge=0, le=MAX_NUMBER)] = None,
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

    @router.post("/jobs", status_code=201, **answer(SubmittedDocument, 201))
    def submit_job(request: SubmitRequest) -> dict[str, Any]:
        """Read a job document, take its code, and begin."""
        reading = read_document(request, services, folder=folder_of(request, services))
        with services.submitting:
            job = jobs.submit(
                reading.spec,
                fallback_name=PurePath(request.file).stem,
                environment=request.environment,
            )
        if request.upload is not None:
            services.uploads.keep(request.upload)
        warnings = [problem_to_json(warning) for warning in reading.warnings]
        return {"job": job_summary(job), "warnings": warnings}

    @router.post("/validate", **answer(ValidatedDocument))
    def validate_document(request: SubmitRequest) -> dict[str, Any]:
        """Read a job document as a submission would, and create nothing."""
        reading = read_document(request, services, folder=folder_of(request, services))
        jobs.refuse_problems(reading.spec)
        warnings = [problem_to_json(warning) for warning in reading.warnings]
        return {"spec": spec_to_json(reading.spec), "warnings": warnings}

    @router.post("/jobs/{name}/resume", **answer(JobSummary))
    def resume_job(name: JobName, request: ResumeRequest) -> dict[str, Any]:
        """Go on with a paused or interrupted job."""
        return job_summary(jobs.resume(name, environment=request.environment))

    @router.post("/jobs/{name}/pause", **answer(JobSummary))
    def pause_job(name: JobName, request: PauseRequest) -> dict[str, Any]:
        """Start no more trials; the running ones end by themselves, or at once with `now`."""
        reason = Reason.INTERRUPTED if request.interrupted else Reason.USER
        return job_summary(jobs.pause(name, now=request.now, reason=reason))

    @router.post("/jobs/{name}/cancel", **answer(JobSummary))
    def cancel_job(name: JobName) -> dict[str, Any]:
        """End the job and its trials for good."""
        return job_summary(jobs.cancel(name))

    @router.patch("/jobs/{name}", **answer(JobSummary))
    def edit_job(name: JobName, request: JobPatch) -> dict[str, Any]:
        """Change limits of a job that is not over; the running trials go on."""
        return job_summary(jobs.change_limits(name, request.limits.changes()))

    @router.delete("/jobs/{name}", status_code=204)
    def delete_job(name: JobName) -> None:
        """Remove a job that is over or paused, with everything it left."""
        root = services.queries.code_root(name)
        jobs.delete(name)
        if not services.queries.is_code_root(root):
            services.uploads.release(root)


def folder_of(request: SubmitRequest, services: Services) -> str:
    """Where relative paths of the document start: here, or in the folder that was sent."""
    if request.upload is None:
        return str(request.folder)
    return str(services.uploads.folder(request.upload))


def read_document(request: SubmitRequest, services: Services, *, folder: str | None) -> Reading:
    """The job that a request describes. Raises InvalidInput with every problem."""
    package = request.package_path
    environ = os.environ if request.environment is None else request.environment
    context = ReadContext(
        folder=folder,
        file=request.file,
        name=request.name,
        seed=request.seed,
        module_name=request.module_name,
        package_path=None if package is None else str(PurePath(folder or "", package)),
        job_dir=request.job_dir,
        python=request.python,
        arguments=request.arguments,
        known_algorithms=frozenset(catalog.suggester_names()),
        known_rules=frozenset(catalog.stopping_rule_names()),
        option_problems=catalog.option_problems,
        quotas=services.quotas,
        environments=services.environments,
        previous=services.jobs.previous,
        learning=learning_of(request.learn_from),
        absences=lambda spec: absences(spec, environ),
    )
    reading = read(request.document, context=context, dialect=request.dialect)
    return reading if request.trials is None else _limited(reading, request.trials)


def _limited(reading: Reading, trials: int) -> Reading:
    """The same job with at most so many trials."""
    spec = reading.spec
    fewer = trials if spec.limits.trials is None else min(trials, spec.limits.trials)
    return replace(reading, spec=replace(spec, limits=replace(spec.limits, trials=fewer)))
