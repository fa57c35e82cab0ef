"""Running trials whose reports come from here: their programs only say how to report, and wait."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.foundation.command import DOWSE, measured
from benchmarks.service.servers import DowseServer

PATIENCE_S = 60.0

PROGRAM = """\
import json, os, time

here = os.environ["MEETING"]
door = {name: os.environ[name] for name in ("DOWSE_TRIAL_URL", "DOWSE_TRIAL_TOKEN")}
path = os.path.join(here, os.environ["DOWSE_TRIAL_NUMBER"] + ".json")
with open(path + ".new", "w") as file:
    json.dump(door, file)
os.rename(path + ".new", path)
while os.path.exists(os.path.join(here, "on")):
    time.sleep(0.2)
"""

JOB = """\
command: python wait.py
metric: loss
goal: minimize
parameters: {{x: {{type: double, min: 0, max: 1}}}}
algorithm: random
env: {{MEETING: {meeting}}}
limits: {{trials: {count}, parallel: {count}}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a trial reports, and the token that it was given."""

    host: str
    port: int
    token: str


@contextlib.contextmanager
def waiting_trials(server: DowseServer, folder: Path, count: int) -> Iterator[list[Door]]:
    """The doors of `count` trials of one job, which run meanwhile and have ended afterwards.

    Raises RuntimeError unless the job succeeds.
    """
    meeting, work = folder / "meeting", folder / "work"
    meeting.mkdir()
    work.mkdir()
    (meeting / "on").touch()
    (work / "wait.py").write_text(PROGRAM)
    (work / "job.yaml").write_text(JOB.format(meeting=json.dumps(str(meeting)), count=count))
    options = ["--name", "load", "--python", sys.executable, "--data-dir", str(server.data_dir)]
    measured([*DOWSE, "submit", str(work / "job.yaml"), "--quiet", *options])
    try:
        paths = [meeting / f"{number}.json" for number in range(1, count + 1)]
        _wait_until_there(paths)
        yield [_door(json.loads(path.read_text())) for path in paths]
    finally:
        (meeting / "on").unlink()
        measured([*DOWSE, "watch", "load", "--data-dir", str(server.data_dir)])


def _door(told: dict[str, str]) -> Door:
    host, _, port = told["DOWSE_TRIAL_URL"].removeprefix("http://").partition(":")
    return Door(host=host, port=int(port), token=told["DOWSE_TRIAL_TOKEN"])


def _wait_until_there(paths: list[Path]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while missing := [path.name for path in paths if not path.exists()]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"trials did not start: {', '.join(missing)}")
        time.sleep(0.05)
