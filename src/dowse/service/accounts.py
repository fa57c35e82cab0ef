"""What jobs cost, what early stopping saved them, and jobs side by side. Changes nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dowse.analysis.best import counts
from dowse.analysis.comparison import Column, column
from dowse.domain.events import ControlChosen, StopDecided
from dowse.domain.job import Job
from dowse.domain.metrics import Goal
from dowse.domain.prices import Cost, Price, Prices, running_time_s
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.errors import InvalidInput, Problem
from dowse.ports import Clock, Store
from dowse.service.curves import pauses, reports_of
from dowse.service.queries import Queries

if TYPE_CHECKING:
    from dowse.analysis.savings import Run, Savings

MOST_COMPARED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """The running time of all trials of a job, or of one trial, and what it costs.

    `machine` is what the job names; `cost` is None where no price is known of it.
    """

    machine: str | None
    currency: str
    seconds: float
    cost: Cost | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """`price` is that of the machine, for the costs of what was saved; None where it has none."""

    savings: Savings
    goal: Goal
    price: Price | None
    currency: str
    control_share: float


class Accounts:
    def __init__(self, *, store: Store, queries: Queries, clock: Clock, prices: Prices) -> None:
        self._store = store
        self._queries = queries
        self._clock = clock
        self._prices = prices

    @property
    def currency(self) -> str:
        return self._prices.currency

    def bill(self, name: str) -> Bill:
        """What a job has cost up to now."""
        spec = self._queries.spec(name)
        return self._bill(spec, self._queries.trials(name))

    def ml_units(self, spec: JobSpec, trials: Iterable[Trial]) -> float | None:
        """What attempts that are over have consumed: it changes with events, never in between."""
        price = self._price(spec)
        over = math.fsum(trial.active_s for trial in trials)
        return None if price is None else price.of(over).ml_units

    def trial_bills(self, name: str) -> dict[int, Bill]:
        """The same for each of its trials, by number."""
        spec = self._queries.spec(name)
        return {trial.number: self._bill(spec, [trial]) for trial in self._queries.trials(name)}

    def savings(self, name: str) -> Ledger:
        """What early stopping saved a job, and what its controls say about it."""
        # Only this question is computed with what statistics needs.
        from dowse.analysis.savings import savings

        job = self._store.job(name)
        spec = self._queries.spec_of(job)
        goal = spec.objective.goal
        return Ledger(
            savings=savings(self._runs(job, spec), goal),
            goal=goal,
            price=self._price(spec),
            currency=self._prices.currency,
            control_share=0.0 if spec.stopping is None else spec.stopping.control_share,
        )

    def compare(self, names: Sequence[str]) -> list[Column]:
        """Each job as one row of a table, in the order in which they are named.

        Raises NotFound, and InvalidInput for fewer than one or too many.
        """
        if not 1 <= len(names) <= MOST_COMPARED:
            message = f"must name 1 to {MOST_COMPARED} jobs, got {len(names)}"
            raise InvalidInput([Problem(path="job", message=message)])
        return [self._column(self._store.job(name)) for name in names]

    def _column(self, job: Job) -> Column:
        spec, trials = self._queries.spec_of(job), self._queries.trials(job.name)
        bill = self._bill(spec, trials)
        return column(
            job,
            spec,
            trials,
            leading=self._queries.leading(job.name),
            seconds=bill.seconds,
            cost=bill.cost,
            lineage=self._store.lineage(job.id),
        )

    def _price(self, spec: JobSpec) -> Price | None:
        # What runs elsewhere, on its client's machine, costs nothing here.
        return None if spec.is_external else self._prices.of(spec.launch.resources.machine)

    def _bill(self, spec: JobSpec, trials: Iterable[Trial]) -> Bill:
        seconds = running_time_s(trials, self._clock.now())
        price = self._price(spec)
        return Bill(
            machine=spec.launch.resources.machine,
            currency=self._prices.currency,
            seconds=seconds,
            cost=None if price is None else price.of(seconds),
        )

    def _runs(self, job: Job, spec: JobSpec) -> list[Run]:
        verdicts, now = self._verdicts(job), self._clock.now()
        started = [
            trial for trial in self._queries.trials(job.name) if trial.started_at is not None
        ]
        made = self._made(job, spec, started)
        return [
            run_of(trial, made.get(trial.number, NO_REPORTS), verdicts.get(trial.number), now)
            for trial in started
        ]

    def _made(self, job: Job, spec: JobSpec, trials: Iterable[Trial]) -> Mapping[int, Made]:
        """How far each trial came, by its number."""
        metric = spec.objective.metric
        if not pauses(spec):
            told = (one for one in self._store.summaries(job.id) if one.metric == metric)
            return {one.trial: Made(reports=one.reports, step=one.step) for one in told}
        found = {}
        for trial in trials:
            reports = reports_of(self._store, spec, trial, metric)
            if reports:
                found[trial.number] = Made(
                    reports=len(reports), step=reports[-1].step, in_all_attempts=True
                )
        return found

    def _verdicts(self, job: Job) -> dict[int, StopDecided | ControlChosen]:
        """The first time that each trial was condemned."""
        found: dict[int, StopDecided | ControlChosen] = {}
        last = 0
        while page := self._store.events(job.id, after=last):
            for _, _, event in page:
                if isinstance(event, StopDecided | ControlChosen):
                    found.setdefault(event.trial, event)
            last = page[-1][0]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The reports of the objective by a trial: by its last attempt, unless attempts go on from each
    other.
    """

    reports: int = 0
    step: int = 0
    in_all_attempts: bool = False


NO_REPORTS = Made()


def run_of(
    trial: Trial, made: Made, verdict: StopDecided | ControlChosen | None, now: float
) -> Run:
    """A trial as the ledger sees it. A verdict that was never carried out condemned nobody."""
    from dowse.analysis.savings import Run

    is_control = isinstance(verdict, ControlChosen)
    stopped = trial.reason is Reason.STOPPED_EARLY and verdict is not None
    condemned = verdict if is_control or stopped else None
    value = trial.objective if counts(trial) else None
    whole = trial.running_time_s(now)
    last = max(0.0, (trial.ended_at or now) - (trial.started_at or now))
    return Run(
        trial=trial.number,
        reports=made.reports,
        step=made.step,
        seconds=whole,
        attempt_s=min(whole, last) if not made.in_all_attempts else whole,
        completed=trial.state is TrialState.SUCCEEDED,
        value=value if value is not None and math.isfinite(value) else None,
        rule=condemned.rule if condemned else None,
        condemned_at=condemned.report if condemned else 0,
        is_control=is_control,
        is_over=trial.state.is_final,
    )
