import pytest

from dowse.domain.history import Ending, Observation
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Measurement, Objective, Use
from dowse.domain.targets import UNNAMED, Targets, targets
from dowse.domain.trial import Trial, TrialState
from dowse.errors import InvalidInput

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


def test_limits_that_no_trial_can_keep_together_are_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be kept together: size >= 9 and size <= 3"):
        targets(None, None, ["size <= 3", "size >= 9", "size <= 20"])


def test_the_report_that_counts_is_the_last_of_a_metric_that_has_only_a_limit() -> None:
    best = Objective(metric="accuracy", goal=Goal.MAXIMIZE, use=Use.BEST)
    kept = Targets(objectives=(best,), limits=(MetricLimit(metric="size", at_most=9.0),))
    reports = {
        name: [Measurement(metric=name, value=value, time=0.0) for value in (1.0, 3.0, 2.0)]
        for name in ("accuracy", "size")
    }
    values = {name: one.value for name, one in kept.counted(reports).items()}
    assert values == {"accuracy": 3.0, "size": 2.0}
    assert list(kept.counted({"size": reports["size"]})) == ["size"]


def test_a_trial_that_lacks_a_metric_says_only_that_it_failed() -> None:
    def ended(**further: float) -> Observation:
        return TWO.observed(
            Trial(
                job_id=1,
                job="j",
                number=1,
                parameters={},
                state=TrialState.STOPPED,
                objective=0.9,
                further=further,
                created_at=0.0,
            )
        )

    assert ended(size=3.0).ending is Ending.FAILED
    whole = ended(size=3.0, accuracy=0.9, other=1.0)
    assert (whole.value, whole.metrics) == (0.9, {"size": 3.0, "accuracy": 0.9})
