"""What every source of measurements has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dowse.domain.metrics import MAX_METRIC_NAME, MAX_STEP, Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """New measurements of one source, to be stored together with `offset`.

    `notes` are for the user: what could not be understood, and what was made of it.
    """

    source: str
    offset: int
    measurements: tuple[Measurement, ...] = ()
    notes: tuple[str, ...] = ()


class Source(Protocol):
    """One file that grows, or a family of them."""

    def poll(self, now: float) -> tuple[Batch, ...]:
        """What is new, a bounded amount at a time; nothing when nothing is left.

        `now` is in seconds since the epoch: the time of reports that carry none.
        """
        ...

    def finish(self, now: float) -> tuple[Batch, ...]:
        """What only the end of the program makes clear; after `poll` had nothing left."""
        ...


def measured(
    metric: str, value: float, *, step: float | None, time: float, key: str
) -> tuple[Measurement | None, str | None]:
    """A measurement, and a note about what is wrong with it.

    A value is never lost for the sake of its step: an impossible one counts as 0.
    """
    if not metric or len(metric) > MAX_METRIC_NAME:
        words = f"a metric name has 1 to {MAX_METRIC_NAME} characters"
        return None, f"{words}: {metric[:40]!r} of {len(metric)} was left out"
    whole = 0 if step is None else _whole(step)
    note: str | None = None
    if whole is None:
        note = f"step {step!r} of {metric} is no whole number from 0 to 2^63-1: taken as 0"
    return Measurement(metric=metric, value=value, step=whole or 0, time=time, key=key), note


def _whole(step: float) -> int | None:
    # Python compares whole numbers with floats exactly; NaN is in no range.
    return int(step) if 0 <= step <= MAX_STEP and int(step) == step else None
