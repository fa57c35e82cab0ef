from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dowse.domain.job import JobState
from dowse.domain.lifecycle import Outcome, advance_job, advance_trial
from dowse.domain.reasons import Reason
from dowse.domain.trial import TrialState
from dowse.errors import InvalidInput
from dowse.service.folders import DataDirectory
from dowse.service.queries import Queries
from dowse.service.selections import Selections
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_report, make_spec, make_trial


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def store(tmp_path: Path, clock: SettableClock) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "dowse.db", clock=clock)
    yield store
    store.close()


@pytest.fixture
def selections(store: SqliteStore, clock: SettableClock) -> Selections:
    queries = Queries(store=store, folders=DataDirectory(Path("nowhere")))
    return Selections(store=store, queries=queries, clock=clock)


@pytest.fixture
def trials(store: SqliteStore) -> None:
    """Four: a good one, a failed one, one that runs with reports, one that waits."""
    job = store.create_job(make_spec(), name="tune")
    made = [
        store.create_trial(make_trial(job, number, lr=number / 10, c="a"), note=None)
        for number in (1, 2, 3, 4)
    ]
    first, second, third = (
        store.change_trial(advance_trial(trial, TrialState.RUNNING, at=900.0)) for trial in made[:3]
    )
    store.record(first.ref, [make_report(0.5, step=1), make_report(0.9, step=2)], source="file")
    store.record(third.ref, [make_report(0.4, step=1, metric="side")], source="file")
    outcome = Outcome(objective=0.9, step=2)
    store.change_trial(advance_trial(first, TrialState.SUCCEEDED, at=960.0, outcome=outcome))
    failed = advance_trial(second, TrialState.FAILED, at=905.0, reason=Reason.NONZERO_EXIT)
    store.change_trial(failed)


@pytest.mark.usefixtures("trials")
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [1, 2, 3, 4]),
        ("status = completed", [1]),
        ("status = succeeded and status != failed", [1]),
        ("status:run", [3]),
        ("state = failed and reason = nonzero_exit", [2]),
        ("lr > 0.15 and lr < 0.35", [2, 3]),
        ("c = a and objective > 0.8", [1]),
        ("accuracy.min = 0.5", [1]),
        ("accuracy@step=1 = 0.5", [1]),
        ("accuracy@step=3 is missing", [1, 2, 3, 4]),
        ("side is not missing", [3]),
        ("duration >= 1m", [1, 3]),
        ("duration is missing", [4]),
        ("trial > 3 or attempt > 1", [4]),
    ],
)
def test_a_filter_over_trials_knows_what_they_are_and_measured(
    selections: Selections, text: str, numbers: list[int]
) -> None:
    assert selections.trials("tune", text) == numbers


@pytest.mark.usefixtures("trials")
def test_a_parameter_beyond_the_space_can_be_asked_for(
    store: SqliteStore, selections: Selections
) -> None:
    job = store.job("tune")
    store.create_trial(make_trial(job, 5, lr=0.5, c="a", extra=3), note=None)
    assert selections.trials("tune", "extra > 2") == [5]
    with pytest.raises(InvalidInput, match="filter:1:1: filter: there is no field 'nothing'"):
        selections.trials("tune", "nothing > 2")


def test_a_filter_that_says_nothing_is_refused_before_anything_is_read(
    selections: Selections,
) -> None:
    with pytest.raises(InvalidInput, match="filter:1:"):
        selections.trials("absent", "lr <")


def test_a_filter_over_jobs_knows_their_names_states_limits_and_best(
    store: SqliteStore, selections: Selections, clock: SettableClock
) -> None:
    clock.time = 100.0
    labelled = replace(make_spec(), labels={"team": "red"})
    old = store.create_job(labelled, name="old_digits")
    store.change_job(advance_job(old, JobState.RUNNING, at=100.0))
    clock.time = 4_000.0
    new = store.create_job(make_spec(), name="baby")
    store.set_labels(new.id, {"team": "blue"})
    jobs = store.jobs()

    def names(text: str) -> list[str]:
        return [job.name for job in selections.jobs(text, jobs)]

    assert names("") == ["baby", "old_digits"]
    assert names("DIGITS status:running goal:max") == ["old_digits"]
    assert names("age > 1h") == ["old_digits"]
    assert names("duration >= 1h") == ["old_digits"]
    assert names("team = blue") == ["baby"]
    assert names("labels.team = red") == ["old_digits"]
    assert names("metric = accuracy dialect = native algorithm:bay trials = 0") == names("")
    assert names("best is missing and failed = 0") == names("")
