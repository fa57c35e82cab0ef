"""Who is asking. A route reads it from its request; the gate has seen to it that it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import Request

from dowse.domain.trial import AttemptRef
from dowse.errors import Refused


@dataclass(frozen=True, slots=True)
class Owner:
    """The person whose data this is: may do everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCaller:
    """A training program: may report for this attempt, and nothing else."""

    job_id: int
    attempt: AttemptRef


Caller: TypeAlias = Owner | TrialCaller


def caller_of(request: Request) -> Caller | None:
    """None only where everybody may come."""
    caller: Caller | None = request.state.caller
    return caller


def trial_of(request: Request) -> TrialCaller:
    """Raises Refused where a person asks what only a trial can."""
    caller = caller_of(request)
    if isinstance(caller, TrialCaller):
        return caller
    raise Refused("this route speaks for the trial whose token comes with it; use that token")
