"""The policies of Azure and our own rule, replayed over recorded curves: 100 trials, 50 reports."""

import sys
from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.control.curves import FloatArray, tables
from benchmarks.control.replays import LOSS, PARALLEL, Replayed, Ruled, jobs, replayed
from benchmarks.report import Row, at_least
from dowse import catalog
from dowse.domain.spec import StoppingSpec

_REPLICAS = 200
_AZURE = {"evaluation_interval": 1, "delay_evaluation": 5}
_POLICIES: Mapping[str, StoppingSpec] = {
    "median 1/5": StoppingSpec(
        rule="median", options={**_AZURE, "compared_with": "all", "min_trials": 1}
    ),
    "bandit .1": StoppingSpec(rule="bandit", options={**_AZURE, "slack_factor": 0.1}),
    "truncation 20": StoppingSpec(
        rule="truncation", options={**_AZURE, "truncation_percentage": 20}
    ),
    "auto": StoppingSpec(rule="auto"),
}
_SAVED = {"median 1/5": 0.25, "auto": 0.55}
"""What is promised of a policy, at no loss in 95 % of the jobs."""
_KEPT = 0.95


def measure_policies(*, quick: bool = False) -> list[Row]:
    drawn = jobs(tables(), 17 if quick else _REPLICAS)
    found = []
    for name, spec in _POLICIES.items():
        found += rows_of(name, replays(name, spec, drawn))
    return found


def replays(name: str, spec: StoppingSpec, drawn: Sequence[FloatArray]) -> list[Replayed]:
    """Every job under one policy, which is made anew for each."""
    made = []
    for number, curves in enumerate(drawn, start=1):
        made.append(replayed(curves, Ruled(catalog.stopping_rule(spec))))
        if number % 20 == 0:
            print(f"  {name}: {number} of {len(drawn)} jobs", file=sys.stderr, flush=True)
    return made


def rows_of(name: str, made: Sequence[Replayed]) -> list[Row]:
    """What a policy saves on average, and in how many jobs the best is kept."""
    saved = float(np.mean([each.saved for each in made]))
    kept = float(np.mean([each.loss <= LOSS for each in made]))
    title = f"{name}, {PARALLEL} in parallel ({len(made)} jobs)"
    about = f"{title}: share of reports saved"
    best = f"{title}: share of jobs that lose at most {LOSS:.1%} of the range of finals"
    if name in _SAVED:
        return [at_least(about, saved, "", _SAVED[name]), at_least(best, kept, "", _KEPT)]
    return [
        Row(name=about, value=saved, unit=""),
        Row(name=best, value=kept, unit=""),
    ]
