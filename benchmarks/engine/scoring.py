"""The score of a run, as all figures of the mixed set use it.

    score(n) = gap after n evaluations / median gap of random search after n evaluations

clamped to [0, 2]: 0 is the best known loss or a better one, 1 is random search. The gap is that of
the configuration with the best *observed* value. Random search's medians are over many seeds and
committed beside this file.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np

from benchmarks.engine import tasks
from benchmarks.engine.runs import Trace

MEDIANS = Path(__file__).with_name("random_medians.json")
LONGEST = 100
_CEILING = 2.0
_SEEDS = 200
_SLOW_SEEDS = 100

Traces: TypeAlias = Mapping[str, Sequence[Trace]]
"""Of one optimiser: task → runs with different seeds."""


def scores(traces: Sequence[Trace], n: int) -> list[float]:
    """Of each run of one task, after n evaluations."""
    (task,) = {trace.run.task for trace in traces}
    random = max(medians()[task][n - 1], 1e-12)
    return [min(_CEILING, max(0.0, trace.gaps[n - 1] / random)) for trace in traces]


def mean_score(traces: Traces, n: int) -> float:
    """Over the seeds of each task, then over tasks."""
    return float(np.mean([np.mean(scores(each, n)) for each in traces.values()]))


def mean_ranks(field: Mapping[str, Traces], n: int) -> dict[str, float]:
    """The mean rank of each optimiser over the tasks that all of them ran; 1 is the best.

    On a task they are ranked by their mean scores; equal ones share their ranks.
    """
    common = set.intersection(*(set(traces) for traces in field.values()))
    names = list(field)
    ranks = [_ranks([float(np.mean(scores(field[o][task], n))) for o in names]) for task in common]
    return dict(zip(names, np.mean(ranks, axis=0).tolist(), strict=True))


def _ranks(values: Sequence[float]) -> list[float]:
    return [
        1.0 + sum(other < value for other in values) + 0.5 * (values.count(value) - 1)
        for value in values
    ]


@lru_cache(maxsize=1)
def medians() -> Mapping[str, Sequence[float]]:
    """Task → median gap of random search after 1, 2, … evaluations."""
    stored: dict[str, list[float]] = json.loads(MEDIANS.read_text())
    return stored


def measure_medians(names: Sequence[str]) -> dict[str, list[float]]:
    """Random search's medians, measured afresh."""
    return {name: _random_medians(tasks.get(name)) for name in names}


def write_medians(measured: Mapping[str, Sequence[float]]) -> None:
    """Put them beside the others; one task a line."""
    known = dict(medians()) if MEDIANS.exists() else {}
    known.update({name: [float(f"{gap:.6g}") for gap in gaps] for name, gaps in measured.items()})
    lines = [f"{json.dumps(name)}: {json.dumps(known[name])}" for name in sorted(known)]
    MEDIANS.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    medians.cache_clear()


def _random_medians(task: tasks.Task) -> list[float]:
    slow = task.name.startswith(("lcbench_", "xgb_"))
    searches = []
    for seed in range(_SLOW_SEEDS if slow else _SEEDS):
        rng = np.random.default_rng([seed, 99, zlib.crc32(task.name.encode())])
        best, gap = np.inf, np.inf
        gaps = []
        for _ in range(LONGEST):
            configuration = task.space.at(rng.random(len(task.space.parameters)).tolist())
            value = task.observe(configuration, rng)
            if value < best:
                best, gap = value, task.true(configuration) - task.best
            gaps.append(gap)
        searches.append(gaps)
    return [float(median) for median in np.median(searches, axis=0)]
