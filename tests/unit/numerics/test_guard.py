import math
from dataclasses import replace

import numpy as np
import pytest

from dowse.numerics.arrays import FloatArray
from dowse.numerics.coordinates import Coordinate, Coordinates
from dowse.numerics.gp import condition
from dowse.numerics.guard import Sources, concordance, hear
from dowse.numerics.kernels import FIXED
from dowse.numerics.model import Model, Settings, learn, prior_for, taught
from dowse.numerics.trend import SourceMean
from dowse.numerics.untried import untried

LINE = Coordinates((Coordinate(),))


def _valley(F: FloatArray) -> FloatArray:
    return np.asarray((F[:, 0] - 0.3) ** 2, dtype=np.float64)


def _source(sign: float, *, lengthscale: float = 0.3) -> SourceMean:
    F = np.linspace(0.0, 1.0, 12)[:, None]
    z = sign * _valley(F)
    theta = np.log([lengthscale, 1.0, 1e-4])
    posterior = condition(F, (z - z.mean()) / z.std(), theta, LINE.group)
    return posterior.mean_alone(np.array([True]))


def _learn(sources: Sources, X: FloatArray, y: FloatArray) -> Model:
    rng = np.random.default_rng(0)
    return learn(LINE, X, y, state=None, settings=Settings(), rng=rng, sources=sources)


POINTS = np.array([[0.05], [0.35], [0.6], [0.9], [0.2]])


def test_concordance_counts_the_pairs_in_order() -> None:
    y = np.array([1.0, 2.0, 3.0, 3.0])
    M = np.column_stack([y, -y, [1.0, 3.0, 2.0, 9.0], np.zeros(4)])
    # Of six pairs one is tied; one more of each kind is assumed.
    assert concordance(M, y).tolist() == pytest.approx([6 / 7, 1 / 7, 5 / 7, 1 / 7])


def test_concordance_knows_no_scale() -> None:
    rng = np.random.default_rng(0)
    M, y = rng.normal(size=(9, 2)), rng.normal(size=9)
    np.testing.assert_array_equal(concordance(M, y), concordance(np.exp(M), np.exp(5.0 * y)))


def test_results_without_an_order_say_nothing() -> None:
    assert concordance(np.ones((1, 1)), np.ones(1)).tolist() == [0.5]
    assert concordance(np.arange(4.0)[:, None], np.zeros(4)).tolist() == [0.5]


def test_a_source_that_contradicts_the_results_is_dropped() -> None:
    sources = Sources(means=(_source(1.0), _source(-1.0)), trust=np.ones(2))
    heard = hear(sources, POINTS, _valley(POINTS), np.zeros((2, 1)))
    assert heard.live.tolist() == [True, False]
    model = _learn(sources, POINTS, 1e4 * _valley(POINTS) + 3.0)
    assert model.judged is not None
    assert model.judged.weights[0] > 0.3
    assert model.judged.weights[1] == 0.0


@pytest.mark.parametrize(("count", "dropped"), [(6, False), (60, True)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_source_is_dropped_when_the_number_of_results_makes_it_sure(
    seed: int, count: int, dropped: bool
) -> None:
    rng = np.random.default_rng(seed)
    X = rng.random((count, 1))
    y = rng.normal(0.0, 0.4, count) - _valley(X)
    heard = hear(Sources(means=(_source(1.0),), trust=np.ones(1)), X, y, np.zeros((1, 1)))
    assert heard.concordance[0] < 0.5
    assert heard.live.tolist() == [not dropped]


def test_sources_better_than_chance_hand_on_their_lengthscales() -> None:
    good, bad = _source(1.0), _source(-1.0)
    wide, blind = _source(1.0, lengthscale=0.9), replace(good, scale=np.array([np.inf]))
    y, shifts = _valley(POINTS), np.zeros((4, 1))
    heard = hear(Sources(means=(good, wide, blind, bad), trust=np.ones(4)), POINTS, y, shifts)
    assert heard.lengthscales.tolist() == pytest.approx([math.sqrt(0.3 * 0.9)])
    # Three results are too few to drop it surely.
    unheard = hear(Sources(means=(bad,), trust=np.ones(1)), POINTS[:3], y[:3], np.zeros((1, 1)))
    assert unheard.live.tolist() == [True]
    assert np.isnan(unheard.lengthscales).all()


def test_what_mattered_in_a_source_is_expected_to_matter() -> None:
    group = np.array([0, 1, 1, 2, FIXED])
    prior = prior_for(3, Settings())
    after = taught(prior, np.array([0.1, 2.0, 2.0, np.nan, 1.0]), group)
    assert np.exp(after.mean[:2]).tolist() == pytest.approx([0.1, 2.0])
    np.testing.assert_array_equal(after.mean[2:], prior.mean[2:])
    np.testing.assert_array_equal(after.sd, prior.sd)


def test_a_good_source_predicts_where_nothing_was_tried() -> None:
    X = np.array([[0.8], [0.9], [1.0]])
    taught = _learn(Sources(means=(_source(1.0),), trust=np.ones(1)), X, _valley(X))
    mean, _ = taught.posterior.predict(np.linspace(0.0, 1.0, 101)[:, None])
    assert int(np.argmin(mean)) == pytest.approx(30, abs=10)


def test_with_only_bad_sources_the_model_is_the_one_without() -> None:
    y = _valley(POINTS)
    taught = _learn(Sources(means=(_source(-1.0),), trust=np.ones(1)), POINTS, y)
    alone = learn(LINE, POINTS, y, state=None, settings=Settings(), rng=np.random.default_rng(0))
    assert taught.posterior.trend is None
    np.testing.assert_array_equal(taught.posterior.alpha, alone.posterior.alpha)


def test_trust_decides_before_there_are_results() -> None:
    sources = Sources(means=(_source(1.0), _source(-1.0)), trust=np.array([1.0, 0.25]))
    model = untried(LINE, sources, np.array([[0.3], [1.0]]), np.empty((0, 1)), Settings())
    assert model.judged is not None
    assert model.judged.weights.tolist() == pytest.approx([0.8, 0.2])
    mean, variance = model.posterior.predict(np.array([[0.3], [1.0]]))
    assert mean[0] < mean[1]
    # Sources that contradict each other leave more to find out.
    assert variance[0] > 1.0


def test_what_was_tried_before_there_are_enough_results_is_not_tried_again() -> None:
    sources = Sources(means=(_source(1.0),), trust=np.ones(1))
    at = np.array([[0.3]])
    model = untried(LINE, sources, at, at, Settings())
    mean, variance = model.posterior.predict(at)
    assert mean == pytest.approx(_source(1.0)(at))
    assert variance[0] < 0.02


def test_many_results_of_ones_own_make_sources_superfluous() -> None:
    rng = np.random.default_rng(1)
    X = rng.random((Settings().conditioned_on + 1, 1))
    model = _learn(Sources(means=(_source(1.0),), trust=np.ones(1)), X, _valley(X))
    assert model.judged is None
    assert model.posterior.trend is None
