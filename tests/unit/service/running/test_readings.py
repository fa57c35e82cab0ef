from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dowse.domain.events import Noted
from dowse.domain.lifecycle import advance_trial
from dowse.domain.metrics import Measurement
from dowse.domain.spec import JobSpec, StoppingSpec
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.errors import Unavailable
from dowse.runtime.collectors.source import Batch
from dowse.service.running.readings import Readings
from dowse.store.sqlite import SqliteStore
from tests.simulation.owner import FakeWorkplace
from tests.simulation.world import FakeClock, World
from tests.unit.service.values import a_spec, a_trial


class Lines(FakeWorkplace):
    """Hands out whatever lines were put here, in batches of one."""

    def __init__(self, world: World) -> None:
        super().__init__(world, Random(0))
        self.lines: list[Measurement] = []
        self.repeats = 0

    def watch(self, spec: JobSpec, trial: Trial, offsets: Mapping[str, int]) -> None:
        self._read[trial.ref] = max(0, offsets.get("lines", 0) - self.repeats)

    def collect(self, ref: AttemptRef, *, final: bool = False) -> Iterator[Batch]:
        while (read := self._read[ref]) < len(self.lines):
            self._read[ref] = read + 1
            yield Batch(
                source="lines",
                offset=read + 1,
                measurements=(self.lines[read],),
                notes=("the first line was odd",) if read == 0 else (),
            )


class Bench:
    """A stored running trial and a reader of its reports."""

    def __init__(self, folder: Path) -> None:
        clock = FakeClock()
        self.store = SqliteStore(folder / "dowse.db", clock=clock)
        self.spec = a_spec()
        self.store.create_job(self.spec, name="digits")
        queued = self.store.create_trial(a_trial(1), note=None)
        self.trial = self.store.change_trial(advance_trial(queued, TrialState.RUNNING, at=0.0))
        self.lines = Lines(World(clock, self.store, seed=0, trouble=0.0))
        self.readings = Readings(self.store, self.lines)

    def report(self, *values: float, metric: str = "loss") -> None:
        for value in values:
            key = str(len(self.lines.lines))
            self.lines.lines.append(
                Measurement(metric=metric, value=value, step=0, time=0.0, key=key)
            )

    def stored(self) -> list[float]:
        return [one.value for one in self.readings.reports(self.spec, self.trial)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    found = Bench(tmp_path)
    yield found
    found.store.close()


def test_only_new_reports_of_the_objective_are_counted(bench: Bench) -> None:
    bench.report(0.5, 0.4)
    bench.report(0.9, metric="accuracy")
    assert bench.readings.read(bench.spec, bench.trial) == 2
    assert bench.readings.read(bench.spec, bench.trial) == 0
    bench.report(0.3)
    assert bench.readings.read(bench.spec, bench.trial) == 1
    assert bench.stored() == [0.5, 0.4, 0.3]
    assert bench.store.metric_names(bench.trial.ref) == ("loss", "accuracy")


def test_reading_goes_on_where_an_earlier_owner_ended_and_counts_no_repetition(
    bench: Bench,
) -> None:
    bench.report(0.5, 0.4, 0.3)
    bench.readings.read(bench.spec, bench.trial)
    bench.lines.repeats = 2
    bench.report(0.2)
    next_owner = Readings(bench.store, bench.lines)
    assert next_owner.read(bench.spec, bench.trial) == 1
    assert bench.stored() == [0.5, 0.4, 0.3, 0.2]


def test_a_batch_that_could_not_be_stored_is_read_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.report(0.5, 0.4, 0.3)
    record = bench.store.record
    calls = iter(range(100))

    def fails_second(*args: Any, **given: Any) -> int:
        if next(calls) == 1:
            raise Unavailable("the disk is full")
        return record(*args, **given)

    monkeypatch.setattr(bench.store, "record", fails_second)
    with pytest.raises(Unavailable):
        bench.readings.read(bench.spec, bench.trial)
    assert bench.readings.read(bench.spec, bench.trial) == 2
    assert bench.stored() == [0.5, 0.4, 0.3]


def test_what_could_not_be_understood_is_told_once_with_the_trial(bench: Bench) -> None:
    bench.report(0.5, 0.4)
    bench.readings.read(bench.spec, bench.trial)
    bench.readings.read(bench.spec, bench.trial)
    events = [event for _, _, event in bench.store.events(1) if isinstance(event, Noted)]
    assert events == [Noted(message="the first line was odd", trial=1)]


def test_what_is_forgotten_is_watched_anew_when_it_is_read_again(bench: Bench) -> None:
    bench.report(0.5)
    bench.readings.read(bench.spec, bench.trial)
    bench.readings.forget(bench.trial.ref)
    bench.report(0.4)
    assert bench.readings.read(bench.spec, bench.trial) == 1


def test_attempts_make_one_curve_where_trials_are_paused_and_go_on(bench: Bench) -> None:
    bench.report(0.9, 0.8)
    bench.readings.read(bench.spec, bench.trial)
    paused = bench.trial
    for state in (TrialState.STOPPING, TrialState.PAUSED, TrialState.QUEUED, TrialState.RUNNING):
        paused = bench.store.change_trial(advance_trial(paused, state, at=1.0))
    bench.trial = paused
    assert (paused.attempt, bench.stored()) == (2, [])
    bench.lines.lines = []
    bench.report(0.7)
    bench.readings.read(bench.spec, bench.trial)
    assert bench.stored() == [0.7]
    for resume, values in ((False, [0.7]), (True, [0.9, 0.8, 0.7])):
        stopping = StoppingSpec(rule="asha", options={"resume": resume})
        bench.spec = replace(bench.spec, stopping=stopping)
        assert bench.stored() == values
