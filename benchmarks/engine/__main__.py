"""Measure the engine: `python -m benchmarks.engine [--data FOLDER] [--seeds N] [--only PART …]`.

The parts are latency, classical and tasks; without --only all of them run, and tasks only where a
folder is named.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.engine import latency, quality
from benchmarks.engine.problems import OpenSet
from benchmarks.report import Row, publish

PARTS = ("latency", "classical", "tasks")


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    parts = options.only or PARTS
    seeds = range(options.seeds)
    rows: list[Row] = []
    if "latency" in parts:
        rows += latency.measure()
    if "classical" in parts:
        rows += quality.classical(seeds)
    if "tasks" in parts and options.data is not None:
        tasks = OpenSet(options.data)
        rows += quality.open_set(tasks, seeds, options.tasks or tasks.names)
    elif "tasks" in parts:
        print("the open tasks are left out: no --data and no DOWSE_BENCHMARKS")
    publish("engine", rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    folder = os.environ.get("DOWSE_BENCHMARKS")
    parser.add_argument("--data", type=Path, default=Path(folder) if folder else None)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", nargs="+", choices=PARTS)
    parser.add_argument("--tasks", nargs="+", metavar="NAME")
    return parser


if __name__ == "__main__":
    main()
