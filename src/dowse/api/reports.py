"""The native way to report over HTTP: one report or many, answered once they are on the disk.

A plain route, and no thread for each request: everything that arrives while the disk is being
flushed waits together for the next flush.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dowse.api import problems
from dowse.api.bodies import read_json
from dowse.api.deliveries import Deliveries
from dowse.api.edges import Access, Edge
from dowse.api.security.callers import trial_of
from dowse.api.services import Services
from dowse.errors import InvalidInput, Problem
from dowse.wire.reports import ANSWER_SCHEMA, EXAMPLE, SCHEMA, read_reports

PATH = "/api/v1/report"
SOURCE = "http"
EDGE = Edge(prefixes=(PATH,), render=problems.native, access=Access.TRIALS)
DOCUMENTATION: dict[str, Any] = {
    "post": {
        "operationId": "report",
        "summary": "Report",
        "description": "What a trial measured: one report, or a batch of which all counts or "
        "nothing. The trial is the one whose token comes with it (`DOWSE_TRIAL_TOKEN`).",
        "tags": ["trials"],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": SCHEMA, "example": EXAMPLE}},
        },
        "responses": {
            "200": {
                "description": "On the disk.",
                "content": {
                    "application/json": {
                        "schema": ANSWER_SCHEMA,
                        "example": {"new": 2, "stop": False},
                    }
                },
            }
        },
    }
}


def routes(services: Services) -> list[BaseRoute]:
    reports = services.tracking.reports
    deliveries = Deliveries()

    async def report(request: Request) -> Response:
        speaker = trial_of(request)
        measurements = read_reports(_json(await request.body()), now=reports.now())
        stored, done = deliveries.expect()
        reports.record_soon(speaker.job_id, speaker.attempt, measurements, source=SOURCE, done=done)
        new = await stored
        stop = "true" if services.queries.is_asked_to_stop(speaker.attempt) else "false"
        return Response(f'{{"new":{new},"stop":{stop}}}', media_type="application/json")

    return [Route(PATH, report, methods=["POST"])]


def _json(body: bytes) -> Any:
    try:
        return read_json(body)
    except (ValueError, RecursionError) as error:
        message = f"is no JSON: {error}"
        raise InvalidInput([Problem(path="body", message=message)]) from None
