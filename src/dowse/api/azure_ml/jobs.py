"""Sweep jobs of a workspace. Subscriptions, groups and workspaces are names only."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Response
from starlette.routing import BaseRoute

from dowse import catalog
from dowse.api.bodies import JsonRoute
from dowse.api.services import Services
from dowse.dialects.azure_ml.rest import rest_properties
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read
from dowse.dialects.status import job_status
from dowse.domain.job import Job
from dowse.domain.spec import JobSpec
from dowse.errors import InvalidInput, NotFound, Problem
from dowse.wire.azure_jobs import JobResource, SystemData, timestamp

DIALECT = "azure_ml"
PREFIX = (
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/"
    "Microsoft.MachineLearningServices/workspaces/{workspace}"
)
CODE_TAG = "dowse.code"
"""A tag that names the folder of the code on the server: code cannot be uploaded over http."""
BEST = "best_child_run_id"
PAGE_SIZE = 50
_CHILD = re.compile(r"(.+)_(\d+)\Z")

Document = dict[str, Any]


def routes(services: Services) -> list[BaseRoute]:
    router = APIRouter(prefix=PREFIX, include_in_schema=False, route_class=JsonRoute)
    _add_queries(router, services)
    _add_commands(router, services)
    return router.routes


def _add_queries(router: APIRouter, services: Services) -> None:
    @router.get("/jobs")
    def list_jobs(
        subscription: str,
        group: str,
        workspace: str,
        skip: Annotated[int, Query(alias="$skip", ge=0)] = 0,
        view: Annotated[str, Query(alias="listViewType")] = "ActiveOnly",
    ) -> Document:
        """Newest first. No job is archived here, so a list of those is empty."""
        base = _workspace(subscription, group, workspace)
        queries = services.queries
        jobs = [] if view.lower() == "archivedonly" else list(queries.jobs())
        found = [(job, spec) for job in jobs if not (spec := queries.spec_of(job)).is_external]
        page = [
            _resource(services, job, spec, base) for job, spec in found[skip : skip + PAGE_SIZE]
        ]
        answer: Document = {"value": page}
        if len(found) > skip + PAGE_SIZE:
            answer["nextLink"] = (
                f"{services.url}{base}/jobs?$skip={skip + PAGE_SIZE}&listViewType={view}"
            )
        return answer

    @router.get("/jobs/{name}")
    def get_job(subscription: str, group: str, workspace: str, name: str) -> Document:
        base = _workspace(subscription, group, workspace)
        try:
            job = services.queries.job(name)
        except NotFound:
            _refuse_child(services, name)
            raise
        return _resource(services, job, services.queries.spec_of(job), base)


def _add_commands(router: APIRouter, services: Services) -> None:
    @router.put("/jobs/{name}", status_code=201)
    def create_job(
        subscription: str,
        group: str,
        workspace: str,
        name: str,
        body: Annotated[Document | None, Body()] = None,
    ) -> Document:
        base = _workspace(subscription, group, workspace)
        document, folder = _without_code_tag(_object(body))
        reading = read(document, context=_context(services, name, folder), dialect=DIALECT)
        with services.submitting:
            job = services.jobs.submit(reading.spec, fallback_name=name)
        return _resource(services, job, services.queries.spec_of(job), base)

    @router.post("/jobs/{name}/cancel", status_code=202)
    def cancel_job(subscription: str, group: str, workspace: str, name: str) -> Response:
        """A job that is over already is left as it is, as the service does."""
        job = services.queries.job(name)
        if not job.state.is_final:
            services.jobs.cancel(name)
        return Response(status_code=200)


def _workspace(subscription: str, group: str, workspace: str) -> str:
    return PREFIX.format(subscription=subscription, group=group, workspace=workspace)


def _object(body: Document | None) -> Document:
    if not isinstance((body or {}).get("properties"), dict):
        message = "must hold the properties of a sweep job"
        raise InvalidInput([Problem(path="properties", message=message)])
    assert body is not None
    return body


def _without_code_tag(body: Document) -> tuple[Document, str | None]:
    """The folder is said in a tag, which is then none of the job's."""
    tags = body["properties"].get("tags")
    if not isinstance(tags, dict) or CODE_TAG not in tags:
        return body, None
    folder = tags[CODE_TAG]
    if not isinstance(folder, str) or not folder.startswith("/"):
        message = f"must be the absolute path of a folder of the server, got {folder!r:.200}"
        raise InvalidInput([Problem(path=f"properties.tags.{CODE_TAG}", message=message)])
    others = {key: text for key, text in tags.items() if key != CODE_TAG}
    return {**body, "properties": {**body["properties"], "tags": others}}, folder


def _context(services: Services, name: str, folder: str | None) -> ReadContext:
    return ReadContext(
        folder=folder,
        file="<request>",
        name=name,
        known_algorithms=frozenset(catalog.suggester_names()),
        known_rules=frozenset(catalog.stopping_rule_names()),
        option_problems=catalog.option_problems,
        environments=services.environments,
    )


def _resource(services: Services, job: Job, spec: JobSpec, base: str) -> Document:
    best = services.queries.progress(job.name).best
    own = {} if best is None else {BEST: f"{job.name}_{best.number}"}
    properties = rest_properties(spec, workspace=base)
    properties |= {
        "status": job_status(DIALECT, job.state, job.reason).name,
        "properties": own,
        "services": {
            "Studio": {
                "jobServiceType": "Studio",
                "endpoint": f"{services.url}/jobs/{job.name}",
            }
        },
    }
    return JobResource(
        id=f"{base}/jobs/{job.name}",
        name=job.name,
        properties=properties,
        system_data=SystemData(created_at=timestamp(job.created_at)),
    ).to_json()


def _refuse_child(services: Services, name: str) -> None:
    """Trials are asked for by `jobs.download`, which would go on to a storage that is not here."""
    found = _CHILD.match(name)
    if found is None:
        return
    try:
        services.queries.trial(found[1], int(found[2]))
    except NotFound:
        return
    raise HTTPException(501, how_to_download(found[1], int(found[2])))


def how_to_download(job: str, trial: int) -> str:
    return (
        f"trial {trial} of {job} is no job here, and Azure's storage is not served; its outputs "
        f"come with: dowse download {job} --trial {trial}, or in Python: "
        f"dowse.connect(url).job({job!r}).download(trial={trial})"
    )
