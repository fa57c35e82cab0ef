"""What belongs to one owner and dies with it: executor, workplace, suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random

from dowse.domain.spec import JobSpec
from dowse.domain.trial import AttemptRef, Trial
from dowse.ports import Ended, EndedBy, Launch, Slots
from dowse.runtime.collectors.source import Batch
from dowse.service.running.preparation import READY, Preparation, Stage, after_attempt
from dowse.service.suggester import suggest
from dowse.service.suggesting import Answer, Question
from dowse.wire.history import history_to_json
from tests.invariants import InvariantError, demand
from tests.simulation.world import World

SOURCE = "reports"


class FakeExecutor:
    """Implements `dowse.ports.Executor` over virtual processes."""

    def __init__(self, world: World, rng: Random) -> None:
        self._world = world
        self._rng = rng
        self._watched: dict[AttemptRef, None] = {}
        self._known: dict[AttemptRef, None] = {}
        self._again: list[Ended] = []
        self.calm = False

    def slots(self) -> Slots:
        return Slots(cpus_free=1, cpus_total=1, gpus_free=0, gpus_total=0)

    def fits(self, *, cpus: float | None, gpus: int | None) -> bool:
        return self.calm or self._rng.random() > 0.1

    def start(self, launch: Launch) -> None:
        if launch.attempt in self._known:
            return
        self._world.start(launch)
        self._known[launch.attempt] = self._watched[launch.attempt] = None

    def attach(self, attempts: Iterable[tuple[AttemptRef, Path]]) -> None:
        for ref, _ in attempts:
            if ref not in self._known:
                self._known[ref] = self._watched[ref] = None

    def stop(self, attempt: AttemptRef) -> None:
        if attempt in self._watched:
            self._world.stop(attempt)

    def poll(self) -> tuple[Ended, ...]:
        now = self._world.clock.time
        found, self._again = self._again, []
        for ref in list(self._watched):
            ended = self._look(ref, now)
            if ended is not None:
                del self._watched[ref]
                found.append(ended)
                if not self.calm and self._rng.random() < 0.1:
                    self._again.append(ended)
        return tuple(found)

    def _look(self, ref: AttemptRef, now: float) -> Ended | None:
        process = self._world.processes.get(ref)
        if process is None:
            self._world.given_up.add(ref)
            return Ended(attempt=ref, ended_by=EndedBy.LOST, message="it was never launched")
        end = process.end()
        if end is None or now < end[0] + process.program.told_after_s:
            return None
        return end[1]

    def wait(self, timeout_s: float) -> None: ...

    def wake(self) -> None: ...

    def close(self) -> None: ...


class FakeWorkplace:
    """Implements the workplace's protocol: delivers what processes wrote late, cut or repeated."""

    def __init__(self, world: World, rng: Random) -> None:
        self._world = world
        self._rng = rng
        self._read: dict[AttemptRef, int] = {}
        self.is_full = False
        self.calm = False

    def directory(self, ref: AttemptRef) -> Path:
        return Path("/virtual") / ref.job / ref.folder

    def output_directory(self, spec: JobSpec, trial: Trial) -> str:
        return str(self.directory(trial.ref))

    def is_launched(self, ref: AttemptRef) -> bool:
        return ref in self._world.processes

    def prepare(self, spec: JobSpec, trial: Trial) -> Launch:
        demand(
            trial.ref not in self._world.processes,
            f"the directory of {trial.ref} was made anew after it had been started",
        )
        directory = self.directory(trial.ref)
        return Launch(
            attempt=trial.ref,
            directory=directory,
            working_directory=directory,
            argv=("train",),
            environment={},
            timeout_s=spec.limits.trial_timeout_s,
        )

    def preparation(self, spec: JobSpec, job: str) -> Preparation:
        if not spec.launch.needs_preparation:
            return READY
        made = [ref.attempt for ref in self._world.processes if (ref.job, ref.trial) == (job, 0)]
        if not made:
            return Preparation(stage=Stage.NEEDED)
        attempt = max(made)
        end = self._world.processes[AttemptRef(job, 0, attempt)].end()
        # A runner that was lost has left no word of its end.
        if end is None or end[0] > self._world.clock.time or end[1].ended_by is EndedBy.LOST:
            return Preparation(stage=Stage.RUNNING, attempt=attempt)
        return after_attempt(attempt, end[1].ended_by, exit_code=end[1].exit_code, words="")

    def begin_preparation(self, spec: JobSpec, ref: AttemptRef) -> Launch:
        directory = self.directory(ref)
        return Launch(
            attempt=ref,
            directory=directory,
            working_directory=directory,
            argv=("make",),
            environment={},
        )

    def watch(self, spec: JobSpec, trial: Trial, offsets: Mapping[str, int]) -> None:
        self._read[trial.ref] = offsets.get(SOURCE, 0)

    def collect(self, ref: AttemptRef, *, final: bool = False) -> Iterator[Batch]:
        process = self._world.processes.get(ref)
        lines = [] if process is None else process.lines(self._world.clock.time)
        while (read := self._read[ref]) < len(lines):
            upto, first = len(lines), read
            if not self.calm:
                upto = self._rng.randint(read + 1 if final else read, len(lines))
                first = self._rng.randint(0, read) if self._rng.random() < 0.3 else read
            # As with the real collectors, a batch that was handed out counts as read.
            self._read[ref] = upto
            if upto > first:
                yield Batch(
                    source=SOURCE,
                    offset=upto,
                    measurements=tuple(lines[first:upto]),
                    notes=("a line was odd",) if self._rng.random() < 0.02 else (),
                )
            if not final:
                return

    def forget(self, ref: AttemptRef) -> None:
        self._read.pop(ref, None)

    def release(self, job: str) -> None: ...

    def last_line(self, ref: AttemptRef) -> str:
        return "goodbye"

    def printed_at(self, ref: AttemptRef) -> float | None:
        return None

    def disk_full(self) -> bool:
        return self.is_full


class FakeSuggesting:
    """Implements `Suggesting` with the real suggesters: answers late, with errors, in any order."""

    def __init__(self, world: World, rng: Random, *, errors: float) -> None:
        self._world = world
        self._rng = rng
        self._errors = errors
        self._waiting: list[tuple[float, Answer]] = []
        self.calm = False

    def ask(self, question: Question) -> None:
        waiting = [answer.job_id for _, answer in self._waiting]
        demand(question.job_id not in waiting, "a second question before the first was answered")
        demand(question.count >= 1, f"{question.count} suggestions were asked for")
        delay = 0.0 if self.calm else self._rng.choice([0.0, 0.0, 1.0, 6.0])
        self._waiting.append((self._world.clock.time + delay, self._answer(question)))

    def _answer(self, question: Question) -> Answer:
        if not self.calm and self._rng.random() < self._errors:
            return Answer(
                job_id=question.job_id,
                known_event=question.known_event,
                asked=question.count,
                error="no idea",
            )
        message = {
            "history": history_to_json(question.history),
            "note": question.note,
            "count": question.count,
        }
        try:
            found = suggest(question.spec, message)
        except Exception as error:
            raise InvariantError(f"the suggester failed: {error!r}") from error
        return Answer(
            job_id=question.job_id,
            known_event=question.known_event,
            asked=question.count,
            suggestions=tuple((one["parameters"], one["why"]) for one in found["suggestions"]),
            note=found["note"],
            exhausted=found["exhausted"],
            versions=found["versions"],
        )

    def poll(self) -> tuple[Answer, ...]:
        now = self._world.clock.time
        due = tuple(answer for at, answer in self._waiting if at <= now)
        self._waiting = [(at, answer) for at, answer in self._waiting if at > now]
        return due

    def close(self) -> None: ...
