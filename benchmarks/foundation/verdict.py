"""What must be true of a job after any number of kills: pure, over what was gathered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.foundation.witness import STEPS, exit_code, last_line, line_at, value_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start of the program, as its witness tells it."""

    x: float
    reported: tuple[int, ...]
    ended: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What there is of one attempt: starts of its program, its log, its stored (step, value)."""

    starts: tuple[Start, ...]
    log: str
    stored: tuple[tuple[int, float], ...]
    was_killed: bool
    """Whether its runner was killed: then, and only then, it may be lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A trial as the job's document tells it; `endings` counts its events of a final state."""

    number: int
    state: str
    reason: str | None
    exit_code: int | None
    x: float
    attempts: Mapping[int, Attempt]
    endings: int


@dataclass(slots=True)
class Tally:
    """Faults as sentences, and what was looked at."""

    faults: list[str] = field(default_factory=list)
    trials: int = 0
    measurements: int = 0
    killed_runners: int = 0
    lost_trials: int = 0

    def add(self, job: str, trials: Sequence[Ended], *, wanted: int) -> None:
        """Check a whole job."""
        numbers = [trial.number for trial in trials]
        if numbers != list(range(1, wanted + 1)):
            self.faults.append(f"{job}: trials 1 to {wanted} are wanted, there are {numbers}")
        for trial in trials:
            self.faults += [f"{job} trial {trial.number}: {fault}" for fault in faults_of(trial)]
            self.trials += 1
            self.measurements += sum(len(one.stored) for one in trial.attempts.values())
            self.killed_runners += sum(one.was_killed for one in trial.attempts.values())
            self.lost_trials += trial.reason == "lost"


def faults_of(trial: Ended) -> Iterator[str]:
    """Everything that is wrong with one trial."""
    if trial.endings != 1:
        yield f"it ended {trial.endings} times"
    last = max(trial.attempts, default=0)
    for number, attempt in sorted(trial.attempts.items()):
        where = f"attempt {number}: "
        if number != last and attempt.starts and not attempt.was_killed:
            yield f"{where}it was repeated, though nobody killed its runner"
        yield from (where + fault for fault in _faults_of_attempt(trial, attempt))
    if last == 0:
        yield "its program was never started"
    else:
        yield from _faults_of_end(trial, trial.attempts[last])


def _faults_of_end(trial: Ended, attempt: Attempt) -> Iterator[str]:
    told = f"it is {trial.state} ({trial.reason}) with exit code {trial.exit_code}"
    if trial.reason == "lost":
        if not attempt.was_killed:
            yield f"{told}, though nobody killed its runner"
        elif (trial.state, trial.exit_code) != ("failed", None):
            yield f"{told}; a lost trial is failed and has no exit code"
        return
    code = exit_code(trial.x)
    wanted = ("succeeded", 0) if code == 0 else ("failed", code)
    if (trial.state, trial.exit_code) != wanted:
        yield f"{told}, and should be {wanted[0]} with {code}"
    if not any(start.ended == code for start in attempt.starts):
        yield f"{told}, and its program never came to its end"


def _faults_of_attempt(trial: Ended, attempt: Attempt) -> Iterator[str]:
    # None at all, where an owner was killed just before it would have started a runner: then the
    # attempt is repeated. A trial that ends without a start is found by its end.
    if len(attempt.starts) > 1:
        yield f"its program was started {len(attempt.starts)} times"
    for start in attempt.starts:
        if start.x != trial.x:
            yield f"its program was given {start.x!r}, the trial says {trial.x!r}"
        if start.ended is None and not attempt.was_killed:
            yield "its program did not come to its end"
    yield from _faults_of_log(trial.x, attempt)
    yield from _faults_of_measurements(trial.x, attempt)


def _faults_of_log(x: float, attempt: Attempt) -> Iterator[str]:
    whole = "".join(f"{line_at(x, step)}\n" for step in range(1, STEPS + 1)) + f"{last_line(x)}\n"
    came_to_end = any(start.ended is not None for start in attempt.starts)
    if came_to_end and attempt.log != whole:
        yield f"its log is not what its program printed, but {attempt.log!r}"
    elif not whole.startswith(attempt.log):
        yield f"its log holds what its program did not print: {attempt.log!r}"


def _faults_of_measurements(x: float, attempt: Attempt) -> Iterator[str]:
    steps = [step for step, _ in attempt.stored]
    if steps != sorted(set(steps)):
        yield f"measurements are stored twice or in disorder: steps {steps}"
    lost = {step for start in attempt.starts for step in start.reported} - set(steps)
    if lost:
        yield f"acknowledged measurements are lost: steps {sorted(lost)}"
    wrong = [(step, value) for step, value in attempt.stored if value != value_at(x, step)]
    if wrong:
        yield f"measurements are stored with other values: {wrong}"
