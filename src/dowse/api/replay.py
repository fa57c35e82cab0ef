"""The route that derives the decisions of a job again."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import fields
from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute

from dowse.analysis.replay import Check
from dowse.api.bodies import JsonRoute
from dowse.api.documented import After, JobName, answer
from dowse.api.services import Services
from dowse.wire.replay import ReplayDocument, replay_to_json

PAGE_S = 15.0
"""After so many seconds a page ends: clients do not wait for ever."""


def routes(services: Services) -> list[BaseRoute]:
    """The route below /jobs/{name}."""
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)
    replaying = services.analysts.replaying
    # Trials need the cores: one job at a time is derived again.
    one_question = threading.Lock()

    @router.get("/jobs/{name}/replay", **answer(ReplayDocument))
    def get_replay(name: JobName, after: After = 0) -> dict[str, Any]:
        """Every suggestion and stop derived again from the log, beside what the log has.

        Decisions with an event above `after`; a page ends after some seconds.
        """
        until = time.monotonic() + PAGE_S
        found, following = [], None
        with one_question, contextlib.closing(replaying.checks(name, after=after)) as checks:
            for check in checks:
                found.append(_fields(check))
                if time.monotonic() > until:
                    following = check.event
                    break
        return replay_to_json(found, following=following)

    return router.routes


def _fields(check: Check) -> dict[str, Any]:
    return {
        "event": check.event,
        "trial": check.trial,
        "decision": check.decision,
        **{each.name: getattr(check.outcome, each.name) for each in fields(check.outcome)},
    }
