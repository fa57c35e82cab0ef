import math

import pytest

from dowse.domain.metric_limits import MetricLimit, parse_metric_limit
from dowse.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("latency <= 20", MetricLimit(metric="latency", at_most=20.0)),
        (" val/acc>=.9 ", MetricLimit(metric="val/acc", at_least=0.9)),
        ("peak memory <= 1e9", MetricLimit(metric="peak memory", at_most=1e9)),
    ],
)
def test_a_limit_is_a_metric_a_sign_and_a_number(text: str, limit: MetricLimit) -> None:
    assert parse_metric_limit(text) == limit
    assert parse_metric_limit(str(limit)) == limit


@pytest.mark.parametrize("text", ["latency < 20", "latency <= fast", "<= 3", "a <= nan", "", "a"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_metric_limit(text)
    assert str(refused.value) == (
        f"limits: must be a metric, <= or >=, and a number, such as 'latency <= 20'; got {text!r}"
    )


def test_the_bound_itself_keeps_the_limit_and_nan_never_does() -> None:
    most, least = parse_metric_limit("a <= 2"), parse_metric_limit("a >= 2")
    assert most.keeps(2.0)
    assert least.keeps(2.0)
    assert [most.keeps(v) for v in (2.1, math.nan, math.inf, -math.inf, None)] == [
        False, False, False, True, False
    ]  # fmt: skip
    assert (most.excess(5.0), least.excess(5.0)) == (3.0, -3.0)


@pytest.mark.parametrize("bounds", [{}, {"at_most": 1.0, "at_least": 0.0}, {"at_most": math.inf}])
def test_a_limit_has_one_finite_bound(bounds: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match=r"limits\.a: needs either at_most or at_least"):
        MetricLimit(metric="a", **bounds)
