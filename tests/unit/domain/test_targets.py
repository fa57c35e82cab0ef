from dowse.domain.history import Ending, Observation
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.targets import UNNAMED, Targets, targets

TWO = targets(None, {"accuracy": "maximize", "size": Goal.MINIMIZE}, ["size <= 9", "accuracy >= 0"])


def observed(value: float | None, **metrics: float) -> Observation:
    ending = Ending.FAILED if value is None else Ending.MEASURED
    return Observation(number=1, parameters={}, ending=ending, value=value, metrics=metrics)


def test_without_objectives_there_is_one_without_a_name() -> None:
    assert targets(None, None, ()) == Targets(
        objectives=(Objective(metric=UNNAMED, goal=Goal.MINIMIZE),)
    )
    assert targets("maximize", None, ()).objectives[0].goal is Goal.MAXIMIZE


def test_every_metric_is_told_once_and_the_first_is_named_only_where_it_is_limited() -> None:
    assert TWO.metrics == ("accuracy", "size")
    assert TWO.named == ("size", "accuracy")
    assert targets(None, {"loss": "minimize"}, ["size <= 9"]).named == ("size",)


def test_objectives_are_read_from_a_trial_and_turned_into_losses() -> None:
    trial = observed(0.9, size=3.0, accuracy=0.9)
    assert TWO.values(trial) == {"accuracy": 0.9, "size": 3.0}
    assert TWO.losses(trial) == (-0.9, 3.0)
    assert TWO.values(observed(None)) is None
    assert TWO.losses(observed(None)) is None


def test_a_trial_keeps_the_limits_when_it_keeps_every_one() -> None:
    assert TWO.limits[0] == MetricLimit(metric="size", at_most=9.0)
    assert TWO.kept(observed(0.9, size=9.0, accuracy=0.9))
    assert not TWO.kept(observed(-0.1, size=9.0, accuracy=-0.1))
    assert not TWO.kept(observed(0.9, accuracy=0.9))
