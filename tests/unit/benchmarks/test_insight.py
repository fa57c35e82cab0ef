"""The yardsticks of what the trials are said to tell."""

from collections.abc import Callable

import pytest
from scipy.stats import spearmanr

from benchmarks.engine import insight
from benchmarks.engine.insight import CASES, Function, rank_correlation
from dowse import SearchSpace


def test_the_rank_correlation_is_spearman_s() -> None:
    one, other = [0.5, 0.1, 0.3, 0.7, 0.0], [0.4, 0.3, 0.1, 0.9, 0.2]
    assert rank_correlation(one, other) == pytest.approx(spearmanr(one, other).statistic)
    assert rank_correlation(one, one) == 1.0
    assert rank_correlation([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]) == -1.0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_each_case_can_be_judged(case: Callable[[], tuple[SearchSpace, Function]]) -> None:
    space, function = case()
    found = insight.told(space, function, 30, 0).importance("ped-anova")
    assert {each.name for each in found.parameters} == set(space.names)
