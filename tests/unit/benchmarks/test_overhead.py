from __future__ import annotations

from typing import Any

import pytest

from benchmarks.foundation.overhead import Block, ended


def trial(number: int, exit_code: int | None = 0) -> dict[str, Any]:
    return {"number": number, "exit_code": exit_code}


def test_what_is_added_is_the_difference_of_the_means() -> None:
    block = Block(trials=[0.060, 0.080], bare=[0.010, 0.020, 0.030])
    assert block.added_ms == pytest.approx(50)


def test_trials_that_all_came_to_their_end_are_taken() -> None:
    trials = [trial(1), trial(2)]
    assert ended({"trials": trials}, 2) == trials


@pytest.mark.parametrize(
    "trials", [[trial(1)], [trial(1), trial(2, 1)], [trial(1), trial(2, None)]]
)
def test_a_run_with_missing_or_failing_trials_is_no_measurement(
    trials: list[dict[str, Any]],
) -> None:
    with pytest.raises(RuntimeError, match="trials of 2 ran, these not to their end"):
        ended({"trials": trials}, 2)
