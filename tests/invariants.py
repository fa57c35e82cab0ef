"""What must hold in every store at every moment, checked from the store alone.

One checker for all tests: the simulation calls it after every step, tests with real processes once
at the end. It replays the events by rules of its own and compares the rows with the replay.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from dowse.analysis.best import best_trial
from dowse.domain import enumeration
from dowse.domain.ceilings import Ceilings, under
from dowse.domain.events import (
    ControlChosen,
    Event,
    IntentChanged,
    JobChanged,
    JobSubmitted,
    LimitsChanged,
    Noted,
    PromotionDecided,
    StopDecided,
    SuggesterStarted,
    TrialChanged,
    TrialDeleted,
    TrialSuggested,
)
from dowse.domain.job import Intent, JobState
from dowse.domain.lifecycle import JOB_TRANSITIONS, TRIAL_TRANSITIONS
from dowse.domain.metrics import Goal, Measurement, Use
from dowse.domain.reasons import Reason
from dowse.domain.space import Key
from dowse.domain.spec import FailurePolicy
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Store

REASONS: Mapping[TrialState, frozenset[Reason | None]] = {
    TrialState.SUCCEEDED: frozenset({None}),
    TrialState.FAILED: frozenset(
        {
            Reason.NO_METRIC,
            Reason.SYSTEM_ERROR,
            Reason.NONZERO_EXIT,
            Reason.START_ERROR,
            Reason.LOST,
            Reason.INFEASIBLE,
        }
    ),
    TrialState.STOPPED: frozenset({Reason.STOPPED_EARLY, Reason.USER}),
    TrialState.CANCELLED: frozenset(
        {Reason.JOB_ENDED, Reason.TIMEOUT, Reason.USER, Reason.NO_PROGRESS}
    ),
}
"""Why a trial may be in each final state."""
_BY_RULE = (Reason.STOPPED_EARLY, Reason.AWAITS_PROMOTION)
"""Why a trial is stopping whose stopping rule has decided so."""


ASKED_FOR: Mapping[Reason | None, str] = {
    Reason.TARGET_REACHED: "target",
    Reason.NO_IMPROVEMENT: "patience",
    Reason.CONVERGED: "improvement",
    Reason.COST_LIMIT: "cost",
}
"""The limit behind an end that a job reaches only when it was asked for."""


class InvariantError(AssertionError):
    """A promise was broken."""


def demand(condition: object, message: str) -> None:
    if not condition:
        raise InvariantError(message)


@dataclass(slots=True)
class ReplayedTrial:
    """A trial as its events tell it."""

    state: TrialState = TrialState.QUEUED
    attempt: int = 1
    reason: Reason | None = None
    message: str = ""
    objective: float | None = None
    losses: int = 0
    stops: list[int] = field(default_factory=list)
    is_control: bool = False


class InvariantChecker:
    """Checks one job. `check` may be called again and again; it reads only new events."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self._job_id = store.job(name).id
        self._spec = store.spec(self._job_id)
        self.last_event = 0
        self.state = JobState.QUEUED
        self.reason: Reason | None = None
        self.intent = Intent.RUN
        self._parallel_before = self._spec.limits.parallel
        self.trials: dict[int, ReplayedTrial] = {}
        self._keys: dict[Key, int] = {}
        self._decided: StopDecided | None = None
        self._promoted: PromotionDecided | None = None
        self.promotions = 0
        self._settled: dict[tuple[int, int], int] = {}

    def check(self) -> None:
        """Raises InvariantError with the first promise that is broken."""
        last = self._store.last_event(self._job_id)
        if last == self.last_event:
            return
        while events := self._store.events(self._job_id, after=self.last_event):
            for number, _, event in events:
                demand(
                    number == self.last_event + 1,
                    f"event {number} follows event {self.last_event}",
                )
                self.last_event = number
                self._replay(event)
            if self.last_event >= last:
                break
        demand(self.last_event >= last, f"event {last} is missing, {self.last_event} is there")
        trials = self._store.trials(self._job_id)
        self._compare_job()
        self._compare_trials(trials)
        self._check_best(trials)

    # ------------------------------------------------------------------ replay

    def _replay(self, event: Event) -> None:
        if not isinstance(event, TrialChanged):
            demand(self._decided is None, "a verdict is not followed by the stop it decides")
            demand(self._promoted is None, "a promotion is not followed by what it decides")
        match event:
            case JobSubmitted():
                demand(self.last_event == 1, "the job was submitted twice")
            case JobChanged():
                self._replay_job(event)
            case IntentChanged():
                demand(
                    event.before is self.intent,
                    f"the intent was {self.intent}, not {event.before}",
                )
                demand(not self.state.is_final, "an intent was written to a job that is over")
                self.intent = event.after
            case TrialSuggested():
                self._replay_suggestion(event)
            case TrialChanged():
                self._replay_trial(event)
            case StopDecided():
                self._replay_verdict(event)
            case LimitsChanged():
                self._replay_limits(event)
            case ControlChosen():
                self._replay_control(event)
            case PromotionDecided():
                self._replay_promotion(event)
            case SuggesterStarted() | TrialDeleted() | Noted():
                pass
            case _:
                assert_never(event)

    def _replay_job(self, event: JobChanged) -> None:
        demand(event.before is self.state, f"the job was {self.state}, not {event.before}: {event}")
        demand(event.after in JOB_TRANSITIONS[event.before], f"not a legal change: {event}")
        self.state, self.reason = event.after, event.reason
        if event.after.is_final or event.after is JobState.PAUSED:
            live = [n for n, trial in self.trials.items() if trial.state.is_live]
            demand(not live, f"the job became {event.after.value} while trials {live} were live")
        if event.after.is_final:
            open_ = [n for n, trial in self.trials.items() if not trial.state.is_final]
            demand(not open_, f"the job became {event.after.value}, trials {open_} are not over")
            self._check_end(event)

    def _replay_limits(self, event: LimitsChanged) -> None:
        known = Ceilings.of(self._spec.limits)
        demand(not self.state.is_final, "limits were set for a job that is over")
        before = {name: getattr(known, name) for name in event.before}
        demand(before == dict(event.before), f"the limits were {before}: {event}")
        # A start that was decided a moment before may be stored a moment after.
        self._parallel_before = known.parallel
        self._spec = under(self._spec, known.with_(event.after))

    def _replay_control(self, event: ControlChosen) -> None:
        trial = self.trials.get(event.trial)
        demand(
            trial is not None and trial.state is TrialState.RUNNING,
            f"a control that does not run: {event}",
        )
        assert trial is not None
        demand(not trial.is_control, f"trial {event.trial} became a control twice")
        demand(not trial.stops, f"trial {event.trial} was stopped before it became a control")
        trial.is_control = True

    def _replay_suggestion(self, event: TrialSuggested) -> None:
        demand(
            event.trial == len(self.trials) + 1,
            f"trial {event.trial} came after trial {len(self.trials)}",
        )
        limit = self._spec.limits.trials
        demand(limit is None or event.trial <= limit, f"trial {event.trial} of at most {limit}")
        demand(
            self.state is JobState.RUNNING, f"trial {event.trial} was suggested to no running job"
        )
        demand(event.known_event < self.last_event, f"trial {event.trial} knew its own future")
        problems = self._spec.space.problems(event.parameters)
        demand(not problems, f"trial {event.trial} lies outside the space: {problems}")
        key = self._spec.space.key(event.parameters)
        twin = self._keys.get(key)
        demand(
            twin is None or self._spec.algorithm.repeats,
            f"trials {twin} and {event.trial} have the same configuration",
        )
        self._keys[key] = event.trial
        self.trials[event.trial] = ReplayedTrial()

    def _replay_trial(self, event: TrialChanged) -> None:
        demand(event.trial in self.trials, f"there is no trial {event.trial} that could change")
        trial = self.trials[event.trial]
        demand(
            (event.before, event.attempt) == (trial.state, trial.attempt),
            f"trial {event.trial} was {trial.state.value} (attempt {trial.attempt}): {event}",
        )
        demand(event.after in TRIAL_TRANSITIONS[event.before], f"not a legal change: {event}")
        demand(not self.state.is_final, f"trial {event.trial} changed after its job was over")
        self._check_verdict_carried_out(event)
        self._check_promotion_carried_out(event)
        if event.before.is_live and not event.after.is_live:
            self._replay_settlement(trial, event)
        if event.after is TrialState.QUEUED:
            trial.attempt += 1
        trial.state, trial.reason = event.after, event.reason
        trial.message, trial.objective = event.message, event.objective
        if event.after is TrialState.RUNNING:
            demand(self.state is JobState.RUNNING, f"trial {event.trial} started: {self.state}")
            live = sum(other.state.is_live for other in self.trials.values())
            most = max(self._spec.limits.parallel, self._parallel_before)
            demand(live <= most, f"{live} trials run at once, {most} are allowed")

    def _check_verdict_carried_out(self, event: TrialChanged) -> None:
        stops = event.after is TrialState.STOPPING and event.reason in _BY_RULE
        decided, self._decided = self._decided, None
        if decided is None:
            demand(not stops, f"trial {event.trial} is stopped early without a verdict")
        else:
            demand(
                stops
                and (decided.trial, decided.attempt) == (event.trial, event.attempt)
                and decided.pause is (event.reason is Reason.AWAITS_PROMOTION),
                f"the verdict {decided} is followed by {event}",
            )

    def _check_promotion_carried_out(self, event: TrialChanged) -> None:
        promoted, self._promoted = self._promoted, None
        goes_on = event.before is TrialState.PAUSED and event.after is TrialState.QUEUED
        demand(
            goes_on is (promoted is not None)
            and (promoted is None or promoted.trial == event.trial),
            f"the promotion {promoted} is followed by {event}",
        )

    def _replay_promotion(self, event: PromotionDecided) -> None:
        trial = self.trials.get(event.trial)
        waits = (TrialState.PAUSED, event.attempt)
        demand(
            trial is not None and (trial.state, trial.attempt) == waits,
            f"{event} is about a trial that is not paused",
        )
        self._promoted = event
        self.promotions += 1

    def _replay_settlement(self, trial: ReplayedTrial, event: TrialChanged) -> None:
        place = (event.trial, event.attempt)
        demand(place not in self._settled, f"attempt {place} was settled twice")
        self._settled[place] = self.last_event
        asked = trial.reason if trial.state is TrialState.STOPPING else None
        if asked is Reason.STOPPED_EARLY:
            demand(event.after is TrialState.STOPPED, f"stopped early, and then: {event}")
        elif asked is Reason.AWAITS_PROMOTION:
            demand(event.after is TrialState.PAUSED, f"paused by its rule, and then: {event}")
        elif asked is Reason.INTERRUPTED:
            demand(
                event.after is TrialState.QUEUED, f"interrupted, and does not run again: {event}"
            )
        elif asked is Reason.JOB_ENDED:
            demand(event.after is TrialState.CANCELLED, f"its job ended, and then: {event}")
        if event.reason is Reason.LOST:
            left = self._spec.limits.retries - trial.losses
            again = event.after is TrialState.QUEUED
            demand(again is (left > 0), f"lost with {left} retries left: {event}")
            trial.losses += 1

    def _replay_verdict(self, event: StopDecided) -> None:
        trial = self.trials.get(event.trial)
        demand(
            trial is not None and trial.state is TrialState.RUNNING,
            f"the verdict {event} is about a trial that does not run",
        )
        assert trial is not None
        demand(event.attempt not in trial.stops, f"attempt {event.attempt} was stopped twice")
        demand(not trial.is_control, f"trial {event.trial} is a control, and is to stop")
        trial.stops.append(event.attempt)
        self._decided = event

    # ------------------------------------------------------------------ ends

    def _check_end(self, event: JobChanged) -> None:
        """The reason of a job's end is borne out by its trials."""
        trials, limits = self.trials, self._spec.limits
        failed = {n: t for n, t in trials.items() if t.state is TrialState.FAILED}
        match event.after, event.reason:
            case JobState.SUCCEEDED, Reason.TRIALS_DONE:
                wanted = limits.trials or 0
                demand(len(trials) >= wanted, f"{len(trials)} of {limits.trials} are done")
            case JobState.SUCCEEDED, Reason.SEARCH_SPACE_EXHAUSTED:
                space = self._spec.space
                size = sum(1 for _ in enumeration.assignments(space)) if space.is_finite else None
                demand(
                    size is not None and len(trials) >= size,
                    f"a space is called exhausted after {len(trials)} of {size} configurations",
                )
            case JobState.FAILED, Reason.FIRST_TRIAL_FAILED:
                ran_well = (Reason.NO_METRIC, Reason.INFEASIBLE)
                demand(
                    1 in failed and failed[1].reason not in ran_well,
                    "the first trial did not fail",
                )
            case JobState.FAILED, Reason.TOO_MANY_FAILURES:
                demand(failed, "no trial failed")
                least = 1 if self._spec.failures is FailurePolicy.STRICT else limits.failed
                measured = [
                    n
                    for n, trial in trials.items()
                    if n not in failed and trial.objective is not None
                ]
                demand(
                    least is None or len(failed) >= least or not measured,
                    f"{len(failed)} trials failed, {least} are allowed",
                )
            case JobState.FAILED, Reason.PREPARATION_FAILED:
                demand(self._spec.launch.needs_preparation, "there was nothing to prepare")
                demand(not trials, "trials were made before the job was prepared")
            case JobState.FAILED, Reason.NO_METRIC | Reason.SYSTEM_ERROR:
                pass
            case _, reason if reason in ASKED_FOR:
                demand(event.after is not JobState.FAILED, f"a limit is no failure: {event}")
                asked = getattr(limits, ASKED_FOR[reason])
                demand(asked is not None, f"nobody asked for such an end: {event}")
            case JobState.CANCELLED, Reason.TIMEOUT:
                demand(limits.timeout_s is not None, "a job without a time limit timed out")
            case JobState.CANCELLED, Reason.USER | Reason.INTERRUPTED | None:
                demand(self.intent is Intent.CANCEL, "nobody cancelled this job")
            case _:
                demand(False, f"no job ends like this: {event}")

    # ------------------------------------------------------------------ rows

    def _compare_job(self) -> None:
        job = self._store.job(self._name)
        told = (self.state, self.reason, self.intent)
        demand(
            (job.state, job.reason, job.intent) == told,
            f"the row says {job}, the events say {told}",
        )
        demand(
            (job.ended_at is not None) is job.state.is_final,
            f"a job that is {job.state.value} has ended_at {job.ended_at}",
        )
        demand(
            (job.resumed_at is not None) is (job.state is JobState.RUNNING),
            f"a job that is {job.state.value} has resumed_at {job.resumed_at}",
        )
        demand(job.active_s >= 0, f"a job ran for {job.active_s} s")

    def _compare_trials(self, trials: Sequence[Trial]) -> None:
        numbers = [trial.number for trial in trials]
        demand(
            numbers == list(range(1, len(self.trials) + 1)),
            f"the rows are trials {numbers}, the events tell of {len(self.trials)}",
        )
        for trial in trials:
            told = self.trials[trial.number]
            row = (trial.state, trial.attempt, trial.reason, trial.message)
            demand(
                row == (told.state, told.attempt, told.reason, told.message)
                and same(trial.objective, told.objective),
                f"the row of trial {trial.number} says {trial}, the events say {told}",
            )
            check_trial(trial)
            if trial.state.is_final or trial.state is TrialState.PAUSED:
                self._check_objective(trial)

    def _check_objective(self, trial: Trial) -> None:
        metric = self._spec.objective.metric
        stored = self._store.curve(trial.ref, metric)
        demand(
            [one.seq for one in stored] == list(range(1, len(stored) + 1)),
            f"the reports of trial {trial.number} are not numbered from 1 without a gap",
        )
        unmeasured = trial.reason in (Reason.JOB_ENDED, Reason.SYSTEM_ERROR)
        if unmeasured and trial.objective is None:
            return
        values = self._values(trial)
        expected = counted(values, self._spec.objective.use, self._spec.objective.goal)
        if self._spec.objective.use is not Use.MEAN_OF_LAST:
            demand(
                same(trial.objective, expected),
                f"trial {trial.number} has {trial.objective}, its reports are {values}",
            )

    def _values(self, trial: Trial) -> list[float]:
        """What the trial reported: where it may be paused, each step once, as the last attempt at
        it says.
        """
        stopping, metric = self._spec.stopping, self._spec.objective.metric
        resumes = stopping is not None and stopping.options.get("resume") is True
        attempts = range(1 if resumes else trial.attempt, trial.attempt + 1)
        found = [
            [one.measurement for one in self._store.curve(replace(trial, attempt=n).ref, metric)]
            for n in attempts
        ]
        taken_over: list[tuple[int, int]] = []
        kept: list[list[Measurement]] = []
        for reports in reversed(found):
            outside = [
                one
                for one in reports
                if not any(first <= one.step <= last for first, last in taken_over)
            ]
            kept.insert(0, outside)
            if any(one.step for one in reports):
                steps = [one.step for one in reports]
                taken_over.append((min(steps), max(steps)))
        curve = [one for reports in kept for one in reports]
        return [one.value for one in sorted(curve, key=lambda one: one.step)]

    def _check_best(self, trials: Sequence[Trial]) -> None:
        goal = self._spec.objective.goal
        able = [
            trial.objective
            for trial in trials
            if (
                trial.state in (TrialState.SUCCEEDED, TrialState.STOPPED)
                or (
                    trial.state is TrialState.CANCELLED
                    and trial.reason in (Reason.TIMEOUT, Reason.NO_PROGRESS)
                )
            )
            and trial.objective is not None
            and math.isfinite(trial.objective)
        ]
        found = best_trial(trials, self._spec.targets, self._spec.space, self._spec.prefer)
        expected = None
        if able:
            expected = max(able) if goal is Goal.MAXIMIZE else min(able)
        value = None if found is None else found.objective
        demand(value == expected, f"the best is {value}, recomputed it is {expected}")


def check_trial(trial: Trial) -> None:
    """What a row promises by itself."""
    name = f"trial {trial.number}, {trial.state.value}"
    demand(
        (trial.ended_at is not None) is trial.state.is_final,
        f"{name}: ended_at is {trial.ended_at}",
    )
    if trial.state.is_live:
        demand(trial.started_at is not None, f"{name}: it has no time of its start")
        demand(trial.output_dir is not None, f"{name}: it has no output directory")
    if trial.state.is_final:
        demand(trial.reason in REASONS[trial.state], f"{name}: its reason is {trial.reason}")
    elif trial.state is TrialState.PAUSED:
        demand(trial.reason is Reason.AWAITS_PROMOTION, f"{name}: its reason is {trial.reason}")
        demand(trial.objective is not None, f"{name}: it has reported nothing to be promoted for")
    else:
        demand(trial.objective is None, f"{name}: it has an objective value already")
    if trial.state is TrialState.SUCCEEDED:
        demand(
            trial.objective is not None and math.isfinite(trial.objective),
            f"{name}: its objective is {trial.objective}",
        )


def counted(values: Sequence[float], use: Use, goal: Goal) -> float | None:
    """The value that counts, worked out anew for LAST and BEST."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return values[-1] if values else None
    if use is Use.BEST:
        return max(finite) if goal is Goal.MAXIMIZE else min(finite)
    return finite[-1]


def same(one: float | None, other: float | None) -> bool:
    """Equality under which NaN equals itself."""
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))


def check_job(store: Store, name: str) -> None:
    """All invariants of one job, once."""
    InvariantChecker(store, name).check()


def check_store(store: Store) -> None:
    """All invariants of all jobs, once."""
    for job in store.jobs():
        check_job(store, job.name)
