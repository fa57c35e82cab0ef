"""What Dowse adds to a trial: wall time over the bare program, trials a second, the runner.

The bare program is the same command with the same environment, started by plain fork and exec.
Blocks of trials and of bare runs alternate, so that whatever else the machine does hits both.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Any

from benchmarks.foundation.command import environment, run_job, run_words, scratch
from benchmarks.report import Row, at_least, at_most

FILES = 200
CODE_BYTES = 10_000_000

SILENT = "python -c pass"
"""Decision of the project: what Dowse costs is measured with the shortest program."""
REPORTING = "python report.py"
"""The suggester has a model to fit only where there are results."""

REPORT = """\
import os, sys
x, y = (float(word.partition("=")[2]) for word in sys.argv[1:])
with open(os.environ["DOWSE_REPORT_FILE"], "a") as file:
    file.write('{"step": 1, "loss": %r}\\n' % ((x - 0.3) ** 2 + (y - 0.7) ** 2))
"""
SLEEPING = "python -c 'import time; time.sleep(2)'"

DOCUMENT = """\
command: {command}
metric: loss
goal: minimize
parameters:
  x: {{type: double, min: 0, max: 1}}
  y: {{type: double, min: 0, max: 1}}
algorithm: bayesian
seed: 1
limits: {{trials: {trials}, parallel: {parallel}}}
"""


@dataclass(frozen=True, slots=True)
class Block:
    """Seconds from the start of each trial to the start of the next, and of each bare run."""

    trials: Sequence[float]
    bare: Sequence[float]

    @property
    def added_ms(self) -> float:
        return 1000 * (mean(self.trials) - mean(self.bare))


def measure_added(*, quick: bool) -> list[Row]:
    rows = []
    for name, command, limit in (
        ("added wall time per trial", SILENT, 60.0),
        ("added wall time per trial that reports", REPORTING, None),
    ):
        blocks = _blocks(command, rounds=2 if quick else 6, trials=12 if quick else 26)
        value = median(block.added_ms for block in blocks)
        bare_ms = 1000 * median(mean(block.bare) for block in blocks)
        peer = f"the bare program takes {bare_ms:.1f} ms"
        if limit is None:
            rows.append(Row(name=name, value=value, unit="ms", peer=peer))
        else:
            rows.append(at_most(name, value, "ms", limit, peer))
    return rows


def measure_rate(*, quick: bool) -> list[Row]:
    """Trials a second at parallel 4, from the first start to the last end."""
    count = 40 if quick else 200
    with scratch() as folder:
        document = run_job(_job(folder, SILENT, count, 4), "rate", folder / "data")
    trials = ended(document, count)
    wall_s = max(one["ended_at"] for one in trials) - min(one["started_at"] for one in trials)
    return [at_least(f"trials a second at parallel 4 ({count} trials)", count / wall_s, "1/s", 12)]


def measure_runner(*, quick: bool) -> list[Row]:
    """The resident memory of the runner while its program runs."""
    del quick  # One trial is enough.
    with scratch() as folder:
        file = _job(folder, SLEEPING, 1, 1)
        attempt = folder / "data" / "jobs" / "runner" / "trials" / "1"
        words = run_words(file, "runner", folder / "data")
        kilobytes = 0
        with subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL) as job:
            while job.poll() is None:
                kilobytes = max(kilobytes, _resident_kb(attempt / "runner.json"))
                time.sleep(0.05)
    if not kilobytes:
        raise RuntimeError("the runner was never seen")
    return [at_most("runner resident memory", kilobytes / 1024, "MB", 20)]


def _blocks(command: str, *, rounds: int, trials: int) -> list[Block]:
    blocks = []
    with scratch() as folder:
        file = _job(folder, command, trials, 1)
        for number in range(rounds):
            name = f"round{number}"
            document = run_job(file, name, folder / "data")
            starts = sorted(one["started_at"] for one in ended(document, trials))
            # The suggester's process is still loading while the first trial starts.
            periods = [later - sooner for sooner, later in pairwise(starts[1:])]
            attempts = folder / "data" / "jobs" / name / "trials"
            bare = [_bare(attempts / "2") for _ in periods]
            blocks.append(Block(trials=periods, bare=bare))
            # Blocks are samples of one figure: what one has left to be written to the disk, 260 MB
            # of code in a second, is no part of the next.
            shutil.rmtree(attempts)
            os.sync()
    return blocks


def _bare(attempt: Path) -> float:
    """The wall time of the program that an attempt ran, started once more without Dowse."""
    launch = json.loads((attempt / "launch.json").read_text())
    variables = dict.fromkeys(launch["environment_names"], "") | environment()
    variables["DOWSE_REPORT_FILE"] = os.devnull
    with (attempt / "bare.log").open("ab") as log:
        began = time.perf_counter()
        subprocess.run(
            launch["argv"],
            cwd=launch["working_directory"],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=True,
        )
        return time.perf_counter() - began


def _resident_kb(runner: Path) -> int:
    """0 while there is no such process."""
    try:
        pid = json.loads(runner.read_text())["pid"]
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def _job(folder: Path, command: str, trials: int, parallel: int) -> Path:
    """A job file beside 10 MB of code."""
    code = folder / "code"
    code.mkdir()
    for number in range(FILES):
        package = code / f"package{number % 10}"
        package.mkdir(exist_ok=True)
        (package / f"part{number}.py").write_bytes(os.urandom(CODE_BYTES // FILES))
    (code / "report.py").write_text(REPORT)
    file = code / "job.yaml"
    file.write_text(DOCUMENT.format(command=command, trials=trials, parallel=parallel))
    return file


def ended(document: dict[str, Any], count: int) -> list[dict[str, Any]]:
    trials: list[dict[str, Any]] = document["trials"]
    odd = [one for one in trials if one["exit_code"] != 0]
    if len(trials) != count or odd:
        raise RuntimeError(f"{len(trials)} trials of {count} ran, these not to their end: {odd}")
    return trials
