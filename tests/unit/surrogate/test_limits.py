import math
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.stats import norm

from dowse.domain.history import Ending, History, Observation
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.parameters import Double
from dowse.domain.space import SearchSpace
from dowse.numerics.arrays import FloatArray
from dowse.numerics.model import Settings
from dowse.surrogate.encoding import encoding_for
from dowse.surrogate.limits import LimitModel, fit_limit

SPACE = SearchSpace([Double("x", 0.0, 1.0)])


def model_of(latencies: Sequence[float | None], limit: MetricLimit) -> LimitModel:
    """Latencies at points spread evenly from 0 to 1; None for a failed trial."""
    at = np.linspace(0.0, 1.0, len(latencies))
    observations = tuple(
        Observation(
            number=i + 1,
            parameters={"x": float(x)},
            ending=Ending.FAILED if latency is None else Ending.MEASURED,
            value=None if latency is None else 0.0,
            metrics={} if latency is None else {"latency": latency},
        )
        for i, (x, latency) in enumerate(zip(at, latencies, strict=True))
    )
    return fit_limit(
        encoding_for(SPACE),
        History(observations=observations),
        limit,
        note=None,
        settings=Settings(),
        rng=np.random.default_rng(0),
    )


def likely(model: LimitModel, *at: float) -> FloatArray:
    """The probability that the limit is kept there."""
    X = encoding_for(SPACE).encode([{"x": x} for x in at])
    mean, variance = model.model.posterior.predict(encoding_for(SPACE).coordinates.features(X))
    return np.asarray(norm.cdf((model.bound - mean) / np.sqrt(variance)), dtype=np.float64)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_the_bound_lies_where_the_metric_crosses_it_whatever_the_unit(scale: float) -> None:
    latencies = [scale * 30.0 * x for x in np.linspace(0.0, 1.0, 12)]
    model = model_of(latencies, MetricLimit(metric="latency", at_most=scale * 15.0))
    left, edge, right = likely(model, 0.2, 0.5, 0.8)
    assert left > 0.98
    assert 0.1 < edge < 0.9
    assert right < 0.02
    assert model.kept.tolist() == [latency <= scale * 15.0 for latency in latencies]


def test_a_lower_bound_turns_the_sides() -> None:
    latencies = [30.0 * x for x in np.linspace(0.0, 1.0, 12)]
    model = model_of(latencies, MetricLimit(metric="latency", at_least=15.0))
    left, right = likely(model, 0.2, 0.8)
    assert left < 0.02
    assert right > 0.98


def test_most_trials_just_within_the_bound_do_not_hide_one_far_beyond() -> None:
    model = model_of([9.999] * 9 + [400.0], MetricLimit(metric="latency", at_most=10.0))
    near, far = likely(model, 0.2, 1.0)
    assert far < 0.2
    assert near > 0.8


@pytest.mark.parametrize("odd", [None, math.nan, math.inf, 1e300])
def test_failures_and_odd_values_count_as_broken_and_break_nothing(odd: float | None) -> None:
    model = model_of([5.0] * 5 + [odd] * 5, MetricLimit(metric="latency", at_most=10.0))
    kept, broken = likely(model, 0.0, 1.0)
    assert broken < 0.3
    assert kept > 0.7
    assert model.kept.tolist() == [True] * 5 + [False] * 5


@pytest.mark.parametrize("odd", [None, 10.0, -math.inf])
def test_nothing_but_odd_values_still_makes_a_model(odd: float | None) -> None:
    model = model_of([odd] * 4, MetricLimit(metric="latency", at_most=10.0))
    assert np.isfinite(likely(model, 0.5)).all()
    assert math.isfinite(model.bound)


@pytest.mark.filterwarnings("error")
def test_values_whose_sum_no_float_holds_still_make_a_model() -> None:
    model = model_of(
        [1.6e308, 1.7e308, -1.6e308, -1.7e308], MetricLimit(metric="latency", at_most=0.5)
    )
    assert model.kept.tolist() == [False, False, True, True]
