"""What happens, as it happens: server-sent events, for one job or for all.

Each message carries its event as JSON and an id; a client that lost its connection sends the last
id as `Last-Event-ID` (browsers do so by themselves) and goes on right after it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.routing import BaseRoute

from dowse.api.bodies import JsonRoute
from dowse.api.documented import After, JobName
from dowse.api.services import Services
from dowse.errors import Unavailable
from dowse.service.feeds import Happening, JobFeed, StoreFeed
from dowse.service.watches import Bulletin, Watch
from dowse.wire.columns import columns_document
from dowse.wire.documents import job_summary, stored_measurement_to_json
from dowse.wire.events import event_to_json

POLL_S = 0.25
HEARTBEAT_S = 15.0
"""Silence this long makes proxies close a connection; a heartbeat goes in between."""
COMMENT = ": still here\n\n"
HERE = "event: here\ndata: {}\n\n"
"""A heartbeat that programs of a page can hear: browsers keep comments from them."""
RETRY_MS = 1000

LastEventId = Annotated[
    str | None, Header(alias="Last-Event-ID", description="The id of the last message received.")
]
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A stream without end. Messages are `event` (an event of a job), `report` "
        "(the last report of a trial's objective) and `deleted`.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'id: 3\nevent: event\ndata: {"job":"tune","number":3,"time":1795196104.9'
                ',"event":{"kind":"noted","message":"…","trial":null}}\n\n',
            }
        },
    }
}

CHANGES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A stream without end. Messages are `resync` (read `job` anew; everything "
        "where it is null), `jobs` (those that changed, each as in a list of jobs and its "
        "`last_event`), `trials` (columns of the trials of one job that changed, to be put in the "
        "place of those of the same numbers), `deleted`, and `here` after a long silence.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'event: jobs\ndata: {"jobs":[{"name":"tune","state":"running",…,'
                '"last_event":9}]}\n\nid: 3~3:9\nevent: trials\ndata: {"job":"tune","full":false,'
                '"cursor":"3.9","number":[4],"state":{"labels":["queued","running",…],"codes":[1]}'
                ",…}\n\n",
            }
        },
    }
}


class Streams:
    """Counts the open streams: each holds a connection and looks at the store."""

    def __init__(self, *, limit: int, is_leaving: Callable[[], bool]) -> None:
        self._limit = limit
        self._is_leaving = is_leaving
        self._open = 0

    def begin(
        self, poll: Callable[[], tuple[list[str], bool]], *, heartbeat: str = COMMENT
    ) -> StreamingResponse:
        """Send what `poll` finds; it also says whether that was all there will ever be.

        `heartbeat` breaks long silences. Raises Unavailable past the limit.
        """
        if self._open >= self._limit:
            raise Unavailable(
                f"{self._open} streams are open, as many as there may be (max_streams); "
                "close one or try again later"
            )
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self._messages(poll, heartbeat), media_type="text/event-stream", headers=headers
        )

    async def _messages(
        self, poll: Callable[[], tuple[list[str], bool]], heartbeat: str
    ) -> AsyncIterator[str]:
        self._open += 1  # Here, because a stream that never starts never ends either.
        try:
            yield f"retry: {RETRY_MS}\n\n"
            last = time.monotonic()
            is_over = False
            while not is_over and not self._is_leaving():
                messages, is_over = await run_in_threadpool(poll)
                if messages:
                    last = time.monotonic()
                    yield "".join(messages)
                elif time.monotonic() - last >= HEARTBEAT_S:
                    last = time.monotonic()
                    yield heartbeat
                if not is_over:
                    await asyncio.sleep(POLL_S)
        finally:
            self._open -= 1


def routes(services: Services) -> list[BaseRoute]:
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    streams = Streams(limit=services.max_streams, is_leaving=services.is_leaving)

    @router.get("/events", responses=STREAM, response_class=StreamingResponse)
    def stream_events(last_event_id: LastEventId = None) -> StreamingResponse:
        """The events of all jobs as they happen, from now on or after the last one received."""
        feed = StoreFeed(services.store, cursor=last_event_id or None)
        return streams.begin(lambda: ([_event(found) for found in feed.poll()], False))

    @router.get("/jobs/{name}/events/stream", responses=STREAM, response_class=StreamingResponse)
    def stream_job_events(
        name: JobName, after: After = 0, last_event_id: LastEventId = None
    ) -> StreamingResponse:
        """All events of one job and then each as it happens, and what its trials report."""
        job = services.queries.job(name)
        metric = services.queries.spec(name).objective.metric
        feed = JobFeed(services.store, job.id, name, cursor=last_event_id or str(after))

        def poll() -> tuple[list[str], bool]:
            found = [_event(one) for one in feed.poll()]
            for ref, one in feed.reports(metric):
                place = {"job": name, "trial": ref.trial, "attempt": ref.attempt}
                found.append(_message("report", {**place, **stored_measurement_to_json(one)}))
            return found, feed.is_over

        return streams.begin(poll)

    @router.get("/changes", responses=CHANGES, response_class=StreamingResponse)
    def stream_changes(
        job: Annotated[
            list[str] | None, Query(description="Tell the trials of these jobs.", max_length=20)
        ] = None,
        last_event_id: LastEventId = None,
    ) -> StreamingResponse:
        """What live pages show: which jobs changed, and the new columns of some jobs' trials.

        At most four messages a second of each kind and job, whatever happens meanwhile. Read what
        is shown (`/jobs`, `/trials/columns`) when `resync` asks for it, as it does at first.
        """
        watch = Watch(
            services.store, services.sheets, follow=job or (), cursor=last_event_id or None
        )
        return streams.begin(lambda: (_bulletin(watch.look()), False), heartbeat=HERE)

    return router.routes


def _bulletin(found: Bulletin) -> list[str]:
    messages: list[tuple[str, object]] = []
    messages.extend(("resync", {"job": name}) for name in found.resync)
    messages.extend(("deleted", {"job": name}) for name in found.deleted)
    if found.jobs:
        jobs = [{**job_summary(job), "last_event": last} for job, last in found.jobs]
        messages.append(("jobs", {"jobs": jobs}))
    messages.extend(("trials", columns_document(sheet)) for sheet in found.sheets)
    # Only the last one may say that all before it has arrived.
    return [
        _message(kind, document, found.cursor if place == len(messages) else None)
        for place, (kind, document) in enumerate(messages, start=1)
    ]


def _event(found: Happening) -> str:
    if found.event is None:
        return _message("deleted", {"job": found.job}, found.cursor)
    document = {
        "job": found.job,
        "number": found.number,
        "time": found.time,
        "event": event_to_json(found.event),
    }
    return _message("event", document, found.cursor)


def _message(kind: str, document: object, cursor: str | None = None) -> str:
    """One message. JSON of one line, so that no text can pretend to be another message."""
    text = json.dumps(document, allow_nan=False, separators=(",", ":"))
    head = "" if cursor is None else f"id: {cursor}\n"
    return f"{head}event: {kind}\ndata: {text}\n\n"
