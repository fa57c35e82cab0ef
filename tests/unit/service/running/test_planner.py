from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dowse.domain.events import PromotionDecided
from dowse.domain.job import Intent, JobState
from dowse.domain.reasons import Reason
from dowse.domain.spec import FailurePolicy, JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.service.running.actions import (
    Action,
    DropTrial,
    EndTrial,
    MoveJob,
    Promote,
    Retire,
    StartTrial,
    Suggest,
)
from dowse.service.running.planner import Room, Snapshot, plan
from tests.unit.service.values import a_job, a_spec, a_trial, failed, good

ROOMY = Room(trials=100)
RUNNING, QUEUED, STOPPING = TrialState.RUNNING, TrialState.QUEUED, TrialState.STOPPING


def planned(
    *trials: Trial,
    spec: JobSpec | None = None,
    job: Any = None,
    room: Room = ROOMY,
    now: float = 1.0,
    **known: Any,
) -> tuple[Action, ...]:
    snapshot = Snapshot(job=job or a_job(), spec=spec or a_spec(parallel=3), trials=trials, **known)
    return plan(snapshot, room, now)


# ---------------------------------------------------------------------- limits that were lowered


def test_fewer_at_once_let_what_runs_end_and_start_nothing() -> None:
    running = [a_trial(1, RUNNING), a_trial(2, RUNNING), a_trial(3)]
    assert planned(*running, spec=a_spec(parallel=1)) == ()


def test_fewer_trials_than_there_are_drop_those_that_never_started() -> None:
    trials = [good(1), a_trial(2, RUNNING), a_trial(3, attempt=2), a_trial(4), a_trial(5)]
    message = "the limit of trials was lowered to 2"
    assert planned(*trials, spec=a_spec(trials=2, parallel=3)) == (
        DropTrial(number=4, reason=Reason.USER, message=message),
        DropTrial(number=5, reason=Reason.USER, message=message),
    )
    again = planned(*trials[:3], spec=a_spec(trials=2, parallel=3))
    assert again == (StartTrial(number=3),)


# ---------------------------------------------------------------------- the logical order


def test_a_suggestion_waits_in_the_logical_order_for_its_own_results_only() -> None:
    ended = [good(2), good(3), good(4)]
    running = a_trial(1, RUNNING)
    assert planned(running, *ended, lag=3) == ()
    assert planned(running, *ended, lag=4) == ()
    assert planned(running, *ended, lag=5) == (Suggest(count=1),)
    assert planned(good(1), a_trial(2, RUNNING), a_trial(3, RUNNING), lag=3) == (Suggest(count=1),)


def test_a_trial_that_is_tried_again_is_waited_for_and_started() -> None:
    again = a_trial(1, QUEUED, attempt=2)
    assert planned(again, good(2), good(3), lag=3) == (StartTrial(number=1),)


def test_suggestions_are_asked_for_one_by_one_in_the_logical_order() -> None:
    assert planned(lag=3) == (Suggest(count=1),)
    assert planned() == (Suggest(count=3),)


# ---------------------------------------------------------------------- no sign of life


def test_a_trial_that_gives_no_sign_of_life_for_too_long_is_ended() -> None:
    trials = [a_trial(1, RUNNING), a_trial(2, RUNNING), a_trial(3, STOPPING)]
    spec, signs = a_spec(parallel=3, no_progress_s=30.0), {1: 10.0, 2: 11.0, 3: 0.0}
    assert planned(*trials, spec=spec, signs=signs, now=40.0) == (
        EndTrial(
            number=1,
            reason=Reason.NO_PROGRESS,
            message="neither reported nor printed anything for 30 s",
        ),
    )
    assert planned(*trials, spec=a_spec(parallel=3), signs=signs, now=40.0) == ()


def test_a_silent_trial_does_not_hold_up_the_end_of_its_job() -> None:
    spec = a_spec(parallel=3, no_progress_s=30.0, patience=1)
    done = [
        a_trial(n, TrialState.SUCCEEDED, objective=0.5, started_at=0.0, ended_at=float(n))
        for n in (1, 2)
    ]
    silent = a_trial(3, RUNNING)
    assert planned(*done, silent, spec=spec, signs={3: 5.0}, now=10.0) == ()
    (action,) = planned(*done, silent, spec=spec, signs={3: 5.0}, now=40.0)
    assert isinstance(action, EndTrial)


def test_what_waits_is_dropped_once_nothing_runs_for_a_job_that_has_enough() -> None:
    waiting, spec = a_trial(2), a_spec(parallel=3)
    message = "its job ended: nothing better"
    running = planned(a_trial(1, RUNNING), waiting, spec=spec, converged="nothing better")
    assert running == ()
    assert planned(good(1), waiting, spec=spec, converged="nothing better") == (
        DropTrial(number=2, reason=Reason.JOB_ENDED, message=message),
    )


# ---------------------------------------------------------------------- states of jobs


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED])
@pytest.mark.parametrize("intent", list(Intent))
def test_nothing_is_done_for_a_job_that_is_over(state: JobState, intent: Intent) -> None:
    assert planned(a_trial(1, RUNNING), job=a_job(state, intent=intent)) == ()


@pytest.mark.parametrize(
    ("intent", "to", "message"),
    [
        (Intent.RUN, JobState.RUNNING, ""),
        (Intent.PAUSE, JobState.PAUSED, ""),
        (Intent.PAUSE_NOW, JobState.PAUSED, ""),
        (Intent.CANCEL, JobState.CANCELLING, "cancelled on request"),
    ],
)
def test_a_queued_job_goes_where_it_is_wanted(intent: Intent, to: JobState, message: str) -> None:
    job = a_job(JobState.QUEUED, intent=intent, intent_reason=Reason.USER)
    reason = None if intent is Intent.RUN else Reason.USER
    assert planned(job=job) == (MoveJob(to=to, reason=reason, message=message),)


def test_a_paused_job_waits_until_it_is_resumed_or_cancelled() -> None:
    def paused(intent: Intent) -> tuple[Action, ...]:
        return planned(a_trial(1), job=a_job(JobState.PAUSED, intent=intent))

    assert paused(Intent.PAUSE) == paused(Intent.PAUSE_NOW) == ()
    assert paused(Intent.RUN) == (MoveJob(to=JobState.RUNNING),)
    cancelled = MoveJob(to=JobState.CANCELLING, message="cancelled on request")
    assert paused(Intent.CANCEL) == (cancelled,)


# ---------------------------------------------------------------------- progress


def test_suggestions_are_asked_for_as_many_trials_as_may_run_at_once() -> None:
    assert planned() == (Suggest(count=3),)
    assert planned(a_trial(1, RUNNING)) == (Suggest(count=2),)


def test_queued_trials_are_started_before_new_ones_are_asked_for() -> None:
    actions = planned(a_trial(1, RUNNING), a_trial(2), good(3), a_trial(4))
    assert actions == (StartTrial(number=2), StartTrial(number=4))
    assert planned(a_trial(2)) == (StartTrial(number=2), Suggest(count=2))


def test_a_trial_that_is_stopping_still_takes_its_place() -> None:
    actions = planned(a_trial(1, STOPPING), a_trial(2, RUNNING), a_trial(3), a_trial(4))
    assert actions == (StartTrial(number=3),)


def test_nothing_is_asked_while_an_answer_is_awaited_or_the_space_is_exhausted() -> None:
    assert planned(a_trial(1, RUNNING), suggesting=True) == ()
    assert planned(a_trial(1, RUNNING), exhausted=True) == ()
    assert planned(a_trial(1), suggesting=True) == (StartTrial(number=1),)


def test_no_more_trials_are_asked_for_than_the_job_may_have() -> None:
    spec = a_spec(trials=4, parallel=3)
    assert planned(good(1), good(2), good(3), spec=spec) == (Suggest(count=1),)
    assert planned(good(1), good(2), good(3), a_trial(4, RUNNING), spec=spec) == ()


def test_without_room_on_the_executor_everything_waits() -> None:
    assert planned(a_trial(1), room=Room(trials=0)) == ()
    assert planned(a_trial(1), a_trial(2), room=Room(trials=1)) == (StartTrial(number=1),)


def test_a_full_disk_starts_nothing_and_pauses_the_job_once_nothing_runs() -> None:
    full = Room(trials=5, disk_full=True)
    assert planned(a_trial(1, RUNNING), a_trial(2), room=full) == ()
    (action,) = planned(a_trial(2), room=full)
    assert action == MoveJob(
        to=JobState.PAUSED,
        reason=Reason.DISK_FULL,
        message="the disk of the data directory is full; free some space, then resume",
    )


# ---------------------------------------------------------------------- promotions

DECIDED = PromotionDecided(trial=2, attempt=1, rule="asha", message="1st of 3")


def waiting(number: int) -> Trial:
    reason, message = Reason.AWAITS_PROMOTION, "waits at rung 1"
    return a_trial(number, TrialState.PAUSED, reason=reason, message=message, objective=number / 10)


def test_a_paused_trial_takes_no_slot() -> None:
    assert planned(waiting(1), waiting(2)) == (Suggest(count=3),)
    assert planned(waiting(1), a_trial(2, RUNNING)) == (Suggest(count=2),)


def test_a_promotion_goes_before_a_new_suggestion_and_after_what_is_queued() -> None:
    trials = (waiting(1), waiting(2), a_trial(3))
    assert planned(*trials, promotion=DECIDED) == (StartTrial(number=3), Promote(decided=DECIDED))
    running = [a_trial(number, RUNNING) for number in (4, 5)]
    assert planned(*trials, *running, promotion=DECIDED) == (StartTrial(number=3),)
    assert planned(*trials, promotion=DECIDED, room=Room(trials=1)) == (StartTrial(number=3),)


def test_trials_are_promoted_when_no_new_one_may_begin() -> None:
    spec = a_spec(trials=2, parallel=3)
    assert planned(waiting(1), waiting(2), spec=spec, promotion=DECIDED) == (
        Promote(decided=DECIDED),
    )
    exhausted = planned(waiting(1), waiting(2), exhausted=True, promotion=DECIDED)
    assert exhausted == (Promote(decided=DECIDED),)


def test_whoever_still_waits_at_the_end_of_the_job_is_stopped_then() -> None:
    spec = a_spec(trials=2, parallel=3)
    message = "its job ended before its promotion: waits at rung 1"
    assert planned(good(1), waiting(2), spec=spec) == (Retire(number=2, message=message),)
    cancelled = a_job(JobState.CANCELLING, intent=Intent.CANCEL)
    assert planned(a_trial(1, STOPPING), waiting(2), job=cancelled) == (
        Retire(number=2, message=message),
    )


# ---------------------------------------------------------------------- pauses


def test_a_pause_lets_the_running_trials_end_and_starts_nothing() -> None:
    job = a_job(intent=Intent.PAUSE, intent_reason=Reason.INTERRUPTED)
    assert planned(a_trial(1, RUNNING), a_trial(2), job=job) == ()
    assert planned(good(1), a_trial(2), job=job) == (
        MoveJob(to=JobState.PAUSED, reason=Reason.INTERRUPTED),
    )


def test_a_pause_at_once_interrupts_each_running_trial_once() -> None:
    job = a_job(intent=Intent.PAUSE_NOW, intent_reason=Reason.USER)
    (action,) = planned(a_trial(1, RUNNING), a_trial(2, STOPPING), a_trial(3), job=job)
    assert action == EndTrial(
        number=1,
        reason=Reason.INTERRUPTED,
        message="interrupted; it runs again when the job is resumed",
    )
    assert planned(a_trial(2, STOPPING), a_trial(3), job=job) == ()
    assert planned(a_trial(2), job=job) == (MoveJob(to=JobState.PAUSED, reason=Reason.USER),)


# ---------------------------------------------------------------------- ends


def test_a_cancelled_job_ends_what_runs_and_drops_what_waits_before_it_is_over() -> None:
    cancelled = a_job(intent=Intent.CANCEL, intent_reason=Reason.USER)
    trials = (good(1), a_trial(2, RUNNING), a_trial(3, STOPPING), a_trial(4))
    (move,) = planned(*trials, job=cancelled)
    assert move == MoveJob(
        to=JobState.CANCELLING, reason=Reason.USER, message="cancelled on request"
    )
    cancelling = a_job(JobState.CANCELLING, reason=Reason.USER, message="cancelled on request")
    words = "its job was cancelled (user)"
    assert planned(*trials, job=cancelling) == (
        EndTrial(number=2, reason=Reason.JOB_ENDED, message=words),
        DropTrial(number=4, reason=Reason.JOB_ENDED, message=words),
    )
    assert planned(good(1), a_trial(2, STOPPING), job=cancelling) == ()
    assert planned(good(1), job=cancelling) == (
        MoveJob(to=JobState.CANCELLED, reason=Reason.USER, message="cancelled on request"),
    )


def test_a_job_past_its_time_limit_is_cancelled_and_a_pause_does_not_count() -> None:
    spec = a_spec(timeout_s=60.0)
    ran_before = a_job(active_s=50.0, resumed_at=1000.0)
    assert planned(a_trial(1, RUNNING), spec=spec, job=ran_before, now=1009.9) == ()
    (move,) = planned(a_trial(1, RUNNING), spec=spec, job=ran_before, now=1010.0)
    assert move == MoveJob(
        to=JobState.CANCELLING,
        reason=Reason.TIMEOUT,
        message="the job's time limit of 60 s was reached",
    )


def test_a_job_that_has_failed_ends_its_running_trials_first() -> None:
    spec = a_spec(parallel=2)
    words = "its job ended: the first trial failed, so the others probably would too: because of 1"
    assert planned(failed(1), a_trial(2, RUNNING), a_trial(3), spec=spec) == (
        EndTrial(number=2, reason=Reason.JOB_ENDED, message=words),
        DropTrial(number=3, reason=Reason.JOB_ENDED, message=words),
    )
    assert planned(failed(1), a_trial(2, STOPPING), spec=spec) == ()
    (move,) = planned(failed(1), good(2), spec=spec)
    assert isinstance(move, MoveJob)
    assert (move.to, move.reason) == (JobState.FAILED, Reason.FIRST_TRIAL_FAILED)


def test_a_job_succeeds_when_its_last_trial_is_over() -> None:
    spec = a_spec(trials=2, parallel=2)
    assert planned(good(1), a_trial(2, RUNNING), spec=spec) == ()
    assert planned(good(1), good(2), spec=spec) == (
        MoveJob(to=JobState.SUCCEEDED, reason=Reason.TRIALS_DONE, message="all 2 trials are done"),
    )


def test_a_fault_of_dowse_drops_what_waits_and_fails_the_job_with_its_words() -> None:
    (drop,) = planned(a_trial(1), fault="OSError: the code is gone")
    assert isinstance(drop, DropTrial)
    assert planned(good(1), fault="OSError: the code is gone") == (
        MoveJob(
            to=JobState.FAILED, reason=Reason.SYSTEM_ERROR, message="OSError: the code is gone"
        ),
    )


# ---------------------------------------------------------------------- properties

REASONS = {TrialState.FAILED: Reason.NONZERO_EXIT, TrialState.STOPPED: Reason.STOPPED_EARLY}


@st.composite
def situations(draw: st.DrawFn) -> tuple[Snapshot, Room, float]:
    parallel = draw(st.integers(1, 5))
    most = draw(st.one_of(st.none(), st.integers(1, 8)))
    states = draw(st.lists(st.sampled_from(TrialState), max_size=8 if most is None else most))
    spec = a_spec(
        trials=most,
        parallel=parallel,
        failed=draw(st.one_of(st.none(), st.integers(1, 3))),
        timeout_s=draw(st.one_of(st.none(), st.just(50.0))),
        failures=draw(st.sampled_from(FailurePolicy)),
    )
    trials = tuple(
        a_trial(
            number,
            state,
            reason=REASONS.get(state),
            objective=draw(st.one_of(st.none(), st.floats())),
        )
        for number, state in enumerate(states, start=1)
    )
    snapshot = Snapshot(
        job=a_job(draw(st.sampled_from(JobState)), intent=draw(st.sampled_from(Intent))),
        spec=spec,
        trials=trials,
        suggesting=draw(st.booleans()),
        exhausted=draw(st.booleans()),
        fault=draw(st.one_of(st.none(), st.just("a fault"))),
        promotion=draw(
            st.sampled_from(
                [None]
                + [
                    PromotionDecided(trial=number, attempt=1, rule="asha", message="")
                    for number, state in enumerate(states, start=1)
                    if state is TrialState.PAUSED
                ]
            )
        ),
    )
    room = Room(trials=draw(st.integers(0, 6)), disk_full=draw(st.booleans()))
    return snapshot, room, draw(st.floats(0.0, 100.0))


@given(situations())
def test_every_plan_keeps_the_limits_and_acts_on_trials_that_allow_it(
    situation: tuple[Snapshot, Room, float],
) -> None:
    snapshot, room, now = situation
    actions = plan(snapshot, room, now)
    states = {trial.number: trial.state for trial in snapshot.trials}
    starts = [action.number for action in actions if isinstance(action, StartTrial)]
    asked = [action.count for action in actions if isinstance(action, Suggest)]
    live = sum(state.is_live for state in states.values())
    limits = snapshot.spec.limits

    assert len(starts) <= room.trials
    assert not starts or live + len(starts) <= limits.parallel
    assert starts == [n for n, s in states.items() if s is TrialState.QUEUED][: len(starts)]
    assert sum(asked) + len(starts) + live <= limits.parallel or not asked
    if limits.trials is not None:
        assert len(states) + sum(asked) <= limits.trials
    if asked:
        assert len(asked) == 1
        assert asked[0] >= 1
        assert not snapshot.suggesting
        assert set(starts) == {n for n, s in states.items() if s is TrialState.QUEUED}
    if starts or asked:
        assert snapshot.job.state is JobState.RUNNING
        assert snapshot.job.intent is Intent.RUN
        assert not room.disk_full
        assert snapshot.fault is None
    for action in actions:
        if isinstance(action, EndTrial):
            assert states[action.number] is TrialState.RUNNING
        if isinstance(action, DropTrial):
            assert states[action.number] is TrialState.QUEUED
        if isinstance(action, Retire):
            assert states[action.number] is TrialState.PAUSED
        if isinstance(action, Promote):
            assert action.decided is snapshot.promotion
            assert live + len(starts) < limits.parallel
            assert not asked
        if isinstance(action, MoveJob):
            assert actions == (action,)
            if action.to.is_final:
                assert all(state.is_final for state in states.values())
            if action.to is JobState.PAUSED and snapshot.job.state is JobState.RUNNING:
                assert not live
    if snapshot.job.state.is_final:
        assert actions == ()
