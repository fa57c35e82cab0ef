import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dowse.api.ai_platform.job_answers import JobAnswers
from dowse.dialects.vizier.dialect import read_study
from dowse.domain.job import JobState
from dowse.domain.lifecycle import advance_job
from dowse.domain.prices import Prices
from dowse.errors import NotFound
from dowse.service.accounts import Accounts
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
def answers(store: SqliteStore, tmp_path: Path) -> JobAnswers:
    queries = Queries(store=store, folders=DataDirectory(tmp_path))
    clock, prices = SettableClock(), Prices()
    return JobAnswers(queries, Accounts(store=store, queries=queries, clock=clock, prices=prices))


def test_a_job_is_told_again_as_it_was_until_something_happens_to_it(
    store: SqliteStore, answers: JobAnswers
) -> None:
    job = store.create_job(make_spec(), name="digits")
    told = answers.text("digits")
    assert answers.text("digits") is told
    store.change_job(advance_job(job, JobState.RUNNING, at=2.0))
    assert json.loads(answers.text("digits"))["state"] == "RUNNING"
    store.create_trial(make_trial(job), note=None)
    assert len(json.loads(answers.text("digits"))["trainingOutput"]["trials"]) == 1
    store.set_labels(job.id, {"team": "vision"})
    assert json.loads(answers.text("digits"))["labels"] == {"team": "vision"}


def test_another_job_under_the_name_of_a_deleted_one_is_told_as_itself(
    store: SqliteStore, answers: JobAnswers
) -> None:
    first = store.create_job(make_spec(), name="digits")
    store.set_labels(first.id, {"team": "vision"})
    answers.text("digits")
    store.delete_job(first.id)
    second = store.create_job(make_spec(), name="digits")
    store.set_labels(second.id, {"team": "speech"})
    assert json.loads(answers.text("digits"))["labels"] == {"team": "speech"}


def test_many_jobs_are_told_and_only_some_kept(store: SqliteStore, answers: JobAnswers) -> None:
    names = [f"job{index}" for index in range(20)]
    for name in names:
        store.create_job(make_spec(), name=name)
    for name in names:
        assert json.loads(answers.text(name))["jobId"] == name


def test_a_study_is_no_job(store: SqliteStore, answers: JobAnswers) -> None:
    parameter = {
        "parameter": "x",
        "type": "DOUBLE",
        "doubleValueSpec": {"minValue": 0, "maxValue": 1},
    }
    config = {"metrics": [{"metric": "loss"}], "parameters": [parameter]}
    store.create_job(read_study({"studyConfig": config}).spec, name="s")
    with pytest.raises(NotFound, match="s is a study and no job"):
        answers.text("s")
