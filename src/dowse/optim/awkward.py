"""Awkward spaces and results: what a suggester, and whatever reads a history, must stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from dowse.domain.constraints import parse_condition
from dowse.domain.parameters import Categorical, Discrete, Double, Integer
from dowse.domain.scales import Normal
from dowse.domain.space import Assignment, SearchSpace

Function = Callable[[Assignment], float]


def mixed_space() -> SearchSpace:
    """Every kind of parameter, a condition and a constraint."""
    return SearchSpace(
        [
            Double("lr", 1e-5, 1.0, scale="log"),
            Double("decay", 0.1, 0.999, scale="reverse_log"),
            Double("bell", -math.inf, math.inf, prior=Normal(0.0, 1.0)),
            Double("rounded", 0.0, 1.0, step=0.05),
            Integer("heads", 1, 8),
            Integer("hidden", 16, 512),
            Discrete("batch", [16, 32, 64]),
            Categorical("optimizer", ["sgd", "adam", "none"]),
            Double("momentum", 0.0, 0.99, when=parse_condition('optimizer == "sgd"')),
            Categorical("fixed", ["only"]),
        ],
        constraints=["hidden % heads == 0"],
    )


def small_space() -> SearchSpace:
    """Ten feasible configurations."""
    return SearchSpace([Integer("a", 1, 4), Discrete("b", [1, 2, 4])], constraints=["a * b <= 8"])


def forest_space() -> SearchSpace:
    """Seven configurations, most parameters inactive in most of them."""
    return SearchSpace(
        [
            Categorical("kind", ["tree", "line", "none"]),
            Categorical("rule", ["gini", "entropy"], when=parse_condition('kind == "tree"')),
            Integer("depth", 1, 2, when=parse_condition('kind == "tree"')),
            Discrete("power", [1, 2], when=parse_condition('kind == "line"')),
        ]
    )


def point_space() -> SearchSpace:
    """A single configuration."""
    return SearchSpace([Categorical("only", ["x"]), Integer("one", 3, 3)])


def wide_space() -> SearchSpace:
    """Two hundred dimensions."""
    return SearchSpace([Double(f"x{i}", -1.0, 1.0) for i in range(200)])


def many_labels_space() -> SearchSpace:
    """Five hundred categories."""
    return SearchSpace([Categorical("label", [f"c{i}" for i in range(500)]), Double("x", 0, 1)])


def rare_space() -> SearchSpace:
    """Few of the points are feasible: a product must hit one of three numbers."""
    return SearchSpace(
        [Integer("p", 1, 200), Integer("q", 1, 200), Double("x", 0.0, 1.0)],
        constraints=["p * q in [240, 360, 840]"],
    )


def bowl(assignment: Assignment) -> float:
    """A smooth objective of whatever is there."""
    return sum(
        (float(value) - 0.3) ** 2 if isinstance(value, int | float) else float(len(value))
        for value in assignment.values()
    )


ODD_RESULTS: Sequence[float | None] = (
    math.nan,
    math.inf,
    -math.inf,
    1e300,
    -1e300,
    None,
    1.0,
    1.0,
    0.0,
    5e-324,
)
"""None stands for a failed trial."""
