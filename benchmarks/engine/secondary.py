"""Regret on synthetic functions: secondary to the mixed set, but where failures show clearly."""

from collections.abc import Sequence

import numpy as np

from benchmarks.engine import field
from benchmarks.engine.drivers import TITLES
from benchmarks.engine.mixed import grouped
from benchmarks.engine.options import Options
from benchmarks.engine.runs import Trace
from benchmarks.engine.scoring import Traces
from benchmarks.report import Row, at_least, at_most

_AT = (25, 50, 100)
# A run on a function with two basins ends in one or the other: ten say little about the median.
_SEEDS = 30
_GOALS = {
    "branin": (1e-3, 3e-6, 1e-7),
    "hartmann6": (0.25, 1e-4, 1e-6),
    "ackley10_off_centre": (12.0, 5.0, 1.5),
    "levy4": (0.15, 1e-3, 1e-5),
    "rosenbrock6": (300.0, 15.0, 2.5),
    "training": (0.011, 0.006, 1e-5),
}
_CLOSE = 1e-2
FUNCTIONS = (*_GOALS, "hartmann6_in_40")
_SHIFTED = ("levy4", "hartmann6", "rosenbrock6", "ackley10_off_centre")
_RATIOS = (0.3, 0.1, 0.05)
_RIVALS = ("optuna-tpe", "optuna-gp")
_FLOOR = 1e-4


def rows(options: Options) -> list[Row]:
    return [*_plain(options), *_hard(options)]


def _plain(options: Options) -> list[Row]:
    seeds = options.seeds or _SEEDS
    names = tuple(_GOALS)
    own = grouped(field.ours(names, options, seeds=seeds))
    peers = field.peers(names, options, seeds=seeds)
    others = {peer: grouped(traces) for peer, traces in peers.items()}
    found = []
    for task, goals in _GOALS.items():
        for n, goal in zip(_AT, goals, strict=True):
            said = [
                f"{TITLES[peer]} {_median(each[task], n):.2g}"
                for peer, each in others.items()
                if task in each and all(len(trace.gaps) >= n for trace in each[task])
            ]
            name = f"{task}, median regret at {n} ({seeds} seeds)"
            value = _median(own[task], n)
            found.append(at_most(name, value, "", goal, ", ".join(said) or None))
    return [*found, *_solved(own, seeds)]


def _solved(own: Traces, seeds: int) -> list[Row]:
    share = sum(trace.gaps[99] < _CLOSE for trace in own["hartmann6"]) / seeds
    return [at_least(f"hartmann6, share of {seeds} seeds solved at 100", share, "", 0.9)]


def _hard(options: Options) -> list[Row]:
    """Large batches, noise, and many dimensions that do not matter."""
    seeds = options.seeds or _SEEDS
    batches = field.ours(("hartmann6",), options, seeds=seeds, batch=10)
    noisy = field.ours(("hartmann6~0.1",), options, seeds=seeds)
    wide = field.ours(("hartmann6_in_40",), options, seeds=seeds)
    picks = [trace.gaps[-1] if trace.pick is None else trace.pick for trace in noisy]
    observed = f"best observed {_median(noisy, 100):.2g}"
    return [
        at_most(
            f"hartmann6, batches of 10, median regret at 100 ({seeds} seeds)",
            _median(batches, 100),
            "",
            1e-4,
        ),
        at_most(
            f"hartmann6, noise 0.1, median regret of the pick at 100 ({seeds} seeds)",
            float(np.median(picks)),
            "",
            0.03,
            observed,
        ),
        at_most(
            f"hartmann6 in 40 dimensions, median regret at 100 ({seeds} seeds)",
            _median(wide, 100),
            "",
            1e-3,
        ),
    ]


def shifted(options: Options) -> list[Row]:
    """Matched pairs of (function, shift) against the samplers of Optuna."""
    shifts = options.seeds or 20
    names = tuple(f"{task}@{k}" for task in _SHIFTED for k in range(shifts))
    own = {trace.run.task: trace for trace in field.ours(names, options, seeds=1)}
    found = []
    peers = field.peers(names, options, seeds=1, among=_RIVALS)
    for n, goal in zip(_AT, _RATIOS, strict=True):
        ratios, wins = [], []
        for rival in _RIVALS:
            pairs = [
                (own[trace.run.task].gaps[n - 1], trace.gaps[n - 1])
                for trace in peers.get(rival, ())
                if len(trace.gaps) >= n
            ]
            if pairs:
                title = f"{TITLES[rival]} ({len(pairs)} pairs)"
                ratios.append((_ratio(pairs), title))
                wins.append((sum(a < b for a, b in pairs) / len(pairs), title))
        if ratios:
            # The better sampler is the one that we are least ahead of.
            ratio, rival = max(ratios)
            won, hardest = min(wins)
            found += [
                at_most(f"shifted set, regret ratio at {n}", ratio, "", goal, f"to {rival}"),
                at_least(f"shifted set, pairs won at {n}", won, "", 0.8, f"from {hardest}"),
            ]
    return found


def _ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """Geometric mean of ours by theirs, both at least the floor."""
    return float(np.exp(np.mean([np.log(max(a, _FLOOR) / max(b, _FLOOR)) for a, b in pairs])))


def _median(traces: Sequence[Trace], n: int) -> float:
    return float(np.median([trace.gaps[n - 1] for trace in traces]))
