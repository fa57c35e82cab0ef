"""Whether what the trials are said to tell is true: importance, and when a search has converged."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.engine import cost, drivers, tasks
from benchmarks.engine.options import Options
from benchmarks.report import Row, at_least, at_most
from dowse import Categorical, Double, Integer, Optimizer, SearchSpace
from dowse.analysis.convergence import Convergence

Function = Callable[[Mapping[str, Any]], float]

_SEEDS = 5
_TRIALS = 1_000
_SEARCHES = ("branin", "hartmann6", "levy4", "mixedhp")
_SEARCHED, _FIRST, _STEP, _AHEAD = 100, 20, 5, 25


def rows(options: Options) -> list[Row]:
    seeds = options.seeds or _SEEDS
    found = [
        at_most(f"importance by PED-ANOVA of {_TRIALS:,} trials, CPU", _latency(), "ms", 5.0),
        at_most("worst Sobol index of Ishigami after 300 trials", _ishigami(), "", 0.05),
        at_most("worst Sobol index of the g-function after 300 trials", _g(), "", 0.05),
    ]
    if options.live:
        agreed = [_agreement(*case(), seed) for case in CASES for seed in range(seeds)]
        name = f"rank correlation with Optuna's PED-ANOVA, mean of {len(agreed)}"
        found.append(at_least(name, float(np.mean(agreed)), "", 0.9))
    return [*found, *_convergence(seeds)]


def _plain(d: int, low: float, high: float) -> SearchSpace:
    return SearchSpace([Double(f"x{i}", low, high) for i in range(d)])


def quadratic() -> tuple[SearchSpace, Function]:
    """Each parameter matters twice as much as the next."""
    weights = [16.0, 8.0, 4.0, 2.0, 1.0]
    return _plain(5, -1.0, 1.0), lambda p: sum(w * p[f"x{i}"] ** 2 for i, w in enumerate(weights))


def linear() -> tuple[SearchSpace, Function]:
    """The best lies in a corner."""
    return _plain(5, 0.0, 1.0), lambda p: sum(p[f"x{i}"] / 2**i for i in range(5))


_A = (0.0, 0.5, 1.0, 3.0, 9.0)


def sobol_g(a: Sequence[float] = _A) -> tuple[SearchSpace, Function]:
    """A product, so that parameters interact."""

    def value(p: Mapping[str, Any]) -> float:
        parts = ((abs(4 * p[f"x{i}"] - 2) + each) / (1 + each) for i, each in enumerate(a))
        return float(math.prod(parts))

    return _plain(len(a), 0.0, 1.0), value


def mixed() -> tuple[SearchSpace, Function]:
    """A logarithmic scale, whole numbers, labels, and one parameter that does nothing."""
    space = SearchSpace(
        [
            Double("lr", 1e-5, 1.0, scale="log"),
            Integer("n", 1, 20),
            Categorical("kind", ["a", "b", "c"]),
            Double("idle", 0.0, 1.0),
        ]
    )

    def value(p: Mapping[str, Any]) -> float:
        label = {"a": 0.0, "b": 1.0, "c": 3.0}[p["kind"]]
        return float(2 * (math.log10(p["lr"]) + 2.5) ** 2 + 0.05 * (p["n"] - 7) ** 2 + label)

    return space, value


CASES: Sequence[Callable[[], tuple[SearchSpace, Function]]] = (quadratic, linear, sobol_g, mixed)


def told(space: SearchSpace, function: Function, trials: int, seed: int) -> Optimizer:
    """Random configurations and their values."""
    optimizer = Optimizer(space, seed=seed)
    for each in Optimizer(space, algorithm="random", seed=seed).ask(trials):
        optimizer.tell(each.parameters, function(each.parameters))
    return optimizer


def _latency() -> float:
    """The trials are encoded already, as they are once a suggestion was made."""
    optimizer = cost.told(_TRIALS)
    optimizer.ask()
    spent = []
    for _ in range(9):
        began = time.process_time()
        optimizer.importance("ped-anova")
        spent.append(time.process_time() - began)
    return 1e3 * float(np.median(spent))


def _agreement(space: SearchSpace, function: Function, seed: int) -> float:
    optimizer = told(space, function, _TRIALS, seed)
    ours = {each.name: each.share for each in optimizer.importance("ped-anova").parameters}
    peer = drivers.PeerProcess("optuna", "tpe", space, seed, 1)
    try:
        theirs = peer.importance([(o.parameters, o.value) for o in optimizer.observations])
    finally:
        peer.close()
    return rank_correlation([ours[n] for n in space.names], [theirs[n] for n in space.names])


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's; equal values are taken in their order."""
    first, second = (np.argsort(np.argsort(values, kind="stable")) for values in (one, other))
    moved = float(((first - second) ** 2).sum())
    return 1.0 - 6.0 * moved / (len(first) * (len(first) ** 2 - 1))


def _ishigami() -> float:
    def value(p: Mapping[str, Any]) -> float:
        one, two, three = (float(p[f"x{i}"]) for i in range(3))
        return math.sin(one) + 7 * math.sin(two) ** 2 + 0.1 * three**4 * math.sin(one)

    space = _plain(3, -math.pi, math.pi)
    return _worst(space, value, [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437])


def _g() -> float:
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])
    space, value = sobol_g(a.tolist())
    V = 1 / 3 / (1 + a) ** 2
    whole = np.prod(1 + V) - 1
    return _worst(space, value, V / whole, V / (1 + V) * np.prod(1 + V) / whole)


def _worst(space: SearchSpace, value: Function, first: Any, total: Any) -> float:
    """The largest distance of an index from what it is."""
    found = told(space, value, 300, 0).importance("sobol").parameters
    by_name = {each.name: (each.first, each.total) for each in found}
    ours = np.array([by_name[name] for name in space.names], dtype=np.float64)
    return float(np.abs(ours - np.column_stack([first, total])).max())


def _convergence(seeds: int) -> list[Row]:
    """Searches looked at every few trials: when they say that they have converged, and what they
    gain after it; and forecasts beside what came.
    """
    stopped: list[tuple[int, bool]] = []
    ratios: list[float] = []
    for name in _SEARCHES:
        for seed in range(seeds):
            best, looks = _search(name, seed)
            first = next((n for n, look in looks.items() if look.verdict.is_final), None)
            if first is not None:
                tolerance = looks[first].tolerance or 0.0
                stopped.append((first, best[first - 1] - best[-1] <= tolerance))
            gain = best[_FIRST - 1] - best[_FIRST + _AHEAD - 1]
            forecast = looks[_FIRST].forecast[1].gain
            ratios.append(abs(math.log10(max(gain, 1e-9) / max(forecast, 1e-9))))
    runs = len(_SEARCHES) * seeds
    trials = float(np.mean([n for n, _ in stopped])) if stopped else math.nan
    kept = float(np.mean([good for _, good in stopped])) if stopped else math.nan
    name = f"forecasts of {_AHEAD} trials, made after {_FIRST}: median error"
    return [
        Row(name=f"searches of {runs} that converged in {_SEARCHED}", value=len(stopped), unit=""),
        Row(name="trials until they said so, mean", value=trials, unit=""),
        at_least("share that gained no more than the tolerance afterwards", kept, "", 0.9),
        Row(name=name, value=float(np.median(ratios)), unit="decades"),
    ]


def _search(name: str, seed: int) -> tuple[list[float], dict[int, Convergence]]:
    """The best value after each trial, and the looks by the number of trials."""
    task = tasks.get(name)
    optimizer = Optimizer(task.space, seed=seed)
    best: list[float] = []
    looks: dict[int, Convergence] = {}
    for n in range(1, _SEARCHED + 1):
        suggestion = optimizer.ask()
        value = task.true(suggestion.parameters)
        optimizer.tell(suggestion, value)
        best.append(min(value, best[-1] if best else value))
        if n >= _FIRST and n % _STEP == 0:
            looks[n] = optimizer.convergence()
    return best, looks
