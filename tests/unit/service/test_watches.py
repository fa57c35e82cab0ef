from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dowse.domain.job import JobState
from dowse.domain.lifecycle import Outcome, advance_job, advance_trial
from dowse.domain.trial import Trial, TrialState
from dowse.errors import InvalidInput
from dowse.service.folders import DataDirectory
from dowse.service.queries import Queries
from dowse.service.sheets import Sheets
from dowse.service.watches import Bulletin, Watch
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_report, make_spec, make_trial


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    yield store
    store.close()


def watch(store: SqliteStore, *follow: str, cursor: str | None = None) -> Watch:
    queries = Queries(store=store, folders=DataDirectory(Path("nowhere")))
    sheets = Sheets(store=store, queries=queries)
    return Watch(store, sheets, follow=follow, cursor=cursor)


def begin(store: SqliteStore, name: str) -> Trial:
    """A job whose first trial runs."""
    job = store.create_job(make_spec(), name=name)
    trial = store.create_trial(make_trial(job), note=None)
    return store.change_trial(advance_trial(trial, TrialState.RUNNING, at=1.0))


def told(found: Bulletin) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """The names of the jobs, and of each sheet its job and the numbers of its trials."""
    sheets = [(sheet.job, [row.number for row in sheet.rows]) for sheet in found.sheets]
    return [job.name for job, _ in found.jobs], sheets


def test_at_first_everything_is_to_be_read_and_then_only_what_changes_is_told(
    store: SqliteStore,
) -> None:
    running = begin(store, "tune")
    begin(store, "other")
    look = watch(store, "tune")
    first = look.look()
    assert first.resync == (None,)
    assert told(first) == ([], [("tune", [1])])
    assert told(look.look()) == ([], [])
    for _ in range(50):
        store.record(running.ref, [make_report(0.5), make_report(1.0)], source="file")
    found = look.look()
    assert told(found) == ([], [("tune", [1])])
    assert found.sheets[0].summaries[0].reports == 100
    assert told(look.look()) == ([], [])
    outcome = Outcome(objective=0.5)
    store.change_trial(advance_trial(running, TrialState.SUCCEEDED, at=2.0, outcome=outcome))
    assert told(look.look()) == (["tune"], [("tune", [1])])
    assert told(look.look()) == ([], [])


def test_a_watch_that_is_taken_up_again_tells_what_changed_meanwhile(store: SqliteStore) -> None:
    running = begin(store, "tune")
    cursor = watch(store, "tune").look().cursor
    store.change_trial(advance_trial(running, TrialState.STOPPING, at=2.0))
    new = store.create_job(make_spec(), name="new")
    found = watch(store, "tune", cursor=cursor).look()
    assert found.resync == ()
    assert told(found) == (["tune", "new"], [("tune", [1])])
    assert [last for _, last in found.jobs] == [store.last_event(1), store.last_event(new.id)]


def test_a_job_that_is_over_can_be_followed_and_another_is_forgotten(store: SqliteStore) -> None:
    for name in ("mine", "other"):
        job = store.create_job(make_spec(), name=name)
        job = store.change_job(advance_job(job, JobState.RUNNING, at=1.0))
        store.change_job(advance_job(job, JobState.SUCCEEDED, at=2.0))
    look = watch(store, "mine")
    assert look.look().cursor == "2~1:3"
    store.create_trial(make_trial(store.job("mine")), note=None)
    assert told(look.look()) == (["mine"], [("mine", [1])])


def test_a_deleted_job_is_told_and_one_that_takes_its_name_is_followed(store: SqliteStore) -> None:
    begin(store, "tune")
    look = watch(store, "tune", "never")
    assert look.look().deleted == ("never",)
    store.delete_job(1)
    assert look.look().deleted == ("tune",)
    begin(store, "tune")
    assert told(look.look()) == (["tune"], [("tune", [1])])


def test_who_was_away_too_long_is_to_read_anew(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dowse.service.sheets.MAX_EVENTS_BACK", 2)
    begin(store, "tune")
    found = watch(store, "tune", cursor="1~1:0").look()
    assert found.resync == ("tune",)
    assert found.sheets == ()


def test_a_job_that_was_deleted_while_nobody_listened_makes_everything_be_read_anew(
    store: SqliteStore,
) -> None:
    begin(store, "tune")
    cursor = watch(store).look().cursor
    store.delete_job(1)
    assert watch(store, cursor=cursor).look().resync == (None,)


def test_what_is_no_cursor_is_refused(store: SqliteStore) -> None:
    with pytest.raises(InvalidInput, match="must be the id of an event of this stream, got 'x'"):
        watch(store, cursor="x")
