"""What is remembered of analyses, over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dowse.domain.job import Job
from dowse.domain.lifecycle import Outcome, advance_trial
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


def ended(store: SqliteStore, job: Job, *numbers: int) -> None:
    """Trials that succeeded, the better the greater their number."""
    for number in numbers:
        queued = store.create_trial(make_trial(job, number, lr=10.0**-number, c="a"), note=None)
        running = store.change_trial(advance_trial(queued, TrialState.RUNNING, at=1.0))
        outcome = Outcome(objective=float(number), step=1)
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
