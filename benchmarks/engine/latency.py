"""What a suggestion costs: processor time on one thread, with long histories and large batches."""

from __future__ import annotations

import math
import random
import statistics
import subprocess
import sys
import time

from benchmarks.report import Row, at_most
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.parameters import Categorical, Discrete, Double, Integer
from dowse.domain.space import Assignment, SearchSpace
from dowse.optim.bayes import BayesianSuggester
from dowse.optim.protocol import SuggestDecision, SuggestRequest

SPACE = SearchSpace(
    [
        Double("lr", 1e-5, 1.0, scale="log"),
        Double("weight_decay", 1e-6, 0.1, scale="log"),
        Double("dropout", 0.0, 0.8),
        Integer("layers", 1, 8),
        Integer("units", 16, 512, scale="log"),
        Discrete("batch", [16, 32, 64, 128, 256]),
        Categorical("optimizer", ["sgd", "momentum", "adam", "rmsprop"]),
        Categorical("activation", ["relu", "gelu", "tanh"]),
    ]
)
# Median and 95th percentile in milliseconds, per length of the history.
_GOALS = {100: (8.0, 20.0), 1_000: (30.0, 50.0), 10_000: (40.0, 70.0)}
_COLD = {1_000: 150.0}
_REPEATS = 25
_START = (
    "import time; t = time.process_time(); from dowse import Double, Optimizer; "
    "Optimizer([Double('x', 0.0, 1.0)]).ask(); print(time.process_time() - t)"
)


def measure() -> list[Row]:
    rows = [_start()]
    for trials in (10, *_GOALS):
        rows += _steady(trials)
    rows.append(_batch(1_000, 100))
    return rows


def _start() -> Row:
    times = [
        float(
            subprocess.run([sys.executable, "-c", _START], capture_output=True, check=True).stdout
        )
        for _ in range(5)
    ]
    return at_most("import and first suggestion", statistics.median(times), "s", 0.3)


def _steady(trials: int) -> list[Row]:
    observations = _observations(trials)
    decision = None
    times = []
    for _ in range(_REPEATS + 1):
        spent, decision = _ask(observations, decision, 1)
        times.append(spent)
        parameters = decision.suggestions[0].parameters
        observations.append(_observation(len(observations) + 1, parameters))
    median = statistics.median(times[1:])
    tail = sorted(times[1:])[int(0.95 * _REPEATS)]
    names = [f"{label} at {trials:,} trials" for label in ("suggestion", "its 95th percentile")]
    if trials not in _GOALS:
        return [
            Row(name=names[0], value=median, unit="ms"),
            Row(name=names[1], value=tail, unit="ms"),
        ]
    rows = [
        at_most(name, value, "ms", limit)
        for name, value, limit in zip(names, (median, tail), _GOALS[trials], strict=True)
    ]
    if trials in _COLD:
        rows.append(at_most(f"cold resume of {trials:,} trials", times[0], "ms", _COLD[trials]))
    return rows


def _batch(trials: int, count: int) -> Row:
    observations = _observations(trials)
    _, decision = _ask(observations, None, 1)
    spent, _ = _ask(observations, decision, count)
    return at_most(f"{count} suggestions at once at {trials:,} trials", spent, "ms", 1_000)


def _ask(
    observations: list[Observation], last: SuggestDecision | None, count: int
) -> tuple[float, SuggestDecision]:
    """Milliseconds of processor time, and the decision."""
    history = History(observations=tuple(observations), index=len(observations))
    request = SuggestRequest(
        space=SPACE,
        goal=Goal.MINIMIZE,
        history=history,
        count=count,
        seed=0,
        note=last.note if last else None,
    )
    begin = time.process_time()
    decision = BayesianSuggester().suggest(request)
    return (time.process_time() - begin) * 1e3, decision


def _observations(count: int) -> list[Observation]:
    rng = random.Random(0)
    size = len(SPACE.parameters)
    return [
        _observation(i + 1, SPACE.at([rng.random() for _ in range(size)])) for i in range(count)
    ]


def _observation(number: int, a: Assignment) -> Observation:
    return Observation(number=number, parameters=a, ending=Ending.MEASURED, value=_loss(a))


def _loss(a: Assignment) -> float:
    away = math.log10(float(a["lr"])) + 2.5
    size = math.log(float(a["units"]) / 128.0)
    penalty = 0.5 if a["optimizer"] == "sgd" else 0.0
    return away**2 + 0.1 * (float(a["layers"]) - 4.0) ** 2 + size**2 + float(a["dropout"]) + penalty
