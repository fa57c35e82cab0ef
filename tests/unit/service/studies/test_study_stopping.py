"""The stopping rule of a study that is asked again and again, against one that reads everything."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from dowse.dialects.vizier.dialect import read_study
from dowse.domain.job import Job
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Store
from dowse.service.studies.stopping import StudyStopping
from dowse.service.studies.trials import Report, StudyTrials
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock
from tests.unit.service.studies.test_studies import CONFIG

MEDIAN = {**CONFIG, "automatedStoppingConfig": {"medianAutomatedStoppingConfig": {}}}


class Study:
    """A study with a rule, whose clients run trials without asking for suggestions."""

    def __init__(self, folder: Path) -> None:
        self.store = SqliteStore(folder / "dowse.db", clock=SettableClock())
        self.spec: JobSpec = read_study({"studyConfig": MEDIAN}).spec
        self.job: Job = self.store.create_job(self.spec, name="s")
        self.trials = StudyTrials(store=self.store, clock=SettableClock())
        self._steps: Counter[int] = Counter()

    def begin(self) -> int:
        made = self.trials.create(self.job, self.spec, {"x": 1.0}, result=None)
        return self.trials._begun(made).number

    def trial(self, number: int) -> Trial:
        return self.store.trial(self.job.id, number)

    def report(self, number: int, loss: float) -> None:
        self._steps[number] += 1
        report = Report(step=self._steps[number], values={"loss": loss})
        self.trials.report(self.spec, self.trial(number), report)

    def complete(self, number: int) -> None:
        self.trials.complete(self.spec, self.trial(number), None)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    study = Study(tmp_path)
    yield study
    study.store.close()


def test_what_is_read_bit_by_bit_leads_to_the_verdicts_of_what_is_read_anew(study: Study) -> None:
    rng = random.Random(3)
    kept, stops = StudyStopping(study.store), 0
    running: list[int] = []
    for turn in range(45):
        if len(running) < 4:
            running.append(study.begin())
        number = rng.choice(running)
        study.report(number, number % 7 + rng.random())
        if turn % 9 == 8:
            study.complete(number)
            running.remove(number)
        if turn in (25, 35):
            study.store.delete_trial(study.job.id, running.pop())
        for each in running:
            trial = study.trial(each)
            found = kept.verdict(study.spec, trial)
            assert found == StudyStopping(study.store).verdict(study.spec, trial)
            stops += found is not None
    assert 10 < stops < 150


class Watched:
    """A store that counts what is asked of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self._store, name)


def test_a_question_reads_its_own_curve_and_those_that_have_grown(study: Study) -> None:
    store = Watched(study.store)
    stopping = StudyStopping(cast(Store, store))
    own, grown, still = (study.begin() for _ in range(3))
    for number in (own, grown, still):
        study.report(number, 0.5)

    def asked() -> Counter[str]:
        store.asked.clear()
        stopping.verdict(study.spec, study.trial(own))
        return store.asked

    assert asked()["curves"] == 1
    assert asked() == {"last_event": 1, "summaries": 1, "curve": 1}
    study.report(grown, 0.4)
    assert asked() == {"last_event": 1, "summaries": 1, "curve": 2}
    study.complete(grown)
    found = asked()
    assert (found["curve"], found["curves"], found["trials"]) == (2, 0, 1)
    assert asked() == {"last_event": 1, "summaries": 1, "curve": 1}


def test_a_study_without_a_rule_stops_nothing(study: Study) -> None:
    spec = read_study({"studyConfig": CONFIG}).spec
    assert StudyStopping(study.store).verdict(spec, study.trial(study.begin())) is None
    assert study.trial(1).state is TrialState.RUNNING
