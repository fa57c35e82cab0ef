"""Whole jobs on a fake clock over the real store, with faults by seed."""

from __future__ import annotations

import contextlib
import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, cast

from dowse.analysis.replay import Decision
from dowse.domain.job import Intent, Job
from dowse.domain.lifecycle import intend
from dowse.domain.reasons import Reason
from dowse.domain.trial import AttemptRef
from dowse.errors import Conflict, Refused, Unavailable
from dowse.ports import Executor, Store
from dowse.service.running.loop import Loop
from dowse.service.running.workplace import Workplace
from dowse.service.suggesting import Suggesting
from dowse.store.sqlite import SqliteStore
from tests.invariants import InvariantChecker, InvariantError, demand
from tests.simulation.faults import Disturbed, Faults, Rates, SimulatedCrash
from tests.simulation.jobs import draw_spec
from tests.simulation.owner import FakeExecutor, FakeSuggesting, FakeWorkplace
from tests.simulation.replaying import check_replay
from tests.simulation.world import FakeClock, World

CHAOS_TURNS = 60
CALM_TURNS = 400
LoopMaker = Callable[..., Loop]


class SimulationError(InvariantError):
    """What went wrong, with the seed and what happened just before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one simulation went through."""

    seed: int
    turns: int
    crashes: int
    trials: int
    decisions: Counter[Decision]
    promotions: int
    ends: tuple[str, ...]
    trial_ends: tuple[str, ...]
    trace: tuple[str, ...]


class Simulation:
    """One seed. `make_loop` lets a test plant a fault."""

    def __init__(self, seed: int, folder: Path, *, make_loop: LoopMaker = Loop) -> None:
        self._seed = seed
        self._rng = rng = Random(seed)
        self._make_loop = make_loop
        self._clock = FakeClock()
        self._path = folder / f"{seed}.db"
        self._store = SqliteStore(self._path, clock=self._clock)
        self._world = World(
            self._clock, self._store, seed, trouble=rng.choice([0.0, 0.1, 0.3, 0.6])
        )
        self._faults = Faults(Random(seed + 1), Rates.draw(rng), self._clock, self._somebody_acts)
        self._impatience = rng.choice([0.0, 0.02, 0.1])
        self._jumps = rng.choice([0.0, 0.0, 0.01])
        self._suggestion_errors = rng.choice([0.0, 0.0, 0.05, 0.5])
        self._names = [f"job-{number}" for number in range(rng.choice([1, 1, 2]))]
        for name in self._names:
            spec = draw_spec(rng)
            self._store.create_job(spec, name=name)
            self._world.parallel[name] = spec.limits.parallel
        self._checkers = {name: InvariantChecker(self._store, name) for name in self._names}
        self._owner: tuple[FakeExecutor, FakeWorkplace, FakeSuggesting]
        self._loop: Loop | None = None
        self._calm = False
        self._turns = self._crashes = 0
        self._decisions: Counter[Decision] = Counter()

    def close(self) -> None:
        self._store.close()

    def run(self) -> Report:
        """Raises SimulationError when a promise is broken or a job does not end."""
        try:
            with self._quiet():
                self._run()
        except SimulatedCrash:
            raise
        except Exception as error:
            what = str(error) if isinstance(error, InvariantError) else repr(error)
            lines = "\n".join(self._faults.trace)
            raise SimulationError(f"seed {self._seed}: {what}\n{lines}") from error
        return Report(
            seed=self._seed,
            turns=self._turns,
            crashes=self._crashes,
            trials=sum(len(checker.trials) for checker in self._checkers.values()),
            promotions=sum(checker.promotions for checker in self._checkers.values()),
            decisions=self._decisions,
            ends=tuple(
                f"{job.state.value}: {job.reason.value if job.reason else None}"
                for job in map(self._store.job, self._names)
            ),
            trial_ends=tuple(
                f"trial {trial.state.value}: {trial.reason.value if trial.reason else None}"
                for checker in self._checkers.values()
                for trial in checker.trials.values()
            ),
            trace=tuple(self._faults.trace),
        )

    def _run(self) -> None:
        for self._turns in range(1, CHAOS_TURNS + CALM_TURNS):
            if self._turns == CHAOS_TURNS:
                self._calm_down()
            busy = self._turn()
            self._check()
            if all(self._store.job(name).state.is_final for name in self._names):
                for name in self._names:
                    self._decisions += check_replay(self._store, name)
                return
            self._pass_time(busy)
            if self._calm:
                self._resume_all()
            elif self._rng.random() < self._impatience:
                self._somebody_acts()
        ends = [self._store.job(name) for name in self._names]
        demand(False, f"a job does not end: {ends}")

    # ------------------------------------------------------------------ owners

    def _turn(self) -> bool:
        try:
            if self._loop is None:
                self._loop = self._new_owner()
            return self._loop.turn()
        except Unavailable:
            return False
        except SimulatedCrash:
            if self._faults.broken is not None:
                raise self._faults.broken from None
            self._crashes += 1
            self._loop = None
            return True

    def _new_owner(self) -> Loop:
        self._faults.say("a new owner begins")
        if not self._calm and self._rng.random() < 0.05:
            self._reopen()
        rng = Random(self._rng.random())
        executor = FakeExecutor(self._world, rng)
        workplace = FakeWorkplace(self._world, rng)
        suggesting = FakeSuggesting(self._world, rng, errors=self._suggestion_errors)
        self._owner = executor, workplace, suggesting
        executor.calm = workplace.calm = suggesting.calm = self._calm
        return self._make_loop(
            store=cast(Store, self._disturbed(self._store, "store")),
            executor=cast(Executor, self._disturbed(executor, "executor")),
            workplace=cast(Workplace, self._disturbed(workplace, "workplace")),
            suggesting=cast(Suggesting, self._disturbed(suggesting, "suggesting")),
            clock=self._clock,
        )

    def _disturbed(self, target: object, place: str) -> Any:
        return Disturbed(target, place, self._faults)

    def _reopen(self) -> None:
        """A new process opens the file anew: what was acknowledged must be in it."""
        self._store.close()
        self._store = SqliteStore(self._path, clock=self._clock)
        self._world.store = self._store
        self._checkers = {name: InvariantChecker(self._store, name) for name in self._names}

    # ------------------------------------------------------------------ surroundings

    def _somebody_acts(self) -> None:
        """Write an intent, as the API does: now, whatever the loop is doing."""
        name = self._rng.choice(self._names)
        intent = self._rng.choice(
            [Intent.PAUSE, Intent.PAUSE_NOW, Intent.PAUSE_NOW, Intent.RUN, Intent.RUN, Intent.RUN]
            + [Intent.CANCEL] * (self._rng.random() < 0.2)
        )
        self._intend(name, intent)

    def _intend(self, name: str, intent: Intent) -> None:
        with contextlib.suppress(Refused, Conflict):
            self._store.change_job(intend(self._store.job(name), intent, reason=Reason.USER))
            self._faults.say(f"somebody wants {name} to {intent.value}")

    def _pass_time(self, busy: bool) -> None:
        if busy and self._rng.random() < 0.8:
            return
        if not self._calm and self._loop is not None and self._rng.random() < 0.03:
            self._owner[1].is_full = not self._owner[1].is_full
        if self._rng.random() < self._jumps and not self._calm:
            self._faults.say("the clock jumps")
            self._clock.shift += self._rng.choice([3600.0, -3600.0])
            return
        moment = self._world.next_moment()
        step = self._rng.choice([0.2, 1.0, 3.0])
        if self._calm and moment is not None:
            step = max(step, moment - self._clock.time)
        self._clock.time += step

    def _calm_down(self) -> None:
        """No further faults: from now on every job must come to its end."""
        self._faults.say("calm")
        self._calm = self._faults.calm = True
        if self._loop is not None:
            executor, workplace, suggesting = self._owner
            executor.calm = workplace.calm = suggesting.calm = True
            workplace.is_full = False

    def _resume_all(self) -> None:
        for name in self._names:
            job = self._store.job(name)
            if job.intent in (Intent.PAUSE, Intent.PAUSE_NOW):
                self._intend(name, Intent.RUN)

    # ------------------------------------------------------------------ checks

    def _check(self) -> None:
        for name, checker in self._checkers.items():
            checker.check()
            job = self._store.job(name)
            self._world.check_measurements(self._attempts(job, checker))
            if job.state.is_final:
                self._check_left(job)

    def _attempts(self, job: Job, checker: InvariantChecker) -> list[tuple[AttemptRef, bool]]:
        """Every attempt so far, and whether it is settled."""
        return [
            (
                AttemptRef(job.name, number, attempt),
                attempt < trial.attempt or trial.state.is_final,
            )
            for number, trial in checker.trials.items()
            for attempt in range(1, trial.attempt + 1)
        ]

    def _check_left(self, job: Job) -> None:
        now = self._clock.time
        left = [
            ref
            for ref, process in self._world.processes.items()
            if ref.job == job.name and process.is_alive(now)
        ]
        demand(not left, f"{job.name} is {job.state.value}, and {left} live on")

    @contextlib.contextmanager
    def _quiet(self) -> Iterator[None]:
        """The loop logs every injected fault; nobody reads that."""
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)


def simulate(seed: int, *, make_loop: LoopMaker = Loop) -> Report:
    """Run one seed in a folder of its own, in memory where the system offers that."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        prefix="dowse-simulation-", dir=memory if memory.is_dir() else None
    ) as folder:
        simulation = Simulation(seed, Path(folder), make_loop=make_loop)
        try:
            return simulation.run()
        finally:
            simulation.close()
