"""What a decision costs in a job of many trials: from the reports to the verdict of its rule."""

import sys
import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from benchmarks.control.policies import POLICIES
from benchmarks.report import Row, at_most
from dowse import catalog
from dowse.domain.metrics import Goal, Measurement
from dowse.domain.spec import StoppingSpec
from dowse.domain.trial import Trial, TrialState
from dowse.service.judging import Judge

_TRIALS = 10_000
_REPORTS = 100
_RUNNING = 20
_LIMIT_MS = 20.0


def measure_deciding(*, quick: bool = False) -> list[Row]:
    trials = 1_000 if quick else _TRIALS
    return [measured(name, spec, trials) for name, spec in POLICIES.items()]


def measured(name: str, spec: StoppingSpec, trials: int) -> Row:
    """The 99th percentile of a decision's CPU time. The first is left out: it reads every curve
    once, as after a new start of the server.
    """
    print(f"  {name}: {trials} trials", file=sys.stderr, flush=True)
    job = Job(trials)
    judge = Judge(catalog.stopping_rule(spec), name=spec.rule, goal=Goal.MINIMIZE)
    spent = []
    for _ in range(_REPORTS // 2):
        for number in job.running():
            job.report(number)
            began = time.thread_time()
            judge.verdict(job.trials[number], job.trials.values(), job.reports, new=1)
            spent.append(time.thread_time() - began)
        job.end_one()
    return at_most(
        f"decision of {name} with {trials:,} trials of {_REPORTS} reports, p99",
        1_000.0 * float(np.quantile(spent[1:], 0.99)),
        "ms CPU",
        _LIMIT_MS,
    )


class Job:
    """A job of which the last trials still run; a fifth of the others completed, the rest was
    stopped after a third of the way.
    """

    def __init__(self, trials: int) -> None:
        self._rng = np.random.default_rng(0)
        self._values: dict[int, list[Measurement]] = {}
        self.trials: dict[int, Trial] = {}
        for number in range(1, trials + 1):
            ended = TrialState.STOPPED if number % 5 else TrialState.SUCCEEDED
            self._add(number, TrialState.RUNNING if number > trials - _RUNNING else ended)

    def _add(self, number: int, state: TrialState) -> None:
        lengths: Mapping[TrialState, int] = {
            TrialState.SUCCEEDED: _REPORTS,
            TrialState.RUNNING: _REPORTS // 2,
        }
        self.trials[number] = Trial(
            job_id=1, job="job", number=number, parameters={}, state=state, created_at=0.0
        )
        self._values[number] = []
        for _ in range(lengths.get(state, _REPORTS // 3)):
            self.report(number)

    def running(self) -> list[int]:
        return [number for number, trial in self.trials.items() if trial.state.is_live]

    def report(self, number: int) -> None:
        """One more, of a power law whose floor is the trial's own."""
        known = self._values[number]
        floor = 0.2 + (number * 0.618) % 1.0
        value = floor + (len(known) + 1) ** -0.7 + 0.01 * float(self._rng.standard_normal())
        known.append(Measurement(metric="loss", value=value, step=len(known), time=0.0))

    def reports(self, trial: Trial) -> list[list[Measurement]]:
        return [self._values[trial.number]]

    def end_one(self) -> None:
        """A running trial completes, and another begins in its place."""
        first = self.running()[0]
        self.trials[first] = replace(self.trials[first], state=TrialState.SUCCEEDED)
        self._add(max(self.trials) + 1, TrialState.RUNNING)
