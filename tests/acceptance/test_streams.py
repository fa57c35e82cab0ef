"""Server-sent events of a real owner, read as a browser reads them."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dowse import wiring
from dowse.config import Settings
from dowse.domain.events import Noted
from dowse.domain.lifecycle import advance_trial
from dowse.domain.trial import TrialState
from tests.contracts.store_contract import make_report, make_spec, make_trial


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[wiring.Owner]:
    settings = Settings(data_dir=tmp_path / "data", max_streams=2)
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    yield owner
    owner.close()


@contextlib.contextmanager
def follow(
    owner: wiring.Owner, path: str, last: str | None = None
) -> Iterator[Iterator[tuple[str | None, str, Any]]]:
    """(id, kind, data) of each message."""
    headers = {"Authorization": f"Bearer {owner.secrets.token}"}
    if last is not None:
        headers["Last-Event-ID"] = last
    with httpx.stream("GET", owner.url + path, headers=headers, timeout=10) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _messages(answer.iter_lines())


def _messages(lines: Iterator[str]) -> Iterator[tuple[str | None, str, Any]]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield fields.get("id"), fields["event"], json.loads(fields["data"])
            fields = {}


def take(messages: Iterator[Any], count: int) -> list[Any]:
    return [next(messages) for _ in range(count)]


def test_a_stream_that_is_taken_up_again_goes_on_exactly_where_it_broke_off(
    owner: wiring.Owner,
) -> None:
    job = owner.store.create_job(make_spec(), name="tune")
    path = "/api/v1/jobs/tune/events/stream"
    for number in range(5):
        owner.store.append_event(job.id, Noted(message=f"{number}\n\nevent: faked"))
    with follow(owner, path) as messages:
        first = take(messages, 3)
    assert [one[0] for one in first] == ["1", "2", "3"]
    assert first[1][2]["event"] == {
        "kind": "noted",
        "message": "0\n\nevent: faked",
        "trial": None,
    }
    owner.store.append_event(job.id, Noted(message="while nobody listened"))
    with follow(owner, path, last="3") as messages:
        rest = take(messages, 4)
        owner.store.append_event(job.id, Noted(message="live"))
        rest += take(messages, 1)
    assert [one[0] for one in rest] == ["4", "5", "6", "7", "8"]
    assert rest[-1][2]["event"]["message"] == "live"


def test_the_stream_of_all_jobs_survives_a_change_of_owners(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    with follow(owner, "/api/v1/events") as messages:
        time.sleep(0.3)
        one = owner.store.create_job(make_spec(), name="one")
        ((last, kind, data),) = take(messages, 1)
    assert (kind, data["job"], data["number"]) == ("event", "one", 1)
    owner.store.append_event(one.id, Noted(message="missed"))
    owner.store.create_job(make_spec(), name="two")
    owner.close()
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    with follow(owner, "/api/v1/events", last=last) as messages:
        found = take(messages, 2)
    assert [(data["job"], data["number"]) for _, _, data in found] == [("one", 2), ("two", 1)]
    owner.close()


def test_streams_are_limited_and_one_that_ends_makes_room(owner: wiring.Owner) -> None:
    owner.store.create_job(make_spec(), name="tune")
    path = "/api/v1/jobs/tune/events/stream"
    headers = {"Authorization": f"Bearer {owner.secrets.token}"}
    with follow(owner, path) as one, follow(owner, path) as two:
        take(one, 1)
        take(two, 1)
        refused = httpx.get(owner.url + path, headers=headers)
        assert refused.status_code == 503
        assert "max_streams" in refused.json()["detail"]
    deadline = time.monotonic() + 5
    while True:
        with contextlib.suppress(AssertionError), follow(owner, path) as again:
            take(again, 1)
            return
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_wrong_id_and_an_unknown_job_are_answered_before_the_stream_begins(
    owner: wiring.Owner,
) -> None:
    headers = {"Authorization": f"Bearer {owner.secrets.token}", "Last-Event-ID": "x"}
    answer = httpx.get(f"{owner.url}/api/v1/events", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"] == "Last-Event-ID"
    answer = httpx.get(f"{owner.url}/api/v1/jobs/x/events/stream", headers=headers)
    assert answer.status_code == 404


def test_an_owner_that_leaves_does_not_wait_for_those_who_follow(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    owner = wiring.Owner(settings, environ=os.environ, working=False)
    with follow(owner, "/api/v1/events") as messages:
        ended = threading.Thread(target=lambda: list(messages))
        ended.start()
        began = time.monotonic()
        owner.close()
        assert time.monotonic() - began < 3
        ended.join(5)
        assert not ended.is_alive()


def test_a_live_page_is_told_which_jobs_changed_and_the_columns_of_the_one_it_shows(
    owner: wiring.Owner,
) -> None:
    job = owner.store.create_job(make_spec(), name="tune")
    with follow(owner, "/api/v1/changes?job=tune") as messages:
        assert take(messages, 1) == [(f"{job.id}~{job.id}:1", "resync", {"job": None})]
        owner.store.create_trial(make_trial(job), note=None)
        (_, kind, jobs), (cursor, _, trials) = take(messages, 2)
    assert (kind, jobs["jobs"][0]["name"], jobs["jobs"][0]["last_event"]) == ("jobs", "tune", 2)
    assert (trials["full"], trials["number"], trials["cursor"]) == (False, [1], f"{job.id}.2")
    owner.store.create_trial(make_trial(job, 2), note=None)
    with follow(owner, "/api/v1/changes?job=tune", last=cursor) as messages:
        (_, _, jobs), (_, _, trials) = take(messages, 2)
    assert (jobs["jobs"][0]["last_event"], trials["number"]) == (3, [2])


def test_reports_that_come_in_hundreds_are_told_four_times_a_second(owner: wiring.Owner) -> None:
    job = owner.store.create_job(make_spec(), name="tune")
    trial = owner.store.create_trial(make_trial(job), note=None)
    trial = owner.store.change_trial(advance_trial(trial, TrialState.RUNNING, at=1.0))
    with follow(owner, "/api/v1/changes?job=tune") as messages:
        take(messages, 2)
        begun = time.monotonic()
        found: list[Any] = []
        for step in range(100):
            owner.store.record(trial.ref, [make_report(step, step=step)], source="file")
            time.sleep(0.005)
        while not found or found[-1]["metrics"]["accuracy"]["reports"] != [100]:
            found.append(next(messages)[2])
        took = time.monotonic() - begun
    assert len(found) <= took * 4 + 1
