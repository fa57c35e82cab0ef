from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dowse.errors import Unavailable
from dowse.executors.local import LocalExecutor
from dowse.ports import EndedBy, Launch
from dowse.runtime import layout, system
from dowse.runtime.records import create_file, replace_record
from tests.unit.executors.attempts import (
    alive,
    eventually,
    finish,
    finish_many,
    kill_quietly,
    launch,
    local_executor,
    read_pids,
    ref,
    run,
)

OWNER = """
import json, os, sys, time
from pathlib import Path
from dowse.executors.local import LocalExecutor
from tests.unit.executors.attempts import RealClock, launch, ref

executor = LocalExecutor(clock=RealClock(), gpus=())
for trial in range(1, 5):
    executor.start(launch(
        Path(sys.argv[1]), attempt=ref(trial), grace_s=1,
        shell=f"for i in 1 2 3 4 5 6; do echo line $i; sleep 0.1; done; exit {10 + trial}",
    ))
    print(trial, flush=True)
time.sleep(100)
"""


@pytest.fixture
def executor() -> Iterator[LocalExecutor]:
    with local_executor(claim_s=0.3) as opened:
        yield opened


def runner_pid(what: Launch) -> int:
    path = what.directory / layout.RUNNER
    eventually(path.exists)
    return int(json.loads(path.read_text())["pid"])


def no_word_follows(executor: LocalExecutor) -> bool:
    executor.wait(0.1)
    return executor.poll() == ()


def test_everything_of_an_ended_attempt_is_told(executor: LocalExecutor, tmp_path: Path) -> None:
    ended = run(executor, launch(tmp_path, shell="kill -9 $$"))
    assert (ended.attempt, ended.ended_by) == (ref(), EndedBy.EXIT)
    assert (ended.exit_code, ended.signal, ended.message) == (None, signal.SIGKILL, None)


def test_a_start_error_comes_with_the_reason(executor: LocalExecutor, tmp_path: Path) -> None:
    ended = run(executor, launch(tmp_path, argv=("./train.py",)))
    assert ended.ended_by is EndedBy.START_ERROR
    assert ended.message == "cannot start './train.py': No such file or directory"


def test_an_environment_that_is_too_large_is_a_start_error(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    ended = run(executor, launch(tmp_path, shell="true", environment={"X": "x" * 3_000_000}))
    assert ended.ended_by is EndedBy.START_ERROR
    assert ended.message == "the runner could not be started: Argument list too long"
    assert no_word_follows(executor)


def test_a_missing_directory_is_refused_and_nothing_is_held(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    what = launch(tmp_path, shell="true", cpus=1)
    (what.directory / layout.WORK).rmdir()
    what.directory.rmdir()
    with pytest.raises(FileNotFoundError):
        executor.start(what)
    assert executor.slots().cpus_free == executor.slots().cpus_total
    what.working_directory.mkdir(parents=True)
    assert run(executor, what).exit_code == 0


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    with local_executor(gpus=("0",)) as executor, pytest.raises(Unavailable, match="1 of 1 GPUs"):
        executor.start(launch(tmp_path, shell="true", gpus=2))


@pytest.mark.parametrize(
    ("gpus", "seen"), [(None, "the job's own"), (0, ""), (1, "3"), (2, "3,GPU-b")]
)
def test_an_attempt_sees_the_gpus_that_it_asked_for(
    tmp_path: Path, gpus: int | None, seen: str
) -> None:
    what = launch(
        tmp_path,
        shell='printf "%s" "$CUDA_VISIBLE_DEVICES"',
        environment={"CUDA_VISIBLE_DEVICES": "the job's own"},
        gpus=gpus,
    )
    with local_executor(gpus=("3", "GPU-b")) as executor:
        assert run(executor, what).exit_code == 0
    assert (what.directory / layout.LOG).read_text() == seen


def test_the_values_of_the_environment_stay_out_of_every_file(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    what = launch(tmp_path, shell="exit 0", environment={"TOKEN": "s3cret-value"})
    run(executor, what)
    files = [path for path in what.directory.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {layout.LAUNCH, layout.EXIT, layout.CLAIM}
    assert not [path for path in files if b"s3cret-value" in path.read_bytes()]
    assert "TOKEN" in json.loads((what.directory / layout.LAUNCH).read_text())["environment_names"]


def test_an_attempt_may_be_described_by_relative_paths(
    executor: LocalExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    what = launch(Path("jobs"), shell='pwd; echo "$DOWSE_STOP_FILE"')
    assert run(executor, what).exit_code == 0
    home = tmp_path / "jobs/digits/trials/1"
    assert (home / layout.LOG).read_text() == f"{home}/work\n{home}/stop\n"


def test_trials_outlive_a_killed_owner_with_true_codes_and_complete_logs(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"src{os.pathsep}."},
    )
    with owner:
        assert owner.stdout is not None
        for _ in range(4):
            owner.stdout.readline()
        owner.kill()  # In the very moment after the last start.
    with local_executor() as executor:
        attempts = [ref(trial) for trial in range(1, 5)]
        executor.attach(
            [(attempt, layout.attempt_directory(tmp_path, attempt)) for attempt in attempts]
        )
        ended = sorted((finish_many(executor, 4)), key=lambda end: end.attempt.trial)
        assert [(end.ended_by, end.exit_code) for end in ended] == [
            (EndedBy.EXIT, code) for code in (11, 12, 13, 14)
        ]
        assert no_word_follows(executor)
    for attempt in attempts:
        log = layout.attempt_directory(tmp_path, attempt) / layout.LOG
        assert log.read_text() == "".join(f"line {i}\n" for i in range(1, 7))


def test_a_killed_runner_means_lost_and_nothing_of_the_tree_lives(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    pids_file = tmp_path / "pids"
    script = """
echo $$ >> "$PIDS"
setsid sh -c 'echo $$ >> "$PIDS"; exec sleep 100' &
(setsid env -i sh -c 'echo $$ >> "$0"; exec sleep 100' "$PIDS"; true) &
(env -i sh -c 'echo $$ >> "$0"; exec sleep 100' "$PIDS" &)
wait
"""
    what = launch(tmp_path, shell=script, environment={"PIDS": str(pids_file)})
    executor.start(what)
    pids = read_pids(pids_file, 4)
    pid = runner_pid(what)
    try:
        os.kill(pid, signal.SIGKILL)
        ended = finish(executor)
        assert alive(pids) == []
    finally:
        kill_quietly(alive(pids))
    assert ended.ended_by is EndedBy.LOST
    assert ended.message == f"its runner, process {pid}, ended without a word"
    assert no_word_follows(executor)
    with local_executor() as later:
        later.attach([(what.attempt, what.directory)])
        assert finish(later).ended_by is EndedBy.LOST


def test_a_killed_runner_is_found_by_the_next_owner(tmp_path: Path) -> None:
    pids_file = tmp_path / "pids"
    script = """
setsid sh -c 'echo $$ >> "$PIDS"; exec sleep 100' &
wait
"""
    what = launch(tmp_path, shell=script, environment={"PIDS": str(pids_file)})
    with local_executor() as first:
        first.start(what)
        pids = read_pids(pids_file, 1)
        pid = runner_pid(what)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert alive(pids) == pids
    with local_executor() as second:
        second.attach([(what.attempt, what.directory)])
        assert finish(second).ended_by is EndedBy.LOST
        assert alive(pids) == []
        assert no_word_follows(second)


@pytest.mark.parametrize(
    "wrong", [{"start": "12345"}, {"boot_id": "another"}, {"start": "12345", "boot_id": "another"}]
)
def test_a_pid_that_belongs_to_a_stranger_now_is_never_signalled(
    executor: LocalExecutor, tmp_path: Path, wrong: dict[str, str]
) -> None:
    stranger = subprocess.Popen(["/bin/sleep", "100"])
    try:
        seen = system.look_at(stranger.pid)
        assert seen is not None
        what = launch(tmp_path, shell="true")
        identity = {"pid": stranger.pid, "start": seen.start, "boot_id": system.boot_id()}
        replace_record(str(what.directory / layout.LAUNCH), {"gpu_ids": None, "cpus": None})
        replace_record(str(what.directory / layout.RUNNER), {**identity, **wrong})
        executor.attach([(what.attempt, what.directory)])
        executor.stop(what.attempt)
        assert finish(executor).ended_by is EndedBy.LOST
        time.sleep(0.1)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_runner_that_comes_late_finds_its_attempt_given_up(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    """The owner died between launch.json and the start; an engine starts the runner much later."""
    what = launch(tmp_path, shell="touch started")
    replace_record(str(what.directory / layout.LAUNCH), {"gpu_ids": None, "cpus": None})
    before = time.monotonic()
    executor.attach([(what.attempt, what.directory)])
    ended = finish(executor)
    assert time.monotonic() - before >= 0.3
    assert ended.ended_by is EndedBy.LOST
    assert ended.message == ("its runner never started, or did so before the machine started anew")
    (what.directory / layout.LAUNCH).unlink()
    with local_executor() as other:
        assert run(other, what).ended_by is EndedBy.LOST
    assert not (what.working_directory / "started").exists()


def test_a_runner_that_shows_itself_in_time_is_followed(tmp_path: Path) -> None:
    what = launch(tmp_path, shell="exit 8")
    with local_executor() as first, local_executor() as second:
        replace_record(str(what.directory / layout.LAUNCH), {"gpu_ids": None, "cpus": None})
        second.attach([(what.attempt, what.directory)])
        assert no_word_follows(second)
        (what.directory / layout.LAUNCH).unlink()
        first.start(what)
        assert finish(second).exit_code == 8


def test_a_runner_that_claimed_and_hangs_is_killed_before_it_is_called_lost(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    what = launch(tmp_path, shell="true")
    replace_record(str(what.directory / layout.LAUNCH), {"gpu_ids": None, "cpus": None})
    create_file(str(what.directory / layout.CLAIM))
    marks = dict(
        mark.decode().split("=", 1)
        for mark in layout.attempt_marks(str(what.directory), str(what.attempt))
    )
    hanging = subprocess.Popen(["/bin/sleep", "100"], env=marks)
    try:
        executor.attach([(what.attempt, what.directory)])
        assert finish(executor).ended_by is EndedBy.LOST
        assert hanging.wait(10) == -signal.SIGKILL
    finally:
        hanging.kill()
        hanging.wait()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"ended_by": "magic"}'])
def test_files_that_no_runner_wrote_say_nothing(
    executor: LocalExecutor, tmp_path: Path, text: str
) -> None:
    what = launch(tmp_path, shell="true")
    replace_record(str(what.directory / layout.LAUNCH), {"gpu_ids": None, "cpus": None})
    for name in (layout.EXIT, layout.RUNNER):
        (what.directory / name).write_text(text)
    executor.attach([(what.attempt, what.directory)])
    assert finish(executor).ended_by is EndedBy.LOST


def test_a_start_after_a_restart_follows_what_runs_already(tmp_path: Path) -> None:
    what = launch(tmp_path, shell="echo once; sleep 0.5; exit 2")
    with local_executor() as first:
        first.start(what)
    with local_executor() as second:
        assert run(second, what).exit_code == 2
    assert (what.directory / layout.LOG).read_text() == "once\n"


def test_a_runner_that_cannot_even_begin_is_lost_with_its_last_words(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no module named dowse >&2\nexit 1\n")
    broken.chmod(0o755)
    with local_executor(python=str(broken)) as executor:
        ended = run(executor, launch(tmp_path, shell="true"))
    assert ended.ended_by is EndedBy.LOST
    assert ended.message is not None
    assert ended.message.endswith("ended without a word; its log ends: no module named dowse")


def test_ended_runners_leave_no_zombies(executor: LocalExecutor, tmp_path: Path) -> None:
    what = launch(tmp_path, shell="sleep 0.3")
    executor.start(what)
    pid = runner_pid(what)
    finish(executor)
    assert system.look_at(pid) is None


def test_a_runner_is_out_of_reach_of_the_owners_terminal_and_descriptors(
    executor: LocalExecutor, tmp_path: Path
) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    what = launch(tmp_path, shell="sleep 100")
    executor.start(what)
    os.close(writing)
    pid = runner_pid(what)
    with open(reading, "rb") as pipe:
        assert pipe.read() == b""  # The runner holds it no longer, though it still runs.
    assert os.getsid(pid) == pid
    assert alive([pid]) == [pid]
    executor.stop(what.attempt)
    finish(executor)


@pytest.mark.parametrize("missing", ["HAS_PIDFD", "HAS_PROC"])
def test_without_the_means_of_linux_attempts_are_followed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setattr(system, missing, False)
    monkeypatch.setattr(system, "HAS_PIDFD", False)
    with local_executor() as executor:
        assert run(executor, launch(tmp_path, shell="sleep 0.2; exit 3")).exit_code == 3
        what = launch(tmp_path, attempt=ref(2), shell="sleep 100")
        executor.start(what)
        executor.stop(what.attempt)
        assert finish(executor).ended_by is EndedBy.STOP


def test_a_signal_stands_in_for_a_stop_file_that_cannot_be_written(
    executor: LocalExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = launch(tmp_path, shell="sleep 100")
    executor.start(what)
    runner_pid(what)

    def full(path: str, data: bytes = b"") -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dowse.executors.watch.create_file", full)
    executor.stop(what.attempt)
    ended = finish(executor)
    assert (ended.ended_by, ended.message) == (
        EndedBy.STOP,
        "the runner received a signal to end",
    )
