"""What a decision costs in a job of many trials: from the reports to the verdict of its rule."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.control.policies import POLICIES
from benchmarks.report import Row, at_most
from dowse import catalog
from dowse.dialects.vizier.dialect import read_study
from dowse.domain.lifecycle import advance_trial
from dowse.domain.metrics import Goal, Measurement
from dowse.domain.spec import StoppingSpec
from dowse.domain.trial import Trial, TrialState
from dowse.service.judging import Judge
from dowse.service.studies.stopping import StudyStopping
from dowse.store.sqlite import SqliteStore
from dowse.wiring import SystemClock

_TRIALS = 10_000
_REPORTS = 100
_RUNNING = 20
_LIMIT_MS = 20.0


_STUDY = {
    "metrics": [{"metric": "loss", "goal": "MINIMIZE"}],
    "parameters": [
        {"parameter": "x", "type": "DOUBLE", "doubleValueSpec": {"minValue": 0, "maxValue": 1}}
    ],
    "automatedStoppingConfig": {"decayCurveStoppingConfig": {}},
}
_PAUSING = StoppingSpec(rule="asha", options={"resume": True})


def measure_deciding(*, quick: bool = False) -> list[Row]:
    trials = 1_000 if quick else _TRIALS
    found = [measured(name, spec, Job(trials)) for name, spec in POLICIES.items()]
    pausing = Job(trials, on_the_way=TrialState.PAUSED)
    beginning = Job(trials, at_the_end=TrialState.FAILED)
    return [
        *found,
        measured("auto before a trial has completed", POLICIES["auto"], beginning),
        measured("asha with pauses", _PAUSING, pausing),
        measured_study(trials),
    ]


def measured(name: str, spec: StoppingSpec, job: Job) -> Row:
    """The 99th percentile of a decision's CPU time. The first is left out: it reads every curve
    once, as after a new start of the server.
    """
    trials = len(job.trials)
    print(f"  {name}: {trials} trials", file=sys.stderr, flush=True)
    judge = Judge(catalog.stopping_rule(spec), name=spec.rule, goal=Goal.MINIMIZE)
    spent = []
    for _ in range(_REPORTS // 2):
        for number in job.running():
            job.report(number)
            began = time.thread_time()
            judge.verdict(job.trials[number], job.trials.values(), job.reports, new=1)
            judge.promotion(job.trials.values(), job.reports)
            spent.append(time.thread_time() - began)
        job.end_one()
    return _row(f"decision of {name}", trials, spent)


def _row(of: str, trials: int, spent: list[float]) -> Row:
    return at_most(
        f"{of} with {trials:,} trials of {_REPORTS} reports, p99",
        1_000.0 * float(np.quantile(spent[1:], 0.99)),
        "ms CPU",
        _LIMIT_MS,
    )


def measured_study(trials: int) -> Row:
    """The same of the question whether a trial should stop, from the store to the verdict; the
    other trials report meanwhile.
    """
    print(f"  a study: {trials} trials", file=sys.stderr, flush=True)
    job = Job(trials)
    spec = read_study({"studyConfig": _STUDY}).spec
    spent = []
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "dowse.db", clock=SystemClock())
        stored = store.create_job(spec, name="job")
        for trial in job.trials.values():
            _keep(store, replace(trial, job_id=stored.id), *job.reports(trial))
        stopping = StudyStopping(store)
        for _ in range(_REPORTS // 10):
            for number in job.running():
                job.report(number)
                trial = store.trial(stored.id, number)
                store.record(trial.ref, job.reports(trial)[0][-1:], source="client")
                began = time.process_time()
                stopping.verdict(spec, trial)
                spent.append(time.process_time() - began)
            first = store.trial(stored.id, job.running()[0])
            store.change_trial(advance_trial(first, TrialState.SUCCEEDED, at=0.0))
            job.trials[first.number] = replace(first, state=TrialState.SUCCEEDED)
        store.close()
    return _row("question of a study with auto", trials, spent)


def _keep(store: SqliteStore, trial: Trial, reports: Sequence[Measurement]) -> None:
    queued = store.create_trial(replace(trial, state=TrialState.QUEUED), note=None)
    begun = store.change_trial(advance_trial(queued, TrialState.RUNNING, at=0.0))
    store.record(begun.ref, reports, source="client")
    if trial.state is TrialState.STOPPED:
        begun = store.change_trial(advance_trial(begun, TrialState.STOPPING, at=0.0))
    if trial.state.is_final:
        store.change_trial(advance_trial(begun, trial.state, at=0.0))


class Job:
    """A job of which the last trials still run; a fifth of the others came to the end, the rest was
    left on the way after a third of it.
    """

    def __init__(
        self,
        trials: int,
        *,
        on_the_way: TrialState = TrialState.STOPPED,
        at_the_end: TrialState = TrialState.SUCCEEDED,
    ) -> None:
        self._at_the_end = at_the_end
        self._rng = np.random.default_rng(0)
        self._values: dict[int, list[Measurement]] = {}
        self.trials: dict[int, Trial] = {}
        for number in range(1, trials + 1):
            ended = on_the_way if number % 5 else at_the_end
            self._add(number, TrialState.RUNNING if number > trials - _RUNNING else ended)

    def _add(self, number: int, state: TrialState) -> None:
        lengths: Mapping[TrialState, int] = {
            self._at_the_end: _REPORTS,
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
        """A running trial comes to its end, and another begins in its place."""
        first = self.running()[0]
        self.trials[first] = replace(self.trials[first], state=self._at_the_end)
        self._add(max(self.trials) + 1, TrialState.RUNNING)
