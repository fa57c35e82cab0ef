from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dowse.domain.job import JobState
from dowse.domain.lifecycle import advance_job
from dowse.domain.spec import CodeSpec, External, LaunchSpec
from dowse.errors import InvalidInput, NotFound, Refused
from dowse.service.additions import Additions
from dowse.service.folders import DataDirectory
from dowse.service.queries import Queries
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_spec, make_trial


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    yield store
    store.close()


@pytest.fixture
def additions(store: SqliteStore) -> Additions:
    queries = Queries(store=store, folders=DataDirectory(Path("nowhere")))
    return Additions(store=store, queries=queries, clock=SettableClock())


def test_a_variation_takes_what_is_not_said_from_its_model(
    store: SqliteStore, additions: Additions
) -> None:
    job = store.create_job(make_spec(), name="tune")
    store.create_trial(make_trial(job, lr=0.1, c="a"), note={"position": 4})
    trial = additions.add("tune", {"lr": 0.5}, like=1)
    assert (trial.number, trial.parameters) == (2, {"lr": 0.5, "c": "a"})
    assert (trial.why, trial.known_event) == ({"algorithm": "user", "like": 1}, 2)
    assert store.note(job.id) == {"position": 4}
    assert additions.add("tune", {}, like=1).parameters == {"lr": 0.1, "c": "a"}


def test_parameters_outside_the_space_are_refused_by_name(
    store: SqliteStore, additions: Additions
) -> None:
    store.create_job(make_spec(), name="tune")
    with pytest.raises(InvalidInput) as caught:
        additions.add("tune", {"lr": 7.0, "depth": 2})
    assert [problem.path for problem in caught.value.problems] == [
        "parameters.depth",
        "parameters.lr",
        "parameters.c",
    ]
    with pytest.raises(NotFound, match="job tune has no trial 9; it has no trial yet"):
        additions.add("tune", {}, like=9)
    assert store.trials(1) == ()


def test_a_job_that_is_full_or_over_or_a_study_takes_no_trial(
    store: SqliteStore, additions: Additions
) -> None:
    spec = make_spec()
    full = store.create_job(replace(spec, limits=replace(spec.limits, trials=1)), name="full")
    store.create_trial(make_trial(full), note=None)
    with pytest.raises(Refused, match="has all of its 1 trials; raise its limit first"):
        additions.add("full", {}, like=1)
    over = store.create_job(spec, name="over")
    over = store.change_job(advance_job(over, JobState.RUNNING, at=1.0))
    store.change_job(advance_job(over, JobState.SUCCEEDED, at=2.0))
    with pytest.raises(Refused, match="job over is succeeded: it takes no more trials"):
        additions.add("over", {"lr": 0.1, "c": "a"})
    program = LaunchSpec(program=External(), code=CodeSpec())
    store.create_job(replace(spec, launch=program), name="study")
    with pytest.raises(Refused, match="study is a study: its clients add its trials"):
        additions.add("study", {"lr": 0.1, "c": "a"})
