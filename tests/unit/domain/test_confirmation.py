from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dowse.domain.confirmation import (
    Confirmation,
    Entrant,
    algorithm_of,
    confirmation_of,
    seed_argument,
    seed_of,
)
from dowse.domain.trial import Trial
from dowse.errors import InvalidInput
from tests.contracts.store_contract import make_spec

ENTRANTS = tuple(Entrant(trial=i, parameters={"x": float(i)}, value=0.1 * i) for i in (1, 2, 3))


def made(**fields: Any) -> Confirmation:
    return Confirmation(**{"job": "digits", "entrants": ENTRANTS, "seeds": 10, **fields})


def trial(**why: Any) -> Trial:
    return Trial(job_id=1, job="j", number=1, parameters={}, why=why, created_at=0.0)


@pytest.mark.parametrize("flag", [None, "random-state"])
def test_a_spec_says_all_of_it(flag: str | None) -> None:
    wanted = made(seed_flag=flag)
    spec = replace(make_spec(), algorithm=algorithm_of(wanted))
    assert confirmation_of(spec) == wanted
    assert spec.algorithm.repeats
    assert confirmation_of(make_spec()) is None


def test_the_budget_is_that_many_seeds_for_each() -> None:
    assert (made().budget, made().most_seeds) == (30, 15)
    assert made(entrants=ENTRANTS[:2]).most_seeds == 10


def test_a_seed_is_of_the_trials_of_such_a_job_alone() -> None:
    spec = replace(make_spec(), algorithm=algorithm_of(made(seed_flag="seed")))
    assert seed_of(spec, trial(seed=4)) == 4
    assert seed_argument(spec, trial(seed=4)) == "--seed=4"
    assert seed_of(make_spec(), trial(seed=4)) is None
    assert seed_argument(make_spec(), trial(seed=4)) is None
    plain = replace(spec, algorithm=algorithm_of(made()))
    assert (seed_of(plain, trial(seed=4)), seed_argument(plain, trial(seed=4))) == (4, None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"entrants": ENTRANTS[:1]}, "top: must be from 2 to 100, got 1"),
        ({"seeds": 1}, "seeds: must be from 2 to 1000, got 1"),
        ({"seeds": 1001}, "seeds: must be from 2 to 1000, got 1001"),
        (
            {"seed_flag": "--seed"},
            "seed_flag: must be a name such as seed or random-state, got '--seed'",
        ),
        ({"seed_flag": "a b"}, "seed_flag: must be a name such as seed or random-state, got 'a b'"),
    ],
)
def test_what_cannot_be_is_refused_by_name(fields: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        made(**fields)
    assert str(caught.value) == words
