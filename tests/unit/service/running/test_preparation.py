"""Where a preparation is after each end that an attempt at it may have."""

import pytest

from dowse.domain.job import Intent, JobState
from dowse.domain.reasons import Reason
from dowse.ports import EndedBy
from dowse.service.running.actions import MoveJob, StartPreparation, StopPreparation, Suggest
from dowse.service.running.planner import Room, Snapshot, plan
from dowse.service.running.preparation import READY, Preparation, Stage, after_attempt
from tests.unit.service.values import a_job, a_spec


def test_exit_code_zero_makes_the_job_ready() -> None:
    found = after_attempt(2, EndedBy.EXIT, exit_code=0, words="bye")
    assert found == Preparation(stage=Stage.READY, attempt=2)


def test_one_that_was_stopped_begins_afresh() -> None:
    found = after_attempt(1, EndedBy.STOP, exit_code=None, words="")
    assert found == Preparation(stage=Stage.NEEDED, attempt=2)


def test_a_lost_one_is_tried_again_as_often_as_a_trial() -> None:
    assert after_attempt(1, EndedBy.LOST, exit_code=None, words="").stage is Stage.NEEDED
    second = after_attempt(2, EndedBy.LOST, exit_code=None, words="")
    assert second.stage is Stage.FAILED
    assert second.message == "the preparation failed, its runner was lost"


@pytest.mark.parametrize(
    ("ended_by", "code", "message"),
    [
        (EndedBy.EXIT, 2, "the preparation failed, exit code 2: no such option"),
        (EndedBy.EXIT, None, "the preparation failed, it was killed: no such option"),
        (
            EndedBy.START_ERROR,
            None,
            "the preparation failed, it could not be started: no such option",
        ),
    ],
)
def test_every_other_end_is_a_failure_with_its_last_words(
    ended_by: EndedBy, code: int | None, message: str
) -> None:
    found = after_attempt(1, ended_by, exit_code=code, words="no such option")
    assert (found.stage, found.message) == (Stage.FAILED, message)


def planned(stage: Stage, *, intent: Intent = Intent.RUN) -> tuple[object, ...]:
    preparation = Preparation(stage=stage, message="it broke")
    snapshot = Snapshot(job=a_job(intent=intent), spec=a_spec(), trials=(), preparation=preparation)
    return plan(snapshot, Room(trials=3), 1.0)


def test_nothing_is_suggested_before_the_job_is_ready() -> None:
    assert planned(Stage.NEEDED) == (StartPreparation(),)
    assert planned(Stage.RUNNING) == planned(Stage.STOPPING) == ()
    assert planned(Stage.READY) == (Suggest(count=1),)
    assert READY.stage is Stage.READY


def test_a_failed_preparation_fails_the_job() -> None:
    assert planned(Stage.FAILED) == (
        MoveJob(to=JobState.FAILED, reason=Reason.PREPARATION_FAILED, message="it broke"),
    )


def test_a_pause_lets_it_end_and_an_interrupt_ends_it() -> None:
    assert planned(Stage.RUNNING, intent=Intent.PAUSE) == ()
    assert planned(Stage.RUNNING, intent=Intent.PAUSE_NOW) == (StopPreparation(),)
    assert planned(Stage.STOPPING, intent=Intent.PAUSE_NOW) == ()
    (paused,) = planned(Stage.NEEDED, intent=Intent.PAUSE_NOW)
    assert isinstance(paused, MoveJob)
    assert paused.to is JobState.PAUSED


def test_a_cancelled_job_waits_until_nothing_of_it_lives() -> None:
    for stage, expected in (
        (Stage.RUNNING, (StopPreparation(),)),
        (Stage.STOPPING, ()),
        (Stage.NEEDED, (MoveJob(to=JobState.CANCELLED, reason=Reason.USER),)),
    ):
        job = a_job(JobState.CANCELLING, reason=Reason.USER)
        snapshot = Snapshot(job=job, spec=a_spec(), trials=(), preparation=Preparation(stage=stage))
        assert plan(snapshot, Room(trials=1), 1.0) == expected
