"""A workspace's jobs, driven by the real MLClient of azure-ai-ml."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.compat.environments import python
from tests.compat.servers import serving

CLIENT = Path(__file__).parent / "clients" / "azure_jobs.py"
PROGRAM = """
import argparse, json, os, time
parser = argparse.ArgumentParser()
for name in ("nap", "lr"):
    parser.add_argument(f"--{name}", type=float)
for name in ("kind", "data", "model"):
    parser.add_argument(f"--{name}")
args = parser.parse_args()
assert open(args.data).read() == "data"
assert args.kind in ("a", "b c")
open(args.model + "/weights", "w").write(str(args.lr))
with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
    file.write(json.dumps({"step": 1, "accuracy": args.lr}) + "\\n")
time.sleep(args.nap)
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("azure")
    code = folder / "code"
    code.mkdir()
    (code / "train.py").write_text(PROGRAM)
    (code / "data.txt").write_text("data")
    with serving(folder) as server:
        done = subprocess.run(
            [str(python("azure")), str(CLIENT), server.url, server.token, str(code)],
            capture_output=True, text=True, timeout=115, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        found = json.loads(done.stdout.splitlines()[-1])
        return {**found, "url": server.url}


def test_an_empty_workspace_has_no_jobs(seen: Any) -> None:
    assert seen["nothing"] == []


def test_a_sweep_of_the_sdk_is_created_and_runs_to_its_end(seen: Any) -> None:
    created, done = seen["created"], seen["done"]
    assert created["class"] == done["class"] == "SweepJob"
    assert created["status"] in ("Queued", "Running")
    assert (done["status"], done["name"]) == ("Completed", created["name"])
    assert done["created"] is not None


def test_what_was_sent_comes_back(seen: Any) -> None:
    done = seen["done"]
    assert (done["display_name"], done["experiment"]) == ("shown", "experiment")
    assert done["tags"] == {"owner": "me"}
    assert (done["max_total_trials"], done["timeout"]) == (3, 3600)
    assert (done["metric"], done["goal"].lower()) == ("accuracy", "maximize")
    assert (done["lr"], done["kind"]) == ([0.1, 0.9], ["a", "b c"])
    assert done["slack_factor"] == 0.5
    assert done["outputs"] == ["model"]
    assert done["environment"].endswith("/workspaces/ws/environments/any/versions/1")
    assert done["inputs"]["data"].endswith("/data.txt")
    assert "--lr ${{search_space.lr}}" in done["command"]
    assert "--model ${{outputs.model}}" in done["command"]


def test_the_studio_address_is_that_of_the_job_s_page(seen: Any) -> None:
    for job in (seen["created"], seen["done"]):
        assert job["endpoint"] == f"{seen['url']}/jobs/{job['name']}"
        assert job["studio_url"].startswith(job["endpoint"])


def test_the_best_trial_has_the_name_that_the_service_gives_it(seen: Any) -> None:
    best = seen["done"]["properties"]["best_child_run_id"]
    assert best in {f"{seen['done']['name']}_{number}" for number in (1, 2, 3)}


def test_a_cancelled_job_is_canceled_and_may_be_cancelled_again(seen: Any) -> None:
    assert seen["cancelled"] == "Canceled"
    assert seen["cancelled_again"] is None


def test_all_jobs_are_listed_the_newest_first(seen: Any) -> None:
    assert len(seen["listed"]) == 2
    assert seen["listed"][1] == seen["created"]["name"]


@pytest.mark.parametrize(
    ("what", "kind", "words"),
    [
        ("absent", "ResourceNotFoundError", "there is no job 'absent'"),
        ("twice", "ResourceExistsError", "exists; choose another"),
        ("wrong_bounds", "HttpResponseError", "min_value"),
        ("wrong_token", "ClientAuthenticationError", "token"),
        ("download", "HttpResponseError", "dowse download"),
        ("datastore", "HttpResponseError", "here are the jobs of a workspace"),
    ],
)
def test_errors_reach_the_client_in_its_own_classes_with_our_words(
    seen: Any, what: str, kind: str, words: str
) -> None:
    assert seen[what]["type"] == kind, seen[what]
    assert words in seen[what]["message"]


@pytest.mark.parametrize("what", ["stream", "code"])
def test_what_the_client_does_only_over_tls_never_reaches_the_server(seen: Any, what: str) -> None:
    assert "not permitted for non-TLS" in seen[what]["message"]
