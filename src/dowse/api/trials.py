"""Routes of trials: what they are, what they measured, what they printed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.documented import MAX_NUMBER, After, Filter, JobName, Limit, TrialNumber, answer
from dowse.api.services import Services
from dowse.domain.trial import TrialState
from dowse.service.logs import MAX_LOG_BYTES
from dowse.wire.answers import (
    CommandDocument,
    EventsDocument,
    LogDocument,
    MetricsDocument,
    NotesDocument,
    TrialsDocument,
)
from dowse.wire.base import free_to_json
from dowse.wire.documents import TrialDocument, stored_measurement_to_json, trial_document
from dowse.wire.events import numbered_event_to_json
from dowse.wire.logged import LoggedDocument, logged_document
from dowse.wire.requests import TagsRequest, TrialRequest


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs/{name}."""
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    _add_trials(router, services)
    _add_what_they_left(router, services)
    _add_what_happened(router, services)
    return router.routes


def _add_trials(router: APIRouter, services: Services) -> None:
    queries = services.queries

    @router.get("/jobs/{name}/trials", **answer(TrialsDocument))
    def list_trials(
        name: JobName,
        state: Annotated[list[TrialState] | None, Query()] = None,
        filter: Filter = None,
        after: After = 0,
        limit: Limit = None,
    ) -> JSONResponse:
        """Trials of a job by number: all, those of a filter, or a page of those after one."""
        numbers = None if filter is None else services.selections.trials(name, filter)
        found = queries.page_of_trials(
            name, states=state or (), numbers=numbers, after=after, limit=limit
        )
        is_full = limit is not None and len(found) == limit
        following = found[-1].number if is_full else None
        # Straight to the answer: the framework would walk once more through all of it.
        return JSONResponse(
            {"trials": [trial_document(trial) for trial in found], "next": following}
        )

    @router.get("/jobs/{name}/trials/{number}", **answer(TrialDocument))
    def get_trial(name: JobName, number: TrialNumber) -> dict[str, Any]:
        return trial_document(queries.trial(name, number))


def _add_what_they_left(router: APIRouter, services: Services) -> None:
    queries = services.queries

    @router.get("/jobs/{name}/trials/{number}/metrics", **answer(MetricsDocument))
    def get_metrics(
        name: JobName,
        number: TrialNumber,
        metric: Annotated[list[str] | None, Query(description="Only these.")] = None,
        after: After = 0,
        attempt: Annotated[
            int | None, Query(description="An earlier attempt.", ge=1, le=MAX_NUMBER)
        ] = None,
    ) -> JSONResponse:
        """What the present attempt reported, each metric in order of arrival.

        `after` is a `seq`: only later reports are wanted.
        """
        curves = queries.metrics(name, number, metrics=metric, attempt=attempt)
        found = {
            metric: [stored_measurement_to_json(one) for one in curve if one.seq > after]
            for metric, curve in curves.items()
        }
        return JSONResponse({"metrics": found})

    @router.get("/jobs/{name}/trials/{number}/logged", **answer(LoggedDocument))
    def get_logged(name: JobName, number: TrialNumber) -> dict[str, Any]:
        """What the present attempt logged besides metrics: parameters, tags, runs, models, files.

        It comes from programs that report with MLflow or openbayestool.
        """
        files = queries.logged_files(name, number)
        return logged_document(
            queries.annotations(name, number), [(file.path, file.size or 0) for file in files]
        )

    @router.get("/jobs/{name}/trials/{number}/log", **answer(LogDocument))
    def get_log(
        name: JobName,
        number: TrialNumber,
        offset: After = 0,
        tail: Annotated[int | None, Query(ge=0, le=MAX_LOG_BYTES)] = None,
    ) -> dict[str, Any]:
        """What the program printed, from a byte on; ask again from the `offset` that comes back.

        `tail` begins so many bytes before the end instead.
        """
        data, end = queries.log(name, number, offset=offset, tail=tail)
        return {
            "path": str(queries.log_path(name, number)),
            "text": data.decode("utf-8", errors="replace"),
            "offset": end,
        }

    @router.get("/jobs/{name}/trials/{number}/command", **answer(CommandDocument))
    def get_command(name: JobName, number: TrialNumber) -> dict[str, Any]:
        """What the present attempt was started with."""
        return {"command": queries.command(name, number)}

    @router.post("/jobs/{name}/trials", status_code=201, **answer(TrialDocument, 201))
    def add_trial(name: JobName, request: TrialRequest) -> dict[str, Any]:
        """Try parameters that you choose: `like` alone runs a trial once more."""
        added = services.additions.add(name, request.parameters, like=request.like)
        return trial_document(added)

    @router.post("/jobs/{name}/trials/{number}/stop", **answer(TrialDocument))
    def stop_trial(name: JobName, number: TrialNumber) -> dict[str, Any]:
        """End one trial; its last value counts, and the job goes on."""
        return trial_document(services.jobs.stop_trial(name, number))

    @router.post("/jobs/{name}/trials/{number}/tags", **answer(TrialDocument))
    def tag_trial(name: JobName, number: TrialNumber, request: TagsRequest) -> dict[str, Any]:
        """Mark a trial for people and filters; `star` is what the console shows as a star."""
        found = services.jobs.tag(name, number, add=request.add, remove=request.remove)
        return trial_document(found)


def _add_what_happened(router: APIRouter, services: Services) -> None:
    queries = services.queries

    @router.get("/jobs/{name}/events", **answer(EventsDocument))
    def list_events(
        name: JobName,
        after: After = 0,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
        trial: Annotated[
            int | None, Query(description="Only what speaks of this trial.", ge=1, le=MAX_NUMBER)
        ] = None,
    ) -> dict[str, Any]:
        """Everything that happened, by number: also why a trial was suggested and ended."""
        found = queries.events(name, after=after, limit=limit, trial=trial)
        return {"events": [numbered_event_to_json(*numbered) for numbered in found]}

    @router.get("/jobs/{name}/notes", **answer(NotesDocument))
    def list_notes(
        name: JobName,
        after: After = 0,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    ) -> dict[str, Any]:
        """What the suggester noted, which with the events derives its suggestions again."""
        found = queries.notes(name, after=after, limit=limit)
        notes = [{"event": event, "note": free_to_json(note)} for event, note in found]
        return {"notes": notes, "next": found[-1][0] if len(found) == limit else None}
