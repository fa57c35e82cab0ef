import pytest

from dowse.domain.job import Job, JobState


def test_the_time_of_a_running_job_goes_on_and_that_of_any_other_stands() -> None:
    running = Job(id=1, name="j", created_at=0.0, resumed_at=100.0, active_s=30.0)
    assert running.running_time_s(105.0) == 35.0
    assert Job(id=1, name="j", created_at=0.0, active_s=30.0).running_time_s(105.0) == 30.0


def test_a_clock_that_was_put_back_takes_no_time_away() -> None:
    running = Job(id=1, name="j", created_at=0.0, resumed_at=100.0, active_s=30.0)
    assert running.running_time_s(40.0) == 30.0


@pytest.mark.parametrize(
    ("state", "is_final"),
    [
        (JobState.QUEUED, False),
        (JobState.RUNNING, False),
        (JobState.PAUSED, False),
        (JobState.CANCELLING, False),
        (JobState.SUCCEEDED, True),
        (JobState.FAILED, True),
        (JobState.CANCELLED, True),
    ],
)
def test_which_states_are_the_end(state: JobState, is_final: bool) -> None:
    assert state.is_final is is_final
