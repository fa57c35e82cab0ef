"""Routes of very many trials at once: tables and charts are drawn from their answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.compression import AcceptEncoding, KeptAnswers, json_response
from dowse.api.documented import JobName, answer
from dowse.api.services import Services
from dowse.wire.columns import ColumnsDocument, columns_document
from dowse.wire.curves import CurvesDocument, curves_document

MAX_KEPT_BYTES = 64_000_000
"""Some ten jobs of 50,000 trials."""


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs/{name}. They stand before that of a single trial."""
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    sheets = services.sheets
    kept = KeptAnswers(max_bytes=MAX_KEPT_BYTES)

    @router.get("/jobs/{name}/trials/columns", **answer(ColumnsDocument))
    def get_columns(
        name: JobName,
        since: Annotated[
            str | None, Query(description="The `cursor` of an earlier answer.", max_length=40)
        ] = None,
        accept_encoding: AcceptEncoding = None,
    ) -> Response:
        """All trials as columns; with `since`, those that changed, and those that run.

        Ask again with the `cursor` that comes back.
        """
        version = sheets.version(name) if since is None else None
        if version is None:
            return json_response(columns_document(sheets.sheet(name, since=since)), accept_encoding)
        return kept.response(version, lambda: columns_document(sheets.sheet(name)), accept_encoding)

    @router.get("/jobs/{name}/curves", **answer(CurvesDocument))
    def get_curves(
        name: JobName,
        metric: Annotated[
            str | None, Query(description="By default the objective.", min_length=1)
        ] = None,
        trials: Annotated[
            str | None,
            Query(description="Numbers and ranges, as in 1,4,10-20; all without it."),
        ] = None,
        points: Annotated[int, Query(description="At most so many each.", ge=5, le=10_000)] = 500,
        accept_encoding: AcceptEncoding = None,
    ) -> Response:
        """The curves of up to 2,000 trials at once, the long ones thinned out."""
        chosen, curves = sheets.curves(name, metric=metric, trials=trials, points=points)
        return json_response(curves_document(chosen, curves), accept_encoding)

    return router.routes
