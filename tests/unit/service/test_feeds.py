from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dowse.domain.events import Noted
from dowse.domain.job import JobState
from dowse.domain.lifecycle import advance_job
from dowse.domain.metrics import Measurement
from dowse.domain.trial import AttemptRef, Trial
from dowse.errors import InvalidInput
from dowse.service.feeds import Happening, JobFeed, StoreFeed
from dowse.store.sqlite import SqliteStore
from tests.contracts.store_contract import SettableClock, make_spec


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "dowse.db", clock=SettableClock())
    yield store
    store.close()


def seen(found: list[Happening]) -> list[tuple[str, int]]:
    return [(one.job, one.number) for one in found]


def test_a_feed_of_all_jobs_begins_now_and_tells_what_comes(store: SqliteStore) -> None:
    old = store.create_job(make_spec(), name="old")
    feed = StoreFeed(store, cursor=None)
    assert feed.poll() == []
    store.append_event(old.id, Noted(message="more"))
    store.create_job(make_spec(), name="new")
    assert seen(feed.poll()) == [("old", 2), ("new", 1)]
    assert feed.poll() == []


def test_every_cursor_leads_to_exactly_what_follows_it(store: SqliteStore) -> None:
    feed = StoreFeed(store, cursor="0")
    jobs = [store.create_job(make_spec(), name=name) for name in ("a", "b")]
    for number in range(3):
        store.append_event(jobs[number % 2].id, Noted(message=str(number)))
    running = store.change_job(advance_job(jobs[0], JobState.RUNNING, at=1.0))
    store.change_job(advance_job(running, JobState.SUCCEEDED, at=2.0))
    told = feed.poll()
    assert len(told) == 7
    for place, one in enumerate(told):
        again = StoreFeed(store, cursor=one.cursor).poll()
        assert sorted(seen(again)) == sorted(seen(told[place + 1 :]))


def test_a_job_that_is_over_leaves_the_cursor(store: SqliteStore) -> None:
    job = store.create_job(make_spec(), name="a")
    feed = StoreFeed(store, cursor=None)
    assert feed.cursor == f"{job.id}~{job.id}:1"
    running = store.change_job(advance_job(job, JobState.RUNNING, at=1.0))
    store.change_job(advance_job(running, JobState.SUCCEEDED, at=2.0))
    assert seen(feed.poll()) == [("a", 2), ("a", 3)]
    assert feed.cursor == str(job.id)


def test_a_deleted_job_is_told_of_once(store: SqliteStore) -> None:
    job = store.create_job(make_spec(), name="a")
    feeds: list[StoreFeed | JobFeed] = [
        StoreFeed(store, cursor=None),
        JobFeed(store, job.id, "a", cursor="1"),
    ]
    assert [feed.poll() for feed in feeds] == [[], []]
    store.delete_job(job.id)
    for feed in feeds:
        (gone,) = feed.poll()
        assert (gone.job, gone.event) == ("a", None)
        assert feed.poll() == []


def test_the_feed_of_a_job_tells_the_last_report_of_each_attempt_once(store: SqliteStore) -> None:
    job = store.create_job(make_spec(), name="a")
    trial = Trial(
        job_id=job.id, job="a", number=1, parameters={"lr": 0.1, "c": "a"}, created_at=1.0
    )
    store.create_trial(trial, note=None)
    feed = JobFeed(store, job.id, "a", cursor="0")
    assert len(feed.poll()) == 2
    assert feed.reports("accuracy") == []
    ref = AttemptRef("a", 1, 1)
    for step in (1, 2):
        report = Measurement(metric="accuracy", value=step / 10, step=step, time=1.0)
        store.record(ref, [report], source="test")
    ((attempt, last),) = feed.reports("accuracy")
    assert (attempt, last.seq, last.measurement.value) == (ref, 2, 0.2)
    assert feed.reports("accuracy") == []


@pytest.mark.parametrize("cursor", ["x", "-1", "1~", "1~2", "1~2:3,", "1~2:3;4:5", "٣", "9" * 30])
def test_a_cursor_of_another_form_is_refused(store: SqliteStore, cursor: str) -> None:
    for begin in (
        lambda: StoreFeed(store, cursor=cursor),
        lambda: JobFeed(store, 1, "a", cursor=cursor),
    ):
        with pytest.raises(InvalidInput, match="Last-Event-ID: must be the id of an event"):
            begin()
