"""Jobs of every kind that a console has to show, written straight into a store."""

from __future__ import annotations

import math
import random
import time
from dataclasses import replace

from dowse.dialects.rendering import render
from dowse.domain.events import Noted, StopDecided
from dowse.domain.job import Job, JobState
from dowse.domain.lifecycle import Outcome, advance_job, advance_trial
from dowse.domain.metrics import Goal, Measurement, Objective
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Value
from dowse.domain.reasons import Reason
from dowse.domain.space import SearchSpace
from dowse.domain.spec import Argv, CodeSpec, JobSpec, LaunchSpec, Limits
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Store

OPTIMIZERS = ("adamw", "lion", "sgd")
HOSTILE = '<img src=x onerror="globalThis.__pwned=1">'
"""A text that would run if a page took it for anything but text."""


def tuning_spec(*, trials: int | None = 200, parallel: int = 5) -> JobSpec:
    """Seven parameters of every kind, as of a program that trains a small network."""
    return JobSpec(
        space=SearchSpace(
            [
                Double("learning_rate", 1e-5, 1e-1, scale="log"),
                Double("weight_decay", 1e-6, 1e-1, scale="log"),
                Double("dropout", 0.0, 0.6),
                Integer("hidden", 32, 512),
                Integer("layers", 1, 8),
                Discrete("batch_size", [16, 32, 64, 128, 256]),
                Categorical("optimizer", list(OPTIMIZERS)),
            ]
        ),
        objectives=(Objective(metric="val_loss", goal=Goal.MINIMIZE),),
        side_metrics=("mae",),
        limits=Limits(trials=trials, parallel=parallel, timeout_s=28_800.0),
        launch=LaunchSpec(program=Argv(("python", "train.py")), code=CodeSpec()),
        seed=7,
    )


def begin(store: Store, name: str, spec: JobSpec, *, at: float) -> Job:
    job = store.create_job(spec, name=name)
    return store.change_job(advance_job(job, JobState.RUNNING, at=at))


def values(rng: random.Random, best: float) -> dict[str, Value]:
    """A configuration; with `best` near 1, near the one that is best."""
    width = 1.2 - best
    lr = 10 ** min(-1.0, max(-5.0, rng.gauss(-3.0, 1.6 * width)))
    return {
        "learning_rate": lr,
        "weight_decay": 10 ** rng.uniform(-6, -1 - 2 * best),
        "dropout": min(0.6, max(0.0, rng.gauss(0.15, 0.3 * width))),
        "hidden": round(min(512, max(32, rng.gauss(350, 200 * width)))),
        "layers": rng.randint(1, 8),
        "batch_size": rng.choice([16, 32, 64, 128, 256]),
        "optimizer": "adamw" if rng.random() < best else rng.choice(OPTIMIZERS),
    }


def loss_of(configuration: dict[str, Value]) -> float:
    lr = math.log10(float(configuration["learning_rate"]))
    penalty = {"adamw": 0.0, "lion": 0.06, "sgd": 0.3}[str(configuration["optimizer"])]
    dropout = float(configuration["dropout"])
    hidden = float(configuration["hidden"])
    return (
        1.05
        + 0.12 * (lr + 3.0) ** 2
        + 0.9 * (dropout - 0.14) ** 2
        + 0.3 * (hidden / 512 - 0.7) ** 2
        + penalty
    )


def run_trial(
    store: Store,
    job: Job,
    number: int,
    configuration: dict[str, Value],
    *,
    at: float,
    took: float = 60.0,
    end: TrialState | None = TrialState.SUCCEEDED,
    reason: Reason | None = None,
    reports: int = 4,
    value: float | None = None,
    message: str = "",
    client: str | None = None,
) -> Trial:
    """A trial from its suggestion to its `end`; None leaves it running."""
    trial = Trial(
        job_id=job.id, job=job.name, number=number, parameters=configuration, created_at=at
    )
    trial = store.create_trial(trial, note=None)
    trial = store.change_trial(advance_trial(trial, TrialState.RUNNING, at=at, client=client))
    final = loss_of(configuration) if value is None else value
    curve = [
        Measurement(
            metric=metric,
            value=final + scale * math.exp(-3 * step / max(1, reports)),
            step=step * 10,
            time=at + took * step / max(1, reports),
        )
        for step in range(1, reports + 1)
        for metric, scale in (("val_loss", 0.8), ("mae", 0.5))
    ]
    store.record(trial.ref, curve, source="test")
    if end is None:
        return trial
    if end is TrialState.STOPPED:
        verdict = StopDecided(
            trial=number, attempt=trial.attempt, rule="median", message="worse than the median"
        )
        change = advance_trial(trial, TrialState.STOPPING, at=at + took, because=(verdict,))
        trial = store.change_trial(change)
    outcome = Outcome(exit_code=0)
    if end is not TrialState.FAILED and reports:
        outcome = Outcome(exit_code=0, objective=curve[-2].value, step=reports * 10)
    change = advance_trial(
        trial, end, at=at + took, reason=reason, message=message, outcome=outcome
    )
    return store.change_trial(change)


def tuned(store: Store, name: str = "babyweight", *, trials: int = 60, live: int = 3) -> Job:
    """A job in the middle of its work: completed, stopped, failed and running trials."""
    rng = random.Random(7)
    began = time.time() - 5 * 3600
    spec = tuning_spec()
    spec = replace(spec, document=render(spec, "native").text)
    job = begin(store, name, spec, at=began)
    free = [began] * 5
    for number in range(1, trials + 1):
        best = number / trials
        configuration = values(rng, best)
        worker = free.index(min(free))
        stopped = rng.random() < 0.3 and number > 2
        took = rng.uniform(100, 300) if stopped else rng.uniform(500, 800)
        end, reason, reports = TrialState.SUCCEEDED, None, 10
        if stopped:
            end, reason, reports = TrialState.STOPPED, Reason.STOPPED_EARLY, 3
        if number == 17:
            end, reason = TrialState.FAILED, Reason.NONZERO_EXIT
        run_trial(
            store,
            job,
            number,
            configuration,
            at=free[worker],
            took=took,
            end=end,
            reason=reason,
            reports=reports,
        )
        free[worker] += took
    for number in range(trials + 1, trials + live + 1):
        run_trial(store, job, number, values(rng, 0.9), at=time.time() - 120, end=None, reports=3)
    return job


def finished(store: Store, job: Job, state: JobState, reason: Reason, message: str = "") -> Job:
    if state is JobState.CANCELLED:
        job = store.change_job(advance_job(job, JobState.CANCELLING, at=time.time()))
    change = advance_job(job, state, at=time.time(), reason=reason, message=message)
    return store.change_job(change)


def odd_jobs(store: Store) -> None:
    """What is rare and must look calm: nothing yet, no metric, one category, sixty parameters."""
    at = time.time() - 7200
    begin(store, "without-trials", tuning_spec(), at=at)

    lost = begin(store, "without-metric", tuning_spec(trials=2), at=at)
    for number in (1, 2):
        run_trial(
            store,
            lost,
            number,
            values(random.Random(number), 0.5),
            at=at,
            end=TrialState.FAILED,
            reason=Reason.NO_METRIC,
            reports=0,
        )
    finished(store, lost, JobState.FAILED, Reason.NO_METRIC, "no trial reported val_loss")

    space = SearchSpace([Categorical("only", [HOSTILE])])
    one = begin(store, "one-category", replace(tuning_spec(trials=1), space=space), at=at)
    run_trial(store, one, 1, {"only": HOSTILE}, at=at, value=1.5)
    store.append_event(one.id, Noted(message=HOSTILE))

    names = [f"p{i:02d}" for i in range(60)]
    wide = replace(tuning_spec(), space=SearchSpace([Double(name, 0.0, 1.0) for name in names]))
    job = begin(store, "sixty-parameters", wide, at=at)
    for number in range(1, 21):
        rng = random.Random(number)
        configuration: dict[str, Value] = {name: rng.random() for name in names}
        run_trial(store, job, number, configuration, at=at + number, value=rng.random())

    begin(store, "名" * 64 + "가" * 64, tuning_spec(), at=at)
