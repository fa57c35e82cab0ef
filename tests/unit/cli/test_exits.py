import pytest

from dowse.cli.exits import code_of_error, code_of_job
from dowse.errors import (
    AlreadyExists,
    Conflict,
    DiskFull,
    DowseError,
    InvalidInput,
    NotFound,
    Refused,
    Unavailable,
)


@pytest.mark.parametrize(
    ("state", "code"), [("succeeded", 0), ("failed", 1), ("paused", 3), ("cancelled", 4)]
)
def test_the_state_of_a_job_is_its_exit_code(state: str, code: int) -> None:
    assert code_of_job(state) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInput("x"), 2),
        (AlreadyExists("x"), 2),
        (NotFound("x"), 2),
        (Refused("x"), 2),
        (Conflict("x"), 2),
        (Unavailable("x"), 5),
        (DiskFull("x"), 5),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_caller_can_mend_is_2_and_what_may_succeed_later_is_5(
    error: DowseError, code: int
) -> None:
    assert code_of_error(error) == code
