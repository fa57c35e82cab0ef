"""Interruptions of every kind: Ctrl-C, killed owners, a second terminal, the background."""

import contextlib
import json
import os
import pty
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.commands import Place, by_number, finish, place_in, wait_until

pytestmark = pytest.mark.acceptance

HELD = """
report(1, score=float(P["X"]))
open(os.environ["FLAGS"] + f"/flag-started-{N}-" + os.environ["DOWSE_TRIAL_ATTEMPT"], "w").close()
wait_for(os.environ["FLAGS"] + "/flag-go")
report(2, score=float(P["X"]))
print("finished", N)
"""
"""Says that it has started, and goes on only when the test says so."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_in(tmp_path) as place:
        yield place


def started(place: Place, trial: int, attempt: int = 1) -> None:
    flag = place.flag(f"started-{trial}-{attempt}")
    wait_until(flag.exists, f"trial {trial} starts for the {attempt}. time")


def test_ctrl_c_waits_for_running_trials_and_resume_goes_on(place: Place) -> None:
    place.program(HELD, trials=3, parallel=2)
    run = place.start("run", "job.yaml", "--name", "held")
    started(place, 1)
    started(place, 2)
    run.send_signal(signal.SIGINT)
    wait_until(lambda: place.document("jobs", "show", "held")["intent"] == "pause", "the pause")
    place.flag("go").touch()
    ended = finish(run, code=3)
    assert "no new trials; waiting for 2 running" in ended.stderr
    assert "held paused: interrupted" in ended.stdout
    assert "dowse resume held" in ended.stdout

    document = place.document("resume", "held")
    assert (document["state"], document["reason"]) == ("succeeded", "trials_done")
    assert [(t["number"], t["attempt"]) for t in document["trials"]] == [(1, 1), (2, 1), (3, 1)]
    refused = place.dowse("resume", "held", code=2)
    assert "there is nothing to resume; dowse extend held --trials N" in refused.stderr


def test_ctrl_c_twice_ends_the_trials_and_resume_runs_them_again(place: Place) -> None:
    place.program(HELD, trials=1)
    run = place.start("run", "job.yaml", "--name", "held")
    started(place, 1)
    run.send_signal(signal.SIGINT)
    assert run.stderr is not None
    for line in run.stderr:
        if "Ctrl-C again" in line:
            break
    run.send_signal(signal.SIGINT)
    finish(run, code=3)
    place.flag("go").touch()
    trial = place.document("resume", "held")["trials"][0]
    assert (trial["state"], trial["attempt"], trial["exit_code"]) == ("succeeded", 2, 0)
    assert (place.data / "jobs/held/trials/1.2/log.txt").read_text() == "finished 1\n"


def test_a_third_ctrl_c_leaves_at_once(place: Place) -> None:
    place.program("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + HELD)
    run = place.start("run", "job.yaml", "--name", "held")
    started(place, 1)
    while run.poll() is None:
        # Signals of one kind that come together are one, so that three may not be enough.
        run.send_signal(signal.SIGINT)
        time.sleep(0.1)
    ended = finish(run, code=3)
    assert "leaving; running trials go on by themselves; go on with: dowse resume held" in (
        ended.stderr
    )
    place.flag("go").touch()


def test_a_closed_terminal_pauses_the_job(place: Place) -> None:
    place.program(HELD, trials=2)
    pid, terminal = pty.fork()
    if pid == 0:
        # Whoever runs the tests under nohup has it ignored, which a new program inherits.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.chdir(place.folder)
        os.execve(
            sys.executable,
            [sys.executable, "-m", "dowse", "run", "job.yaml", "--name", "held"],
            place.environment(),
        )
    os.set_blocking(terminal, False)
    wait_until(lambda: _drained(terminal) or place.flag("started-1-1").exists(), "a trial starts")
    started(place, 1)
    os.close(terminal)
    wait_until(lambda: place.document("jobs", "show", "held")["intent"] == "pause", "the pause")
    place.flag("go").touch()
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 3
    document = place.document("jobs", "show", "held")
    assert (document["state"], document["reason"]) == ("paused", "interrupted")
    assert [trial["state"] for trial in document["trials"]] == ["succeeded"]


def _drained(terminal: int) -> bool:
    """Read what was shown, so that the writer never waits."""
    with contextlib.suppress(BlockingIOError):
        os.read(terminal, 65536)
    return False


def test_a_trial_outlives_its_killed_owner_and_ends_once(place: Place) -> None:
    ending = "sys.exit(0 if N > 1 else 7)\n"
    place.program(HELD + ending, trials=2, parallel=2, more="failures: ignore\n")
    run = place.start("run", "job.yaml", "--name", "held")
    started(place, 1)
    started(place, 2)
    run.kill()
    run.communicate()
    place.flag("go").touch()
    wait_until(
        lambda: len(list(place.data.glob("jobs/held/trials/*/exit.json"))) == 2, "both trials end"
    )
    for words, code in (
        (["watch", "held"], 5),
        (["jobs", "show", "held"], 0),
        (["jobs", "list"], 0),
    ):
        alone = place.dowse(*words, code=code)
        assert "held is running and nobody works on it: dowse resume held" in alone.stderr
    trials = by_number(place.document("resume", "held"))
    assert (trials[1]["state"], trials[1]["exit_code"]) == ("failed", 7)
    assert (trials[2]["state"], trials[2]["exit_code"]) == ("succeeded", 0)
    assert {trial["attempt"] for trial in trials.values()} == {1}
    assert trials[2]["step"] == 2
    ends = [
        event["event"]["trial"]
        for event in place.document("jobs", "events", "held")["events"]
        if event["event"]["kind"] == "trial_changed"
        and event["event"]["after"] in ("succeeded", "failed")
    ]
    assert sorted(ends) == [1, 2]


def test_a_second_run_joins_the_first_and_takes_over_when_it_is_killed(place: Place) -> None:
    place.program(HELD, trials=2)
    first = place.start("run", "job.yaml", "--name", "one")
    started(place, 1)
    second = place.start("run", "job.yaml", "--name", "two", "--json")
    wait_until((place.data / "jobs/two/trials/1").exists, "the second job starts a trial")
    assert json.loads((place.data / "owner.json").read_text())["pid"] == first.pid
    first.kill()
    first.communicate()
    place.flag("go").touch()
    document = json.loads(finish(second, code=0).stdout)
    assert (document["name"], document["state"]) == ("two", "succeeded")
    # One owner works for all jobs: it also brought the other one to its end.
    wait_until(
        lambda: place.document("jobs", "show", "one")["state"] == "succeeded", "the first job ends"
    )


def test_a_detached_job_runs_in_the_background_and_can_be_watched(place: Place) -> None:
    place.program(HELD, trials=2)
    detached = place.dowse("run", "job.yaml", "--name", "held", "--detach")
    assert "held runs in the background" in detached.stdout
    started(place, 1)
    watching = place.start("watch", "held")
    place.flag("go").touch()
    assert "held succeeded: all 2 trials are done" in finish(watching, code=0).stdout


def test_a_second_server_is_refused_and_told_who_the_first_is(place: Place) -> None:
    server = place.start("serve")
    wait_until((place.data / "owner.json").exists, "the server is there")
    refused = place.dowse("serve", code=5)
    assert f"is owned by process {server.pid}, which serves http://" in refused.stderr
    assert f"`dowse open` opens it in a browser; `kill {server.pid}` ends it" in refused.stderr
    assert "dowse works on" not in refused.stderr
    server.send_signal(signal.SIGTERM)
    finish(server, code=0)


def test_a_job_can_be_paused_and_cancelled_from_another_terminal(place: Place) -> None:
    place.program(HELD, trials=3)
    run = place.start("run", "job.yaml", "--name", "held")
    started(place, 1)
    assert "pauses as soon as" in place.dowse("jobs", "pause", "held").stdout
    refused = place.dowse("jobs", "delete", "held", code=2)
    assert "held is running; cancel it first" in refused.stderr
    place.dowse("jobs", "cancel", "held")
    ended = finish(run, code=4)
    assert "held cancelled" in ended.stdout
    place.dowse("jobs", "delete", "held")
    assert not (place.data / "jobs" / "held").exists()
    assert "there is no job 'held'" in place.dowse("jobs", "show", "held", code=2).stderr
