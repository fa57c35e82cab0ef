"""Requests that come while the owner of a data directory leaves."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dowse import wiring
from dowse.config import Settings
from dowse.errors import Unavailable
from dowse.sdk.client import Client
from dowse.sdk.sources import request_of
from tests.acceptance.commands import Place, place_in, wait_until

pytestmark = [
    pytest.mark.acceptance,
    # A connection that was taken at the very end is nobody's, and neither is the next owner.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_in(tmp_path) as place:
        yield place


def test_what_an_owner_still_answers_finds_its_store_at_work(tmp_path: Path) -> None:
    owner = wiring.Owner(Settings(data_dir=tmp_path / "data"), environ={}, working=False)
    answered, said = threading.Event(), []

    def ask_on() -> None:
        while True:
            try:
                with Client(owner.socket) as client:
                    client.jobs()
            except Unavailable as error:
                said.append(str(error))
                return
            answered.set()

    asking = threading.Thread(target=ask_on)
    asking.start()
    answered.wait(timeout=10)
    assert owner.close() == frozenset()
    asking.join(timeout=10)
    assert said
    assert said[0].startswith("no Dowse answers"), said


def test_a_job_that_comes_while_somebody_only_looks_is_worked_on(place: Place) -> None:
    place.program("report(1, score=float(P['X']))", trials=1)
    settings = Settings(data_dir=place.data, python=sys.executable)
    with wiring.door(settings, environ=os.environ, working=False) as client:
        client.submit(request_of(place.folder / "job.yaml", name="late"))
    wait_until(lambda: place.document("jobs", "show", "late")["state"] == "succeeded", "the end")
