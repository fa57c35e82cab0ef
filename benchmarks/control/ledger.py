"""Whether the ledger's interval holds the true rate of wrong stops.

Every job is replayed as the service runs it: a condemned trial is stopped, unless the draw makes
it a control. Recorded curves know what each stopped trial would have come to, so the truth is
known: the share of the condemned trials whose final value beats every trial that is no control. A
policy that stops by the toss of a coin is beside the others, since those are hardly ever wrong.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.control.curves import FloatArray, finals_of, tables
from benchmarks.control.replays import PARALLEL, Ruled, jobs
from benchmarks.peers.replaying import Policy, replay
from benchmarks.report import Row, at_least
from dowse import catalog
from dowse.analysis.savings import Audit, Run, audit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import Double
from dowse.domain.space import SearchSpace
from dowse.domain.spec import CodeSpec, External, JobSpec, LaunchSpec, Limits, StoppingSpec
from dowse.service.running.controls import is_control

_REPLICAS = 200
_COVERED = 0.9
_AZURE = {"evaluation_interval": 1, "delay_evaluation": 5}
_RULES: Mapping[str, StoppingSpec | None] = {
    "auto, 5 % controls": StoppingSpec(rule="auto"),
    "median 1/5, 20 % controls": StoppingSpec(
        rule="median", options={**_AZURE, "compared_with": "all", "min_trials": 1}, controls=0.2
    ),
    "a coin, 20 % controls": None,
}
_COIN = StoppingSpec(rule="coin", controls=0.2)
_TOSSED_AT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What the controls of one job say, and the `truth` of all its condemned trials."""

    found: Audit
    truth: float

    @property
    def holds(self) -> bool:
        return self.found.low <= self.truth <= self.found.high


class Coin:
    """Stops every other trial at its fifth report, whatever it reports."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def report(self, trial: int, step: int, value: float) -> bool:
        return step == _TOSSED_AT and bool(self._rng.integers(2))

    def complete(self, trial: int) -> None:
        pass


class Controlled:
    """A policy some of whose condemned trials run on, as the job's seed has it."""

    def __init__(self, policy: Policy, spec: JobSpec) -> None:
        self._policy = policy
        self._spec = spec
        self.condemned: dict[int, int] = {}
        """The report at which each was condemned first."""

    def report(self, trial: int, step: int, value: float) -> bool:
        if trial in self.condemned or not self._policy.report(trial, step, value):
            return False
        self.condemned[trial] = step
        return not is_control(self._spec, trial)

    def complete(self, trial: int) -> None:
        self._policy.complete(trial)


def measure_ledger(*, quick: bool = False) -> list[Row]:
    drawn = jobs(tables(), 17 if quick else _REPLICAS)
    found = []
    for name, rule in _RULES.items():
        audits = []
        for seed, curves in enumerate(drawn, start=1):
            audits.append(audited(curves, rule, seed))
            if seed % 20 == 0:
                print(f"  {name}: {seed} of {len(drawn)} jobs", file=sys.stderr, flush=True)
        found += rows_of(name, audits)
    return found


def audited(curves: FloatArray, rule: StoppingSpec | None, seed: int) -> Audited:
    """One job; None tosses a coin."""
    stopping = rule or _COIN
    policy: Policy = Ruled(catalog.stopping_rule(stopping)) if rule else Coin(seed)
    controlled = Controlled(policy, _job(stopping, seed))
    given = replay(curves.tolist(), PARALLEL, controlled)
    finals = finals_of(curves)
    runs = [_run(curves, index, reports, controlled) for index, reports in enumerate(given)]
    rivals = [run.value for run in runs if run.value is not None and not run.is_control]
    best = min(rivals, default=math.inf)
    condemned = [finals[run.trial - 1] for run in runs if run.rule is not None]
    truth = float(np.mean([final < best for final in condemned])) if condemned else 0.0
    return Audited(found=audit(runs, Goal.MINIMIZE), truth=truth)


def _run(curves: FloatArray, index: int, reports: int, controlled: Controlled) -> Run:
    trial = index + 1
    condemned = controlled.condemned.get(trial)
    completed = reports == curves.shape[1]
    return Run(
        trial=trial,
        reports=reports,
        step=reports,
        seconds=float(reports),
        attempt_s=float(reports),
        completed=completed,
        value=_finite(curves[index, reports - 1]),
        rule=None if condemned is None else "policy",
        condemned_at=condemned or 0,
        is_control=condemned is not None and completed,
    )


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _job(stopping: StoppingSpec, seed: int) -> JobSpec:
    return JobSpec(
        space=SearchSpace([Double("x", 0.0, 1.0)]),
        objectives=(Objective(metric="loss", goal=Goal.MINIMIZE),),
        limits=Limits(),
        launch=LaunchSpec(program=External(), code=CodeSpec()),
        stopping=stopping,
        seed=seed,
    )


def rows_of(name: str, audits: Sequence[Audited]) -> list[Row]:
    """Jobs without a judged control have the interval from 0 to 1 and are left out."""
    judged = [each for each in audits if each.found.judged]
    title = f"ledger, {name} ({len(judged)} jobs with controls)"
    covered = float(np.mean([each.holds for each in judged])) if judged else 0.0
    numbers: dict[str, list[float]] = {
        "controls of a job": [each.found.judged for each in judged],
        "width of the interval": [each.found.high - each.found.low for each in judged],
        "rate of wrong stops by the controls": [each.found.rate or 0.0 for each in judged],
        "true rate of wrong stops": [each.truth for each in judged],
    }
    holds = f"{title}: share whose interval holds the true rate of wrong stops"
    return [
        at_least(holds, covered, "", _COVERED),
        *(
            Row(name=f"{title}: mean {about}", value=float(np.mean(values or [0])), unit="")
            for about, values in numbers.items()
        ),
    ]
