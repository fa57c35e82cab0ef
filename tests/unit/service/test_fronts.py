"""The front of a job over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dowse.domain.lifecycle import Outcome, advance_trial
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.trial import TrialState
from dowse.errors import InvalidInput
from dowse.service.fronts import front_of
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_spec, make_trial

TWO = (
    Objective(metric="accuracy", goal=Goal.MAXIMIZE),
    Objective(metric="latency", goal=Goal.MINIMIZE),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    spec = replace(
        make_spec(),
        objectives=TWO,
        metric_limits=(MetricLimit(metric="latency", at_most=10.0),),
    )
    store.create_job(spec, name="quick")
    yield store
    store.close()


def ended(store: SqliteStore, *results: tuple[float, float]) -> None:
    job = store.job("quick")
    for number, (accuracy, latency) in enumerate(results, start=1):
        queued = store.create_trial(make_trial(job, number, lr=10.0**-number, c="a"), note=None)
        running = store.change_trial(advance_trial(queued, TrialState.RUNNING, at=1.0))
        outcome = Outcome(objective=accuracy, further={"latency": latency}, step=1)
        store.change_trial(advance_trial(running, TrialState.SUCCEEDED, at=2.0, outcome=outcome))


def test_without_results_there_is_neither_a_front_nor_a_volume(store: SqliteStore) -> None:
    found = front_of(store, "quick")
    assert (found.trials, found.reference, found.volume) == ((), None, None)
    assert front_of(store, "quick", {"accuracy": 0.0, "latency": 10.0}).volume == 0.0


def test_the_volume_is_that_of_the_front_within_the_limits(store: SqliteStore) -> None:
    ended(store, (0.5, 2.0), (0.75, 6.0), (0.25, 8.0), (1.0, 11.0))
    found = front_of(store, "quick")
    assert [one.number for one in found.trials] == [2, 1]
    assert found.reference == {"accuracy": 0.25, "latency": 8.0}
    assert found.volume == 0.25 * 6.0 + 0.25 * 2.0
    assert front_of(store, "quick", {"accuracy": 0.5, "latency": 6.5}).volume == 0.125


def test_a_reference_names_every_objective_with_a_finite_number(store: SqliteStore) -> None:
    with pytest.raises(InvalidInput) as caught:
        front_of(store, "quick", {"accuracy": float("inf"), "loss": 1.0})
    assert list(map(str, caught.value.problems)) == [
        "reference.loss: is no objective of the job; there are accuracy, latency",
        "reference.latency: is missing: every objective needs a value",
        "reference.accuracy: must be a finite number, got inf",
    ]
