"""Studies of a server that is killed while it is asked."""

from __future__ import annotations

import contextlib
import signal
import time
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.commands import place_in, wait_until
from tests.compat.servers import Server, serving_in

LOCATION = "/v1/projects/p/locations/l"
STUDY = f"{LOCATION}/studies/s"
CONFIG = {
    "metrics": [{"metric": "loss", "goal": "MINIMIZE"}],
    "algorithm": "RANDOM_SEARCH",
    "parameters": [
        {
            "parameter": "x",
            "type": "DOUBLE",
            "doubleValueSpec": {"minValue": 0, "maxValue": 1},
        }
    ],
}


def client_of(server: Server) -> httpx.Client:
    headers = {"Authorization": f"Bearer {server.token}"}
    return httpx.Client(base_url=server.url, headers=headers, timeout=30)


def is_there(client: httpx.Client, path: str) -> bool:
    return client.get(path).is_success


def settled(client: httpx.Client, name: str) -> list[str]:
    """The names of the trials of an operation, once it is done."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        operation: dict[str, Any] = client.get(f"/v1/{name}").raise_for_status().json()
        if operation["done"]:
            return [trial["name"] for trial in operation["response"]["trials"]]
        time.sleep(0.05)
    raise AssertionError(f"{name} is never done")


@pytest.mark.acceptance
def test_a_server_killed_between_question_and_answer_loses_and_doubles_no_trial(
    tmp_path: Path,
) -> None:
    with place_in(tmp_path) as place:
        with serving_in(place) as server, client_of(server) as client:
            study = {"studyConfig": CONFIG}
            client.post(f"{LOCATION}/studies?studyId=s", json=study).raise_for_status()
        for number in (1, 2):
            # Each round makes two operations: the one that is cut off, and the one that repeats it.
            cut_off = f"{LOCATION[4:]}/operations/{2 * number - 1}"
            ask = {"clientId": f"c{number}", "suggestionCount": 3}
            with serving_in(place, end=signal.SIGKILL) as server, client_of(server) as client:
                # The suggester's process has to start first, which takes longer than this.
                with contextlib.suppress(httpx.ReadTimeout):
                    client.post(f"{STUDY}/trials:suggest", json=ask, timeout=0.05)
                kept = partial(is_there, client, f"/v1/{cut_off}")
                wait_until(kept, "the question is kept")
            with serving_in(place) as server, client_of(server) as client:
                first = settled(client, cut_off)
                answer = client.post(f"{STUDY}/trials:suggest", json=ask).raise_for_status()
                assert settled(client, answer.json()["name"]) == first
                trials = client.get(f"{STUDY}/trials").raise_for_status().json()["trials"]
                assert len(first) == 3
                assert len(trials) == 3 * number
