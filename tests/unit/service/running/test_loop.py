"""The loop on a fake clock over the real store: what one fault may do, and to whom.

Crashes and faults at random moments are the simulation's.
"""

import errno
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dowse.domain.ceilings import Ceilings
from dowse.domain.events import Noted, TrialChanged
from dowse.domain.job import Intent, Job, JobState
from dowse.domain.lifecycle import intend, limit
from dowse.domain.reasons import Reason
from dowse.domain.spec import AlgorithmSpec, JobSpec, Resources, StoppingSpec
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.errors import InvalidInput
from dowse.ports import Launch
from dowse.runtime.collectors.source import Batch
from dowse.service.running.loop import MAX_ERRORS, Loop
from dowse.service.suggesting import Answer, Question
from dowse.store.sqlite import SqliteStore
from tests.invariants import check_store
from tests.simulation import world as world_module
from tests.simulation.owner import FakeExecutor, FakeSuggesting, FakeWorkplace
from tests.simulation.world import FakeClock, Kind, Program, World
from tests.unit.service.values import a_spec


class Workplace(FakeWorkplace):
    """Fails to prepare the trials of some jobs."""

    def __init__(self, world: World) -> None:
        super().__init__(world, Random(0))
        self.calm = True
        self.broken: set[str] = set()
        self.error: OSError = PermissionError(13, "Permission denied", "/code")
        self.released: list[str] = []
        self.unreadable: Exception | None = None
        self.speechless: Exception | None = None

    def last_line(self, ref: AttemptRef) -> str:
        if self.speechless is not None:
            raise self.speechless
        return super().last_line(ref)

    def collect(self, ref: AttemptRef, *, final: bool = False) -> Iterator[Batch]:
        if final and self.unreadable is not None:
            raise self.unreadable
        return super().collect(ref, final=final)

    def prepare(self, spec: JobSpec, trial: Trial) -> Launch:
        if trial.job in self.broken:
            raise self.error
        return super().prepare(spec, trial)

    def release(self, job: str) -> None:
        self.released.append(job)


class Suggestions(FakeSuggesting):
    """Answers with an error when told to."""

    def __init__(self, world: World) -> None:
        super().__init__(world, Random(0), errors=0.0)
        self.calm = True
        self.error: str | None = None

    def _answer(self, question: Question) -> Answer:
        answer = super()._answer(question)
        return answer if self.error is None else replace(answer, suggestions=(), error=self.error)


class Owner:
    """A loop with everything that it needs, turned by hand."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.store = SqliteStore(folder / "dowse.db", clock=self.clock)
        self.world = World(self.clock, self.store, seed=0, trouble=0.0)
        self.restart()

    def restart(self) -> None:
        self.executor = FakeExecutor(self.world, Random(0))
        self.executor.calm = True
        self.workplace = Workplace(self.world)
        self.suggestions = Suggestions(self.world)
        self.loop = self.new_loop(self.store)

    def new_loop(self, store: Any) -> Loop:
        return Loop(
            store=store,
            executor=self.executor,
            workplace=self.workplace,
            suggesting=self.suggestions,
            clock=self.clock,
            poll_s=0.01,
        )

    def submit(self, name: str, **limits: Any) -> Job:
        return self.submit_spec(name, sobol(**limits))

    def submit_spec(self, name: str, spec: JobSpec) -> Job:
        self.world.parallel[name] = spec.limits.parallel
        return self.store.create_job(spec, name=name)

    def work(self, seconds: float = 60.0) -> None:
        end = self.clock.time + seconds
        while self.clock.time < end:
            if not self.loop.turn():
                self.clock.time += 0.5
        check_store(self.store)


def sobol(**limits: Any) -> JobSpec:
    return replace(a_spec(**limits), algorithm=AlgorithmSpec(name="sobol"))


@pytest.fixture
def owner(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Owner]:
    caplog.set_level(logging.CRITICAL)
    found = Owner(tmp_path)
    yield found
    found.store.close()


def notes(owner: Owner, job: Job) -> list[str]:
    events = owner.store.events(job.id)
    return [event.message for _, _, event in events if isinstance(event, Noted)]


def test_a_job_is_carried_out_from_its_first_suggestion_to_its_end(owner: Owner) -> None:
    job = owner.submit("digits", trials=5, parallel=2)
    owner.work(200)
    found = owner.store.job("digits")
    assert (found.state, found.reason) == (JobState.SUCCEEDED, Reason.TRIALS_DONE)
    trials = owner.store.trials(job.id)
    assert [trial.state for trial in trials] == [TrialState.SUCCEEDED] * 5
    assert all(trial.attempt == 1 and trial.exit_code == 0 for trial in trials)
    assert owner.workplace.released == ["digits"]


def test_a_job_whose_trials_cannot_be_prepared_fails_with_the_words_and_leaves_nothing_open(
    owner: Owner,
) -> None:
    job = owner.submit("digits", trials=5, parallel=2)
    owner.workplace.broken.add("digits")
    owner.work()
    found = owner.store.job("digits")
    words = "PermissionError: [Errno 13] Permission denied: '/code'"
    assert (found.state, found.reason) == (JobState.FAILED, Reason.SYSTEM_ERROR)
    assert found.message == words
    assert {trial.state for trial in owner.store.trials(job.id)} == {TrialState.CANCELLED}
    assert notes(owner, job) == [f"Dowse itself failed: {words}"] * MAX_ERRORS


def test_the_fault_of_one_job_does_not_touch_the_others(owner: Owner) -> None:
    owner.submit("broken", trials=3)
    owner.submit("fine", trials=3)
    owner.workplace.broken.add("broken")
    owner.work(100)
    assert owner.store.job("broken").state is JobState.FAILED
    assert owner.store.job("fine").state is JobState.SUCCEEDED


def test_a_copy_for_which_there_is_no_space_pauses_the_job_and_loses_nothing(
    owner: Owner,
) -> None:
    owner.submit("digits", trials=2)
    owner.workplace.broken.add("digits")
    owner.workplace.error = OSError(errno.ENOSPC, "No space left on device")
    owner.work()
    found = owner.store.job("digits")
    assert (found.state, found.reason) == (JobState.PAUSED, Reason.DISK_FULL)
    owner.workplace.broken.clear()
    owner.store.change_job(intend(found, Intent.RUN))
    owner.work()
    assert owner.store.job("digits").state is JobState.SUCCEEDED


def test_a_fault_that_passes_costs_a_second_and_nothing_else(owner: Owner) -> None:
    owner.submit("digits", trials=3)
    owner.workplace.broken.add("digits")
    owner.work(MAX_ERRORS - 2)
    owner.workplace.broken.clear()
    owner.work(100)
    assert owner.store.job("digits").state is JobState.SUCCEEDED


@pytest.mark.parametrize("error", [OSError("a broken disk"), ValueError("an odd report")])
def test_reports_that_cannot_be_read_to_their_end_hold_up_no_trial(
    owner: Owner, error: Exception
) -> None:
    job = owner.submit("digits", trials=2)
    owner.workplace.unreadable = error
    owner.work(200)
    assert owner.store.job("digits").state is JobState.SUCCEEDED
    assert [trial.exit_code for trial in owner.store.trials(job.id)] == [0, 0]
    words = "not everything that trial 2 reported could be read"
    assert f"{words}: {error}" in notes(owner, job)


def test_a_clock_that_was_put_back_does_not_delay_the_next_try(owner: Owner) -> None:
    owner.submit("digits", trials=1)
    owner.workplace.broken.add("digits")
    owner.work(1.0)
    owner.workplace.broken.clear()
    owner.clock.shift = -86_400.0
    owner.work(60)
    assert owner.store.job("digits").state is JobState.SUCCEEDED


def test_a_suggester_that_keeps_failing_ends_the_job_with_its_own_words(owner: Owner) -> None:
    owner.submit("digits")
    owner.suggestions.error = "careless left the search space: lr: 7 is too large"
    owner.work()
    found = owner.store.job("digits")
    assert (found.state, found.reason) == (JobState.FAILED, Reason.SYSTEM_ERROR)
    assert found.message == "careless left the search space: lr: 7 is too large"


def test_a_stopping_rule_that_cannot_be_made_ends_its_job_only(owner: Owner) -> None:
    odd = replace(sobol(trials=2), stopping=StoppingSpec(rule="gone"))
    owner.submit_spec("odd", odd)
    owner.submit("fine", trials=2)
    owner.restart()
    owner.work(100)
    assert owner.store.job("odd").state is JobState.FAILED
    assert owner.store.job("odd").message.startswith(
        "early_stopping: must be one of asha, auto, bandit"
    )
    assert owner.store.job("fine").state is JobState.SUCCEEDED


class HalfReadable:
    """A store that cannot read the specification of one job."""

    def __init__(self, store: SqliteStore, unreadable: int) -> None:
        self._store = store
        self._unreadable = unreadable

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def spec(self, job_id: int) -> JobSpec:
        if job_id == self._unreadable:
            raise InvalidInput("version: must be 1, got 2")
        return self._store.spec(job_id)


def test_a_job_that_cannot_be_read_is_left_alone(owner: Owner) -> None:
    newer = owner.submit("newer", trials=1)
    owner.submit("fine", trials=1)
    owner.loop = owner.new_loop(HalfReadable(owner.store, newer.id))
    owner.work(60)
    assert owner.store.job("newer").state is JobState.QUEUED
    assert owner.store.job("fine").state is JobState.SUCCEEDED


def test_a_new_owner_finds_what_runs_and_starts_nothing_twice(owner: Owner) -> None:
    job = owner.submit("digits", trials=6, parallel=3)
    for _ in range(15):
        owner.work(2)
        owner.restart()
    owner.work(200)
    assert owner.store.job("digits").state is JobState.SUCCEEDED
    assert [trial.attempt for trial in owner.store.trials(job.id)] == [1] * 6


def test_interruptions_leave_the_retries_for_losses(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = Program(
        kind=Kind.HANGING, duration_s=9.0, reports=(), ignores_term_s=0.0, told_after_s=0.0
    )
    monkeypatch.setattr(world_module, "draw_program", lambda rng, trouble: hanging)
    job = owner.submit("digits", trials=1, retries=1)

    def want(intent: Intent) -> None:
        owner.store.change_job(intend(owner.store.job("digits"), intent))

    owner.work(1)
    for _ in range(3):
        want(Intent.PAUSE_NOW)
        owner.work(1)
        want(Intent.RUN)
        owner.work(1)
    for _ in range(2):
        assert owner.store.trial(job.id, 1).state is TrialState.RUNNING
        del owner.world.processes[owner.store.trial(job.id, 1).ref]
        owner.work(1)
    ends = [
        (event.attempt, event.after, event.reason)
        for _, _, event in owner.store.events(job.id)
        if isinstance(event, TrialChanged) and not event.after.is_live
    ]
    assert ends == [
        *[(k, TrialState.QUEUED, Reason.INTERRUPTED) for k in (1, 2, 3)],
        (4, TrialState.QUEUED, Reason.LOST),
        (5, TrialState.FAILED, Reason.LOST),
    ]


def test_the_note_is_kept_with_the_last_suggestion_of_an_answer(owner: Owner) -> None:
    job = owner.submit("digits", trials=4, parallel=4)
    stored: list[tuple[int, object]] = []
    create = owner.store.create_trial

    class Watching:
        def __getattr__(self, name: str) -> Any:
            return getattr(owner.store, name)

        def create_trial(self, trial: Trial, *, note: Any, asked: int) -> Trial:
            stored.append((trial.number, note))
            return create(trial, note=note, asked=asked)

    owner.loop = owner.new_loop(Watching())
    owner.work(100)
    assert [note for _, note in stored] == [None, None, None, {"position": 4}]
    assert owner.store.note(job.id) == {"position": 4}


def test_the_thread_of_the_loop_outlives_any_fault(owner: Owner) -> None:
    owner.submit("digits", trials=1)
    stop = threading.Event()
    failures = iter([RuntimeError("a mistake of ours")])

    class FailsOnce(FakeExecutor):
        def poll(self) -> Any:
            if failure := next(failures, None):
                raise failure
            owner.clock.time += 1.0
            if owner.store.job("digits").state.is_final:
                stop.set()
            return super().poll()

    owner.executor = FailsOnce(owner.world, Random(0))
    loop = owner.new_loop(owner.store)
    thread = threading.Thread(target=loop.run, args=(stop,))
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert owner.store.job("digits").state is JobState.SUCCEEDED


def test_an_attempt_that_was_promised_and_never_launched_is_no_lost_one(owner: Owner) -> None:
    job = owner.submit("kept", trials=1, retries=0)
    while not any(trial.state is TrialState.RUNNING for trial in owner.store.trials(job.id)):
        owner.loop.turn()
        owner.clock.time += 0.1
    (ref,) = owner.world.processes
    # As if the owner had died between the promise and the deed.
    del owner.world.processes[ref]
    owner.restart()
    owner.work(100)
    (trial,) = owner.store.trials(job.id)
    assert (trial.state, trial.attempt) == (TrialState.SUCCEEDED, 1)


def test_an_attempt_that_cannot_be_launched_however_often_is_lost(owner: Owner) -> None:
    job = owner.submit("hopeless", trials=1, retries=0)
    while not any(trial.state is TrialState.RUNNING for trial in owner.store.trials(job.id)):
        owner.loop.turn()
        owner.clock.time += 0.1
    del owner.world.processes[owner.store.trials(job.id)[0].ref]
    owner.restart()
    owner.workplace.broken.add("hopeless")
    owner.work(100)
    (trial,) = owner.store.trials(job.id)
    assert (trial.state, trial.reason) == (TrialState.FAILED, Reason.LOST)
    assert (
        notes(owner, job)[0]
        == "Dowse itself failed: PermissionError: [Errno 13] Permission denied: '/code'"
    )


def test_a_job_that_no_slot_can_take_says_so_once_and_begins_when_one_is_free(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = sobol(trials=1)
    spec = replace(spec, launch=replace(spec.launch, resources=Resources(gpus=2)))
    job = owner.submit_spec("digits", spec)
    with monkeypatch.context() as full:
        full.setattr(owner.executor, "fits", lambda **_: False)
        owner.work()
    words = "no trial can start: each asks for 2 GPUs, and there are 0 in all"
    assert notes(owner, job) == [f"{words} (resources of the job, setting gpus)"]
    owner.work(100)
    assert owner.store.job("digits").state is JobState.SUCCEEDED


def test_a_trial_that_cannot_be_settled_however_often_fails_with_the_fault(owner: Owner) -> None:
    job = owner.submit("odd", trials=1)
    owner.workplace.speechless = ValueError("no last words")
    owner.work(100)
    (trial,) = owner.store.trials(job.id)
    assert (trial.state, trial.reason) == (TrialState.FAILED, Reason.SYSTEM_ERROR)
    assert trial.message == "Dowse itself failed to settle it: ValueError: no last words"
    assert owner.store.job("odd").state is JobState.FAILED


# ---------------------------------------------------------------------- limits while it runs


def edit(owner: Owner, job: Job, **changes: int) -> Job:
    """As a person would, through another door than the loop's."""
    now = owner.store.job(job.name)
    before = now.limits or Ceilings.of(owner.store.spec(job.id).limits)
    return owner.store.change_limits(limit(now, before, before.with_(changes)))


def live(owner: Owner, job: Job) -> int:
    return sum(trial.state.is_live for trial in owner.store.trials(job.id))


def test_limits_that_are_changed_hold_from_the_next_turn_on(owner: Owner) -> None:
    job = owner.submit("digits", trials=4, parallel=1)
    while not live(owner, job):
        owner.loop.turn()
        owner.clock.time += 0.1
    owner.world.parallel["digits"] = 3
    edit(owner, job, trials=12, parallel=3)
    most = 0
    for _ in range(20):
        owner.loop.turn()
        owner.clock.time += 0.1
        most = max(most, live(owner, job))
    assert most == 3
    owner.work(400.0)
    over = owner.store.job("digits")
    assert (over.reason, len(owner.store.trials(job.id))) == (Reason.TRIALS_DONE, 12)


def test_an_owner_that_comes_later_obeys_the_changed_limits(owner: Owner) -> None:
    job = owner.submit("digits", trials=12, parallel=2)
    while live(owner, job) < 2:
        owner.loop.turn()
        owner.clock.time += 0.1
    edit(owner, job, trials=2)
    owner.restart()
    owner.work(400.0)
    assert owner.store.job("digits").reason is Reason.TRIALS_DONE
    assert len([t for t in owner.store.trials(job.id) if t.started_at is not None]) == 2
