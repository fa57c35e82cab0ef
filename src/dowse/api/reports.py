"""The native way to report over HTTP: one report or many, answered once they are on the disk.

A plain route, and no thread for each request: everything that arrives while the disk is being
flushed waits together for the next flush.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dowse.api import problems
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


class Deliveries:
    """Brings results from the thread of the store's writer to the requests that wait for them.

    Those of one flush come together and wake the event loop once.
    """

    def __init__(self) -> None:
        self._arrived: deque[tuple[asyncio.Future[int], int | BaseException]] = deque()
        self._is_called = False

    def expect(self) -> tuple[asyncio.Future[int], Callable[[int | BaseException], None]]:
        """What to wait for, and what any thread calls with the result."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()

        def done(result: int | BaseException) -> None:
            self._arrived.append((future, result))
            if not self._is_called:
                self._is_called = True
                loop.call_soon_threadsafe(self._deliver)

        return future, done

    def _deliver(self) -> None:
        # First this: what comes while the others are delivered calls again.
        self._is_called = False
        while self._arrived:
            future, result = self._arrived.popleft()
            if future.cancelled():
                continue
            if isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        message = f"is no JSON: {error}"
        raise InvalidInput([Problem(path="body", message=message)]) from None
