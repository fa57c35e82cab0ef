"""What a suggestion costs: CPU time on one thread, memory, start-up."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engine import drivers, tasks
from benchmarks.engine.options import Options
from benchmarks.report import Row, at_most
from dowse import Optimizer

_TASK = "mixedhp"
_LATENCY = {
    100: (8.0, 20.0),
    1_000: (30.0, 50.0),
    10_000: (40.0, 70.0),
    100_000: (100.0, 150.0),
}
"""Trials → median and 95th percentile in ms."""
_ASKED = 40
_ROOT = Path(__file__).parents[2]

_STARTUP = """
import time
from dowse import Categorical, Double, Integer, Optimizer, SearchSpace
space = SearchSpace([Double("lr", 1e-5, 1.0, scale="log"), Integer("n", 1, 9),
                     Categorical("c", ["a", "b"])])
Optimizer(space).ask()
print(time.process_time())
"""
_MEMORY = """
from benchmarks.engine import cost
optimizer = cost.told({trials})
for _ in range(5):
    optimizer.tell(optimizer.ask(), 0.5)
print(cost.peak_memory())
"""


def rows(options: Options) -> list[Row]:
    found: list[Row] = []
    for trials, (median, tail) in _LATENCY.items():
        spent = latencies(trials)
        beside = _peers(trials) if options.live else None
        found += [
            at_most(
                f"suggestion after {trials:,} trials, CPU, median",
                1e3 * float(np.median(spent)),
                "ms",
                median,
                beside,
            ),
            at_most(
                f"suggestion after {trials:,} trials, CPU, 95th percentile",
                1e3 * float(np.quantile(spent, 0.95)),
                "ms",
                tail,
            ),
        ]
    return [
        *found,
        at_most("100 suggestions at once after 1,000 trials, CPU", _batch(), "s", 1.0),
        at_most("cold resume of 1,000 trials, CPU", 1e3 * _resume(), "ms", 150.0),
        at_most("import and first suggestion, CPU", _best_of(_STARTUP), "s", 0.3),
        at_most("memory at 10,000 trials", _memory(10_000), "MB", 150.0),
        at_most("memory at 100,000 trials", _memory(100_000), "MB", 400.0),
    ]


def told(trials: int) -> Optimizer:
    """An optimiser that knows the results of random configurations."""
    optimizer = Optimizer(tasks.get(_TASK).space, seed=1)
    for configuration, value in history(trials):
        optimizer.tell(configuration, value)
    return optimizer


def history(trials: int) -> list[tuple[Mapping[str, Any], float]]:
    """Random configurations of the mixed space with eight parameters, and their values."""
    task, rng = tasks.get(_TASK), np.random.default_rng(0)
    drawn = [task.space.at(u.tolist()) for u in rng.random((trials, len(task.space.parameters)))]
    return [(configuration, task.true(configuration)) for configuration in drawn]


def latencies(trials: int) -> list[float]:
    """CPU seconds of each of a row of suggestions, results told in between; the first is left
    out, for it begins cold.
    """
    task, optimizer = tasks.get(_TASK), told(trials)
    optimizer.tell(suggestion := optimizer.ask(), task.true(suggestion.parameters))
    spent = []
    for _ in range(_ASKED):
        began = time.process_time()
        suggestion = optimizer.ask()
        spent.append(time.process_time() - began)
        optimizer.tell(suggestion, task.true(suggestion.parameters))
    return spent


def _batch() -> float:
    optimizer = told(1_000)
    optimizer.ask()
    began = time.process_time()
    optimizer.ask(100)
    return time.process_time() - began


def _resume() -> float:
    """The first suggestion when nothing but the results is known."""
    told(50).ask()  # Loads the modules.
    spent = []
    for _ in range(3):
        optimizer = told(1_000)
        began = time.process_time()
        optimizer.ask()
        spent.append(time.process_time() - began)
    return min(spent)


def peak_memory() -> int:
    """The most bytes that this process has held.

    Linux hands the peak that `getrusage` tells on to whatever a process starts, so that a child of
    a large parent would seem as large; the peak of the address space begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        said = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return 1024 * int(said["VmHWM"].removesuffix("kB"))
    # Bytes on macOS, kilobytes elsewhere.
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _memory(trials: int) -> float:
    """MB of a process that goes on with a search."""
    return _best_of(_MEMORY.format(trials=trials), times=1) / 2**20


def _best_of(program: str, times: int = 3) -> float:
    """The least number that a program prints, each time in a process of its own."""
    said = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=_ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        said.append(float(done.stdout))
    return min(said)


def _peers(trials: int) -> str | None:
    """What Optuna's samplers need with the same history."""
    if trials > 1_000:
        return None
    said = []
    for peer in ("optuna-tpe", "optuna-gp"):
        environment, variant = drivers.PEERS[peer]
        process = drivers.PeerProcess(environment, variant, tasks.get(_TASK).space, 0, 1)
        try:
            known = json.loads(json.dumps(history(trials)))
            median = float(np.median(process.latencies(known, 10)))
        finally:
            process.close()
        said.append(f"{drivers.TITLES[peer]} {1e3 * median:.0f}")
    return ", ".join(said)
