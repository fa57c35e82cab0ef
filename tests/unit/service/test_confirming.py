"""Jobs that confirm, over a real store and real folders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dowse.config import Settings
from dowse.domain.confirmation import confirmation_of, seed_of
from dowse.domain.job import Job
from dowse.domain.lifecycle import Outcome, advance_trial
from dowse.domain.prices import Prices
from dowse.domain.spec import CodeSpec, External, JobSpec
from dowse.domain.trial import TrialState
from dowse.errors import AlreadyExists, InvalidInput, NotFound, Refused
from dowse.runtime.launch import SEED_VARIABLE
from dowse.service.analysts import Analysts
from dowse.service.confirming import Confirming, ConfirmRequest
from dowse.service.folders import DataDirectory
from dowse.service.jobs import Jobs
from dowse.service.local import LocalWorkplace
from dowse.service.queries import Queries
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_spec, make_trial


class House:
    """Everything that a job needs but a loop."""

    def __init__(self, root: Path) -> None:
        clock = SettableClock()
        self.folders = DataDirectory(root / "data")
        self.folders.make()
        self.store = SqliteStore(self.folders.database, clock=clock)
        self.workplace = LocalWorkplace(
            self.folders, settings=Settings(data_dir=root / "data"), clock=clock, environ={}
        )
        jobs = Jobs(
            store=self.store,
            workplace=self.workplace,
            folders=self.folders,
            clock=clock,
            wake=lambda: None,
        )
        self.jobs, queries = jobs, Queries(store=self.store, folders=self.folders)
        made = Analysts.over(self.store, jobs=jobs, queries=queries, prices=Prices())
        self.confirming: Confirming = made.confirming

    def spec(self, job: Job) -> JobSpec:
        return self.store.spec(job.id)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.workplace.close()
    house.store.close()


@pytest.fixture
def searched(house: House, tmp_path: Path) -> Job:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "train.py").write_text("as it was")
    spec = make_spec()
    launch = replace(spec.launch, code=CodeSpec(root=str(tmp_path / "code")))
    job = house.jobs.submit(replace(spec, launch=launch, name="digits"), fallback_name="x")
    for number, objective in enumerate([0.1, 0.9, 0.5, 0.9], start=1):
        trial = make_trial(job, number, lr=10.0 ** -min(number, 3), c="a")
        queued = house.store.create_trial(trial, note=None)
        running = house.store.change_trial(advance_trial(queued, TrialState.RUNNING, at=1.0))
        outcome = Outcome(objective=objective, step=1)
        house.store.change_trial(
            advance_trial(running, TrialState.SUCCEEDED, at=2.0, outcome=outcome)
        )
    (tmp_path / "code" / "train.py").write_text("changed since")
    return job


def test_the_best_different_configurations_run_again_with_the_code_of_then(
    house: House, searched: Job
) -> None:
    job = house.confirming.begin("digits", ConfirmRequest(top=2, seeds=3, seed_flag="seed"))
    assert job.name == "digits-confirm"
    wanted = confirmation_of(house.spec(job))
    assert wanted is not None
    assert (wanted.job, wanted.budget, wanted.seed_flag) == ("digits", 6, "seed")
    assert [one.trial for one in wanted.entrants] == [2, 4]
    assert (house.folders.code("digits-confirm") / "train.py").read_text() == "as it was"
    again = house.confirming.begin("digits", ConfirmRequest(top=50))
    assert again.name == "digits-confirm-2"
    taken = confirmation_of(house.spec(again))
    # Trials 3 and 4 had the same configuration, which takes part once.
    assert taken is not None
    assert len(taken.entrants) == 3


def test_a_run_is_told_its_seed(house: House, searched: Job) -> None:
    job = house.confirming.begin("digits", ConfirmRequest(top=2, seeds=3, seed_flag="seed"))
    spec = house.spec(job)
    trial = replace(make_trial(job, 1, lr=0.01, c="a"), job=job.name, why={"seed": 2})
    assert seed_of(spec, trial) == 2
    launch = house.workplace.plan(spec, trial).launch
    assert launch.environment[SEED_VARIABLE] == "2"
    assert launch.argv is not None
    assert "--seed=2" in launch.argv
    plain = replace(make_trial(searched, 9, lr=0.01, c="a"), why={"seed": 2})
    assert SEED_VARIABLE not in house.workplace.plan(house.spec(searched), plain).launch.environment


def test_what_cannot_be_is_refused_and_leaves_nothing(house: House, searched: Job) -> None:
    confirming = house.confirming
    for top in (1, 101):
        with pytest.raises(InvalidInput, match=f"top: must be from 2 to 100, got {top}"):
            confirming.begin("digits", ConfirmRequest(top=top))
    with pytest.raises(InvalidInput, match="seeds: must be from 2 to 1000, got 1"):
        confirming.begin("digits", ConfirmRequest(seeds=1))
    with pytest.raises(AlreadyExists, match="a job named 'digits' exists"):
        confirming.begin("digits", ConfirmRequest(name="digits"))
    with pytest.raises(NotFound):
        confirming.begin("other", ConfirmRequest())
    with pytest.raises(NotFound, match="no job confirms digits; begin one with: dowse confirm"):
        confirming.report("digits")
    assert [job.name for job in house.store.jobs()] == ["digits"]
    made = confirming.begin("digits", ConfirmRequest())
    with pytest.raises(Refused, match="digits-confirm confirms another job itself"):
        confirming.begin(made.name, ConfirmRequest())


def test_a_job_without_two_results_and_a_study_cannot_be_confirmed(house: House) -> None:
    spec = make_spec()
    house.store.create_job(spec, name="young")
    with pytest.raises(Refused, match="young has no configuration with a result"):
        house.confirming.begin("young", ConfirmRequest())
    study = replace(spec, launch=replace(spec.launch, program=External()))
    house.store.create_job(study, name="study")
    with pytest.raises(Refused, match="study is a study: its clients run its trials"):
        house.confirming.begin("study", ConfirmRequest())


def test_the_newest_confirmation_of_a_job_is_its_report(house: House, searched: Job) -> None:
    house.confirming.begin("digits", ConfirmRequest(name="first"))
    house.confirming.begin("digits", ConfirmRequest(name="second"))
    assert house.confirming.report("digits")[0] == "second"
    name, report = house.confirming.report("first")
    assert (name, report.job, report.over) == ("first", "digits", False)
    assert report.message == "no run has given a result yet"


def test_a_folder_of_code_is_needed_as_long_as_a_job_starts_there(
    house: House, searched: Job
) -> None:
    root = house.spec(searched).launch.code.root
    queries = Queries(store=house.store, folders=house.folders)
    job = house.confirming.begin("digits", ConfirmRequest())
    assert house.spec(job).launch.code.root == root
    assert queries.is_code_root(root)
    assert not queries.is_code_root("/elsewhere")
