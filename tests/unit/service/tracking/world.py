"""A running trial on a real store, with everything that tracks it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from dowse.domain.lifecycle import advance_trial
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Store
from dowse.service.folders import DataDirectory
from dowse.service.reports import Reports
from dowse.service.running.arrivals import Arrivals
from dowse.service.tracking.artifacts import Artifacts
from dowse.service.tracking.models import Models
from dowse.service.tracking.runs import Caller, Runs
from dowse.service.tracking.tracking import Tracking
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_spec, make_trial


@dataclass(frozen=True)
class World:
    store: Store
    arrivals: Arrivals
    tracking: Tracking
    caller: Caller
    folders: DataDirectory
    full: list[bool]

    @property
    def trial(self) -> Trial:
        return self.store.trial(self.caller.job_id, self.caller.attempt.trial)

    def to(self, state: TrialState) -> None:
        self.store.change_trial(advance_trial(self.trial, state, at=2.0))

    def curve(self, metric: str) -> list[float]:
        return [one.measurement.value for one in self.store.curve(self.caller.attempt, metric)]


def world_in(folder: Path) -> World:
    """Trial 1 of the job `digits`, which runs and whose output is below `folder`."""
    clock = SettableClock(2_000.0)
    store = SqliteStore(folder / "dowse.db", clock=clock)
    job = store.create_job(make_spec(), name="digits")
    trial = store.create_trial(make_trial(job), note=None)
    output = str(folder / "output")
    change = advance_trial(trial, TrialState.RUNNING, at=1.0, output_dir=output)
    trial = store.change_trial(change)
    arrivals = Arrivals()
    reports = Reports(store=store, arrivals=arrivals, clock=clock)
    numbers = count(1)
    runs = Runs(reports, new_id=lambda: f"{next(numbers):032x}")
    models = Models(reports, new_id=lambda: f"m-{next(numbers)}")
    folders = DataDirectory(folder / "data")
    full = [False]
    artifacts = Artifacts(
        reports=reports, runs=runs, models=models, folders=folders, is_full=lambda: full[0]
    )
    return World(
        store=store,
        arrivals=arrivals,
        tracking=Tracking(reports, runs, models, artifacts),
        caller=Caller(job.id, trial.ref),
        folders=folders,
        full=full,
    )
