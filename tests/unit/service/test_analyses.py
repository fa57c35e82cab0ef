"""What is remembered of analyses, over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dowse.domain.job import Job
from dowse.domain.lifecycle import Outcome, advance_trial
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.trial import TrialState
from dowse.errors import NotFound, Refused
from dowse.service.analyses import Analyses
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_spec, make_trial


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    yield store
    store.close()


@pytest.fixture
def job(store: SqliteStore) -> Job:
    return store.create_job(make_spec(), name="digits")


def ended(store: SqliteStore, job: Job, *numbers: int, further: str | None = None) -> None:
    """Trials that succeeded, the better the greater their number."""
    for number in numbers:
        queued = store.create_trial(make_trial(job, number, lr=10.0**-number, c="a"), note=None)
        running = store.change_trial(advance_trial(queued, TrialState.RUNNING, at=1.0))
        named = {} if further is None else {further: float(number)}
        outcome = Outcome(objective=float(number), further=named, step=1)
        store.change_trial(advance_trial(running, TrialState.SUCCEEDED, at=2.0, outcome=outcome))


def test_an_answer_is_kept_until_another_trial_has_ended(store: SqliteStore, job: Job) -> None:
    ended(store, job, 1, 2, 3, 4)
    analyses = Analyses(store=store)
    first = analyses.importance("digits")
    assert {each.name for each in first.parameters} == {"lr", "c"}
    assert analyses.importance("digits") is first
    assert analyses.importance("digits", method="ped-anova") is not first
    assert analyses.dependence("digits", ["lr"]) is analyses.dependence("digits", ["lr"])
    ended(store, job, 5)
    assert analyses.importance("digits").trials == 5
    assert analyses.convergence("digits").trials == 5


def test_a_refusal_is_not_kept(store: SqliteStore, job: Job) -> None:
    analyses = Analyses(store=store)
    with pytest.raises(Refused):
        analyses.importance("digits")
    ended(store, job, 1, 2, 3, 4)
    assert analyses.importance("digits").trials == 4
    with pytest.raises(NotFound):
        analyses.importance("other")


def test_what_is_for_one_objective_is_refused_with_the_names_of_all(store: SqliteStore) -> None:
    spec = make_spec()
    latency = Objective(metric="latency", goal=Goal.MINIMIZE)
    several = replace(spec, objectives=(*spec.objectives, latency))
    ended(store, store.create_job(several, name="several"), 1, 2, 3, 4)
    analyses = Analyses(store=store)
    for ask in (analyses.ranges, analyses.convergence, lambda name: analyses.trust(name, 1)):
        with pytest.raises(Refused, match=r"several has several: .*, latency"):
            ask("several")


def test_trials_beyond_a_limit_are_left_out_of_what_is_told_of_the_best(store: SqliteStore) -> None:
    spec = make_spec()
    kept = (MetricLimit(metric=spec.objective.metric, at_most=3.0),)
    job = store.create_job(replace(spec, metric_limits=kept), name="limited")
    ended(store, job, 1, 2, 3, 4, 5, 6, 7, further=spec.objective.metric)
    analyses = Analyses(store=store)
    assert analyses.importance("limited").trials == 7
    with pytest.raises(Refused, match="needs at least"):
        analyses.trust("limited", 3)
    with pytest.raises(Refused, match=r"without limits on metrics, and limited has some: .* <= 3"):
        analyses.convergence("limited")
