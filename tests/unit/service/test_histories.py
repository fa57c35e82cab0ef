import json
import math
from collections.abc import Sequence

import pytest

from dowse.domain.expected import Expected
from dowse.domain.history import Ending, Observation
from dowse.domain.reasons import Reason
from dowse.domain.trial import Trial, TrialState
from dowse.service.histories import history_of
from dowse.wire.history import history_from_json, history_to_json
from tests.unit.service.values import a_spec, a_trial, failed, good

ONE = a_spec().targets


def observed(*trials: Trial) -> Sequence[Observation]:
    return history_of(trials, ONE).observations


def test_open_trials_are_pending_and_ended_ones_observed_both_by_number() -> None:
    history = history_of(
        [
            good(5, 0.5),
            a_trial(4, TrialState.QUEUED),
            a_trial(3, TrialState.STOPPING),
            a_trial(2, TrialState.RUNNING),
            good(1, 0.1),
        ],
        ONE,
    )
    assert [one.number for one in history.observations] == [1, 5]
    assert [one["lr"] for one in history.pending] == [0.02, 0.03, 0.04]
    assert history.index == 5


def test_trials_after_the_last_that_may_be_seen_are_pending_whatever_became_of_them() -> None:
    trials = [good(1), failed(2), good(3), failed(4), a_trial(5, TrialState.RUNNING)]
    history = history_of(trials, ONE, upto=2)
    assert [(one.number, one.ending) for one in history.observations] == [
        (1, Ending.MEASURED),
        (2, Ending.FAILED),
    ]
    assert [one["lr"] for one in history.pending] == [0.03, 0.04, 0.05]
    assert history.index == 5
    assert history_of(trials, ONE, upto=-2).observations == ()


def test_a_paused_trial_tells_what_it_has_reached() -> None:
    history = history_of([a_trial(1, TrialState.PAUSED, objective=0.3), a_trial(2)], ONE)
    assert [(one.number, one.value) for one in history.observations] == [(1, 0.3)]
    assert [one["lr"] for one in history.pending] == [0.02]


def test_a_failed_trial_gave_nothing_even_when_it_had_reported() -> None:
    reported = a_trial(1, TrialState.FAILED, reason=Reason.NONZERO_EXIT, objective=0.3)
    for trial in (failed(1), reported):
        (one,) = observed(trial)
        assert (one.ending, one.value) == (Ending.FAILED, None)


@pytest.mark.parametrize("state", [TrialState.SUCCEEDED, TrialState.STOPPED, TrialState.CANCELLED])
def test_a_value_counts_however_the_trial_was_ended(state: TrialState) -> None:
    (one,) = observed(a_trial(1, state, objective=0.3))
    assert (one.ending, one.value) == (Ending.MEASURED, 0.3)


def test_a_cancelled_trial_without_a_value_is_not_suggested_again() -> None:
    (one,) = observed(a_trial(1, TrialState.CANCELLED, reason=Reason.TIMEOUT))
    assert (one.ending, one.value) == (Ending.FAILED, None)


def test_odd_numbers_are_kept() -> None:
    (one,) = observed(a_trial(1, TrialState.STOPPED, objective=math.nan))
    assert one.ending is Ending.MEASURED
    assert one.value is not None
    assert math.isnan(one.value)


def test_the_expected_end_of_a_stopped_trial_goes_with_its_value() -> None:
    expected = Expected(value=0.2, sd=0.1)
    (one,) = observed(a_trial(1, TrialState.STOPPED, objective=0.3, expected=expected))
    assert (one.value, one.expected) == (0.3, expected)
    (nothing,) = observed(a_trial(1, TrialState.STOPPED, expected=expected))
    assert (nothing.ending, nothing.expected) == (Ending.FAILED, None)


def test_a_history_comes_back_from_json_with_what_is_expected() -> None:
    history = history_of(
        [
            good(1),
            a_trial(2, TrialState.STOPPED, objective=0.3, expected=Expected(value=1.0, sd=0.5)),
        ],
        ONE,
    )
    assert history_from_json(json.loads(json.dumps(history_to_json(history)))) == history
