"""What earlier studies are worth: the same search with a good source, a bad one, both, and none.

    shifted     the source is the function itself with every numeric position moved by up to
                ±0.08 of its range and folded back, and with values in another unit (3 f + 5)
    real        the source is the same kind of training on another data set

A source is a study of 50 trials by this engine. The bad one is a study that looked for the worst
instead and says that it is the best: it contradicts the truth everywhere.
"""

import math
import multiprocessing
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from benchmarks.engine import tasks
from benchmarks.engine.options import Options
from benchmarks.engine.tasks import Task
from benchmarks.report import Row, at_most
from dowse import Optimizer, SearchSpace
from dowse.domain.parameters import Double, Integer, Parameter, Value
from dowse.domain.scales import Scale, coordinate, from_coordinate
from dowse.domain.space import Assignment

KINDS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "good": ("good",),
    "bad": ("bad",),
    "good and bad": ("good", "bad"),
}
SHIFTED = ("hartmann6", "mixedhp", "levy4", "rosenbrock6", "branin")
REAL: Mapping[str, str] = {
    "hpobench_credit_g": "hpobench_australian",
    "hpolib_protein_structure": "hpolib_parkinsons_telemonitoring",
    "ml_SVM-breast": "ml_SVM-diabetes",
    "ml_RF-breast": "ml_RF-wine",
    "ml_MLPadam-breast": "ml_MLPadam-diabetes",
    "lcbench_167168": "lcbench_189873",
}
"""Target and source."""
_SHIFT = 0.08
_EARLIER = 50
_TRIALS = 25
_EARLY = 10
_FLOOR = 1e-4

Observe = Callable[[Assignment], float]
Results = list[tuple[Assignment, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A target; the task that its sources are studies of, None for itself moved; which are used."""

    target: str
    source: str | None
    kind: str
    seed: int


def rows(options: Options) -> list[Row]:
    seeds = options.seeds or 10
    pairs: dict[str, str | None] = dict.fromkeys(SHIFTED)
    pairs.update((t, s) for t, s in REAL.items() if t in tasks.runnable(tuple(REAL)))
    cases = [
        Case(target=target, source=source, kind=kind, seed=seed)
        for seed in range(seeds)
        for target, source in pairs.items()
        for kind in KINDS
    ]
    gaps = dict(_performed(cases, options.jobs))
    found: list[Row] = []
    for target, source in pairs.items():
        median = {
            kind: np.median([gaps[case] for case in cases if _is(case, target, kind)], axis=0)
            for kind in KINDS
        }
        found += _rows(f"{source} -> {target}" if source else f"{target}, shifted", median, seeds)
    return found


def perform(case: Case) -> list[float]:
    """Gaps between the true loss of the best observed and the best known, after each trial."""
    task = tasks.get(case.target)
    sources = {name: _studied(replace(case, kind=name)) for name in KINDS[case.kind]}
    optimizer = Optimizer(task.space, seed=case.seed, sources=sources)
    rng = _random(case, "target")
    gaps: list[float] = []
    best, gap = math.inf, math.inf
    for _ in range(_TRIALS):
        (asked,) = optimizer.ask(1)
        value = task.observe(asked.parameters, rng)
        if value < best:
            best, gap = value, task.true(asked.parameters) - task.best
        gaps.append(gap)
        optimizer.tell(asked, value)
    return gaps


@lru_cache(maxsize=4)
def _studied(case: Case) -> tuple[SearchSpace, Results]:
    """The earlier study of this kind, good or bad: its space, and what it says it found."""
    if case.source is None:
        task = tasks.get(case.target)
        observe = shifted(task, _random(case, "shift"))
    else:
        task = tasks.get(case.source)
        rng = _random(case, "source")
        observe = lambda c: task.observe(c, rng)  # noqa: E731 - it is one of two.
    sign = -1.0 if case.kind == "bad" else 1.0
    optimizer = Optimizer(task.space, seed=1_000 + case.seed)
    for _ in range(_EARLIER):
        for asked in optimizer.ask(1):
            optimizer.tell(asked, sign * observe(asked.parameters))
    return task.space, [(each.parameters, each.value) for each in optimizer.observations]


def shifted(task: Task, rng: np.random.Generator) -> Observe:
    """The task with its landscape moved and in another unit."""
    moves = rng.uniform(-_SHIFT, _SHIFT, len(task.space.parameters)).tolist()
    by = {p.name: move for p, move in zip(task.space.parameters, moves, strict=True)}
    parameters = {p.name: p for p in task.space.parameters}

    def observe(c: Assignment) -> float:
        moved = {name: _moved(parameters[name], value, by[name]) for name, value in c.items()}
        return 3.0 * task.true(moved) + 5.0

    return observe


def _moved(parameter: Parameter, value: Value, by: float) -> Value:
    """A numeric value moved on its own scale and folded back at the ends; a label stays."""
    if not isinstance(parameter, Double | Integer):
        return value
    scale, low, high = Scale(parameter.scale), parameter.min, parameter.max
    start, stop = (coordinate(end, scale, low, high) for end in (low, high))
    u = abs((coordinate(float(value), scale, low, high) - start) / (stop - start) + by)
    folded = start + (stop - start) * min(u, 2.0 - u)
    return parameter.snap(from_coordinate(folded, scale, low, high))


def _rows(name: str, median: Mapping[str, np.ndarray], seeds: int) -> Iterator[Row]:
    cold = float(median["none"][_TRIALS - 1])

    def ratio(kind: str, n: int) -> float:
        return max(float(median[kind][n - 1]), _FLOOR) / max(cold, _FLOOR)

    def said(kind: str) -> str:
        return f"{kind} " + " / ".join(f"{median[kind][n - 1]:.2g}" for n in (1, 5, 10, 25))

    title = f"{name}, {seeds} seeds, median regret as a share of none at {_TRIALS}:"
    at = "at 1 / 5 / 10 / 25: "
    yield at_most(
        f"{title} good at {_EARLY}", ratio("good", _EARLY), "", 1.0, f"{at}{said('good')}"
    )
    yield at_most(f"{title} bad at {_TRIALS}", ratio("bad", _TRIALS), "", 1.5, f"{at}{said('bad')}")
    yield Row(
        name=f"{title} good and bad at {_EARLY}",
        value=ratio("good and bad", _EARLY),
        unit="",
        peer=f"{at}{said('good and bad')}, {said('none')}",
    )


def _is(case: Case, target: str, kind: str) -> bool:
    return case.target == target and case.kind == kind


def _random(case: Case, purpose: str) -> np.random.Generator:
    """The same for all kinds of the same target and seed."""
    return np.random.default_rng([case.seed, zlib.crc32(f"{case.target}/{purpose}".encode())])


def _performed(cases: Sequence[Case], jobs: int) -> Iterator[tuple[Case, list[float]]]:
    began = time.monotonic()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        asked = {pool.submit(perform, case): case for case in cases}
        for count, done in enumerate(as_completed(asked), start=1):
            case = asked[done]
            left = (time.monotonic() - began) / count * (len(cases) - count) / 60
            print(
                f"[{count}/{len(cases)}, {left:.0f} min left] {case.target}, seed {case.seed}, "
                f"sources: {case.kind}: {done.result()[-1]:.3g}",
                file=sys.stderr,
                flush=True,
            )
            yield case, done.result()
