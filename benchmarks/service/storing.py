"""One report after the other, each waited for: over HTTP to Dowse, and to Optuna's storages.

In turns, block by block, so that whatever else the machine does hits all. Optuna's storages work
inside the reporting process, without a server between.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.engine import environments
from benchmarks.foundation.command import environment, scratch
from benchmarks.report import Row
from benchmarks.service.load import Load, Reporter
from benchmarks.service.programs import Door, waiting_trials
from benchmarks.service.servers import dowse_server

PEERS = {"sqlite": "Optuna's SQLite storage", "journal": "Optuna's journal file"}
ROOT = Path(__file__).parents[2]

Block = Callable[[str, int], Sequence[float]]


def measure_storing(*, quick: bool) -> list[Row]:
    blocks, reports = (2, 10) if quick else (20, 50)
    times: dict[str, list[float]] = {name: [] for name in ("dowse", *PEERS)}
    with (
        scratch() as folder,
        dowse_server(folder) as server,
        waiting_trials(server, folder, 1) as (door,),
        _optuna(folder) as theirs,
    ):
        for block in range(blocks + 1):
            for name in times:
                found = _ours(door, reports) if name == "dowse" else theirs(name, reports)
                if block:  # The first block warms up all.
                    times[name] += found
    return rows_of(times)


def rows_of(times: Mapping[str, Sequence[float]]) -> list[Row]:
    """`times` are seconds of each report, by `dowse` and the names of PEERS."""
    ours = median(times["dowse"]) * 1000
    ratios = [
        Row(
            name=f"storing a report, ratio to {peer}",
            value=ours / (median(times[name]) * 1000),
            unit="",
            peer=f"{peer} 1",
        )
        for name, peer in PEERS.items()
    ]
    shown = ", ".join(f"{peer} {median(times[name]) * 1000:.4g}" for name, peer in PEERS.items())
    return [*ratios, Row(name="storing a report, median", value=ours, unit="ms", peer=shown)]


def _ours(door: Door, reports: int) -> list[float]:
    load = Load()
    reporter = Reporter(door, batch=1)
    with reporter.socket:
        for _ in range(reports):
            reporter.send()
            while not reporter.receive(load):
                pass
    if load.stored != reports:
        raise RuntimeError(f"{load.stored} of {reports} reports were new")
    return load.times


@contextlib.contextmanager
def _optuna(folder: Path) -> Iterator[Block]:
    """Optuna in a process of its own. Raises RuntimeError unless it kept every report."""
    python = str(environments.python("optuna"))
    process = subprocess.Popen(
        [python, "-W", "ignore", "-m", "benchmarks.peers.optuna.storing", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(PYTHONPATH=os.fspath(ROOT)),
    )
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None

    def block(name: str, reports: int) -> Sequence[float]:
        stdin.write(f"{name} {reports}\n")
        stdin.flush()
        times: list[float] = json.loads(stdout.readline())
        return times

    try:
        yield block
        stdin.close()
        if code := process.wait(60):
            raise RuntimeError(f"Optuna ended with {code}")
    finally:
        process.kill()
        process.wait()
