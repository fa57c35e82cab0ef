"""The world that outlives its owners: a clock and the virtual processes of trials."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import Enum
from random import Random

from dowse.domain.job import JobState
from dowse.domain.metrics import Measurement
from dowse.domain.trial import AttemptRef, TrialState
from dowse.ports import Ended, EndedBy, Launch, Store
from tests.invariants import demand

METRIC = "loss"
OTHER = "accuracy"
START = 1_800_000_000.0


class FakeClock:
    """`time` is what really passes; what the clock shows may be put forward or back."""

    def __init__(self) -> None:
        self.time = START
        self.shift = 0.0

    def now(self) -> float:
        return self.time + self.shift


class Kind(Enum):
    """How a virtual program behaves."""

    GOOD = "good"
    SILENT = "silent"  # exits with 0 and never reports the objective
    FAILING = "failing"
    KILLED = "killed"  # dies of a signal
    HANGING = "hanging"  # never ends by itself
    DIVERGING = "diverging"  # reports nothing finite
    UNSTARTABLE = "unstartable"
    LOST = "lost"  # its runner dies with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What one attempt will do. `reports` are (seconds after its start, metric, value).

    The first has the step `begins_at`, where the checkpoint of an earlier attempt lies, and each
    further one the next, unless the program `gives_steps` to none.
    """

    kind: Kind
    duration_s: float
    reports: tuple[tuple[float, str, float], ...]
    gives_steps: bool = True
    begins_at: int = 0
    ignores_term_s: float
    told_after_s: float


def draw_program(rng: Random, trouble: float) -> Program:
    troubles = [kind for kind in Kind if kind is not Kind.GOOD]
    kind = rng.choice(troubles) if rng.random() < trouble else Kind.GOOD
    duration = rng.choice([0.0, 0.5, 3.0, 8.0, 20.0])
    count = rng.randint(1, 6)
    level = rng.uniform(0.0, 1.0)
    reports = []
    for index in range(count):
        value = round(level + rng.uniform(-0.2, 0.2), 3)
        if kind is Kind.DIVERGING or rng.random() < 0.05:
            value = rng.choice([math.nan, math.inf, -math.inf])
        at = duration * (index + 1) / (count + 1)
        reports.append((at, OTHER, value))
        if kind is not Kind.SILENT:
            reports.append((at, METRIC, value))
    return Program(
        kind=kind,
        duration_s=duration,
        reports=tuple(reports),
        ignores_term_s=rng.choice([0.0, 0.0, 2.0, 30.0]),
        told_after_s=rng.choice([0.0, 0.0, 0.0, 1.0, 15.0]),
    )


@dataclass(slots=True)
class Process:
    launch: Launch
    program: Program
    started_at: float
    stop_at: float | None = None

    def end(self) -> tuple[float, Ended] | None:
        """When and how it ends if nothing further happens to it; None when it never does."""
        program, start = self.program, self.started_at
        killing_s = min(program.ignores_term_s, self.launch.grace_s)
        ends: list[tuple[float, EndedBy]] = []
        if program.kind is Kind.UNSTARTABLE:
            ends.append((start, EndedBy.START_ERROR))
        if program.kind is Kind.LOST:
            ends.append((start + program.duration_s, EndedBy.LOST))
        elif program.kind is not Kind.HANGING:
            ends.append((start + program.duration_s, EndedBy.EXIT))
        if self.launch.timeout_s is not None:
            ends.append((start + self.launch.timeout_s + killing_s, EndedBy.TIMEOUT))
        if self.stop_at is not None:
            ends.append((self.stop_at + killing_s, EndedBy.STOP))
        if not ends:
            return None
        at, how = min(ends, key=lambda end: end[0])
        return at, self._ended(at, how)

    def _ended(self, at: float, how: EndedBy) -> Ended:
        code: int | None = None
        signal: int | None = None
        if how is EndedBy.EXIT:
            match self.program.kind:
                case Kind.KILLED:
                    signal = 9
                case Kind.FAILING:
                    code = 1
                case _:
                    code = 0
        elif how in (EndedBy.STOP, EndedBy.TIMEOUT):
            signal = 15 if self.program.ignores_term_s == 0 else 9
        return Ended(
            attempt=self.launch.attempt,
            ended_by=how,
            exit_code=code,
            signal=signal,
            message=f"virtual end: {how.value}",
            started_at=self.started_at,
            ended_at=at,
        )

    def is_alive(self, now: float) -> bool:
        end = self.end()
        return end is None or end[0] > now

    def lines(self, now: float) -> list[Measurement]:
        """Everything that it has written by now: its report file."""
        end = self.end()
        last = now if end is None else min(now, end[0])
        if self.program.kind is Kind.UNSTARTABLE:
            return []
        return [
            Measurement(
                metric=metric,
                value=value,
                step=(self.program.begins_at + number) * self.program.gives_steps,
                time=self.started_at + after,
                key=str(number),
            )
            for number, (after, metric, value) in enumerate(self.program.reports)
            if self.started_at + after <= last
        ]


@dataclass(slots=True)
class World:
    """Processes by attempt. Nothing here is lost when an owner dies.

    `store` is the undisturbed one: it tells whether what is done was promised first.
    """

    clock: FakeClock
    store: Store
    seed: int
    trouble: float
    parallel: dict[str, int] = field(default_factory=dict)
    processes: dict[AttemptRef, Process] = field(default_factory=dict)
    given_up: set[AttemptRef] = field(default_factory=set)
    verified: set[AttemptRef] = field(default_factory=set)

    def start(self, launch: Launch) -> None:
        ref, now = launch.attempt, self.clock.time
        demand(ref not in self.processes, f"{ref} was started twice")
        demand(ref not in self.given_up, f"{ref} was started after it was found to be lost")
        if ref.trial == 0:
            self._check_preparation(ref)
        else:
            self._check_trial(ref)
        rng = Random(f"{self.seed}/{ref}")
        program = draw_program(rng, self.trouble)
        if ref.trial == 0 and program.kind is Kind.HANGING:
            program = replace(program, kind=Kind.FAILING)  # It has no time limit of its own.
        if ref.trial != 0:
            program = self._from_its_checkpoint(ref, program)
        self.processes[ref] = Process(launch, program, now)

    def _from_its_checkpoint(self, ref: AttemptRef, program: Program) -> Program:
        """Some programs keep where they are, perhaps a little late, and some always begin again."""
        rng = Random(f"{self.seed}/{ref.job}/{ref.trial}")
        gives_steps, continues = rng.random() < 0.8, rng.random() < 0.7
        earlier = [
            line.step
            for other, process in self.processes.items()
            if (other.job, other.trial) == (ref.job, ref.trial)
            for line in process.lines(self.clock.time)
        ]
        reached = max(earlier, default=-1) + 1
        begins_at = max(0, reached - rng.choice([0, 0, 1, 3])) if continues else 0
        return replace(program, gives_steps=gives_steps, begins_at=begins_at)

    def _check_preparation(self, ref: AttemptRef) -> None:
        job = self.store.job(ref.job)
        demand(job.state is JobState.RUNNING, f"{ref} was started, its job is {job.state.value}")
        demand(not self.store.trials(job.id), f"{ref} was started after a trial")
        now = self.clock.time
        alive = [other for other, each in self.processes.items() if each.is_alive(now)]
        demand(all(other.job != ref.job for other in alive), f"{ref}: {alive} are alive")
        demand(not self.is_prepared(ref.job), f"{ref} was started, the job had been prepared")

    def is_prepared(self, job: str) -> bool:
        """Whether an attempt at the step before the first trial has ended well."""
        made = [each for ref, each in self.processes.items() if (ref.job, ref.trial) == (job, 0)]
        ends = [end for each in made if (end := each.end()) and end[0] <= self.clock.time]
        return any(end.ended_by is EndedBy.EXIT and end.exit_code == 0 for _, end in ends)

    def _check_trial(self, ref: AttemptRef) -> None:
        now = self.clock.time
        job = self.store.job(ref.job)
        if self.store.spec(job.id).launch.needs_preparation:
            demand(self.is_prepared(ref.job), f"{ref} was started before its job was prepared")
        trial = self.store.trial(job.id, ref.trial)
        demand(
            trial.attempt == ref.attempt and trial.state is TrialState.RUNNING,
            f"{ref} was started, the store has attempt {trial.attempt}, {trial.state.value}",
        )
        alive = [
            other.launch.attempt
            for other in self.processes.values()
            if other.launch.attempt.job == ref.job and other.is_alive(now)
        ]
        demand(ref.trial not in [other.trial for other in alive], f"{ref}: {alive} are alive")
        most = self.parallel[ref.job]
        demand(len(alive) < most, f"{ref} is one too many, {most} are allowed: {alive}")

    def stop(self, ref: AttemptRef) -> None:
        job = self.store.job(ref.job)
        if ref.trial != 0:
            trial = self.store.trial(job.id, ref.trial)
            demand(
                trial.attempt == ref.attempt and trial.state is TrialState.STOPPING,
                f"{ref} was told to stop, the store has attempt {trial.attempt}, "
                f"{trial.state.value}",
            )
        process = self.processes.get(ref)
        if process is not None and process.stop_at is None:
            process.stop_at = self.clock.time

    def next_moment(self) -> float | None:
        """When the next process reports, or ends and is told of."""
        now = self.clock.time
        reports = [
            process.started_at + after
            for process in self.processes.values()
            for after, _, _ in process.program.reports
            if process.is_alive(process.started_at + after)
        ]
        ends = [
            end[0] + process.program.told_after_s
            for process in self.processes.values()
            if (end := process.end()) is not None
        ]
        return min((moment for moment in (*reports, *ends) if moment > now), default=None)

    def check_measurements(self, attempts: list[tuple[AttemptRef, bool]]) -> None:
        """What processes wrote is in the store exactly once: wholly when the attempt is settled."""
        now = self.clock.time
        for ref, is_settled in attempts:
            if ref in self.verified:
                continue
            process = self.processes.get(ref)
            lines = [] if process is None else process.lines(now)
            for metric in (METRIC, OTHER):
                written = [line.key for line in lines if line.metric == metric]
                stored = [one.measurement.key for one in self.store.curve(ref, metric)]
                demand(
                    stored == (written if is_settled else written[: len(stored)]),
                    f"{ref} wrote the lines {written} of {metric}, stored are {stored}",
                )
            if is_settled:
                self.verified.add(ref)
