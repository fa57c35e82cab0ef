import numpy as np
import pytest

from dowse.numerics.racing import LEAST, differences, interval, leader, race, standings

NAN, INF = float("nan"), float("inf")


def noisy(means: list[float], seeds: int, noise: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.array(means)[:, None] + noise * rng.standard_normal((len(means), seeds))


def test_the_clearly_worse_are_dropped_after_three_seeds_and_never_before() -> None:
    Y = noisy([0.0, 0.1, 9.0], seeds=LEAST, noise=0.5)
    stand = race(Y)
    assert list(stand.alive) == [True, True, False]
    assert list(stand.rounds) == [0, 0, LEAST]
    assert race(Y[:, :2]).alive.all()


def test_equals_stay_in_the_race() -> None:
    kept = [race(noisy([0.0, 0.0], seeds=10, noise=1.0, seed=s)).alive.all() for s in range(100)]
    assert np.mean(kept) > 0.5


def test_the_best_one_is_seldom_dropped() -> None:
    stays = [race(noisy([0.0, 0.5, 1, 1, 1], 10, 1.0, seed=s)).alive[0] for s in range(200)]
    assert np.mean(stays) > 0.95


def test_what_a_seed_does_to_all_alike_decides_nothing() -> None:
    own = noisy([0.0, 1.0], seeds=5, noise=0.2)
    shifts = np.array([0.0, 50.0, -20.0, 5.0, 90.0])
    assert list(race(own + shifts).alive) == list(race(own).alive) == [True, False]


def test_a_race_goes_no_further_than_what_is_known_of_all_that_run() -> None:
    Y = noisy([0.0, 0.1, 9.0], seeds=6, noise=0.5)
    Y[1, 2] = NAN
    assert race(Y).alive.all()
    Y[1, 2] = 0.1
    Y[2, 3:] = NAN
    assert list(race(Y).alive) == [True, True, False]


def test_one_that_keeps_failing_is_dropped_and_one_failure_is_forgiven() -> None:
    Y = noisy([0.0, 0.0, 0.0], seeds=6, noise=0.5)
    Y[0, :2] = INF
    Y[1, 0] = INF
    stand = race(Y)
    assert list(stand.alive) == [False, True, True]
    assert stand.rounds[0] == 2
    assert leader(Y, stand.alive) in (1, 2)


def test_without_noise_the_lowest_wins_and_equals_stay() -> None:
    Y = np.array([[1.0] * 4, [2.0] * 4, [1.0] * 4])
    assert list(race(Y).alive) == [True, False, True]
    found = standings(Y, race(Y).alive, np.random.default_rng(0))
    assert found.best[1] == 0.0
    assert found.optimism == 0.0


def test_differences_are_of_the_seeds_that_both_have() -> None:
    Y = np.array([[1.0, 2.0, NAN, INF], [2.0, NAN, 3.0, 4.0]])
    assert differences(Y, 0, 1).tolist() == [1.0]


def test_the_chances_sum_to_one_and_go_with_the_distance() -> None:
    Y = noisy([0.0, 0.4, 3.0], seeds=10, noise=1.0, seed=3)
    found = standings(Y, np.ones(3, dtype=np.bool_), np.random.default_rng(0))
    assert found.best.sum() == pytest.approx(1.0)
    assert found.best[2] < 0.02 < found.best.max()
    assert found.optimism < 0.0


def test_a_chosen_mean_is_corrected_for_having_been_chosen() -> None:
    raw, corrected = [], []
    for seed in range(300):
        Y = noisy([0.0, 0.2, 0.4, 0.6, 0.8], seeds=10, noise=1.0, seed=seed)
        alive = np.ones(5, dtype=np.bool_)
        lead = leader(Y, alive)
        found = standings(Y, alive, np.random.default_rng(seed))
        raw.append(Y[lead].mean() - 0.2 * lead)
        corrected.append(Y[lead].mean() - found.optimism - 0.2 * lead)
    error = np.std(corrected) / np.sqrt(len(corrected))
    assert np.mean(raw) < -4 * error
    assert abs(np.mean(corrected)) < 0.6 * abs(np.mean(raw))


def test_an_interval_is_students() -> None:
    assert interval(np.array([1.0])) is None
    low, high = interval(np.array([1.0, 2.0, 3.0])) or (0.0, 0.0)
    assert (low, high) == pytest.approx((2 - 4.302653 / np.sqrt(3), 2 + 4.302653 / np.sqrt(3)))
