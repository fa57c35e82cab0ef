"""The checker can fail: each planted fault breaks a promise, and the simulation says which."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from dowse.domain.events import PromotionDecided, TrialChanged
from dowse.domain.history import History
from dowse.domain.lifecycle import TrialChange, advance_trial
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Ended
from dowse.service import curves as curves_module
from dowse.service.running import asking as asking_module
from dowse.service.running import loop as loop_module
from dowse.service.running import readings as readings_module
from dowse.service.running.actions import Action, MoveJob
from dowse.service.running.asking import Asking
from dowse.service.running.loop import Loop
from dowse.service.running.planner import Room, Snapshot, plan
from dowse.service.running.preparation import READY, Preparation, Stage
from dowse.service.running.preparing import Preparing
from dowse.service.running.readings import Readings
from dowse.service.running.settling import Settlement, settle
from dowse.service.running.views import JobView
from dowse.service.suggesting import Answer
from tests import invariants
from tests.simulation.simulation import LoopMaker, SimulationError, simulate

MOST_SEEDS = 120

pytestmark = pytest.mark.simulation


def assert_caught(words: str, make_loop: LoopMaker = Loop, *, likely: int = 0) -> None:
    """Some seed fails, and the first that does names the broken promise.

    `likely` is one that has noticed before: it is tried first, the others where it no longer does.
    """
    for seed in dict.fromkeys((likely, *range(MOST_SEEDS))):
        try:
            simulate(seed, make_loop=make_loop)
        except SimulationError as error:
            first, *trace = str(error).splitlines()
            assert first.startswith(f"seed {seed}: ")
            assert re.search(words, first)
            assert trace
            return
    pytest.fail(f"{MOST_SEEDS} seeds have not noticed")


class StartsBeforeThePromise(Loop):
    def _start(self, view: JobView, trial: Trial) -> None:
        launch = self._workplace.prepare(view.spec, trial)
        self._executor.start(launch)
        super()._start(view, trial)


def test_a_start_before_the_promise_is_caught() -> None:
    assert_caught("was started, the store has attempt 1, queued", StartsBeforeThePromise)


class StartsTwice(Loop):
    def _look_after(self, view: JobView) -> None:
        for trial in view.live:
            if trial.ref not in self._handed_over:
                self._executor.start(self._workplace.prepare(view.spec, trial))
        super()._look_after(view)


def test_a_second_start_of_a_running_attempt_is_caught() -> None:
    assert_caught("was made anew after it had been started", StartsTwice)


class IgnoresWhatWasLeft(Loop):
    def _look_after(self, view: JobView) -> None:
        self._preparing.look_after(view)


def test_attempts_left_by_an_earlier_owner_are_missed() -> None:
    assert_caught("a job does not end", IgnoresWhatWasLeft)


class StopsBeforeThePromise(Loop):
    def _end(self, view: JobView, trial: Trial, **given: Any) -> None:
        self._executor.stop(trial.ref)
        super()._end(view, trial, **given)


def test_a_stop_before_the_promise_is_caught() -> None:
    assert_caught("was told to stop, the store has attempt 1, running", StopsBeforeThePromise)


class StopsWithoutVerdict(Loop):
    def _end(self, view: JobView, trial: Trial, **given: Any) -> None:
        super()._end(view, trial, **{**given, "because": ()})


def test_an_early_stop_without_its_verdict_is_caught() -> None:
    assert_caught("is stopped early without a verdict", StopsWithoutVerdict)


class OverwritesTheStore:
    """A store without compare-and-set: it changes whatever is there."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def change_trial(self, change: TrialChange) -> Trial:
        before = change.before
        found: Trial = self._store.trial(before.job_id, before.number)
        after = replace(change.after, attempt=max(found.attempt, change.after.attempt))
        forced = replace(change, before=found, after=after)
        changed: Trial = self._store.change_trial(forced)
        return changed


class BelievesItself(Loop):
    """A loop that goes on with what it remembers."""

    def __init__(self, **ports: Any) -> None:
        super().__init__(**{**ports, "store": OverwritesTheStore(ports["store"])})

    def _reload(self, view: JobView) -> None:
        view.stale = False


def test_a_store_without_compare_and_set_is_caught() -> None:
    # Trials that are believed to be over hold up their job, if nothing else.
    assert_caught(r"\): TrialChanged\(trial=|a job does not end", BelievesItself, likely=42)


class SettlesTwice(Loop):
    def _settle(self, view: JobView, ended: Ended) -> bool:
        done = super()._settle(view, ended)
        trial = view.trials[ended.attempt.trial]
        if trial.state is TrialState.SUCCEEDED:
            again = TrialChanged(
                trial=trial.number,
                attempt=trial.attempt,
                before=TrialState.SUCCEEDED,
                after=TrialState.SUCCEEDED,
                objective=trial.objective,
            )
            self._store.change_trial(TrialChange(before=trial, after=trial, events=(again,)))
        return done


def test_a_second_settlement_is_caught() -> None:
    assert_caught("not a legal change", SettlesTwice)


def planning(change: Callable[[Snapshot], Snapshot]) -> Callable[..., tuple[Action, ...]]:
    return lambda snapshot, room, now: plan(change(snapshot), room, now)


def with_limits(**more: int) -> Callable[[Snapshot], Snapshot]:
    """A snapshot whose limits, where it has them, are larger by so much."""

    def change(snapshot: Snapshot) -> Snapshot:
        limits = snapshot.spec.limits
        given = {name: getattr(limits, name) for name in more}
        new = {name: value + more[name] for name, value in given.items() if value is not None}
        return replace(snapshot, spec=replace(snapshot.spec, limits=replace(limits, **new)))

    return change


def test_one_trial_too_many_at_once_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def generous(snapshot: Snapshot, room: Room, now: float) -> tuple[Action, ...]:
        larger = replace(room, trials=room.trials + 1)
        return planning(with_limits(parallel=1))(snapshot, larger, now)

    monkeypatch.setattr(loop_module, "plan", generous)
    assert_caught("trials run at once")


def test_one_trial_too_many_in_all_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def generous(view: JobView) -> JobSpec:
        limits = view.submitted.limits
        more = limits.trials and limits.trials + 1
        return replace(view.submitted, limits=replace(limits, trials=more))

    monkeypatch.setattr(JobView, "spec", property(generous))
    assert_caught("of at most")


class PromotesUndecided(Loop):
    def _promote(self, view: JobView, decided: PromotionDecided) -> None:
        change = advance_trial(view.trials[decided.trial], TrialState.QUEUED, at=0.0)
        cleared = replace(change.after, objective=None, step=None)
        view.trials[decided.trial] = self._store.change_trial(replace(change, after=cleared))


def settling(change: Callable[[Trial, Settlement], Settlement]) -> Callable[..., Settlement]:
    def settle_wrongly(trial: Trial, ended: Ended, spec: JobSpec, **given: Any) -> Settlement:
        return change(trial, settle(trial, ended, spec, **given))

    return settle_wrongly


def test_a_pause_that_becomes_a_stop_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(trial: Trial, right: Settlement) -> Settlement:
        paused = right.to is TrialState.PAUSED
        return replace(right, to=TrialState.STOPPED) if paused else right

    monkeypatch.setattr(readings_module, "settle", settling(stop))
    assert_caught("paused by its rule, and then")


def test_a_curve_that_forgets_the_attempts_before_a_pause_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(curves_module, "pauses", lambda spec: False)
    assert_caught(", its reports are ")


def test_a_promotion_that_was_not_decided_is_caught() -> None:
    assert_caught("the promotion None is followed by", PromotesUndecided)


def test_a_forgotten_retry_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(trial: Trial, right: Settlement) -> Settlement:
        is_lost = right.reason is Reason.LOST
        return replace(right, to=TrialState.FAILED) if is_lost else right

    monkeypatch.setattr(readings_module, "settle", settling(forget))
    assert_caught("retries left")


def test_an_interrupted_trial_that_does_not_run_again_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cancel(trial: Trial, right: Settlement) -> Settlement:
        is_interrupted = right.reason is Reason.INTERRUPTED
        return replace(right, to=TrialState.CANCELLED) if is_interrupted else right

    monkeypatch.setattr(readings_module, "settle", settling(cancel))
    assert_caught("interrupted, and does not run again")


def test_a_wrong_objective_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def take_the_first(*args: Any, reports: Mapping[str, Any], **given: Any) -> Settlement:
        first = {name: told[:1] for name, told in reports.items()}
        return settle(*args, reports=first, **given)

    monkeypatch.setattr(readings_module, "settle", take_the_first)
    assert_caught("its reports are")


def test_a_report_lost_with_an_unanswered_write_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    class KeepsReading(Readings):
        def read(self, spec: JobSpec, trial: Trial, *, final: bool = False) -> int:
            try:
                return super().read(spec, trial, final=final)
            finally:
                self._watched.add(trial.ref)

    monkeypatch.setattr(loop_module, "Readings", KeepsReading)
    assert_caught("wrote the lines")


def test_a_repeated_configuration_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking_module, "visible", lambda *seen: History())
    assert_caught("have the same configuration")


class BelievesInExhaustion(Asking):
    def take(self, view: JobView, answer: Answer) -> bool:
        view.exhausted = True
        return super().take(view, replace(answer, exhausted=True))


def test_a_space_called_exhausted_too_early_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "Asking", BelievesInExhaustion)
    assert_caught("a space is called exhausted")


def test_a_trial_before_its_job_is_prepared_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def hasty(snapshot: Snapshot, room: Room, now: float) -> tuple[Action, ...]:
        is_begun = snapshot.preparation.stage is Stage.RUNNING
        return plan(replace(snapshot, preparation=READY) if is_begun else snapshot, room, now)

    monkeypatch.setattr(loop_module, "plan", hasty)
    assert_caught("was started before its job was prepared", likely=11)


class PreparesTwice(Preparing):
    def look_after(self, view: JobView) -> None:
        super().look_after(view)
        if view.preparation is not None and view.preparation.attempt == 1:
            view.preparation = Preparation(stage=Stage.NEEDED, attempt=2)


def test_a_second_preparation_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "Preparing", PreparesTwice)
    assert_caught("/0/2")


def test_a_job_that_ends_before_its_queued_trials_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hasty(snapshot: Snapshot, room: Room, now: float) -> tuple[Action, ...]:
        others = tuple(t for t in snapshot.trials if t.state is not TrialState.QUEUED)
        actions = plan(replace(snapshot, trials=others), room, now)
        ends = any(isinstance(action, MoveJob) and action.to.is_final for action in actions)
        return actions if ends else plan(snapshot, room, now)

    monkeypatch.setattr(loop_module, "plan", hasty)
    assert_caught("are not over", likely=30)


def test_a_wrong_best_trial_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def last_one(trials: Sequence[Trial], *others: object) -> Trial | None:
        able = [trial for trial in trials if trial.state is TrialState.SUCCEEDED]
        return able[-1] if able else None

    monkeypatch.setattr(invariants, "best_trial", last_one)
    assert_caught("recomputed it is")
