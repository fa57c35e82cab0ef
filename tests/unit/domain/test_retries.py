from __future__ import annotations

from typing import Any

import pytest

from dowse.domain.reasons import Reason
from dowse.domain.retries import ExitRetries, RetryOn
from dowse.errors import InvalidInput


def test_nothing_is_tried_again_unless_it_is_said() -> None:
    assert not any(RetryOn().left(reason, {}, 1) for reason in Reason)


def test_each_class_of_failure_has_attempts_of_its_own() -> None:
    retry_on = RetryOn(timeout=2, no_metric=1)
    earlier = {Reason.TIMEOUT: 1, Reason.LOST: 7}
    assert retry_on.left(Reason.TIMEOUT, earlier, None) == 1
    assert retry_on.left(Reason.NO_METRIC, earlier, 0) == 1
    assert retry_on.left(Reason.START_ERROR, earlier, None) == 0
    assert retry_on.left(None, earlier, 0) == 0


def test_a_program_that_failed_is_known_by_its_exit_code() -> None:
    killed = RetryOn(exit=ExitRetries(times=2, codes=(137, 139)))
    assert [killed.left(Reason.NONZERO_EXIT, {}, code) for code in (137, 139, 1)] == [2, 2, 0]
    assert RetryOn(exit=ExitRetries(times=1)).left(Reason.NONZERO_EXIT, {}, 1) == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"timeout": 101}, "limits.retries.timeout: must be a whole number from 0 to 100, got 101"),
        (
            {"exit": ExitRetries(times=-1)},
            "limits.retries.exit.times: must be a whole number from 0 to 100, got -1",
        ),
        (
            {"exit": ExitRetries(times=1, codes=(256,))},
            "limits.retries.exit.codes: must be exit codes from 1 to 255, got 256",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(given: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        RetryOn(**given)
    assert str(caught.value) == words
