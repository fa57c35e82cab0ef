from collections.abc import Sequence

from dowse.domain.history import Ending, Observation
from dowse.surrogate.remember import Remembered


def _observations(*values: float) -> tuple[Observation, ...]:
    return tuple(
        Observation(number=i + 1, parameters={"x": v}, ending=Ending.MEASURED, value=v)
        for i, v in enumerate(values)
    )


class Counting:
    """Values of observations, and how many were looked at."""

    def __init__(self) -> None:
        self.looked_at = 0

    def __call__(self, observations: Sequence[Observation]) -> tuple[float, ...]:
        self.looked_at += len(observations)
        return tuple(float(one.parameters["x"]) for one in observations)


def _join(old: tuple[float, ...], new: tuple[float, ...]) -> tuple[float, ...]:
    return old + new


def test_a_longer_history_costs_only_what_is_new() -> None:
    compute = Counting()
    remembered = Remembered(compute, _join)
    assert remembered.of(_observations(1.0, 2.0)) == (1.0, 2.0)
    assert remembered.of(_observations(1.0, 2.0, 3.0)) == (1.0, 2.0, 3.0)
    assert compute.looked_at == 3


def test_another_history_is_computed_afresh() -> None:
    remembered = Remembered(Counting(), _join)
    remembered.of(_observations(1.0, 2.0, 3.0))
    assert remembered.of(_observations(1.0, 9.0, 3.0, 4.0)) == (1.0, 9.0, 3.0, 4.0)
    assert remembered.of(_observations(1.0)) == (1.0,)
    assert remembered.of(()) == ()
