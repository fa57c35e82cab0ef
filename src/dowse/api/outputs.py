"""Routes of what trials leave behind: which files there are, and their contents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import Annotated, Any, BinaryIO
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from starlette.routing import BaseRoute

from dowse.api.archives import zipped
from dowse.api.bodies import JsonRoute
from dowse.api.documented import JobName, TrialNumber, answer
from dowse.api.services import Services
from dowse.service.outputs import OutputFile
from dowse.wire.outputs import OutputsDocument

PIECE_BYTES = 1 << 20
# What a training program wrote is data to be saved, never a page of this server.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "no-store",
}

FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}
}

ARCHIVE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string"}}}}
}


def routes(services: Services) -> list[BaseRoute]:
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    outputs = services.outputs

    @router.get("/jobs/{name}/trials/{number}/outputs", **answer(OutputsDocument))
    def list_outputs(name: JobName, number: TrialNumber) -> dict[str, Any]:
        """The files of a trial: named outputs, and its artifacts, whose `output` is null."""
        return OutputsDocument.model_validate(outputs.listing(name, number)).to_json()

    @router.get(
        "/jobs/{name}/trials/{number}/outputs/file",
        response_class=StreamingResponse,
        responses=FILE,
    )
    def get_output_file(
        name: JobName,
        number: TrialNumber,
        path: str,
        output: str | None = None,
        limit: Annotated[
            int | None, Query(description="Only so many bytes, for a preview.", ge=1)
        ] = None,
    ) -> StreamingResponse:
        """The content of one of these files."""
        stack = ExitStack()
        file = stack.enter_context(outputs.reading(name, number, path, output=output))
        saved_as = quote(path.rpartition("/")[2], safe="")
        return StreamingResponse(
            _pieces(file, stack, limit),
            media_type="application/octet-stream",
            headers={**HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{saved_as}"},
        )

    @router.get(
        "/jobs/{name}/trials/{number}/outputs/archive",
        response_class=StreamingResponse,
        responses=ARCHIVE,
    )
    def get_output_archive(name: JobName, number: TrialNumber) -> StreamingResponse:
        """All these files as one zip archive; named outputs lie in folders of their names."""
        files = (
            (_archived(one), partial(outputs.reading, name, number, one.path, output=one.output))
            for one in outputs.listing(name, number).files
        )
        saved_as = quote(f"{name}-{number}.zip", safe="")
        return StreamingResponse(
            zipped(files),
            media_type="application/zip",
            headers={**HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{saved_as}"},
        )

    return list(router.routes)


def _archived(file: OutputFile) -> str:
    return file.path if file.output is None else f"named-outputs/{file.output}/{file.path}"


def _pieces(file: BinaryIO, stack: ExitStack, limit: int | None) -> Iterator[bytes]:
    left = limit
    with stack:
        while piece := file.read(PIECE_BYTES if left is None else min(left, PIECE_BYTES)):
            left = None if left is None else left - len(piece)
            yield piece
