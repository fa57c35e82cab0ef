"""Logs put into a real store, derived again without running anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dowse.analysis.replay import Agreement, Check, Decision
from dowse.domain.events import StopDecided, SuggesterStarted
from dowse.domain.history import History
from dowse.domain.job import Job
from dowse.domain.metrics import Measurement
from dowse.domain.spec import AlgorithmSpec, JobSpec, StoppingSpec
from dowse.domain.trial import Trial
from dowse.errors import NotFound
from dowse.service.replay.replaying import Replaying
from dowse.service.suggester import suggest
from dowse.service.versions import versions
from dowse.store.sqlite import SqliteStore
from dowse.wire.history import history_to_json
from tests.contracts.store_contract import SettableClock
from tests.unit.service.finished import begun, tuning

SPEC = replace(tuning(), algorithm=AlgorithmSpec(name="random"), seed=7)
FIRST = suggest(SPEC, {"history": history_to_json(History()), "note": None, "count": 2})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    yield store
    store.close()


def suggested(store: SqliteStore, job: Job, number: int, *, known: int, asked: int = 2) -> None:
    made = FIRST["suggestions"][number - 1]
    trial = Trial(
        job_id=job.id,
        job=job.name,
        number=number,
        parameters=made["parameters"],
        why=made["why"],
        known_event=known,
        created_at=1.0,
    )
    store.create_trial(trial, note=FIRST["note"], asked=asked)


def started(store: SqliteStore, **changed: str) -> tuple[Job, int]:
    job = begun(store, "digits", SPEC)
    known = store.last_event(job.id)
    found = {**versions(SPEC.algorithm), "threads": "1", **changed}
    store.append_event(job.id, SuggesterStarted(versions=found))
    return job, known


def checked(store: SqliteStore, after: int = 0) -> list[Check]:
    return list(Replaying(store=store).checks("digits", after=after))


def test_both_suggestions_of_one_answer_are_found_equal_and_a_page_may_begin_between(
    store: SqliteStore,
) -> None:
    job, known = started(store)
    suggested(store, job, 1, known=known)
    suggested(store, job, 2, known=known)
    found = checked(store)
    assert [(c.trial, c.decision) for c in found] == [
        (1, Decision.SUGGESTION),
        (2, Decision.SUGGESTION),
    ]
    assert [c.outcome.agreement for c in found] == [Agreement.EQUAL] * 2
    assert checked(store, after=found[0].event) == found[1:]


def test_what_cannot_be_derived_again_says_why(store: SqliteStore) -> None:
    job = begun(store, "digits", SPEC)
    suggested(store, job, 1, known=1, asked=0)
    suggested(store, job, 2, known=1)
    found = [c.outcome for c in checked(store)]
    assert {one.agreement for one in found} == {Agreement.UNCHECKABLE}
    assert [one.message for one in found] == [
        "the log is of an earlier version, which kept too little",
        "the log does not say which versions suggested it",
    ]


def test_another_choice_under_another_version_proves_nothing(store: SqliteStore) -> None:
    job, known = started(store, numpy="1.0.0")
    store.append_event(job.id, SuggesterStarted(versions={"numpy": "1.0.0"}))
    made = {"nembeds": 3 if FIRST["suggestions"][0]["parameters"]["nembeds"] != 3 else 4}
    trial = Trial(
        job_id=job.id, job="digits", number=1, parameters=made, known_event=known, created_at=1.0
    )
    store.create_trial(trial, note=FIRST["note"], asked=2)
    (found,) = checked(store)
    assert found.outcome.agreement is Agreement.UNCHECKABLE
    assert "numpy 1.0.0 became" in found.outcome.message


def test_trials_that_people_added_are_left_out(store: SqliteStore) -> None:
    job, _ = started(store)
    trial = Trial(
        job_id=job.id,
        job="digits",
        number=1,
        parameters={"nembeds": 3},
        why={"algorithm": "user"},
        created_at=1.0,
    )
    store.create_trial(trial, note=None)
    assert checked(store) == []


def a_stop(**fields: object) -> StopDecided:
    numbers = {"report": 1, "best": 3.0, "median": 1.0, "compared": 1}
    given = {"trial": 1, "attempt": 1, "rule": "median", "message": "", "numbers": numbers}
    return StopDecided(**{**given, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("decided", "agreement", "words"),
    [
        (a_stop(), Agreement.UNCHECKABLE, "does not say which reports it saw, but its numbers do"),
        (a_stop(report=9), Agreement.UNCHECKABLE, "it saw 9 reports of trial 1, and 1 are kept"),
        (a_stop(report=1), Agreement.DIFFERS, "with the same reports trial 1 goes on"),
        (
            a_stop(numbers={"best": 1.0, "median": 3.0}),
            Agreement.DIFFERS,
            "its numbers do not lead to it: best 1.0, median 3.0",
        ),
    ],
)
def test_a_stop_is_held_against_its_numbers_and_its_reports(
    store: SqliteStore, decided: StopDecided, agreement: Agreement, words: str
) -> None:
    spec: JobSpec = replace(SPEC, stopping=StoppingSpec(rule="median"))
    job = begun(store, "digits", spec, [({"nembeds": 3}, 1.0)])
    trial = store.trial(job.id, 1)
    report = Measurement(metric="rmse", value=3.0, step=1, time=1.0)
    store.record(trial.ref, [report], source="test")
    store.append_event(job.id, decided)
    found = [c for c in checked(store) if c.decision is Decision.STOP]
    assert [c.outcome.agreement for c in found] == [agreement]
    assert words in found[0].outcome.message


def test_a_job_that_is_not_there_is_not_found(store: SqliteStore) -> None:
    with pytest.raises(NotFound):
        checked(store)
