"""The best configurations of a job run again, as a person types it; and advice on a job."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tests.acceptance.commands import Place, place_in, wait_until

pytestmark = pytest.mark.acceptance

SEEDED = """
import random
seed = os.environ.get("DOWSE_SEED", "none")
luck = random.Random(seed + P["X"]).gauss(0, 0.01)
print("seed", seed, sys.argv[1:], open("other.txt").read())
report(1, score=-abs(float(P["X"]) - 0.5) + luck)
if os.path.exists(os.environ["FLAGS"] + "/flag-slow"):
    wait_for(os.environ["FLAGS"] + "/flag-go")
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place_in(tmp_path_factory.mktemp("confirming")) as found:
        found.program(SEEDED, trials=12, parallel=4)
        (found.folder / "other.txt").write_text("as it was")
        found.dowse("run", "job.yaml", "--name", "s", "--quiet")
        (found.folder / "other.txt").write_text("changed since")
        yield found


def test_the_best_run_again_under_shared_seeds_with_the_code_that_was_taken(place: Place) -> None:
    found = place.document("confirm", "s", "--top", "3", "--seeds", "4", "--seed-flag", "seed")
    best = place.document("jobs", "best", "s")["trial"]
    assert (found["name"], found["job"], found["over"]) == ("s-confirm", "s", True)
    assert best in [each["trial"] for each in found["entrants"]]
    assert found["entrants"][0]["trial"] == found["best"]
    assert 9 <= found["runs"] <= 12
    log = (place.data / "jobs" / "s-confirm" / "trials" / "1" / "log.txt").read_text()
    assert "'--seed=1'" in log
    assert log.startswith("seed 1 ")
    assert "as it was" in log
    text = place.dowse("confirm", "s", "--report").stdout.splitlines()
    assert text[0] == found["message"]
    assert text[1] == f"{found['runs']} of at most 12 runs by s-confirm"
    refused = place.dowse("jobs", "show", "s-confirm", "--as", "native", code=2).stderr
    assert "dowse confirm s --top 3 --seeds 4 --seed-flag seed" in refused


def test_a_race_that_was_killed_goes_on_where_it_was(place: Place) -> None:
    place.flag("slow").touch()
    process = place.start("confirm", "s", "--top", "2", "--seeds", "3", "--name", "again")
    attempts = place.data / "jobs" / "again" / "trials"
    wait_until((attempts / "2" / "report.jsonl").exists, "the second run reports")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    place.flag("go").touch()
    place.dowse("resume", "again", "--quiet")
    found = place.document("confirm", "again", "--report")
    assert found["runs"] == 6
    assert [each["runs"] for each in found["entrants"]] == [3, 3]


def test_what_cannot_be_confirmed_is_refused_in_words(place: Place) -> None:
    assert "seeds: must be from 2 to 1000, got 1" in (
        place.dowse("confirm", "s", "--seeds", "1", code=2).stderr
    )


def test_advice_is_sentences_and_what_they_rest_on(place: Place) -> None:
    found = place.document("advice", "s")
    assert [each["parameter"] for each in found["ranges"]] == ["x"]
    assert found["ranges"][0]["why"] == "12 results are too few: 16 are needed"
    assert found["trust"]["observed"]["trial"] == place.document("jobs", "best", "s")["trial"]
    assert [each["trials"] for each in found["forecast"]] == [10, 25, 50]
    assert all(each["running_s"] > 0 for each in found["forecast"])
    (forecast,) = (each for each in found["advice"] if each["kind"] == "forecast")
    assert forecast["message"].startswith("10 more trials: expected gain")
