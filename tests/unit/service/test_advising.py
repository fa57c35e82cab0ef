"""Advice and confirming jobs over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dowse.domain.confirmation import confirmation_of
from dowse.domain.job import Job
from dowse.domain.lifecycle import Outcome, advance_trial
from dowse.domain.lineage import Continuation
from dowse.domain.prices import Price, Prices
from dowse.domain.spec import FailurePolicy, JobSpec, StoppingSpec
from dowse.domain.trial import TrialState
from dowse.service.advising import Advising
from dowse.service.analyses import Analyses
from dowse.service.confirming import spec_of
from dowse.service.folders import DataDirectory
from dowse.service.queries import Queries
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_spec, make_trial
from tests.unit.domain.test_confirmation import made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    yield store
    store.close()


@pytest.fixture
def job(store: SqliteStore) -> Job:
    return store.create_job(make_spec(), name="digits")


def ended(store: SqliteStore, job: Job, count: int) -> None:
    """Trials of 60 s, the better the smaller their rate."""
    for number in range(1, count + 1):
        rate = 10.0 ** (-5 + 5 * number / count)
        queued = store.create_trial(make_trial(job, number, lr=rate, c="ab"[number % 2]), note=None)
        running = store.change_trial(advance_trial(queued, TrialState.RUNNING, at=10.0))
        outcome = Outcome(objective=1.0 - rate, step=1)
        done = advance_trial(running, TrialState.SUCCEEDED, at=70.0, outcome=outcome)
        store.change_trial(done)


def advising(store: SqliteStore, tmp_path: Path) -> Advising:
    return Advising(
        queries=Queries(store=store, folders=DataDirectory(tmp_path)),
        analyses=Analyses(store=store),
        prices=Prices(table={"*": Price(per_hour=6.0)}, currency="EUR"),
    )


def test_a_forecast_has_the_price_of_its_trials(
    store: SqliteStore, job: Job, tmp_path: Path
) -> None:
    ended(store, job, 20)
    found = advising(store, tmp_path).counsel("digits")
    assert found.currency == "EUR"
    assert [(each.trials, each.running_s, each.cost) for each in found.forecast] == [
        (10, 600.0, 1.0),
        (25, 1500.0, 2.5),
        (50, 3000.0, 5.0),
    ]
    assert any("10 min of running time and 1.00 EUR" in each.message for each in found.advice)


def test_a_forecast_that_rests_on_few_results_says_so(
    store: SqliteStore, job: Job, tmp_path: Path
) -> None:
    ended(store, job, 8)
    found = advising(store, tmp_path).counsel("digits")
    (said,) = [each.message for each in found.advice if each.kind.value == "forecast"]
    assert said.startswith("10 more trials: expected gain")
    assert said.endswith("; so far, 8 results are too few to say: at least 20 are needed")


def test_a_job_without_results_gets_the_advice_that_needs_none(
    store: SqliteStore, job: Job, tmp_path: Path
) -> None:
    found = advising(store, tmp_path).counsel("digits")
    assert found.trust is None
    assert found.forecast == ()
    assert {each.why for each in found.ranges} == {"0 results are too few: 16 are needed"}


def test_a_confirming_job_runs_the_same_program_and_nothing_ends_it_early() -> None:
    spec = make_spec()
    searched: JobSpec = replace(
        spec,
        stopping=StoppingSpec(rule="median"),
        continues=Continuation(job="before"),
        limits=replace(spec.limits, target=0.9, patience=3, timeout_s=5.0, failed=2),
        launch=replace(spec.launch, job_dir="gs://bucket/out/"),
    )
    wanted = made()
    found = spec_of(searched, wanted, name="digits-confirm", parallel=None)
    assert confirmation_of(found) == wanted
    assert (found.stopping, found.continues) == (None, None)
    assert found.failures is FailurePolicy.IGNORE
    assert found.limits.trials == wanted.budget
    assert found.limits.parallel == spec.limits.parallel
    limits = found.limits
    assert (limits.target, limits.patience, limits.timeout_s, limits.failed) == (None,) * 4
    assert found.launch.job_dir == "gs://bucket/out/digits-confirm"
    assert found.launch.program == spec.launch.program
    assert spec_of(searched, wanted, name="x", parallel=7).limits.parallel == 7
