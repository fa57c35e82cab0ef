from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dowse.domain.lifecycle import Outcome, advance_trial
from dowse.domain.spec import StoppingSpec
from dowse.domain.trial import TrialState
from dowse.errors import InvalidInput
from dowse.service.folders import DataDirectory
from dowse.service.queries import Queries
from dowse.service.sheets import Sheets
from dowse.store.sqlite import SqliteStore
from dowse.wire.columns import Sheet
from tests.contracts.store_contract import SettableClock, make_report, make_spec, make_trial


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    job = store.create_job(make_spec(), name="tune")
    for number in range(1, 5):
        store.create_trial(make_trial(job, number), note=None)
    yield store
    store.close()


@pytest.fixture
def sheets(store: SqliteStore, tmp_path: Path) -> Sheets:
    return Sheets(store=store, queries=Queries(store=store, folders=DataDirectory(tmp_path)))


def numbers(sheet: Sheet) -> list[int]:
    return [row.number for row in sheet.rows]


def test_the_first_sheet_is_full_and_the_next_holds_what_changed(
    store: SqliteStore, sheets: Sheets
) -> None:
    first = sheets.sheet("tune")
    assert first.is_full
    assert numbers(first) == [1, 2, 3, 4]
    unchanged = sheets.sheet("tune", since=first.cursor)
    assert (unchanged.is_full, numbers(unchanged), unchanged.cursor) == (False, [], first.cursor)
    trial = store.trial(1, 2)
    running = store.change_trial(advance_trial(trial, TrialState.RUNNING, at=1.0))
    store.delete_trial(1, 4)
    second = sheets.sheet("tune", since=first.cursor)
    assert (numbers(second), second.removed) == ([2], [4])
    done = advance_trial(running, TrialState.SUCCEEDED, at=2.0, outcome=Outcome(objective=0.5))
    store.change_trial(done)
    third = sheets.sheet("tune", since=second.cursor)
    assert [(row.number, row.objective) for row in third.rows] == [(2, 0.5)]


def test_what_runs_is_told_again_for_reports_leave_no_events(
    store: SqliteStore, sheets: Sheets
) -> None:
    running = store.change_trial(advance_trial(store.trial(1, 3), TrialState.RUNNING, at=1.0))
    before = sheets.sheet("tune").cursor
    store.record(running.ref, [make_report(0.7, step=2)], source="file")
    sheet = sheets.sheet("tune", since=before)
    assert numbers(sheet) == [3]
    assert [(one.trial, one.last, one.step) for one in sheet.summaries] == [(3, 0.7, 2)]


def test_a_version_names_what_is_told_until_something_happens_and_nothing_while_trials_run(
    store: SqliteStore, sheets: Sheets
) -> None:
    running = store.change_trial(advance_trial(store.trial(1, 3), TrialState.RUNNING, at=1.0))
    assert sheets.version("tune") is None
    store.change_trial(advance_trial(running, TrialState.CANCELLED, at=2.0))
    version = sheets.version("tune")
    assert version == sheets.version("tune") == sheets.sheet("tune").cursor
    store.delete_trial(1, 4)
    assert sheets.version("tune") not in (None, version)


def test_a_cursor_of_an_earlier_job_of_the_name_or_of_the_future_gets_a_full_sheet(
    store: SqliteStore, sheets: Sheets
) -> None:
    assert sheets.sheet("tune", since="1.999").is_full
    old = sheets.sheet("tune").cursor
    store.delete_job(1)
    store.create_job(make_spec(), name="tune")
    sheet = sheets.sheet("tune", since=old)
    assert (sheet.is_full, numbers(sheet)) == (True, [])


def test_what_is_no_cursor_is_refused(sheets: Sheets) -> None:
    with pytest.raises(
        InvalidInput, match="since: must be the cursor of an earlier answer, got '7'"
    ):
        sheets.sheet("tune", since="7")


def test_curves_are_of_the_trials_that_are_listed_and_of_the_objective(
    store: SqliteStore, sheets: Sheets
) -> None:
    for number in (1, 2, 4):
        reports = [make_report(number + step, step=step) for step in range(9)]
        store.record(store.trial(1, number).ref, reports, source="file")
    metric, found = sheets.curves("tune", metric=None, trials="4, 1-2,9", points=5)
    assert metric == "accuracy"
    assert [(one.trial, one.reports, len(one.points)) for one in found] == [
        (1, 9, 4),
        (2, 9, 4),
        (4, 9, 4),
    ]
    _, found = sheets.curves("tune", metric="accuracy", trials=None, points=500)
    assert [(one.trial, one.points[-1].value) for one in found] == [(1, 9.0), (2, 10.0), (4, 12.0)]
    assert list(sheets.curves("tune", metric="other", trials=None, points=500)[1]) == []


@pytest.mark.parametrize(
    ("trials", "message"),
    [
        ("", "trials: must list trials, such as 1,4,10-20, got ''"),
        ("1,x", "got 'x'"),
        ("5-2", "got '5-2'"),
        ("1-999999999", "999999999 trials, and 2000 curves are told at once; list fewer"),
        ("1-1500,3000-4500", "3001 trials, and 2000 curves"),
    ],
)
def test_a_list_of_trials_that_is_none_is_refused(
    sheets: Sheets, trials: str, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        sheets.curves("tune", metric=None, trials=trials, points=500)


def test_the_attempts_of_a_trial_that_was_paused_make_one_curve_in_every_view(
    store: SqliteStore, tmp_path: Path
) -> None:
    stopping = StoppingSpec(rule="asha", options={"resume": True})
    job = store.create_job(replace(make_spec(), stopping=stopping), name="climb")
    trial = store.create_trial(make_trial(job, 1), note=None)
    store.change_trial(advance_trial(trial, TrialState.RUNNING, at=1.0))
    store.record(trial.ref, [make_report(0.1 * step, step=step) for step in (1, 2)], source="f")
    for state in (TrialState.STOPPING, TrialState.PAUSED, TrialState.QUEUED, TrialState.RUNNING):
        store.change_trial(advance_trial(store.trial(job.id, 1), state, at=2.0))
    later = [make_report(step, step=step) for step in (2, 3)]
    store.record(store.trial(job.id, 1).ref, later, source="f")
    queries = Queries(store=store, folders=DataDirectory(tmp_path))
    curve = queries.metrics("climb", 1)["accuracy"]
    told = [(one.seq, one.measurement.step, one.measurement.value) for one in curve]
    assert told == [(1, 1, 0.1), (2, 2, 2.0), (3, 3, 3.0)]
    assert queries.metrics("climb", 1, metrics=["loss"]) == {}
    assert len(queries.metrics("climb", 1, attempt=1)["accuracy"]) == 2
    sheets = Sheets(store=store, queries=queries)
    _, found = sheets.curves("climb", metric=None, trials=None, points=500)
    assert [(one.reports, [point.step for point in one.points]) for one in found] == [
        (3, [1, 2, 3])
    ]
