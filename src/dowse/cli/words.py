"""Numbers, times, parameters and tables as people read them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dowse.domain import phrases

if TYPE_CHECKING:
    from dowse.dialects.status import Status

parameters = phrases.parameters
reason = phrases.reason
short = phrases.short


def number(value: Any) -> float:
    """A number of the JSON form, in which odd ones are words."""
    return float(value)


def duration(seconds: float) -> str:
    """`12s`, `3m04s`, `2h05m`."""
    whole = int(max(0.0, seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02}s"
    return f"{whole // 3600}h{whole % 3600 // 60:02}m"


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], indent: str = "  ") -> str:
    """Columns in line; numbers end together, so that they can be compared."""
    right = [
        bool(rows) and all(_is_numeric(row[column]) for row in rows)
        for column in range(len(header))
    ]
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    drawn = []
    for line in lines:
        cells = [
            text.rjust(width) if flush else text.ljust(width)
            for text, width, flush in zip(line, widths, right, strict=True)
        ]
        drawn.append((indent + "  ".join(cells)).rstrip())
    return "\n".join(drawn)


def _is_numeric(text: str) -> bool:
    if text in ("", "-"):
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


def moment(epoch_s: float | None) -> str:
    """Local time, to the second."""
    if epoch_s is None:
        return "-"
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(epoch_s))


def status_of(job: Mapping[str, Any], dialect: str) -> Status:
    """What the service that a job was written for calls its state."""
    from dowse.dialects.status import job_status
    from dowse.domain.job import JobState
    from dowse.domain.reasons import Reason

    reason = None if job["reason"] is None else Reason(job["reason"])
    return job_status(dialect, JobState(job["state"]), reason)
