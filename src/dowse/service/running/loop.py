"""The one loop: look, plan, act, wait. It acts at its own pace and decides nothing itself."""

from __future__ import annotations

import errno
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import assert_never

from dowse import catalog
from dowse.domain.events import Noted, PromotionDecided, StopDecided
from dowse.domain.job import Job, JobState
from dowse.domain.lifecycle import Outcome, advance_job, advance_trial
from dowse.domain.prices import Prices
from dowse.domain.reasons import Reason
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.errors import Conflict, DowseError, Unavailable
from dowse.ports import Clock, Ended, Executor, Store
from dowse.service.judging import Judge
from dowse.service.running.actions import (
    Action,
    DropTrial,
    EndTrial,
    MoveJob,
    Promote,
    Retire,
    StartPreparation,
    StartTrial,
    StopPreparation,
    Suggest,
)
from dowse.service.running.arrivals import Arrivals
from dowse.service.running.asking import Asking
from dowse.service.running.controls import let_run
from dowse.service.running.last_readings import read_out, settlement_of
from dowse.service.running.pausing import look_for_promotion
from dowse.service.running.planner import plan
from dowse.service.running.preparing import Preparing
from dowse.service.running.readings import Readings
from dowse.service.running.room import awaits_result, room_for, stands_still
from dowse.service.running.signs import follow_signs
from dowse.service.running.views import (
    JobView,
    follow_additions,
    follow_stops,
    load_view,
    readable_view,
)
from dowse.service.running.workplace import Workplace
from dowse.service.suggesting import Answer, Suggesting

log = logging.getLogger(__name__)

ACTIVE = (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED, JobState.CANCELLING)
MAX_ERRORS = 5
"""A job whose turn fails so often in a row is ended as *system error*."""
RETRY_AFTER_S = 1.0
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class Loop:
    """Carries out all jobs of one store. `turn` is one step, `run` goes on until it is told."""

    def __init__(
        self,
        *,
        store: Store,
        executor: Executor,
        suggesting: Suggesting,
        workplace: Workplace,
        clock: Clock,
        poll_s: float = 0.2,
        arrivals: Arrivals | None = None,
        prices: Prices | None = None,
    ) -> None:
        self._store = store
        self._executor = executor
        self._suggesting = suggesting
        self._workplace = workplace
        self._readings = Readings(store, workplace, arrivals)
        self._asking = Asking(store, suggesting, clock)
        self._preparing = Preparing(store, executor, workplace)
        self._clock = clock
        self._prices = prices or Prices()
        self._poll_s = poll_s
        self._views: dict[int, JobView] = {}
        self._ids: dict[str, int] = {}
        self._left_alone: set[int] = set()
        self._handed_over: set[AttemptRef] = set()
        self._told_to_stop: set[AttemptRef] = set()
        self._ended: list[Ended] = []
        self._answers: list[Answer] = []

    # ------------------------------------------------------------------ life

    def run(self, stop: threading.Event) -> None:
        """Turn until `stop` is set. What runs then goes on without us."""
        while not stop.is_set():
            try:
                busy = self.turn()
            except Unavailable as error:
                log.warning("the store does not answer, trying again: %s", error)
                busy = False
            except Exception:
                # If this thread died, everything would stand still without a word.
                log.exception("a turn failed, trying again")
                busy = False
            self._executor.wait(0.0 if busy else self._poll_s)

    def wake(self) -> None:
        """Look at once: something was changed in the store. May be called from any thread."""
        self._executor.wake()

    def turn(self) -> bool:
        """One step for every job; whether anything was done, so that another is due at once."""
        self._refresh()
        busy = self._settle_ended()
        busy |= self._receive_answers()
        for view in list(self._views.values()):
            if not self._is_waiting(view):
                busy |= self._guard(view, self._act)
                busy |= self._guard(view, self._read_live)
        return busy

    # ------------------------------------------------------------------ looking

    def _refresh(self) -> None:
        """Follow the jobs of the store; a job that others have changed is read again."""
        jobs = {job.id: job for job in self._store.jobs(states=ACTIVE)}
        for gone in set(self._views) - set(jobs):
            name = self._views.pop(gone).job.name
            self._ids.pop(name)
            self._workplace.release(name)
        for job in jobs.values():
            view = self._views.get(job.id)
            if view is None:
                self._open(job)
            elif view.job != job:
                view.job = job

    def _open(self, job: Job) -> None:
        if job.id in self._left_alone:
            return
        view = readable_view(self._store, job)
        if view is None or view.spec.is_external:
            self._left_alone.add(job.id)
        else:
            view.price = self._prices.of(view.spec.launch.resources.machine)
            self._views[job.id] = view
            self._ids[job.name] = job.id

    def _reload(self, view: JobView) -> None:
        fresh = load_view(self._store, self._store.job(view.job.name))
        view.job, view.trials, view.note = fresh.job, fresh.trials, fresh.note
        view.stale = False

    def _view_of(self, ref: AttemptRef) -> JobView | None:
        return self._views.get(self._ids.get(ref.job, -1))

    # ------------------------------------------------------------------ faults

    def _guard(self, view: JobView, work: Callable[[JobView], bool]) -> bool:
        """Do something for one job so that its faults cannot harm the others.

        After any fault the view is read again: what was written last may or may not be stored.
        """
        try:
            if view.stale:
                self._reload(view)
            return work(view)
        except Conflict:
            view.stale = True
            return True
        except Unavailable:
            view.stale = True
            raise
        except Exception as error:
            view.stale = True
            self._blame(view, error)
            return False

    def _blame(self, view: JobView, error: Exception) -> None:
        """Wait and try again; a fault that stays ends the job, and says what it was."""
        log.error("job %s: %s", view.job.name, error, exc_info=error)
        view.retry_at = self._clock.now() + RETRY_AFTER_S
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            view.disk_full = True
            return
        view.errors += 1
        message = (
            str(error) if isinstance(error, DowseError) else f"{type(error).__name__}: {error}"
        )
        if view.errors <= MAX_ERRORS:
            note = Noted(message=f"Dowse itself failed: {message}")
            self._store.append_event(view.job.id, note)
        if view.errors >= MAX_ERRORS and not view.live:
            view.fault = message

    def _is_waiting(self, view: JobView) -> bool:
        # The upper bound is for a clock that was put back meanwhile.
        return 0.0 < view.retry_at - self._clock.now() <= RETRY_AFTER_S

    # ------------------------------------------------------------------ acting

    def _act(self, view: JobView) -> bool:
        follow_additions(self._store, view)
        follow_stops(self._store, view)
        follow_signs(view, self._readings, self._workplace, self._clock.now())
        self._look_after(view)
        self._appoint_judge(view)
        look_for_promotion(view, self._readings)
        room = room_for(view, self._executor, disk_full=self._workplace.disk_full())
        for words in (stands_still(view, room, self._executor), awaits_result(view, room)):
            if words is not None:
                self._store.append_event(view.job.id, Noted(message=words))
        actions = plan(view.snapshot, room, self._clock.now())
        for action in actions:
            self._apply(view, action)
        return bool(actions)

    def _look_after(self, view: JobView) -> None:
        """Hand over every live attempt that the executor does not know: the store is the truth.

        They were left by an earlier owner, or something failed between the promise and the deed.
        """
        live = view.live
        self._preparing.look_after(view)
        for trial in live:
            if trial.ref not in self._handed_over:
                self._hand_over(view, trial)
        for trial in live:
            if trial.state is TrialState.STOPPING and trial.ref not in self._told_to_stop:
                self._executor.stop(trial.ref)
                self._told_to_stop.add(trial.ref)

    def _hand_over(self, view: JobView, trial: Trial) -> None:
        """An attempt that was promised and never launched begins now; it is not lost.

        One that cannot be launched, however often it is tried, is: the executor says so.
        """
        ref = trial.ref
        launched = self._workplace.is_launched(ref) or view.errors >= MAX_ERRORS
        if trial.state is TrialState.RUNNING and not launched:
            self._executor.start(self._workplace.prepare(view.spec, trial))
        else:
            self._executor.attach([(ref, self._workplace.directory(ref))])
        self._handed_over.add(ref)

    def _appoint_judge(self, view: JobView) -> None:
        stopping = view.spec.stopping
        if stopping is None or view.judge is not None or view.fault is not None:
            return
        rule = catalog.stopping_rule(stopping)
        view.judge = Judge(rule, name=stopping.rule, goal=view.spec.objective.goal)

    def _apply(self, view: JobView, action: Action) -> None:
        match action:
            case MoveJob():
                self._move_job(view, action)
            case Suggest():
                self._asking.ask(view, action.count)
            case StartTrial():
                self._start(view, view.trials[action.number])
            case EndTrial():
                trial = view.trials[action.number]
                self._end(view, trial, reason=action.reason, message=action.message)
            case DropTrial():
                self._leave(view, action, TrialState.CANCELLED, action.reason)
            case Retire():
                self._leave(view, action, TrialState.STOPPED, Reason.STOPPED_EARLY)
            case Promote():
                self._promote(view, action.decided)
            case StartPreparation():
                self._preparing.start(view)
            case StopPreparation():
                self._preparing.stop(view)
            case _:
                assert_never(action)

    def _leave(
        self, view: JobView, action: DropTrial | Retire, to: TrialState, reason: Reason
    ) -> None:
        """End a trial that has no process."""
        trial = view.trials[action.number]
        change = advance_trial(
            trial, to, at=self._clock.now(), reason=reason, message=action.message
        )
        view.trials[trial.number] = self._store.change_trial(change)

    def _promote(self, view: JobView, decided: PromotionDecided) -> None:
        change = advance_trial(
            view.trials[decided.trial],
            TrialState.QUEUED,
            at=self._clock.now(),
            message=decided.message,
            outcome=Outcome(),
            because=(decided,),
        )
        view.trials[decided.trial] = self._store.change_trial(change)

    def _move_job(self, view: JobView, action: MoveJob) -> None:
        change = advance_job(
            view.job,
            action.to,
            at=self._clock.now(),
            reason=action.reason,
            message=action.message,
        )
        view.job = self._store.change_job(change)
        if action.to is JobState.RUNNING:
            view.disk_full = False

    def _start(self, view: JobView, trial: Trial) -> None:
        launch = self._workplace.prepare(view.spec, trial)
        change = advance_trial(
            trial,
            TrialState.RUNNING,
            at=self._clock.now(),
            output_dir=self._workplace.output_directory(view.spec, trial),
        )
        # First the promise, then the deed: whatever happens between them, the next turn finds a
        # trial to look after.
        view.trials[trial.number] = self._store.change_trial(change)
        self._executor.start(launch)
        self._handed_over.add(trial.ref)

    def _end(
        self,
        view: JobView,
        trial: Trial,
        *,
        reason: Reason,
        message: str,
        because: tuple[StopDecided, ...] = (),
    ) -> None:
        change = advance_trial(
            trial,
            TrialState.STOPPING,
            at=self._clock.now(),
            reason=reason,
            message=message,
            because=because,
        )
        view.trials[trial.number] = self._store.change_trial(change)
        self._executor.stop(trial.ref)
        self._told_to_stop.add(trial.ref)

    # ------------------------------------------------------------------ suggestions

    def _receive_answers(self) -> bool:
        self._answers.extend(self._suggesting.poll())
        busy = bool(self._answers)
        while self._answers:
            answer = self._answers.pop(0)
            view = self._views.get(answer.job_id)
            if view is not None:
                view.suggesting = False
                self._guard(view, partial(self._asking.take, answer=answer))
        return busy

    # ------------------------------------------------------------------ reports and ends

    def _read_live(self, view: JobView) -> bool:
        """Store what running trials report, and end those that the stopping rule condemns."""
        busy = False
        for trial in view.live:
            new = self._readings.read(view.spec, trial)
            if new == 0 or view.judge is None or trial.state is not TrialState.RUNNING:
                continue
            if view.controls is not None and trial.number in view.controls:
                continue
            decided = view.judge.verdict(
                trial,
                view.trials.values(),
                partial(self._readings.attempts, view.spec),
                new=new,
            )
            if decided is not None and not let_run(self._store, view, decided):
                reason = Reason.AWAITS_PROMOTION if decided.pause else Reason.STOPPED_EARLY
                message = decided.message
                self._end(view, trial, reason=reason, message=message, because=(decided,))
                busy = True
        return busy

    def _settle_ended(self) -> bool:
        """Give every attempt that has ended its place; one that cannot be settled now waits."""
        self._ended.extend(self._executor.poll())
        busy = False
        for ended in list(self._ended):
            view = self._view_of(ended.attempt)
            if view is None:
                self._ended.remove(ended)
            elif not self._is_waiting(view):
                busy |= self._guard(view, partial(self._settle, ended=ended))
        return busy

    def _settle(self, view: JobView, ended: Ended) -> bool:
        if ended.attempt.trial == 0:
            self._preparing.settle(view, ended)
        trial = view.trials.get(ended.attempt.trial)
        if trial is not None and trial.ref == ended.attempt and trial.state.is_live:
            read_out(self._store, self._readings, view, trial, patience=MAX_ERRORS)
            settlement = settlement_of(self._readings, view, trial, ended, patience=MAX_ERRORS)
            change = advance_trial(
                trial,
                settlement.to,
                at=self._clock.now(),
                reason=settlement.reason,
                message=settlement.message,
                outcome=settlement.outcome,
                left_at=ended.ended_at,
            )
            view.trials[trial.number] = self._store.change_trial(change)
            view.errors = 0
        self._readings.forget(ended.attempt)
        self._handed_over.discard(ended.attempt)
        self._told_to_stop.discard(ended.attempt)
        self._ended.remove(ended)
        return True
