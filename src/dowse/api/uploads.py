"""Program folders from other machines: sent as one archive, then named by a submission."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.documented import answer
from dowse.api.services import Services
from dowse.service.uploads import Uploads
from dowse.wire.answers import UploadDocument

PATH = "/api/v1/uploads"
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("application/x-tar", "application/gzip", "application/zip")
        },
    }
}


def routes(services: Services) -> list[BaseRoute]:
    router = APIRouter(route_class=JsonRoute)
    uploads: Uploads = services.uploads

    @router.post(PATH, status_code=201, openapi_extra=BODY, **answer(UploadDocument, 201))
    async def upload_code(request: Request) -> dict[str, Any]:
        """Send a program's folder as tar, tar.gz or zip; `upload` of a submission names it."""
        archive = uploads.new_archive()
        try:
            with archive.open("xb") as file:
                async for piece in request.stream():
                    await run_in_threadpool(file.write, piece)
        except BaseException:
            archive.unlink(missing_ok=True)
            raise
        found = await run_in_threadpool(uploads.unpack, archive)
        return {"id": found.id, "files": found.files}

    return router.routes
