from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from dowse.runtime import system
from tests.unit.executors.attempts import eventually

MARK = {"DOWSE_ATTEMPT": "digits/1/1", "DOWSE_STOP_FILE": f"/nowhere/{os.getpid()}/stop"}
MARKS = tuple(f"{name}={value}".encode() for name, value in MARK.items())


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        ["/bin/sleep", "100"], env={"PATH": "/bin", **MARK}, start_new_session=True
    )
    # Until the exec its environment is still ours.
    eventually(lambda: process.pid in [found.pid for found in system.list_marked(MARKS)])
    yield process
    process.kill()
    process.wait()


def without_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "HAS_PROC", False)


def without_pidfd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "HAS_PIDFD", False)


def test_a_process_is_told_with_its_parent_and_group(sleeper: subprocess.Popen[bytes]) -> None:
    process = system.look_at(sleeper.pid)
    assert process is not None
    assert (process.pid, process.parent, process.group) == (sleeper.pid, os.getpid(), sleeper.pid)
    assert not process.zombie


def test_the_list_by_ps_agrees_with_proc(sleeper: subprocess.Popen[bytes]) -> None:
    by_ps = {process.pid: process for process in system.list_by_ps("-ax")}
    found = by_ps[sleeper.pid]
    assert (found.parent, found.group, found.zombie) == (os.getpid(), sleeper.pid, False)
    assert found.start
    assert {os.getpid(), 1} <= by_ps.keys()


def test_marked_processes_are_found_by_both_ways(sleeper: subprocess.Popen[bytes]) -> None:
    for find in (system.list_marked, system.list_marked_by_ps):
        assert [process.pid for process in find(MARKS)] == [sleeper.pid]
        assert find((MARKS[0], b"DOWSE_STOP_FILE=/elsewhere/stop")) == []


def test_a_process_that_is_gone_is_not_there() -> None:
    process = subprocess.Popen(["/bin/true"])
    start = system.look_at(process.pid)
    process.wait()
    assert start is not None
    assert system.look_at(process.pid) is None
    assert not system.is_running(process.pid, start.start)
    assert system.list_by_ps("-p", str(process.pid)) == []


def test_a_zombie_is_not_running() -> None:
    process = subprocess.Popen(["/bin/true"])
    zombie = eventually(
        lambda: seen if (seen := system.look_at(process.pid)) and seen.zombie else None
    )
    assert not system.is_running(process.pid, zombie.start)
    process.wait()


@pytest.mark.parametrize("fallback", [None, without_pidfd, without_proc])
def test_a_signal_reaches_the_process_that_was_meant(
    sleeper: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
    fallback: object,
) -> None:
    if callable(fallback):
        fallback(monkeypatch)
    process = system.look_at(sleeper.pid)
    assert process is not None
    assert system.is_running(process.pid, process.start)
    assert system.send_signal(process.pid, process.start, signal.SIGTERM)
    assert sleeper.wait(10) == -signal.SIGTERM
    assert not system.send_signal(process.pid, process.start, signal.SIGTERM)


@pytest.mark.parametrize("fallback", [None, without_pidfd, without_proc])
def test_a_pid_that_passed_to_another_process_is_never_signalled(
    sleeper: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
    fallback: object,
) -> None:
    if callable(fallback):
        fallback(monkeypatch)
    assert not system.send_signal(sleeper.pid, "12345", signal.SIGKILL)
    time.sleep(0.05)
    assert sleeper.poll() is None


def test_a_command_with_brackets_and_spaces_is_read(tmp_path: object) -> None:
    program = f"{tmp_path}/a) R 1 (b c"
    os.symlink("/bin/sleep", program)
    process = subprocess.Popen([program, "100"])
    try:
        seen = eventually(lambda: system.look_at(process.pid))
        assert seen.parent == os.getpid()
    finally:
        process.kill()
        process.wait()


def test_the_boot_is_the_same_all_the_time_and_not_empty() -> None:
    assert system.boot_id() == system.boot_id() != ""


def test_there_is_at_least_one_cpu() -> None:
    assert 1 <= system.cpu_count() <= (os.cpu_count() or 1)


def test_an_orphan_becomes_a_child_of_the_subreaper() -> None:
    script = """
import os, sys, time
from dowse.runtime import system
assert system.become_subreaper()
if os.fork() == 0:
    if os.fork() == 0:
        time.sleep(0.2)
        os._exit(7)
    os._exit(0)
codes = sorted(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(2))
print(codes)
"""
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout == "[0, 7]\n"
