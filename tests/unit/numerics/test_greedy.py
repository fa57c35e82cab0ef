import numpy as np

from dowse.numerics.acquisition import ConfidenceBound
from dowse.numerics.gp import Posterior, condition
from dowse.numerics.greedy import choose


def _posterior() -> Posterior:
    F = np.random.default_rng(0).random((30, 2))
    return condition(F, np.sin(6 * F[:, 0]) + F[:, 1], np.log([0.3, 0.5, 1.0, 1e-4]), np.arange(2))


def test_the_choice_is_that_of_believing_one_point_after_the_other() -> None:
    posterior = _posterior()
    pool = np.random.default_rng(1).random((200, 2))
    criterion = ConfidenceBound(1.8)
    expected: list[int] = []
    believing = posterior
    for _ in range(8):
        mean, variance = believing.predict(pool)
        value = criterion(mean, np.sqrt(variance))[0]
        value[expected] = -np.inf
        expected.append(int(np.argmax(value)))
        believing = believing.believing(pool[expected[-1:]])
    assert choose(posterior, pool, criterion, 8).tolist() == expected


def test_no_more_points_are_chosen_than_there_are_and_none_twice() -> None:
    pool = np.repeat(np.random.default_rng(2).random((3, 2)), 2, axis=0)
    chosen = choose(_posterior(), pool, ConfidenceBound(1.0), 50)
    assert sorted(chosen.tolist()) == [0, 1, 2, 3, 4, 5]
