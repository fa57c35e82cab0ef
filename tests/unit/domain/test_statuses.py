import pytest

from dowse.domain.statuses import status_of


@pytest.mark.parametrize(
    ("state", "reason", "status"),
    [
        ("succeeded", "trials_done", "completed"),
        ("succeeded", "search_space_exhausted", "exhausted"),
        ("succeeded", "converged", "exhausted"),
        ("failed", "no_metric", "no_metric"),
        ("failed", "lost", "system_error"),
        ("failed", "nonzero_exit", "failed"),
        ("stopping", "user", "running"),
        ("cancelling", None, "running"),
        ("stopped", "stopped_early", "stopped"),
        ("paused", "disk_full", "paused"),
        ("queued", None, "queued"),
    ],
)
def test_a_status_is_the_state_told_apart_by_its_reason(
    state: str, reason: str | None, status: str
) -> None:
    assert status_of(state, reason) == status
