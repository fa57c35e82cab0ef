"""Which jobs are alike."""

import pytest

from dowse.domain.parameters import Categorical, Discrete, Double, Integer
from dowse.domain.similarity import name_score, shared_names, space_score, stem
from dowse.domain.space import SearchSpace


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("babyweight_regression_180226_055918", "babyweight_regression"),
        ("digits_20261120_213800-3", "digits"),
        ("digits-2", "digits"),
        ("net_3f2b9c01-dead-4eef-8a11-0123456789ab", "net"),
        ("Digits_v2", "digits"),
        ("resnet50", "resnet50"),
        ("20261120", "20261120"),
        ("v2", "v2"),
    ],
)
def test_dates_counters_and_ids_at_the_end_of_a_name_say_nothing(name: str, left: str) -> None:
    assert stem(name) == left


def test_names_are_alike_by_the_blocks_that_they_share_whichever_comes_first() -> None:
    first, second = "babyweight_regression_180226_055918", "babyweight_regression_180301_101500"
    assert name_score(first, second) == 1.0
    assert name_score("babyweight_deep", "babyweight_wide") == pytest.approx(13 / 15)
    assert name_score("abab", "ba") == name_score("ba", "abab")
    assert name_score("poetry", "babyweight") < 0.3


def test_parameters_are_shared_by_name_and_by_kind_whatever_their_range() -> None:
    one = SearchSpace([Integer("n", 3, 15), Discrete("size", [4, 16]), Categorical("o", ["a"])])
    other = SearchSpace([Double("n", 1.0, 99.0), Discrete("o", [1, 2]), Double("lr", 0.0, 1.0)])
    assert shared_names(one, other) == ("n",)
    assert space_score(one, other) == 1 / 4
    assert space_score(one, one) == 1.0
