"""Problems of several objectives and limits: what is called best can be reached, and is best."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.engine import pareto
from benchmarks.engine.several import Evaluated, problems

OPTIMA: Mapping[str, Sequence[float]] = {
    "gardner": (1.5 * math.pi, math.asin(0.95)),
    "pressure vessel": (0.8125, 0.4375, 42.0984456, 176.6365958),
    "welded beam": (0.2057296, 3.4704887, 9.0366239, 0.2057296),
    "spring": (0.0516908, 0.3567500, 11.2871),
}
"""As the literature gives them, rounded: limits that bind are missed by a rounding error."""


def front(name: str, count: int) -> list[Evaluated]:
    """Points on the true front."""
    problem = problems()[name]
    rest = 0.5 if name.startswith("dtlz2") else 0.0
    free = problem.objectives - 1
    side = np.linspace(0.0, 1.0, round(count ** (1 / free)))
    grid = np.stack(np.meshgrid(*[side] * free), axis=-1).reshape(-1, free)
    fixed = [rest] * (len(problem.space.names) - free)
    return [
        problem.evaluate(dict(zip(problem.space.names, [*point, *fixed], strict=True)))
        for point in grid.tolist()
    ]


@pytest.mark.parametrize("name", [name for name, p in problems().items() if p.objectives > 1])
def test_the_true_front_has_the_whole_hypervolume(name: str) -> None:
    share = pareto.result(problems()[name], front(name, 900))
    assert 0.9 < share <= 1.0 + 1e-6
    assert share > 0.98 or problems()[name].objectives == 3


@pytest.mark.parametrize("name", list(OPTIMA))
def test_a_known_optimum_has_the_best_value_and_keeps_the_limits(name: str) -> None:
    problem = problems()[name]
    values, excess = problem.evaluate(dict(zip(problem.space.names, OPTIMA[name], strict=True)))
    assert values[0] == pytest.approx(problem.best, rel=1e-3)
    assert len(excess) == problem.limits
    loose = {"welded beam": 10.0, "pressure vessel": 1.0}
    assert max(excess) < loose.get(name, 1e-3)


@pytest.mark.parametrize("name", [name for name, p in problems().items() if p.limits])
def test_chance_finds_nothing_better_within_the_limits(name: str) -> None:
    problem = problems()[name]
    rng = np.random.default_rng(0)
    drawn: list[dict[str, Any]] = [
        dict(problem.space.at(u.tolist())) for u in rng.random((3_000, len(problem.space.names)))
    ]
    assert pareto.result(problem, [problem.evaluate(each) for each in drawn]) >= -1e-9


def test_a_run_that_keeps_no_limit_is_recorded_and_read_as_infinite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pareto, "RECORDED", tmp_path / "peers.json")
    monkeypatch.setattr(pareto, "peer_result", lambda *_: math.inf)
    pareto.record("optuna-gp", ["spring"], 2)
    document = json.loads((tmp_path / "peers.json").read_text())
    assert document["optuna-gp"]["version"]
    assert pareto._recorded("optuna-gp", "spring") == [math.inf, math.inf]
    assert pareto._recorded("optuna-gp", "zdt1") == []
    assert pareto._recorded("optuna-tpe", "spring") == []
