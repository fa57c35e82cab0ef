from dataclasses import replace
from enum import Enum
from functools import partial
from itertools import product
from typing import Any

import pytest

from dowse.domain.events import IntentChanged, JobChanged, StopDecided, TrialChanged
from dowse.domain.expected import Expected
from dowse.domain.job import Intent, Job, JobState
from dowse.domain.lifecycle import (
    JOB_TRANSITIONS,
    TRIAL_TRANSITIONS,
    Outcome,
    advance_job,
    advance_trial,
    intend,
)
from dowse.domain.reasons import Reason
from dowse.domain.trial import Trial, TrialState
from dowse.errors import Refused


def a_trial(state: TrialState = TrialState.QUEUED, **fields: Any) -> Trial:
    return Trial(
        job_id=1, job="digits", number=3, parameters={}, state=state, created_at=0.0, **fields
    )


def a_job(state: JobState = JobState.QUEUED, **fields: Any) -> Job:
    return Job(id=1, name="digits", state=state, created_at=0.0, **fields)


# ---------------------------------------------------------------------- the tables

TRIAL_ARROWS = {
    ("queued", "running"),
    ("queued", "cancelled"),
    ("running", "stopping"),
    ("running", "queued"),
    ("running", "succeeded"),
    ("running", "failed"),
    ("running", "cancelled"),
    ("stopping", "queued"),
    ("stopping", "paused"),
    ("stopping", "succeeded"),
    ("stopping", "failed"),
    ("stopping", "stopped"),
    ("stopping", "cancelled"),
    ("paused", "queued"),
    ("paused", "stopped"),
    ("paused", "cancelled"),
}
JOB_ARROWS = {
    ("queued", "running"),
    ("queued", "paused"),
    ("queued", "cancelling"),
    ("running", "paused"),
    ("running", "succeeded"),
    ("running", "failed"),
    ("running", "cancelling"),
    ("paused", "running"),
    ("paused", "cancelling"),
    ("cancelling", "cancelled"),
}


ALL_TRIAL_PAIRS = list(product(TrialState, TrialState))
ALL_JOB_PAIRS = list(product(JobState, JobState))


def is_drawn(arrows: set[tuple[str, str]], before: Enum, after: Enum) -> bool:
    return (before.value, after.value) in arrows


@pytest.mark.parametrize(
    ("before", "after"), [pair for pair in ALL_TRIAL_PAIRS if is_drawn(TRIAL_ARROWS, *pair)]
)
def test_a_trial_goes_along_every_arrow_of_the_design(
    before: TrialState, after: TrialState
) -> None:
    assert advance_trial(a_trial(before), after, at=1.0).after.state is after


@pytest.mark.parametrize(
    ("before", "after"), [pair for pair in ALL_JOB_PAIRS if is_drawn(JOB_ARROWS, *pair)]
)
def test_a_job_goes_along_every_arrow_of_the_design(before: JobState, after: JobState) -> None:
    assert advance_job(a_job(before), after, at=1.0).after.state is after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *(pair for pair in ALL_TRIAL_PAIRS if not is_drawn(TRIAL_ARROWS, *pair)),
        *(pair for pair in ALL_JOB_PAIRS if not is_drawn(JOB_ARROWS, *pair)),
    ],
)
def test_every_transition_that_is_not_listed_is_refused(before: Any, after: Any) -> None:
    is_trial = isinstance(before, TrialState)
    what = "trial 3 of digits" if is_trial else "job digits"
    advance = (
        partial(advance_trial, a_trial(before)) if is_trial else partial(advance_job, a_job(before))
    )
    with pytest.raises(
        Refused, match=rf"^{what} is {before.value} and cannot become {after.value}$"
    ):
        advance(after, at=1.0)


def test_final_states_are_those_without_a_way_out() -> None:
    assert {state for state in TrialState if state.is_final} == {
        state for state, ways in TRIAL_TRANSITIONS.items() if not ways
    }
    assert {state for state in JobState if state.is_final} == {
        state for state, ways in JOB_TRANSITIONS.items() if not ways
    }
    assert set(TRIAL_TRANSITIONS) == set(TrialState)
    assert set(JOB_TRANSITIONS) == set(JobState)


# ---------------------------------------------------------------------- trials


def test_a_change_is_what_was_what_will_be_and_the_event_that_records_it() -> None:
    before = a_trial(TrialState.RUNNING, attempt=2, started_at=5.0)
    change = advance_trial(
        before,
        TrialState.SUCCEEDED,
        at=9.0,
        outcome=Outcome(exit_code=0, objective=0.5, step=7),
    )
    assert change.before is before
    assert change.after == replace(
        before,
        state=TrialState.SUCCEEDED,
        ended_at=9.0,
        exit_code=0,
        objective=0.5,
        step=7,
        active_s=4.0,
    )
    assert change.events == (
        TrialChanged(
            trial=3,
            attempt=2,
            before=TrialState.RUNNING,
            after=TrialState.SUCCEEDED,
            objective=0.5,
        ),
    )


def test_a_start_is_recorded_with_its_time_and_its_place() -> None:
    change = advance_trial(a_trial(), TrialState.RUNNING, at=5.0, output_dir="/out/3")
    assert (change.after.started_at, change.after.output_dir) == (5.0, "/out/3")
    assert change.after.ended_at is None


def test_going_back_to_the_queue_begins_the_next_attempt() -> None:
    running = a_trial(TrialState.RUNNING, started_at=5.0)
    change = advance_trial(
        running, TrialState.QUEUED, at=9.0, reason=Reason.LOST, message="lost", outcome=Outcome()
    )
    assert (change.after.attempt, change.after.started_at, change.after.ended_at) == (2, None, None)
    assert change.after.reason is Reason.LOST
    (event,) = change.events
    assert isinstance(event, TrialChanged)
    assert event.attempt == 1


def test_a_reason_does_not_outlive_its_state() -> None:
    queued = a_trial(reason=Reason.INTERRUPTED, message="interrupted", attempt=2)
    started = advance_trial(queued, TrialState.RUNNING, at=1.0).after
    assert (started.reason, started.message) == (None, "")


def test_a_verdict_comes_before_the_stop_that_it_causes() -> None:
    verdict = StopDecided(trial=3, attempt=1, rule="median", message="too low")
    change = advance_trial(
        a_trial(TrialState.RUNNING), TrialState.STOPPING, at=1.0, because=(verdict,)
    )
    assert change.events[0] is verdict
    assert isinstance(change.events[1], TrialChanged)


def test_what_a_verdict_expects_stays_with_the_trial_until_another_attempt() -> None:
    expected = Expected(value=0.3, sd=0.05)
    verdict = StopDecided(trial=3, attempt=1, rule="auto", message="", expected=expected)
    running = a_trial(TrialState.RUNNING)
    stopping = advance_trial(running, TrialState.STOPPING, at=1.0, because=(verdict,)).after
    assert stopping.expected == expected
    assert advance_trial(stopping, TrialState.STOPPED, at=2.0).after.expected == expected
    assert advance_trial(stopping, TrialState.QUEUED, at=2.0).after.expected is None
    assert advance_trial(running, TrialState.STOPPING, at=1.0).after.expected is None


# ---------------------------------------------------------------------- jobs


def test_a_job_counts_the_time_it_runs_and_not_its_pauses() -> None:
    job = advance_job(a_job(), JobState.RUNNING, at=100.0).after
    assert (job.started_at, job.resumed_at) == (100.0, 100.0)
    job = advance_job(job, JobState.PAUSED, at=130.0, reason=Reason.USER).after
    assert (job.active_s, job.resumed_at, job.reason) == (30.0, None, Reason.USER)
    assert job.running_time_s(999.0) == 30.0
    job = advance_job(job, JobState.RUNNING, at=200.0).after
    assert (job.started_at, job.resumed_at, job.reason) == (100.0, 200.0, None)
    assert job.running_time_s(210.0) == 40.0
    job = advance_job(job, JobState.SUCCEEDED, at=220.0, reason=Reason.TRIALS_DONE).after
    assert (job.active_s, job.ended_at) == (50.0, 220.0)


def test_a_pause_that_nobody_asked_for_lasts_until_somebody_resumes() -> None:
    change = advance_job(
        a_job(JobState.RUNNING), JobState.PAUSED, at=1.0, reason=Reason.DISK_FULL, message="full"
    )
    assert (change.after.intent, change.after.intent_reason) == (Intent.PAUSE, Reason.DISK_FULL)
    assert change.events == (
        JobChanged(
            before=JobState.RUNNING,
            after=JobState.PAUSED,
            reason=Reason.DISK_FULL,
            message="full",
        ),
        IntentChanged(before=Intent.RUN, after=Intent.PAUSE, reason=Reason.DISK_FULL),
    )


def test_a_pause_that_was_asked_for_keeps_what_was_asked() -> None:
    wanted = a_job(JobState.RUNNING, intent=Intent.PAUSE_NOW, intent_reason=Reason.INTERRUPTED)
    change = advance_job(wanted, JobState.PAUSED, at=1.0, reason=Reason.INTERRUPTED)
    assert change.after.intent is Intent.PAUSE_NOW
    assert len(change.events) == 1


# ---------------------------------------------------------------------- intents


def test_an_intent_changes_nothing_but_itself_and_is_recorded() -> None:
    job = a_job(JobState.RUNNING)
    change = intend(job, Intent.PAUSE, reason=Reason.USER)
    assert change.after == replace(job, intent=Intent.PAUSE, intent_reason=Reason.USER)
    assert change.events == (
        IntentChanged(before=Intent.RUN, after=Intent.PAUSE, reason=Reason.USER),
    )


@pytest.mark.parametrize("state", [state for state in JobState if state.is_final])
@pytest.mark.parametrize("intent", list(Intent))
def test_nothing_can_be_wanted_of_a_job_that_is_over(state: JobState, intent: Intent) -> None:
    with pytest.raises(Refused, match=f"^job digits is {state.value}: it is over$"):
        intend(a_job(state), intent)


@pytest.mark.parametrize("intent", [Intent.RUN, Intent.PAUSE, Intent.PAUSE_NOW])
@pytest.mark.parametrize(
    "job", [a_job(JobState.RUNNING, intent=Intent.CANCEL), a_job(JobState.CANCELLING)]
)
def test_a_job_that_is_being_cancelled_cannot_be_brought_back(job: Job, intent: Intent) -> None:
    with pytest.raises(Refused, match=r"^job digits is being cancelled$"):
        intend(job, intent)


def test_a_job_may_be_cancelled_twice() -> None:
    job = intend(a_job(JobState.RUNNING), Intent.CANCEL).after
    assert intend(job, Intent.CANCEL).after == job
