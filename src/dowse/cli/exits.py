"""Exit codes, and which one an error or the state of a job means."""

from __future__ import annotations

from enum import IntEnum

from dowse.errors import DowseError, Unavailable


class ExitCode(IntEnum):
    SUCCEEDED = 0
    FAILED = 1  # the job failed
    INVALID = 2  # the input, the name or the request cannot be accepted
    PAUSED = 3  # the job can be resumed
    CANCELLED = 4
    UNAVAILABLE = 5  # the data directory or its owner does not answer


def code_of_error(error: DowseError) -> ExitCode:
    return ExitCode.UNAVAILABLE if isinstance(error, Unavailable) else ExitCode.INVALID


def code_of_job(state: str) -> ExitCode:
    """`state` is that of a job at rest: paused or over."""
    return {
        "succeeded": ExitCode.SUCCEEDED,
        "failed": ExitCode.FAILED,
        "paused": ExitCode.PAUSED,
        "cancelled": ExitCode.CANCELLED,
    }[state]
