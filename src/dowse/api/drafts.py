"""Routes of documents that are no jobs yet: for editors, and for a look before the leap."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.documented import JobName, answer
from dowse.api.jobs import folder_of, read_document
from dowse.api.services import Services
from dowse.dialects.lenient import read_leniently
from dowse.dialects.protocol import Reading
from dowse.dialects.registry import DIALECTS
from dowse.dialects.rendering import render
from dowse.dialects.starters import USUAL_NAMES, starter
from dowse.domain import feasibility
from dowse.domain.spec import JobSpec
from dowse.errors import InvalidInput, Problem, Severity
from dowse.runtime.checks import problems
from dowse.runtime.launch import command_line
from dowse.service.jobs import check_name
from dowse.service.previews import Preview, warnings_of
from dowse.wire.base import free_to_json
from dowse.wire.documents import problem_to_json
from dowse.wire.drafts import (
    DraftDocument,
    DraftRequest,
    PreviewDocument,
    RenderedDocument,
    StartersDocument,
)
from dowse.wire.requests import SubmitRequest
from dowse.wire.spec import spec_to_json

SCHEMA: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/schema+json": {"schema": {"type": "object"}}}}
}


class SchemaResponse(JSONResponse):
    media_type = "application/schema+json"


def routes(services: Services) -> list[BaseRoute]:
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    schema = json.loads(files("dowse.dialects.native").joinpath("schema.json").read_text("utf-8"))

    @router.post("/check", **answer(DraftDocument))
    def check_draft(request: DraftRequest) -> dict[str, Any]:
        """What is wrong with a document that somebody writes; the answer is 200 either way.

        Unlike `/validate` it needs no folder, and a Google configuration no module.
        """
        try:
            reading, needs = _leniently(request, services)
        except InvalidInput as error:
            found = [problem_to_json(problem) for problem in error.problems]
            return {"valid": False, "problems": found}
        return _draft(reading, needs, errors=_errors(reading.spec, services))

    @router.post("/preview", **answer(PreviewDocument))
    def preview_document(request: SubmitRequest) -> dict[str, Any]:
        """The first trials of a document with their exact commands; nothing is created."""
        reading = read_document(request, services, folder=folder_of(request, services))
        services.jobs.refuse_problems(reading.spec)
        name = reading.spec.name or "job"
        check_name(name)
        lineage = services.jobs.lineage(reading.spec, fallback_name=PurePath(request.file).stem)
        previews = services.previews.first_trials(reading.spec, name, lineage)
        of_directory = (
            Problem(path="job_dir", message=text, severity=Severity.WARNING)
            for text in warnings_of(previews)
        )
        return {
            "dialect": reading.spec.dialect,
            "warnings": [problem_to_json(one) for one in (*reading.warnings, *of_directory)],
            "trials": [_previewed(preview) for preview in previews],
        }

    @router.get("/schema", responses=SCHEMA, response_class=SchemaResponse)
    def get_schema() -> SchemaResponse:
        """The JSON Schema of a native document: for completion, and for help beside its fields."""
        return SchemaResponse(schema)

    @router.get("/starters", **answer(StartersDocument))
    def list_starters() -> dict[str, Any]:
        """A commented document of each dialect, to start from."""
        return {
            "starters": [
                {
                    "dialect": name,
                    "title": dialect.title,
                    "file": USUAL_NAMES[name],
                    "document": starter(name),
                }
                for name, dialect in DIALECTS.items()
            ]
        }

    _add_rendered(router, services)
    return router.routes


def _add_rendered(router: APIRouter, services: Services) -> None:
    @router.get("/jobs/{name}/document", **answer(RenderedDocument))
    def render_job(
        name: JobName,
        dialect: Annotated[
            str, Query(description="native, ai_platform, openbayes or azure_ml.", max_length=40)
        ] = "native",
    ) -> dict[str, Any]:
        """A job as a document of any dialect, and what that form cannot say."""
        rendering = render(services.queries.spec(name), dialect)
        return {
            "dialect": rendering.dialect,
            "file": USUAL_NAMES[rendering.dialect],
            "document": rendering.text,
            "unsaid": list(rendering.unsaid),
        }


def _leniently(request: DraftRequest, services: Services) -> tuple[Reading, str | None]:
    folder = None
    if request.folder is not None or request.upload is not None:
        folder = folder_of(request, services)

    def read(module: str | None) -> Reading:
        given = request if module is None else request.model_copy(update={"module_name": module})
        return read_document(given, services, folder=folder)

    return read_leniently(read)


def _errors(spec: JobSpec, services: Services) -> tuple[Problem, ...]:
    try:
        services.jobs.refuse_problems(spec)
    except InvalidInput as error:
        return error.problems
    return ()


def _draft(reading: Reading, needs: str | None, *, errors: tuple[Problem, ...]) -> dict[str, Any]:
    spec = reading.spec
    advice = (problem for problem in problems(spec) if problem.severity is Severity.WARNING)
    found = dict.fromkeys((*errors, *reading.warnings, *advice))
    return {
        "valid": not errors,
        "problems": [problem_to_json(problem) for problem in found],
        "dialect": spec.dialect,
        "title": DIALECTS[spec.dialect].title,
        "needs": needs,
        "space": feasibility.analyse(spec.space).message,
        "spec": spec_to_json(spec),
    }


def _previewed(preview: Preview) -> dict[str, Any]:
    launch = preview.plan.launch
    return {
        "number": preview.trial.number,
        "parameters": dict(preview.trial.parameters),
        "why": free_to_json(preview.trial.why),
        "command": command_line(launch),
        "working_directory": str(launch.working_directory),
        "environment": dict(preview.added),
    }
