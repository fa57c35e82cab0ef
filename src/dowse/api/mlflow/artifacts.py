"""Files that a program logs, through the tracking address (MLflow's artifact proxy)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from dowse.service.tracking.artifacts import Artifacts
from dowse.service.tracking.runs import Caller

PIECE = 1 << 20
SAFE = {
    # What a program logged is data: no browser is to run it on this origin.
    "Content-Disposition": "attachment",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
}


def list_artifacts(artifacts: Artifacts, caller: Caller, folder: str) -> Response:
    """What lies directly below a folder; paths are relative to it."""
    found = [
        {"path": entry.path, "is_dir": True}
        if entry.size is None
        else {"path": entry.path, "is_dir": False, "file_size": entry.size}
        for entry in artifacts.entries(caller, folder)
    ]
    return JSONResponse({"files": found})


async def receive_artifact(
    request: Request, artifacts: Artifacts, caller: Caller, address: str
) -> Response:
    """The file is there once all of it has arrived, and not before."""
    async with _entered(artifacts.writing(caller, address)) as file:
        async for piece in request.stream():
            await run_in_threadpool(file.write, piece)
    return JSONResponse({})


async def send_artifact(artifacts: Artifacts, caller: Caller, address: str) -> Response:
    stack = contextlib.ExitStack()
    file = await run_in_threadpool(stack.enter_context, artifacts.reading(caller, address))

    def pieces() -> Iterator[bytes]:
        with stack:
            while piece := file.read(PIECE):
                yield piece

    size = os.fstat(file.fileno()).st_size
    headers = {**SAFE, "Content-Length": str(size)}
    return StreamingResponse(pieces(), media_type="application/octet-stream", headers=headers)


@contextlib.asynccontextmanager
async def _entered(
    manager: contextlib.AbstractContextManager[BinaryIO],
) -> AsyncIterator[BinaryIO]:
    """A blocking context, entered and left beside the event loop."""
    file = await run_in_threadpool(manager.__enter__)
    try:
        yield file
    except BaseException as error:
        await run_in_threadpool(manager.__exit__, type(error), error, error.__traceback__)
        raise
    else:
        await run_in_threadpool(manager.__exit__, None, None, None)
