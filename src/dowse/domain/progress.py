"""A running job at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dowse.domain.job import Job
from dowse.domain.metrics import Measurement, Objective
from dowse.domain.targets import Targets
from dowse.domain.trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """A trial that was the best when its number came, and what it came to."""

    trial: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`counts` are trials by state; `latest` holds the last report of each live trial. `leading` is
    the best trial; of several objectives, the Pareto front.

    `improvements` say how the best came about, some of them where there are many.

    `directory` is where the job's files lie, `last_event` the number of the last event seen here.
    """

    job: Job
    targets: Targets
    max_trials: int | None
    directory: str
    counts: Mapping[str, int]
    leading: tuple[Trial, ...]
    improvements: tuple[Improvement, ...]
    live: tuple[Trial, ...]
    latest: Mapping[int, Measurement]
    last_event: int

    @property
    def objective(self) -> Objective:
        """The first one."""
        return self.targets.objectives[0]

    @property
    def best(self) -> Trial | None:
        """None also of several objectives: none is the best in all of them."""
        return None if self.targets.is_several else next(iter(self.leading), None)
