"""Stopping one trial of a real job, through a real owner's door."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dowse.errors import NotFound, Refused
from dowse.sdk.client import Client
from tests.acceptance.test_api import DOCUMENT, client, folder, request, settings, wait_for

__all__ = ["client", "folder", "settings"]

pytestmark = pytest.mark.acceptance


def test_a_stopped_trial_keeps_its_last_value_and_its_job_goes_on(
    client: Client, folder: Path
) -> None:
    document = DOCUMENT.replace("parallel: 2", "parallel: 1")
    nap = {**os.environ, "NAP": "1.5"}
    client.submit(request(folder, document, name="one", environment=nap))
    while not (client.progress("one")["latest"]):
        time.sleep(0.02)
    began = time.monotonic()
    stopping = client.stop_trial("one", 1)
    assert (stopping["state"], stopping["reason"]) == ("stopping", "user")
    assert client.stop_trial("one", 1)["state"] in ("stopping", "stopped")
    while client.trial("one", 1)["state"] == "stopping":
        time.sleep(0.02)
    assert time.monotonic() - began < 1.4
    trial = client.trial("one", 1)
    assert (trial["state"], trial["message"]) == ("stopped", "stopped on request")
    assert trial["objective"] == pytest.approx((trial["parameters"]["x"] - 0.3) ** 2 + 1 / 3)
    wait_for(client, "one", "succeeded")
    assert len(client.trials("one")) == 3
    with pytest.raises(Refused, match="trial 1 of one is stopped: it is over"):
        client.stop_trial("one", 1)
    with pytest.raises(NotFound):
        client.stop_trial("one", 4)


def test_a_trial_that_waits_is_dropped(client: Client, folder: Path) -> None:
    client.submit(request(folder, name="wait", environment={**os.environ, "NAP": "30"}))
    while len(client.progress("wait")["live"]) < 2:
        time.sleep(0.02)
    client.pause("wait", now=True)
    wait_for(client, "wait", "paused")
    dropped = client.stop_trial("wait", 1)
    assert (dropped["state"], dropped["reason"]) == ("cancelled", "user")
    client.resume("wait", environment={**os.environ, "NAP": "0"})
    wait_for(client, "wait", "succeeded")
    assert [trial["state"] for trial in client.trials("wait")] == [
        "cancelled",
        "succeeded",
        "succeeded",
    ]
