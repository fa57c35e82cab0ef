from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from dowse import Integer, SearchSpace
from dowse.catalog import suggester, suggester_names
from dowse.domain.confirmation import Confirmation, Entrant, algorithm_of
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Value
from dowse.domain.spec import AlgorithmSpec
from dowse.errors import InvalidInput
from dowse.optim.protocol import SuggestDecision, SuggestRequest

SPACE = SearchSpace([Integer("n", 0, 99)])
Run = tuple[dict[str, Value], int]


def wanted(top: int = 4, seeds: int = 6) -> Confirmation:
    entrants = tuple(Entrant(trial=10 + i, parameters={"n": i}, value=float(i)) for i in range(top))
    return Confirmation(job="search", entrants=entrants, seeds=seeds)


def ask(given: Confirmation, history: History, count: int = 1) -> SuggestDecision:
    request = SuggestRequest(
        space=SPACE, goal=Goal.MINIMIZE, history=history, seed=0, count=count, repeats=True
    )
    return suggester(algorithm_of(given)).suggest(request)


def observation(number: int, run: Run, value: float | None) -> Observation:
    ending = Ending.FAILED if value is None else Ending.MEASURED
    return Observation(number=number, parameters=run[0], ending=ending, value=value)


def raced(given: Confirmation, value: Callable[[int, int], float | None]) -> list[Run]:
    """All runs, one after the other; `value` is of a configuration under a seed."""
    runs: list[Run] = []
    seen: list[Observation] = []
    while True:
        decision = ask(given, History(observations=tuple(seen), index=len(seen)))
        for one in decision.suggestions:
            run = (dict(one.parameters), int(one.why["seed"]))
            runs.append(run)
            seen.append(observation(len(runs), run, value(int(run[0]["n"]), run[1])))
        if decision.exhausted:
            return runs


def noise(n: int, seed: int) -> float:
    return float(np.random.default_rng([n, seed]).standard_normal())


def test_every_configuration_runs_under_the_same_seeds_in_turn() -> None:
    first = ask(wanted(), History(), count=6).suggestions
    assert [(one.parameters["n"], one.why["seed"]) for one in first] == [
        (0, 1),
        (1, 1),
        (2, 1),
        (3, 1),
        (0, 2),
        (1, 2),
    ]
    assert first[2].why["confirms"] == "search/12"


def test_the_clearly_worse_drop_out_and_the_winner_gets_all_its_seeds() -> None:
    runs = raced(wanted(), lambda n, seed: 5.0 * n + 0.1 * noise(n, seed))
    assert Counter(run[0]["n"] for run in runs) == {0: 6, 1: 3, 2: 3, 3: 3}


def test_what_the_dropped_leave_goes_to_those_that_are_close_and_never_more() -> None:
    runs = raced(wanted(), lambda n, seed: (0.0 if n < 2 else 50.0) + noise(n, seed))
    counts = Counter(run[0]["n"] for run in runs)
    assert len(runs) <= 24
    assert counts[2] == counts[3] == 3
    assert counts[0] >= 8
    assert len(set(map(str, runs))) == len(runs)


def test_many_at_once_never_repeat_a_run_and_keep_to_the_budget() -> None:
    first = ask(wanted(), History(), count=100)
    assert len(first.suggestions) == 24
    assert first.exhausted
    pending = tuple(one.parameters for one in first.suggestions[:8])
    more = ask(wanted(), History(pending=pending, index=8), count=1).suggestions[0]
    assert (more.parameters["n"], more.why["seed"]) == (0, 3)


def test_a_run_that_ends_out_of_turn_keeps_its_seed() -> None:
    runs: list[Run] = [({"n": i % 4}, 1 + i // 4) for i in range(8)]
    observations = tuple(observation(i + 1, runs[i], float(i % 4)) for i in range(8) if i != 1)
    history = History(observations=observations, pending=({"n": 1},), index=8)
    decision = ask(wanted(), history, count=4)
    assert [(one.parameters["n"], one.why["seed"]) for one in decision.suggestions] == [
        (0, 3),
        (1, 3),
        (2, 3),
        (3, 3),
    ]


def test_a_configuration_that_keeps_failing_drops_out() -> None:
    runs = raced(wanted(), lambda n, seed: None if n == 1 else 5.0 * n + noise(n, seed))
    assert Counter(run[0]["n"] for run in runs)[1] == 2


def test_the_same_history_gives_the_same_runs() -> None:
    value = lambda n, seed: 0.3 * n + noise(n, seed)  # noqa: E731
    assert raced(wanted(), value) == raced(wanted(), value)


def test_a_job_file_cannot_name_it_and_its_options_are_checked() -> None:
    assert "confirm" not in suggester_names()
    with pytest.raises(InvalidInput, match="must be those that dowse confirm writes"):
        suggester(AlgorithmSpec(name="confirm", options={"job": "j", "entrants": [{}], "seeds": 3}))
