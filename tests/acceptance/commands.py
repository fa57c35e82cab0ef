"""The installed command in a folder of its own, as a user has it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.acceptance.processes import Process

PATIENCE_S = 60.0
"""A loaded machine is slow; nothing here takes more than seconds on an idle one."""

# What a program needs to report, without importing anything of ours.
REPORT = """
import json, os, sys, time
P = {name[12:]: value for name, value in os.environ.items() if name.startswith("DOWSE_PARAM_")}
N = int(os.environ["DOWSE_TRIAL_NUMBER"])
def report(step, **metrics):
    with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
        file.write(json.dumps({"step": step, **metrics}) + "\\n")
def wait_for(path, limit=50):
    while not os.path.exists(path) and limit > 0:
        time.sleep(0.02)
        limit -= 0.02
"""

JOB = """
command: python train.py
metric: score
goal: maximize
parameters: {{x: {{type: double, min: 0, max: 1}}}}
algorithm: random
limits: {{trials: {trials}, parallel: {parallel}}}
"""


@dataclass(frozen=True)
class Place:
    """A folder with a program and a job file, and a data directory beside it."""

    folder: Path
    data: Path
    started: list[Process] = field(default_factory=list)

    def program(self, body: str, *, trials: int = 3, parallel: int = 1, more: str = "") -> None:
        """`train.py`, and `job.yaml` that tunes it."""
        (self.folder / "train.py").write_text(REPORT + body)
        (self.folder / "job.yaml").write_text(JOB.format(trials=trials, parallel=parallel) + more)

    def environment(self) -> dict[str, str]:
        own = {
            "DOWSE_DATA_DIR": str(self.data),
            "DOWSE_PYTHON": sys.executable,
            "DOWSE_PORT": "0",  # Tests beside each other cannot share one.
        }
        return {**os.environ, **own, "FLAGS": str(self.folder)}

    def start(self, *words: str, stdout: int | IO[str] = subprocess.PIPE) -> Process:
        process = Process(words, folder=self.folder, environment=self.environment(), stdout=stdout)
        self.started.append(process)
        return process

    def dowse(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, which must be `code`."""
        return finish(self.start(*words), code=code)

    def document(self, *words: str, code: int = 0) -> Any:
        """What a command prints with --json."""
        return json.loads(self.dowse(*words, "--json", code=code).stdout)

    def flag(self, name: str) -> Path:
        """A file through which tests and programs speak: `$FLAGS/<name>`."""
        return self.folder / f"flag-{name}"


def finish(
    process: Process, *, code: int, patience_s: float = PATIENCE_S
) -> subprocess.CompletedProcess[str]:
    try:
        stdout, stderr = process.communicate(timeout=patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        stdout, stderr = process.communicate()
        raise AssertionError(f"does not end:\n{stdout}\n{stderr}") from None
    assert process.returncode == code, f"code {process.returncode}:\n{stdout}\n{stderr}"
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def wait_until(there: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not there():
        if time.monotonic() > deadline:
            raise AssertionError(f"never happened: {what}")
        time.sleep(0.02)


@contextlib.contextmanager
def place_in(folder: Path) -> Iterator[Place]:
    """A place; what is still there afterwards is ended: an owner, its trials, commands."""
    work = folder / "work"
    work.mkdir()
    place = Place(folder=work, data=folder / "data")
    try:
        yield place
    finally:
        _end(place.data / "owner.json")
        for runner in place.data.glob("jobs/*/trials/*/runner.json"):
            if not (runner.parent / "exit.json").exists():
                _end(runner)
        for process in place.started:
            process.close()


def _end(record: Path) -> None:
    """End the process whose id stands in a file that it wrote itself, if it still lives."""
    try:
        pid = int(json.loads(record.read_text())["pid"])
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, KeyError):
        return
    if b"dowse" in words:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def by_number(document: Any) -> dict[int, Any]:
    return {trial["number"]: trial for trial in document["trials"]}
