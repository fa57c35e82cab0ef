"""A running job at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dowse.domain.job import Job
from dowse.domain.metrics import Measurement, Objective
from dowse.domain.trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`counts` are trials by state; `latest` holds the last report of each live trial.

    `directory` is where the job's files lie, `last_event` the number of the last event seen here.
    """

    job: Job
    objective: Objective
    max_trials: int | None
    directory: str
    counts: Mapping[str, int]
    best: Trial | None
    live: tuple[Trial, ...]
    latest: Mapping[int, Measurement]
    last_event: int
