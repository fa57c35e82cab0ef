import numpy as np

from dowse.numerics.progress import refined


def test_a_search_that_finds_better_values_is_not_refined() -> None:
    assert not refined(np.linspace(1.0, -1.0, 20))


def test_a_search_whose_last_eight_results_are_no_better_is_refined() -> None:
    assert refined(np.append(np.linspace(1.0, -1.0, 12), np.full(8, -1.01)))
    assert not refined(np.append(np.linspace(1.0, -1.0, 12), [*[0.0] * 7, -1.2]))


def test_of_few_results_it_is_too_early_to_say() -> None:
    assert not refined(np.zeros(9))
    assert refined(np.zeros(9), patience=6)
