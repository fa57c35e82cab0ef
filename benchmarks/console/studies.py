"""The jobs that are looked at: eight parameters, and as many trials as a figure asks for."""

from __future__ import annotations

import contextlib
import math
import random
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.foundation.command import scratch
from benchmarks.service.filled import BEGAN, FilledJob, fill
from benchmarks.service.servers import DowseServer, dowse_server
from dowse.domain.metrics import Goal, Measurement, Objective
from dowse.domain.parameters import Categorical, Double, Integer, Value
from dowse.domain.space import SearchSpace
from dowse.domain.spec import Argv, CodeSpec, JobSpec, LaunchSpec, Limits
from dowse.domain.trial import AttemptRef
from dowse.service.folders import DataDirectory
from dowse.store.sqlite import SqliteStore

METRIC = "loss"
SHARES = tuple(f"p{k}" for k in range(5))
OPTIMIZERS = ("adam", "sgd", "lamb")


class _Clock:
    def now(self) -> float:
        return time.time()


def study(trials: int) -> FilledJob:
    """A job of so many trials, named after their number."""
    space = SearchSpace(
        [
            Double("lr", 1e-5, 1.0, scale="log"),
            Categorical("optimizer", list(OPTIMIZERS)),
            *(Double(name, 0.0, 1.0) for name in SHARES),
            Integer("units", 1, 100),
        ]
    )
    spec = JobSpec(
        space=space,
        objectives=(Objective(metric=METRIC, goal=Goal.MINIMIZE),),
        limits=Limits(trials=trials),
        launch=LaunchSpec(program=Argv(("python", "train.py")), code=CodeSpec()),
    )
    return FilledJob(name=name_of(trials), trials=trials, spec=spec, draw=drawn)


def name_of(trials: int) -> str:
    return f"study{trials}"


def drawn(rng: random.Random) -> Mapping[str, Value]:
    """A random place of the space of a study."""
    return {
        "lr": 10 ** rng.uniform(-5, 0),
        "optimizer": rng.choice(OPTIMIZERS),
        **{name: rng.random() for name in SHARES},
        "units": rng.randint(1, 100),
    }


@contextlib.contextmanager
def served(*sizes: int, reports: int = 0) -> Iterator[DowseServer]:
    """A server of a study of each size; each of its trials has made so many reports."""
    with scratch() as folder:
        fill(folder / "data", [study(size) for size in sizes])
        if reports:
            for size in sizes:
                _report(folder / "data", size, reports)
        with dowse_server(folder) as server:
            yield server


def _report(data_dir: Path, trials: int, reports: int) -> None:
    rng = random.Random(1)
    store = SqliteStore(DataDirectory(data_dir).database, clock=_Clock())
    try:
        for number in range(1, trials + 1):
            final, speed, began = rng.random(), rng.uniform(2, 6), BEGAN + number
            store.record(
                AttemptRef(job=name_of(trials), trial=number, attempt=1),
                [
                    Measurement(
                        metric=METRIC,
                        value=final + math.exp(-speed * step / reports) + rng.gauss(0, 0.01),
                        step=step,
                        time=began + 60 * step / reports,
                    )
                    for step in range(1, reports + 1)
                ],
                source="benchmark",
            )
    finally:
        store.close()
