"""The address that openbayestool reports to.

The library has a time limit of five seconds, repeats nothing and only warns when it is refused.
"""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dowse.api.bodies import read_json
from dowse.api.edges import Access, Edge, Failure
from dowse.api.security.callers import TrialCaller, trial_of
from dowse.api.services import Services
from dowse.errors import InvalidInput
from dowse.runtime.reporting import OPENBAYES_PATH
from dowse.wire import openbayes

SOURCE = "openbayes"


def render(failure: Failure) -> Response:
    body = openbayes.problem_body(failure.detail)
    return JSONResponse(body, status_code=failure.status, headers=dict(failure.headers))


EDGE = Edge(prefixes=(OPENBAYES_PATH,), render=render, access=Access.TRIALS)


def routes(services: Services) -> list[BaseRoute]:
    reports = services.tracking.reports

    def keep(speaker: TrialCaller, document: Any) -> None:
        update = openbayes.read_update(document)
        reports.record(
            speaker.job_id,
            speaker.attempt,
            openbayes.measurements_of(update, now=reports.now()),
            source=SOURCE,
            annotations=openbayes.annotations_of(update),
        )

    def drop(speaker: TrialCaller, metric: str) -> None:
        reports.clear(speaker.job_id, speaker.attempt, metric, source=SOURCE)

    async def update(request: Request) -> Response:
        """Append metrics, set parameters."""
        speaker = trial_of(request)
        try:
            document = read_json(await request.body())
        except ValueError as error:
            raise InvalidInput(f"the body is no JSON: {error}") from None
        await run_in_threadpool(keep, speaker, document)
        return JSONResponse({})

    async def clear(request: Request) -> Response:
        """Forget a metric."""
        speaker = trial_of(request)
        await run_in_threadpool(drop, speaker, request.path_params["metric"])
        return JSONResponse({})

    return [
        Route(OPENBAYES_PATH, update, methods=["PUT"]),
        Route(f"{OPENBAYES_PATH}/metrics/{{metric:path}}", clear, methods=["DELETE"]),
    ]
