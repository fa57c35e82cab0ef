"""Routes of very many trials at once: tables and charts are drawn from their answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response
from starlette.routing import BaseRoute

from dowse.api.compression import AcceptEncoding, json_response
from dowse.api.documented import JobName, answer
from dowse.api.services import Services
from dowse.wire.columns import ColumnsDocument, columns_document


def routes(services: Services) -> list[BaseRoute]:
    """The routes below /jobs/{name}. They stand before that of a single trial."""
    router = APIRouter(prefix="/api/v1")
    sheets = services.sheets

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
        return json_response(columns_document(sheets.sheet(name, since=since)), accept_encoding)

    return router.routes
