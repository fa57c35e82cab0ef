from collections import Counter

from dowse.stopping.brackets import bracket_of, trials_of_brackets


def test_a_round_has_the_numbers_of_trials_of_the_paper() -> None:
    # Li et al. 2018, table 1: R = 81, eta = 3.
    assert trials_of_brackets(5, 3) == (81, 34, 15, 8, 5)


def test_every_stretch_of_trials_has_its_share_of_every_bracket() -> None:
    shares = trials_of_brackets(3, 3)
    total = sum(shares)
    brackets = [bracket_of(n, brackets=3, factor=3) for n in range(1, 3 * total + 1)]
    assert Counter(brackets[:total]) == dict(enumerate(shares))
    assert brackets[total : 2 * total] == brackets[:total]
    for length in range(1, total + 1):
        for bracket, share in enumerate(shares):
            assert abs(brackets[:length].count(bracket) - length * share / total) < 1.5


def test_one_bracket_has_every_trial() -> None:
    assert {bracket_of(n, brackets=1, factor=3) for n in range(1, 100)} == {0}
