"""The one loop: look, plan, act, wait. It acts at its own pace and decides nothing itself."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Sequence
from typing import assert_never

from dowse import catalog
from dowse.domain.events import Noted, StopDecided
from dowse.domain.job import Job, JobState
from dowse.domain.lifecycle import advance_job, advance_trial
from dowse.domain.metrics import Measurement
from dowse.domain.reasons import Reason
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.errors import Conflict, DowseError, Unavailable
from dowse.ports import Clock, Ended, Executor, Store
from dowse.runtime.collectors.source import Batch
from dowse.service.actions import Action, DropTrial, EndTrial, MoveJob, StartTrial, Suggest
from dowse.service.histories import history_of
from dowse.service.planner import Room, plan
from dowse.service.settling import settle
from dowse.service.suggesting import Answer, Question, Suggesting
from dowse.service.views import JobView, load_view
from dowse.service.workplace import Workplace
from dowse.stopping.protocol import Curve

log = logging.getLogger(__name__)

ACTIVE = (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED, JobState.CANCELLING)
MAX_ERRORS = 5
"""A job whose turn fails so often in a row is ended as *system error*."""
RETRY_AFTER_S = 1.0


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
    ) -> None:
        self._store = store
        self._executor = executor
        self._suggesting = suggesting
        self._workplace = workplace
        self._clock = clock
        self._poll_s = poll_s
        self._views: dict[int, JobView] = {}
        self._ids: dict[str, int] = {}
        self._ended: list[Ended] = []
        self._watched: set[AttemptRef] = set()
        self._attach()

    # ------------------------------------------------------------------ life

    def run(self, stop: threading.Event) -> None:
        """Turn until `stop` is set. What runs then goes on without us."""
        while not stop.is_set():
            try:
                busy = self.turn()
            except Unavailable as error:
                log.warning("the store does not answer, trying again: %s", error)
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
            busy |= self._guarded_turn(view)
        return busy

    def _attach(self) -> None:
        """Take over what an earlier owner left running."""
        self._refresh()
        live = [trial for view in self._views.values() for trial in view.live]
        self._executor.attach([(trial.ref, self._workplace.directory(trial.ref)) for trial in live])
        for trial in live:
            if trial.state is TrialState.STOPPING:
                self._executor.stop(trial.ref)

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
        view = load_view(self._store, job)
        if view.spec.stopping is not None:
            view.rule = catalog.stopping_rule(view.spec.stopping)
        self._views[job.id] = view
        self._ids[job.name] = job.id

    def _reload(self, view: JobView) -> None:
        fresh = load_view(self._store, self._store.job(view.job.name))
        view.job, view.trials, view.note = fresh.job, fresh.trials, fresh.note

    def _view_of(self, ref: AttemptRef) -> JobView | None:
        return self._views.get(self._ids.get(ref.job, -1))

    # ------------------------------------------------------------------ one job

    def _guarded_turn(self, view: JobView) -> bool:
        """A turn of one job that cannot harm the others."""
        if self._clock.now() < view.retry_at:
            return False
        try:
            busy = self._turn(view)
        except Conflict:
            self._reload(view)
            return True
        except Unavailable:
            raise
        except Exception as error:
            self._blame(view, error)
            return False
        return busy

    def _turn(self, view: JobView) -> bool:
        self._collect_live(view)
        actions = plan(view.snapshot, self._room(view), self._clock.now())
        for action in actions:
            self._apply(view, action)
        return bool(actions)

    def _blame(self, view: JobView, error: Exception) -> None:
        """Wait and try again; a fault that stays ends the job, and says what it was."""
        log.error("job %s: %s", view.job.name, error, exc_info=error)
        view.errors += 1
        view.retry_at = self._clock.now() + RETRY_AFTER_S
        message = f"{type(error).__name__}: {error}"
        self._store.append_event(view.job.id, Noted(message=f"Dowse itself failed: {message}"))
        if view.errors >= MAX_ERRORS and view.job.state is JobState.RUNNING and not view.live:
            self._move_job(
                view, MoveJob(to=JobState.FAILED, reason=Reason.SYSTEM_ERROR, message=message)
            )

    def _room(self, view: JobView) -> Room:
        resources = view.spec.launch.resources
        asked = resources.cpus is not None or bool(resources.gpus)
        fits = self._executor.fits(cpus=resources.cpus, gpus=resources.gpus)
        # Where slots are asked for, one trial at a time: each start changes what is free.
        trials = 0 if not fits else 1 if asked else view.spec.limits.parallel
        return Room(trials=trials, disk_full=self._workplace.disk_full())

    # ------------------------------------------------------------------ acting

    def _apply(self, view: JobView, action: Action) -> None:
        match action:
            case MoveJob():
                self._move_job(view, action)
            case Suggest():
                self._ask(view, action.count)
            case StartTrial():
                self._start(view, view.trials[action.number])
            case EndTrial():
                trial = view.trials[action.number]
                self._end(view, trial, reason=action.reason, message=action.message)
            case DropTrial():
                trial = view.trials[action.number]
                change = advance_trial(
                    trial,
                    TrialState.CANCELLED,
                    at=self._clock.now(),
                    reason=action.reason,
                    message=action.message,
                )
                view.trials[trial.number] = self._store.change_trial(change)
            case _:
                assert_never(action)

    def _move_job(self, view: JobView, action: MoveJob) -> None:
        change = advance_job(
            view.job,
            action.to,
            at=self._clock.now(),
            reason=action.reason,
            message=action.message,
        )
        view.job = self._store.change_job(change)

    def _ask(self, view: JobView, count: int) -> None:
        snapshot = view.snapshot
        self._suggesting.ask(
            Question(
                job_id=view.job.id,
                spec=view.spec,
                history=history_of(snapshot.trials),
                note=view.note,
                count=count,
                known_event=self._store.last_event(view.job.id),
            )
        )
        view.suggesting = True

    def _receive_answers(self) -> bool:
        answers = self._suggesting.poll()
        for answer in answers:
            view = self._views.get(answer.job_id)
            if view is not None:
                view.suggesting = False
                try:
                    self._add_trials(view, answer)
                except Conflict:
                    self._reload(view)
        return bool(answers)

    def _add_trials(self, view: JobView, answer: Answer) -> None:
        if answer.error is not None:
            self._blame(view, DowseError(answer.error))
            return
        view.exhausted = view.exhausted or answer.exhausted
        if view.job.state is not JobState.RUNNING:
            return
        for parameters, why in answer.suggestions:
            trial = Trial(
                job_id=view.job.id,
                job=view.job.name,
                number=max(view.trials, default=0) + 1,
                parameters=parameters,
                why=why,
                known_event=answer.known_event,
                created_at=self._clock.now(),
            )
            view.trials[trial.number] = self._store.create_trial(trial, note=answer.note)
            view.note = answer.note
            view.errors = 0

    def _start(self, view: JobView, trial: Trial) -> None:
        launch = self._workplace.prepare(view.spec, trial)
        change = advance_trial(
            trial,
            TrialState.RUNNING,
            at=self._clock.now(),
            output_dir=self._workplace.output_directory(view.spec, trial),
        )
        # First the promise, then the deed: a crash between them finds a trial to look after.
        trial = view.trials[trial.number] = self._store.change_trial(change)
        try:
            self._executor.start(launch)
        except Exception:
            # Whatever came of it, the attempt is looked after: it will be found lost, or running.
            self._executor.attach([(trial.ref, launch.directory)])
            raise

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

    # ------------------------------------------------------------------ measurements

    def _watch(self, trial: Trial) -> None:
        view = self._views[trial.job_id]
        self._workplace.watch(view.spec, trial, self._store.offsets(trial.ref))
        self._watched.add(trial.ref)

    def _collect_live(self, view: JobView) -> None:
        for trial in view.live:
            if self._record(view, trial, final=False) and trial.state is TrialState.RUNNING:
                self._judge(view, trial)

    def _record(self, view: JobView, trial: Trial, *, final: bool) -> bool:
        """Store what is new of a trial; whether its objective is among it."""
        metric = view.spec.objective.metric
        found = False
        if trial.ref not in self._watched:
            self._watch(trial)
        try:
            for batch in self._workplace.collect(trial.ref, final=final):
                self._store_batch(view, trial, batch)
                found = found or any(one.metric == metric for one in batch.measurements)
        except BaseException:
            # A batch counts as read once it is handed out: read again from what is stored.
            self._watched.discard(trial.ref)
            raise
        return found

    def _store_batch(self, view: JobView, trial: Trial, batch: Batch) -> None:
        self._store.record(trial.ref, batch.measurements, source=batch.source, offset=batch.offset)
        for note in batch.notes:
            self._store.append_event(view.job.id, Noted(message=note, trial=trial.number))

    def _reports(self, view: JobView, trial: Trial) -> Sequence[Measurement]:
        stored = self._store.curve(trial.ref, view.spec.objective.metric)
        return [one.measurement for one in stored]

    def _judge(self, view: JobView, trial: Trial) -> None:
        """Ask the stopping rule about a running trial that has just reported."""
        if view.rule is None or view.spec.stopping is None:
            return
        curve = _curve(trial, self._reports(view, trial))
        others = [self._finished_curve(view, other) for other in _completed(view)]
        verdict = view.rule.decide(curve, others, view.spec.objective.goal)
        if not verdict.stop:
            return
        decided = StopDecided(
            trial=trial.number,
            attempt=trial.attempt,
            rule=view.spec.stopping.rule,
            message=verdict.reason,
            numbers=verdict.numbers,
        )
        self._end(
            view,
            trial,
            reason=Reason.STOPPED_EARLY,
            message=verdict.reason,
            because=(decided,),
        )

    def _finished_curve(self, view: JobView, trial: Trial) -> Curve:
        if trial.number not in view.curves:
            view.curves[trial.number] = _curve(trial, self._reports(view, trial))
        return view.curves[trial.number]

    # ------------------------------------------------------------------ ends

    def _settle_ended(self) -> bool:
        """Give every attempt that has ended its place; one that the store cannot take now waits."""
        self._ended.extend(self._executor.poll())
        busy = bool(self._ended)
        while self._ended:
            self._settle(self._ended[0])
            self._ended.pop(0)
        return busy

    def _settle(self, ended: Ended) -> None:
        view = self._view_of(ended.attempt)
        trial = None if view is None else view.trials.get(ended.attempt.trial)
        if view is None or trial is None or trial.ref != ended.attempt or not trial.state.is_live:
            return
        self._record(view, trial, final=True)
        settlement = settle(
            trial,
            ended,
            view.spec,
            reports=self._reports(view, trial),
            names=self._store.metric_names(trial.ref),
            last_line=self._workplace.last_line(trial.ref),
        )
        change = advance_trial(
            trial,
            settlement.to,
            at=self._clock.now(),
            reason=settlement.reason,
            message=settlement.message,
            outcome=settlement.outcome,
        )
        try:
            view.trials[trial.number] = self._store.change_trial(change)
        except Conflict:
            self._reload(view)
            self._settle(ended)
            return
        view.errors = 0
        self._watched.discard(trial.ref)
        self._workplace.forget(trial.ref)


def _completed(view: JobView) -> list[Trial]:
    return [trial for trial in view.trials.values() if trial.state is TrialState.SUCCEEDED]


def _curve(trial: Trial, reports: Sequence[Measurement]) -> Curve:
    values = tuple(report.value for report in reports if math.isfinite(report.value))
    return Curve(trial=trial.number, values=values, finished=trial.state is TrialState.SUCCEEDED)
