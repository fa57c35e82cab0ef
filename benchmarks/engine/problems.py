"""What is optimised: a space, what a trial observes, and what its configuration is truly worth.

The synthetic functions are built in. The tables and surrogates of the open task set are large and
stay outside; `--data` or DOWSE_BENCHMARKS names the folder with their `tasks.py`.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter, Value
from dowse.domain.space import Assignment, SearchSpace
from dowse.numerics.arrays import FloatArray

CORE = (
    "branin",
    "hartmann6",
    "ackley10",
    "mixedhp",
    "hpobench_credit_g",
    "hpolib_protein_structure",
    "lcbench_167168",
    "xgb_40981",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Smaller is better; `best` is the least value known. Draws random configurations itself, so
    that its random search does not depend on the suggesters that are measured.
    """

    name: str
    space: SearchSpace
    true: Callable[[Assignment], float]
    observe: Callable[[Assignment, np.random.Generator], float]
    best: float
    sample: Callable[[np.random.Generator], Assignment]


# -- the open set --------------------------------------------------------------------------------


class OpenSet:
    """The open tasks of a folder."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "tasks.py").is_file():
            raise SystemExit(
                f"{folder} holds no tasks.py; name the folder of the open task set by --data or "
                "DOWSE_BENCHMARKS"
            )
        # The tasks import their neighbour `space` by that name.
        sys.path.insert(0, str(folder))
        self._tasks = _module("tasks", folder / "tasks.py")
        self._space = _module("space", folder / "space.py")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._tasks.OPEN)

    def problem(self, name: str) -> Problem:
        task = self._tasks.get(name)
        return Problem(
            name=name,
            space=SearchSpace([_parameter(p) for p in task.space]),
            true=lambda a: float(task.true(dict(a))),
            observe=lambda a, rng: float(task.observe(dict(a), rng)),
            best=float(task.f_opt),
            sample=lambda rng: dict(self._space.sample(task.space, rng)),
        )


def _module(name: str, path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def _parameter(p: Mapping[str, Any]) -> Parameter:
    match p["type"]:
        case "DOUBLE":
            return Double(p["name"], p["lo"], p["hi"], scale="log" if p["log"] else "linear")
        case "INTEGER":
            return Integer(p["name"], p["lo"], p["hi"], scale="log" if p["log"] else "linear")
        case "DISCRETE":
            return Discrete(p["name"], list(p["values"]))
        case _:
            return Categorical(p["name"], list(p["values"]))


# -- synthetic functions ---------------------------------------------------------------------------

Function = Callable[[FloatArray], float]


def branin(x: FloatArray) -> float:
    a, b = float(x[0]), float(x[1])
    bend = b - 5.1 / (4 * math.pi**2) * a * a + 5 / math.pi * a - 6
    return bend**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(a) + 10


_HARTMANN_A = np.array(
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ]
)
_HARTMANN_P = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)


def hartmann6(x: FloatArray) -> float:
    wells = np.exp(-(_HARTMANN_A * (x - _HARTMANN_P) ** 2).sum(1))
    return -float(np.array([1.0, 1.2, 3.0, 3.2]) @ wells)


_ACKLEY_CENTRE = 32.768 * 0.3 * np.cos(np.arange(10) * 1.7 + 0.4)


def ackley10(x: FloatArray) -> float:
    y = x - _ACKLEY_CENTRE
    bowl = -20 * math.exp(-0.2 * math.sqrt(float((y**2).mean())))
    return bowl - math.exp(float(np.cos(2 * math.pi * y).mean())) + 20 + math.e


def levy4(x: FloatArray) -> float:
    w = 1 + (x - 1) / 4
    middle = ((w[:-1] - 1) ** 2 * (1 + 10 * np.sin(math.pi * w[:-1] + 1) ** 2)).sum()
    end = (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2)
    return float(math.sin(math.pi * w[0]) ** 2 + middle + end)


def rosenbrock6(x: FloatArray) -> float:
    return float((100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum())


_SYNTHETIC: Mapping[str, tuple[Function, Sequence[tuple[float, float]], float]] = {
    "branin": (branin, [(-5.0, 10.0), (0.0, 15.0)], 0.39788735772973816),
    "hartmann6": (hartmann6, [(0.0, 1.0)] * 6, -3.322368011415515),
    "ackley10": (ackley10, [(-32.768, 32.768)] * 10, 0.0),
    "levy4": (levy4, [(-10.0, 10.0)] * 4, 0.0),
    "rosenbrock6": (rosenbrock6, [(-5.0, 10.0)] * 6, 0.0),
}
SYNTHETIC = tuple(_SYNTHETIC)


def synthetic(name: str, shift: FloatArray | None = None, noise: float = 0.0) -> Problem:
    """A classical function; `shift` moves the unit cube by that much and folds it back."""
    function, bounds, best = _SYNTHETIC[name]
    low, high = (np.array(side) for side in zip(*bounds, strict=True))
    space = SearchSpace([Double(f"x{i}", a, b) for i, (a, b) in enumerate(bounds)])

    def true(assignment: Assignment) -> float:
        x = np.array([_number(value) for value in assignment.values()])
        if shift is not None:
            u = np.abs((x - low) / (high - low) + shift)
            x = low + (high - low) * np.where(u > 1.0, 2.0 - u, u)
        return function(x)

    return Problem(
        name=name,
        space=space,
        true=true,
        observe=lambda a, rng: true(a) + noise * float(rng.standard_normal()),
        best=best,
        sample=lambda rng: space.at(rng.random(len(bounds)).tolist()),
    )


def _number(value: Value) -> float:
    return float(value)
