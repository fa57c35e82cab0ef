import numpy as np
import pytest

from dowse.domain.constraints import parse_condition
from dowse.domain.history import History
from dowse.domain.parameters import Categorical, Double, Integer
from dowse.domain.space import SearchSpace
from dowse.errors import InvalidInput
from dowse.optim.awkward import rare_space
from dowse.surrogate.sampling import Sampler, first_unseen, generator


def test_without_constraints_every_point_is_an_assignment() -> None:
    space = SearchSpace([Double("x", 0.0, 2.0), Categorical("c", ["a", "b"])])
    assert Sampler(space).at([0.25, 0.9]) == {"x": 0.5, "c": "b"}


def test_a_point_that_breaks_a_constraint_is_none() -> None:
    space = SearchSpace([Double("x", 0.0, 1.0), Double("y", 0.0, 1.0)], constraints=["x < y"])
    assert Sampler(space).at([0.9, 0.1]) is None
    assert Sampler(space).at([0.1, 0.9]) == {"x": 0.1, "y": 0.9}


def test_rare_tuples_are_listed_and_each_is_as_likely_as_the_other() -> None:
    sampler = Sampler(rare_space())
    (table,) = sampler.tables
    drawn = [a for a, _ in zip(sampler.random(generator(0)), range(1500), strict=False)]
    assert len(drawn) == 1500
    pairs = {(a["p"], a["q"]) for a in drawn}
    assert pairs == {(row[0], row[1]) for row in table.rows}


def test_a_contradiction_yields_nothing() -> None:
    space = SearchSpace([Integer("a", 1, 9), Integer("b", 1, 9)], constraints=["a * b == 97"])
    sampler = Sampler(space)
    assert sampler.contradictory
    assert list(sampler.random(generator(0))) == []
    assert list(sampler.remaining(set())) == []


def test_what_remains_is_what_is_not_taken() -> None:
    space = SearchSpace([Integer("a", 1, 3), Integer("b", 1, 2)], constraints=["a != b"])
    history = History(pending=({"a": 1, "b": 2}, {"a": 3, "b": 1}))
    remaining = list(Sampler(space).remaining(Sampler(space).taken(history)))
    assert remaining == [{"a": 2, "b": 1}, {"a": 3, "b": 2}]


def test_the_first_unseen_skips_what_is_taken() -> None:
    space = SearchSpace([Integer("a", 1, 3)])
    taken = {space.key({"a": 1})}
    assert first_unseen([{"a": 1}, {"a": 2}, {"a": 3}], space.key, taken) == {"a": 2}
    assert first_unseen([{"a": 1}], space.key, taken) is None


@pytest.mark.parametrize("other", [(1, 2, 4), (1, 3, 3), (2, 2, 3)])
def test_every_purpose_has_its_own_numbers(other: tuple[int, int, int]) -> None:
    assert generator(1, 2, 3).random() == generator(1, 2, 3).random()
    assert generator(1, 2, 3).random() != generator(*other).random()
    assert generator(-1, 2, 3).random() != generator(1, 2, 3).random()


def test_priors_shape_the_draws() -> None:
    from dowse.domain.scales import Normal

    space = SearchSpace([Double("x", -100.0, 100.0, prior=Normal(5.0, 1.0))])
    drawn = [
        float(a["x"])
        for a, _ in zip(Sampler(space).random(generator(4)), range(1000), strict=False)
    ]
    assert np.mean(drawn) == pytest.approx(5.0, abs=0.15)
    assert np.std(drawn) == pytest.approx(1.0, abs=0.1)


def test_a_space_whose_every_draw_was_seen_is_exhausted_although_it_has_a_continuum() -> None:
    space = SearchSpace(
        [Integer("a", 1, 4), Double("x", 0.5, 1.0, when=parse_condition("a >= 3"))],
        constraints=["a + x <= 3"],
    )
    taken = {space.key({"a": 1}), space.key({"a": 2})}
    sampler = Sampler(space)
    assert first_unseen(sampler.random(generator(0)), space.key, taken) is None
    assert sampler.last_resort(generator(0), taken) is None


def test_what_cannot_be_decided_is_an_error_with_the_way_out() -> None:
    # Prime factors far apart, over more tuples than are ever listed.
    space = SearchSpace(
        [Integer("p", 2, 2**30), Integer("q", 2, 2**30)], constraints=["p * q == 1000003"]
    )
    sampler = Sampler(space)
    assert not sampler.listable
    with pytest.raises(InvalidInput, match="no feasible configuration was found in 2000 draws"):
        sampler.last_resort(generator(0), set())
