"""Google's article on tuning jobs that build on each other, replayed on a family of problems.

A job of 40 trials without early stopping, the same with it, and then 20 further trials three times:
in a job that resumes the second, in one of a similar name that learns from it, and in one that
knows nothing of it. Five trials run at a time, as in the article, side by side; the suggester and
the stopping rule are those of the service, and are told what the service would tell them.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.control.family import REPORTS, SPACE, Problem
from benchmarks.report import Row, at_least
from dowse import catalog
from dowse.domain.expected import Expected
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal
from dowse.domain.source import Source
from dowse.domain.space import Assignment
from dowse.domain.spec import AlgorithmSpec, StoppingSpec
from dowse.optim.protocol import SuggestRequest
from dowse.service.telling import telling
from dowse.stopping.protocol import GO_ON, Curve, Standing, StoppingRule

REPLICAS = 200
FIRST, FURTHER, PARALLEL = 40, 20, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What came of a job: its results in order, what its trials would have given at their ends,
    the reports that it paid for, and its last note.
    """

    observations: tuple[Observation, ...]
    ends: tuple[float, ...]
    reports: int
    note: Mapping[str, Any] | None

    @property
    def values(self) -> list[float]:
        return [each.value for each in self.observations if each.value is not None]

    @property
    def best(self) -> float:
        return min(self.values)

    @property
    def worst(self) -> float:
        """Of the ends: where a trial was stopped says more of the rule than of the trial."""
        return max(self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    plain: Job
    stopped: Job
    resumed: Job
    learned: Job
    isolated: Job

    @property
    def saved(self) -> float:
        return 1.0 - self.stopped.reports / self.plain.reports

    @property
    def loss(self) -> float:
        """What stopping cost of the best, as a share of the range of results."""
        return (self.stopped.best - self.plain.best) / (self.plain.worst - self.plain.best)


def measure_continued(*, quick: bool = False) -> list[Row]:
    """The rows of the replay; `quick` with a tenth of the replicas."""
    seeds = range(REPLICAS // 10 if quick else REPLICAS)
    found = []
    with multiprocessing.get_context("spawn").Pool(int(os.environ.get("BENCHMARK_JOBS", "1"))) as p:
        for number, one in enumerate(p.imap(replica, seeds), start=1):
            found.append(one)
            if number % 20 == 0:
                print(f"  {number} of {len(seeds)} replicas", file=sys.stderr, flush=True)
    return rows_of(found)


def rows_of(found: Sequence[Replica]) -> list[Row]:
    """What was promised, then what was seen."""
    saved = float(np.mean([each.saved for each in found]))
    about = f"({len(found)} replicas)"
    promised = {
        "best resumed <= best isolated": [r.resumed.best <= r.isolated.best for r in found],
        "worst resumed < worst learned": [r.resumed.worst < r.learned.worst for r in found],
        "worst learned < worst isolated": [r.learned.worst < r.isolated.worst for r in found],
    }
    seen = {
        f"{which} of the {FURTHER} trials, {name}": [
            getattr(getattr(r, name), which) for r in found
        ]
        for name in ("resumed", "learned", "isolated")
        for which in ("best", "worst")
    }
    seen["what stopping early costs of the best, of the range"] = [each.loss for each in found]
    return [
        at_least(
            f"stopping early, {FIRST} trials {about}: share of reports saved", saved, "", 0.15
        ),
        *(
            at_least(f"{name} {about}: share of replicas", float(np.mean(holds)), "", 0.8)
            for name, holds in promised.items()
        ),
        *(
            Row(name=f"{name} {about}: median", value=float(np.median(values)), unit="")
            for name, values in seen.items()
        ),
    ]


def replica(seed: int) -> Replica:
    """One problem and its five jobs."""
    rng = np.random.default_rng(seed)
    problem = Problem.drawn(rng)
    other = seed + REPLICAS
    plain = run(problem, rng, seed=seed, trials=FIRST, rule=None)
    stopped = run(problem, rng, seed=seed, trials=FIRST, rule=automatic())
    source = Source(
        name="first",
        space=SPACE,
        goal=Goal.MINIMIZE,
        observations=telling(stopped.observations, Goal.MINIMIZE),
    )
    return Replica(
        plain=plain,
        stopped=stopped,
        resumed=run(problem, rng, seed=seed, trials=FURTHER, rule=automatic(), before=stopped),
        learned=run(problem, rng, seed=other, trials=FURTHER, rule=automatic(), sources=(source,)),
        isolated=run(problem, rng, seed=other, trials=FURTHER, rule=automatic()),
    )


def automatic() -> StoppingRule:
    return catalog.stopping_rule(StoppingSpec(rule="auto"))


def run(
    problem: Problem,
    rng: np.random.Generator,
    *,
    seed: int,
    trials: int,
    rule: StoppingRule | None,
    before: Job | None = None,
    sources: tuple[Source, ...] = (),
) -> Job:
    """One job. Of a job before it, the trials are its own, as the service pins them."""
    known = () if before is None else before.observations
    note = None if before is None else before.note
    own: list[Observation] = []
    ends: list[float] = []
    curves: list[Curve] = []
    suggester = catalog.suggester(AlgorithmSpec())
    while len(own) < trials:
        decision = suggester.suggest(
            SuggestRequest(
                space=SPACE,
                goal=Goal.MINIMIZE,
                history=History(
                    observations=(*_numbered(known), *own), index=len(known) + len(own)
                ),
                seed=seed,
                count=min(PARALLEL, trials - len(own)),
                note=note,
                sources=sources,
            )
        )
        note = decision.note
        batch = [one.parameters for one in decision.suggestions]
        done = train(problem, batch, rule, curves, rng)
        curves += [one.curve for one in done]
        ends += [one.end for one in done]
        own += (
            Observation(
                number=number,
                parameters=parameters,
                ending=Ending.MEASURED,
                value=one.curve.values[-1],
                expected=one.expected,
            )
            for number, (parameters, one) in enumerate(
                zip(batch, done, strict=True), start=len(own) + 1
            )
        )
    return Job(observations=tuple(own), ends=tuple(ends), reports=sum(map(len, curves)), note=note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A trial that is over, and its `end`, which nobody knows where it was stopped: `expected` is
    what the rule took it for.
    """

    curve: Curve
    end: float
    expected: Expected | None = None


def train(
    problem: Problem,
    batch: Sequence[Assignment],
    rule: StoppingRule | None,
    earlier: Sequence[Curve],
    rng: np.random.Generator,
) -> list[Trained]:
    """Trials that run side by side, report by report, until each ends."""
    whole = [problem.train(parameters, rng).tolist() for parameters in batch]
    first = len(earlier) + 1
    found = [
        Trained(curve=Curve(trial=first + i, values=()), end=values[-1])
        for i, values in enumerate(whole)
    ]
    for k in range(1, REPORTS + 1):
        for i, values in enumerate(whole):
            trial = found[i].curve.trial
            if found[i].curve.standing is not Standing.RUNNING:
                continue
            curve = Curve(trial=trial, values=tuple(values[:k]))
            beside = (one.curve for one in found if one.curve.trial != trial and one.curve.values)
            verdict = rule.decide(curve, [*earlier, *beside], Goal.MINIMIZE) if rule else GO_ON
            if verdict.stop:
                curve = replace(curve, standing=Standing.ENDED)
            elif k == REPORTS:
                curve = replace(curve, standing=Standing.COMPLETED)
            found[i] = replace(found[i], curve=curve, expected=verdict.expected)
    return found


def _numbered(known: Sequence[Observation]) -> tuple[Observation, ...]:
    """Numbered up to 0, as the trials of an earlier job are."""
    return tuple(
        replace(one, number=place) for place, one in enumerate(known, start=1 - len(known))
    )
