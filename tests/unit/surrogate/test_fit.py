import json
import math
from dataclasses import replace

import numpy as np
import pytest

from dowse.domain.expected import Expected
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Double
from dowse.domain.space import SearchSpace
from dowse.surrogate.encoding import encoding_for
from dowse.surrogate.fit import Surrogate, fit_history, observed, state_from

SPACE = SearchSpace([Double("x", -1.0, 1.0), Double("y", -1.0, 1.0)])


def _history(n: int = 30, sign: float = 1.0) -> History:
    points = np.random.default_rng(0).uniform(-1.0, 1.0, (n, 2))
    return History(
        observations=tuple(
            Observation(
                number=i + 1,
                parameters={"x": float(x), "y": float(y)},
                ending=Ending.MEASURED,
                value=sign * float(3.0 + x * x + 0.5 * y),
            )
            for i, (x, y) in enumerate(points)
        )
    )


def _fit(history: History, goal: Goal = Goal.MINIMIZE, note: object = None) -> Surrogate:
    assert note is None or isinstance(note, dict)
    rng = np.random.default_rng(0)
    return fit_history(encoding_for(SPACE), history, goal, note=note, rng=rng)


@pytest.mark.parametrize(("goal", "sign"), [(Goal.MINIMIZE, 1.0), (Goal.MAXIMIZE, -1.0)])
def test_predictions_are_in_the_unit_and_direction_of_the_metric(goal: Goal, sign: float) -> None:
    surrogate = _fit(_history(sign=sign), goal)
    (prediction,) = surrogate.predict(encoding_for(SPACE).encode([{"x": 0.0, "y": 0.0}]))
    assert prediction.mean == pytest.approx(sign * 3.0, abs=0.05)
    assert prediction.low <= prediction.mean <= prediction.high


def test_failures_and_missing_values_become_nan() -> None:
    failed = Observation(number=1, parameters={"x": 0.0, "y": 0.0}, ending=Ending.FAILED)
    odd = Observation(
        number=2, parameters={"x": 0.5, "y": 0.0}, ending=Ending.MEASURED, value=math.inf
    )
    _, y = observed(encoding_for(SPACE), History(observations=(failed, odd)), Goal.MAXIMIZE)
    assert math.isnan(y[0])
    assert y[1] == -math.inf


def test_a_note_survives_json_and_leads_to_the_same_model() -> None:
    first = _fit(_history(100))
    note = json.loads(json.dumps(first.note))
    assert note == first.note
    again = _fit(_history(101), note=note)
    assert again.model.state.fitted == 100
    assert (again.model.posterior.theta == first.model.posterior.theta).all()


@pytest.mark.parametrize(
    "note",
    [
        None,
        {},
        {"thetas": 4},
        {"thetas": [None] * 4, "softness": 0, "fitted": 3, "selected": 3},
        {"thetas": [[0.0]] * 4, "softness": 0, "fitted": 3, "selected": 3},
        {"thetas": [[0.0, 0.0, 0.0, math.nan]] * 4, "softness": 0, "fitted": 3, "selected": 3},
        {"thetas": [[0.0] * 4] * 4, "softness": 9, "fitted": 3, "selected": 3},
    ],
)
def test_a_note_that_does_not_fit_is_no_note(note: dict[str, object] | None) -> None:
    assert state_from(note, 4) is None


def _stopped(
    value: float, expected: float, sd: float, number: int = 1, x: float = 0.0
) -> Observation:
    return Observation(
        number=number,
        parameters={"x": x, "y": 0.0},
        ending=Ending.MEASURED,
        value=value,
        expected=Expected(value=expected, sd=sd),
    )


@pytest.mark.parametrize(("goal", "sign"), [(Goal.MINIMIZE, 1.0), (Goal.MAXIMIZE, -1.0)])
def test_a_stopped_trial_counts_as_an_end_between_its_value_and_the_expected_one(
    goal: Goal, sign: float
) -> None:
    def counted(value: float, expected: float) -> float:
        known = replace(_stopped(0.0, 0.0, 0.0), value=sign * 1.0, expected=None)
        stopped = _stopped(sign * value, sign * expected, 0.1)
        history = History(observations=(known, stopped))
        _, y = observed(encoding_for(SPACE), history, goal)
        assert y[0] == 1.0
        return float(y[1])

    # 64 and 1 above the best: the middle of the logarithms is 8.
    assert counted(65.0, 2.0) == pytest.approx(9.0)
    # Never worse than the value that it had, and never better than what was observed.
    assert counted(2.0, 65.0) == 2.0
    assert counted(65.0, -3.0) == 1.0
    assert counted(0.5, 0.25) == 0.5


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_an_expected_end_makes_no_result_of_a_training_that_diverged(value: float) -> None:
    history = History(observations=(_stopped(0.5, 0.3, 0.1), _stopped(value, 0.3, 0.1)))
    _, y = observed(encoding_for(SPACE), history, Goal.MINIMIZE)
    assert not math.isfinite(y[1])


def test_without_stopped_trials_nothing_changes() -> None:
    history = _history(40)
    plain = tuple(replace(one, expected=None) for one in history.observations)
    certain = tuple(
        replace(one, expected=Expected(value=one.value or 0.0, sd=0.0)) for one in plain
    )
    first, second = _fit(History(observations=plain)), _fit(History(observations=certain))
    assert first.note == second.note
    assert np.array_equal(first.model.posterior.alpha, second.model.posterior.alpha)
