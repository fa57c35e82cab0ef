from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest

from dowse.ports import EndedBy
from dowse.runtime import layout, runner, system
from tests.unit.executors.attempts import alive, eventually, kill_quietly, read_pids
from tests.unit.runtime.runners import Attempt

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "

TREE = """
import os, signal, subprocess, sys, time

def note():
    fd = os.open(os.environ["PIDS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(fd, b"%d\\n" % os.getpid())

def last():
    note()
    time.sleep(100)
    os._exit(0)

signal.signal(signal.SIGTERM, signal.SIG_IGN)      # 1: ignores TERM, and so do the others
if os.fork() == 0:                                 # 2: leaves the session
    os.setsid()
    last()
if os.fork() == 0:                                 # 3: a daemon by double fork
    os.setsid()
    if os.fork() == 0:
        last()
    os._exit(0)
subprocess.Popen(["nohup", sys.executable, "-S", "-c",
    "import os,time; open(os.environ['PIDS'],'a').write(f'{os.getpid()}\\\\n'); time.sleep(100)"],
    env={"PIDS": os.environ["PIDS"]})              # 4: nohup, without our marks
if os.fork() == 0:
    if os.fork() == 0:                             # 5: a grandchild that holds standard output
        print("holding", flush=True)
        last()
    os._exit(0)
last()
"""


@pytest.fixture
def attempt(tmp_path: Path) -> Attempt:
    return Attempt(tmp_path)


def test_its_words_for_ends_are_those_of_the_port() -> None:
    words = {runner.EXIT, runner.STOP, runner.TIMEOUT, runner.START_ERROR}
    assert words == {end.value for end in EndedBy} - {EndedBy.LOST.value}


@pytest.mark.parametrize("code", [0, 1, 42, 255])
def test_the_exit_code_is_the_programs(attempt: Attempt, code: int) -> None:
    ended = attempt.shell(f"exit {code}")
    assert (ended["exit_code"], ended["signal"], ended["ended_by"]) == (code, None, "exit")
    assert ended["message"] is None
    assert ended["started_at"] <= ended["ended_at"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_the_signal_is_the_programs(attempt: Attempt, number: signal.Signals) -> None:
    ended = attempt.shell(f"kill -{number.value} $$")
    assert (ended["exit_code"], ended["signal"], ended["ended_by"]) == (None, number, "exit")


def test_both_outputs_are_in_the_log_in_order(attempt: Attempt) -> None:
    attempt.shell("echo one; echo two >&2; echo three")
    assert attempt.read(layout.LOG) == "one\ntwo\nthree\n"
    assert attempt.read(layout.RUNNER_LOG) == ""


def test_the_program_starts_in_its_working_directory_without_input(attempt: Attempt) -> None:
    attempt.shell("pwd; cat; echo end")
    assert attempt.read(layout.LOG) == f"{attempt.work}\nend\n"


def test_the_program_gets_the_listed_variables_and_no_others(attempt: Attempt) -> None:
    attempt.run(["/usr/bin/env"], environment={"LR": "0.1"}, unlisted={"ENGINE": "ray"})
    names = {line.split("=")[0] for line in attempt.read(layout.LOG).splitlines()}
    assert names == {"PATH", "LR"}


def test_no_value_of_the_environment_is_written_down(attempt: Attempt) -> None:
    attempt.shell("exit 0", environment={"TOKEN": "s3cret-value"})
    for path in attempt.directory.rglob("*"):
        assert path.is_dir() or b"s3cret-value" not in path.read_bytes()


def test_signals_that_the_owner_ignored_work_again_in_the_program(attempt: Attempt) -> None:
    script = """
import signal
print(*(int(n) for n in signal.valid_signals() if signal.getsignal(n) is signal.SIG_IGN))
"""
    before = signal.signal(signal.SIGQUIT, signal.SIG_IGN)
    try:
        attempt.run([sys.executable, "-I", "-S", "-c", script])
    finally:
        signal.signal(signal.SIGQUIT, before)
    # Python itself ignores these two when it starts.
    ignored = {int(number) for number in attempt.read(layout.LOG).split()}
    assert ignored == {signal.SIGPIPE, signal.SIGXFSZ}


def test_the_program_leads_its_own_session_and_inherits_no_descriptor(attempt: Attempt) -> None:
    script = "import os; print(os.getsid(0) == os.getpid(), sorted(os.listdir('/proc/self/fd')))"
    attempt.run([sys.executable, "-I", "-S", "-c", script])
    # The fourth is the listing itself.
    assert attempt.read(layout.LOG) == "True ['0', '1', '2', '3']\n"


def test_time_and_memory_of_the_program_are_recorded(attempt: Attempt) -> None:
    script = "x = bytearray(50_000_000)\nwhile __import__('time').process_time() < 0.2: pass"
    ended = attempt.run([sys.executable, "-S", "-c", script])
    assert 0.2 <= ended["cpu_s"] < 5
    assert 50_000 < ended["max_rss_kb"] < 200_000


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["pyhton3", "x.py"], "cannot start 'pyhton3': No such file or directory in PATH='/bin'"),
        (["./missing.sh"], "cannot start './missing.sh': No such file or directory"),
        (["./plain.txt"], "cannot start './plain.txt': Permission denied"),
        (
            ["./odd.sh"],
            "cannot start './odd.sh': No such file or directory: the file is there, but not the "
            "interpreter that its first line names",
        ),
        (
            ["./bare.sh"],
            "cannot start './bare.sh': Exec format error: a script needs a first line such as "
            "'#!/bin/sh'",
        ),
    ],
)
def test_a_command_that_cannot_start_is_named_with_the_reason(
    attempt: Attempt, argv: list[str], message: str
) -> None:
    for name, text, mode in [
        ("plain.txt", "", 0o644),
        ("odd.sh", "#!/no/such/shell\n", 0o755),
        ("bare.sh", "echo hello\n", 0o755),
    ]:
        (attempt.work / name).write_text(text)
        (attempt.work / name).chmod(mode)
    ended = attempt.run(argv, environment={"PATH": "/bin"})
    assert (ended["ended_by"], ended["message"]) == ("start_error", message)
    assert (ended["exit_code"], ended["started_at"]) == (None, None)


def test_a_missing_working_directory_is_named(attempt: Attempt, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    ended = attempt.run(["true"], work=gone)
    assert ended["ended_by"] == "start_error"
    expected = f"cannot enter the working directory '{gone}': No such file or directory"
    assert ended["message"] == expected


def test_a_stop_request_before_the_start_starts_nothing(attempt: Attempt) -> None:
    attempt.path(layout.STOP).touch()
    ended = attempt.shell("touch started")
    assert ended["ended_by"] == "stop"
    assert ended["message"] == "a stop was requested before the program started"
    assert (ended["exit_code"], ended["signal"]) == (None, None)
    assert not (attempt.work / "started").exists()


def test_a_second_runner_of_the_same_attempt_does_nothing(attempt: Attempt) -> None:
    first = attempt.shell("echo once; exit 5")
    assert attempt.shell("echo twice; exit 6") == first
    assert attempt.read(layout.LOG) == "once\n"


def test_two_runners_at_once_start_the_program_once(attempt: Attempt) -> None:
    both = [attempt.start(["/bin/sh", "-c", "echo once; sleep 0.3"]) for _ in range(2)]
    assert [one.wait(30) for one in both] == [0, 0]
    assert attempt.read(layout.LOG) == "once\n"


def test_the_time_limit_ends_the_program(attempt: Attempt) -> None:
    before = time.monotonic()
    ended = attempt.shell("echo working; sleep 100", timeout_s=0.4)
    assert 0.4 <= time.monotonic() - before < 10
    assert (ended["ended_by"], ended["signal"]) == ("timeout", signal.SIGTERM)
    assert ended["message"] == "it was still running at its time limit of 0.4 s"
    assert attempt.read(layout.LOG) == "working\n"


def test_the_grace_lets_a_program_end_in_its_own_way(attempt: Attempt) -> None:
    script = """
import signal, sys, time

def save(number, frame):
    print("saved")
    sys.exit(9)

signal.signal(signal.SIGTERM, save)
open("ready", "w")
time.sleep(100)
"""
    process = attempt.start([sys.executable, "-S", "-c", script], grace_s=20)
    eventually((attempt.work / "ready").exists)
    attempt.path(layout.STOP).touch()
    ended = attempt.await_end(process)
    assert (ended["ended_by"], ended["exit_code"]) == ("stop", 9)
    assert attempt.read(layout.LOG) == "saved\n"


def test_a_program_that_ignores_term_is_killed_after_the_grace(attempt: Attempt) -> None:
    script = STUBBORN + "open('ready', 'w'); time.sleep(100)"
    process = attempt.start([sys.executable, "-S", "-c", script], grace_s=0.3)
    eventually((attempt.work / "ready").exists)
    before = time.monotonic()
    attempt.path(layout.STOP).touch()
    ended = attempt.await_end(process)
    assert 0.3 <= time.monotonic() - before < 10
    assert (ended["ended_by"], ended["signal"]) == ("stop", signal.SIGKILL)


def test_a_stop_file_that_asks_to_kill_ends_the_grace(attempt: Attempt) -> None:
    script = STUBBORN + "open('ready', 'w'); time.sleep(100)"
    process = attempt.start([sys.executable, "-S", "-c", script], grace_s=1000)
    eventually((attempt.work / "ready").exists)
    attempt.path(layout.STOP).touch()
    time.sleep(0.4)
    assert process.poll() is None
    attempt.path(layout.STOP).write_text(json.dumps({"kill": True}))
    assert attempt.await_end(process)["signal"] == signal.SIGKILL


def test_the_reason_of_a_stop_request_comes_back(attempt: Attempt) -> None:
    process = attempt.start(["/bin/sleep", "100"])
    eventually(attempt.path(layout.RUNNER).exists)
    request = attempt.path("request")
    request.write_text(json.dumps({"reason": "its median is below the others'", "at": 1.0}))
    request.rename(attempt.path(layout.STOP))
    ended = attempt.await_end(process)
    assert (ended["ended_by"], ended["message"]) == ("stop", "its median is below the others'")


def test_a_signal_to_the_runner_is_a_stop_and_a_second_one_kills(attempt: Attempt) -> None:
    script = STUBBORN + "open('ready', 'w'); time.sleep(100)"
    process = attempt.start([sys.executable, "-S", "-c", script], grace_s=1000)
    eventually((attempt.work / "ready").exists)
    process.terminate()
    time.sleep(0.4)
    assert process.poll() is None
    process.terminate()
    ended = attempt.await_end(process)
    assert (ended["ended_by"], ended["signal"]) == ("stop", signal.SIGKILL)
    assert ended["message"] == "the runner received a signal to end"


def test_a_newer_attempt_ends_this_one(attempt: Attempt) -> None:
    process = attempt.start(["/bin/sleep", "100"])
    eventually(attempt.path(layout.RUNNER).exists)
    attempt.directory.with_name("1.2").mkdir()
    ended = attempt.await_end(process)
    assert ended["ended_by"] == "stop"
    assert ended["message"] == "a newer attempt of this trial exists"


def test_a_stopped_process_is_continued_so_that_it_can_end(attempt: Attempt) -> None:
    process = attempt.start(["/bin/sh", "-c", "touch ready; kill -STOP $$"], grace_s=30)
    eventually((attempt.work / "ready").exists)
    attempt.path(layout.STOP).touch()
    assert attempt.await_end(process)["signal"] == signal.SIGTERM


def test_a_stop_leaves_nothing_of_a_tree_of_five(attempt: Attempt) -> None:
    pids_file = attempt.directory / "pids"
    process = attempt.start(
        [sys.executable, "-S", "-c", TREE], environment={"PIDS": str(pids_file)}
    )
    pids = read_pids(pids_file, 5)
    try:
        assert len(alive(pids)) == 5
        attempt.path(layout.STOP).touch()
        ended = attempt.await_end(process)
        assert alive(pids) == []
        assert all(system.look_at(pid) is None for pid in pids)  # No zombies either.
    finally:
        kill_quietly(alive(pids))
    assert (ended["ended_by"], ended["signal"]) == ("stop", signal.SIGKILL)


def test_what_a_program_leaves_behind_is_ended_before_its_end_is_told(attempt: Attempt) -> None:
    script = 'setsid sleep 100 & echo $! > "$PIDS"; exit 3'
    pids_file = attempt.directory / "pids"
    ended = attempt.shell(script, environment={"PIDS": str(pids_file)})
    assert (ended["ended_by"], ended["exit_code"]) == ("exit", 3)
    assert alive(read_pids(pids_file, 1)) == []


def test_the_program_dies_with_its_runner(attempt: Attempt) -> None:
    process = attempt.start(["/bin/sh", "-c", "echo $$ > pid; exec sleep 100"])
    pids = read_pids(attempt.work / "pid", 1)
    process.kill()
    process.wait(30)
    eventually(lambda: not alive(pids))
    assert not attempt.path(layout.EXIT).exists()


def test_reports_through_hypertune_are_spooled_to_the_last(attempt: Attempt) -> None:
    script = """
import os, time
for step in range(3):
    with open(os.environ["CLOUD_ML_HP_METRIC_FILE"], "w") as file:
        report = '{"acc": "0.%d", "global_step": "%d", "timestamp": %d}\\n'
        file.write(report % (step, step, step))
    time.sleep(0.5 if step < 2 else 0)
"""
    path = attempt.path(layout.HYPERTUNE)
    attempt.run(
        [sys.executable, "-S", "-c", script], environment={layout.HYPERTUNE_VARIABLE: str(path)}
    )
    lines = [json.loads(line) for line in attempt.read(layout.SPOOL).splitlines()]
    assert [(line["metric"], line["value"], line["step"]) for line in lines] == [
        ("acc", "0.0", "0"),
        ("acc", "0.1", "1"),
        ("acc", "0.2", "2"),
    ]


def test_it_says_which_process_it_is_and_that_it_lives(attempt: Attempt) -> None:
    process = attempt.start(["/bin/sleep", "0.5"])
    eventually(attempt.path(layout.HEARTBEAT).exists)
    told = json.loads(attempt.read(layout.RUNNER))
    beat = json.loads(attempt.read(layout.HEARTBEAT))
    assert (told["pid"], told["boot_id"]) == (process.pid, system.boot_id())
    assert system.is_running(told["pid"], told["start"])
    assert (beat["trial"], beat["attempt"]) == (1, 1)
    assert abs(beat["at"] - time.time()) < 30
    attempt.await_end(process)


def test_a_full_disk_delays_the_end_and_loses_nothing(attempt: Attempt) -> None:
    """A directory where the file must go stands for any failing write."""
    process = attempt.start(["/bin/sh", "-c", "exit 6"])
    attempt.path(layout.EXIT).mkdir()
    (attempt.path(layout.EXIT) / "something").touch()
    eventually(lambda: "cannot write exit.json" in attempt.read(layout.RUNNER_LOG))
    assert process.poll() is None
    (attempt.path(layout.EXIT) / "something").unlink()
    attempt.path(layout.EXIT).rmdir()
    assert attempt.await_end(process)["exit_code"] == 6


def test_it_imports_little_and_the_standard_library_only(attempt: Attempt) -> None:
    ended = attempt.shell("exit 0", options=["-X", "importtime"])
    lines = [line for line in attempt.read(layout.RUNNER_LOG).splitlines() if "|" in line]
    modules = {line.rsplit("|", 1)[1].strip() for line in lines}
    own = {name for name in modules if name.partition(".")[0] == "dowse"}
    foreign = {name for name in modules if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name.removeprefix("dowse.runtime.") for name in own} == {
        *("dowse", "dowse.runtime"),
        *("layout", "order", "program", "records", "runner", "spool", "system", "tree"),
    }
    assert foreign - own == {"imported package"}  # The head of the table.
    assert modules & {"typing", "dataclasses", "subprocess", "pathlib", "inspect"} == set()
    assert ended["exit_code"] == 0


def test_it_stays_below_twenty_megabytes(attempt: Attempt) -> None:
    process = attempt.start(["/bin/sleep", "100"])
    attempt.path(layout.HYPERTUNE).write_text('{"acc": "0.5", "global_step": "1"}\n')
    eventually(attempt.path(layout.SPOOL).exists)
    status = Path(f"/proc/{process.pid}/status").read_text()
    resident_kb = int(status.partition("VmHWM:")[2].split()[0])
    attempt.path(layout.STOP).touch()
    attempt.await_end(process)
    assert resident_kb <= 20_000
