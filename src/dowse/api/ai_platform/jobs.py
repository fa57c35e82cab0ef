"""ml.v1 training jobs: `/v1/projects/*/jobs`. Projects are names only: all have the same jobs."""

from __future__ import annotations

import threading
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Response
from starlette.routing import BaseRoute

from dowse import catalog
from dowse.api.ai_platform.errors import naming
from dowse.api.ai_platform.job_answers import JobAnswers
from dowse.api.ai_platform.job_resource import DIALECT, etag_of, labels_of, state_of
from dowse.api.ai_platform.listing import page_of, parse_filter
from dowse.api.bodies import JsonRoute
from dowse.api.services import Services
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read
from dowse.domain.job import Job
from dowse.domain.spec import JobSpec
from dowse.errors import Conflict, InvalidInput, Problem
from dowse.wire import google_base
from dowse.wire.google_jobs import JobPatchForm, ListJobsForm

FILTERED = ("jobId", "state", "createTime", "startTime", "endTime")
MASKED = ("labels", "etag")

Document = dict[str, Any]
JsonBody = Annotated[Document | None, Body()]


def routes(services: Services) -> list[BaseRoute]:
    router = APIRouter(
        prefix="/v1/projects/{project}/jobs", include_in_schema=False, route_class=JsonRoute
    )
    answers = JobAnswers(services.queries, services.accounts)
    # Before what would take `name:verb` for a name.
    _add_verbs(router, services, answers)
    _add_queries(router, services, answers)
    _add_commands(router, services, answers)
    return router.routes


def _add_verbs(router: APIRouter, services: Services, answers: JobAnswers) -> None:
    @router.post("/{name}:cancel")
    def cancel_job(project: str, name: str) -> Document:
        """Ends the job; one that is being cancelled already is left to it."""
        answers.job(name)
        services.jobs.cancel(name)
        return {}

    @router.get("/{name}:{verb}")
    @router.post("/{name}:{verb}")
    def no_such_verb(project: str, name: str, verb: str) -> Document:
        raise HTTPException(
            501, f"jobs have no {verb} here: whoever holds the server's token may do everything"
        )


def _add_queries(router: APIRouter, services: Services, answers: JobAnswers) -> None:
    @router.get("")
    def list_jobs(
        project: str,
        expression: Annotated[str, Query(alias="filter")] = "",
        size: Annotated[int | None, Query(alias="pageSize")] = None,
        token: Annotated[str | None, Query(alias="pageToken")] = None,
    ) -> Response:
        """Newest first."""
        queries = services.queries
        terms = parse_filter(expression, FILTERED)
        found = []
        for job in queries.jobs():
            spec = queries.spec_of(job)
            if spec.is_external:
                continue
            facts = _facts(services, job, spec) if terms else {}
            if all(term.fits(facts) for term in terms):
                found.append(job)
        page, following = page_of(
            found, lambda job: job.id, size=size, token=token, question=expression
        )
        forms = (answers.form(job, queries.spec_of(job)) for job in page)
        listed = ListJobsForm(jobs=tuple(forms) or None, next_page_token=following)
        return _answer(listed.to_text())

    @router.get("/{name}")
    def get_job(project: str, name: str) -> Response:
        return _answer(answers.text(name))


def _add_commands(router: APIRouter, services: Services, answers: JobAnswers) -> None:
    one_patch = threading.Lock()

    @router.post("")
    def create_job(project: str, body: JsonBody = None) -> Response:
        """The code comes as packages, for no folder comes with a request."""
        document = _object(body)
        reading = read(document, context=_context(services), dialect=DIALECT)
        if reading.spec.name is None:
            message = "is missing; give the name of the job"
            raise InvalidInput([Problem(path="jobId", message=message)])
        with services.submitting, naming("jobId", reading.spec.name):
            services.jobs.submit(reading.spec, fallback_name=reading.spec.name)
        return _answer(answers.text(reading.spec.name))

    @router.patch("/{name}")
    def patch_job(
        project: str,
        name: str,
        body: JsonBody = None,
        mask: Annotated[str, Query(alias="updateMask")] = "",
    ) -> Response:
        """Replaces the labels; with `etag` in the mask only where nobody else has."""
        paths = [path.strip() for path in mask.split(",") if path.strip()]
        if "labels" not in paths or set(paths) - set(MASKED):
            message = f"must be labels, or labels,etag; nothing else can change, got {mask!r}"
            raise InvalidInput([Problem(path="updateMask", message=message)])
        # A client that read the job sends all of it back.
        given = {key: value for key, value in _object(body).items() if key in MASKED}
        patch = google_base.read(JobPatchForm, given)
        with one_patch:
            job, spec = answers.job(name)
            if "etag" in paths and patch.etag != etag_of(labels_of(job, spec)):
                raise Conflict(f"job {name} was changed since etag {patch.etag!r}; get it again")
            services.jobs.set_labels(name, patch.labels or {})
        return _answer(answers.text(name))


def _context(services: Services) -> ReadContext:
    return ReadContext(
        folder=None,
        file="<request>",
        known_algorithms=frozenset(catalog.suggester_names()),
        known_rules=frozenset(catalog.stopping_rule_names()),
        option_problems=catalog.option_problems,
        environments=services.environments,
        previous=services.jobs.previous,
    )


def _object(body: Document | None) -> Document:
    if body is None:
        raise InvalidInput("the body must be a Job as JSON, got nothing")
    return body


def _answer(text: str) -> Response:
    """A text as it is: the framework would walk through all of a document once more."""
    return Response(text, media_type="application/json")


def _facts(services: Services, job: Job, spec: JobSpec) -> dict[str, str]:
    """What a filter compares."""
    begun = not spec.launch.needs_preparation or bool(services.queries.trials(job.name))
    times = {"createTime": job.created_at, "startTime": job.started_at, "endTime": job.ended_at}
    return {
        "jobId": job.name,
        "state": state_of(job, spec, begun=begun),
        **{key: google_base.timestamp(at) for key, at in times.items() if at is not None},
        **{f"labels.{key}": text for key, text in labels_of(job, spec).items()},
    }
