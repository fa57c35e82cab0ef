"""Measure the engine beside its peers.

    python -m benchmarks.engine                          every figure
    python -m benchmarks.engine --only mixed --seeds 4   a part of them
    python -m benchmarks.engine --record hebo            runs of a slow peer
    python -m benchmarks.engine --medians                random search, which scores divide by

The whole goes to benchmarks/results/engine.json, recorded runs to benchmarks/results/peers.json; a
part is only printed.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from benchmarks.engine import (
    cost,
    data,
    drivers,
    field,
    insight,
    mixed,
    pareto,
    safety,
    scoring,
    secondary,
    tasks,
    transfer,
)
from benchmarks.engine.options import Options
from benchmarks.engine.runs import Run, traces
from benchmarks.report import Row, machine, publish, table

SUITES: Mapping[str, Callable[[Options], list[Row]]] = {
    "mixed": mixed.rows,
    "secondary": secondary.rows,
    "shifted": secondary.shifted,
    "cost": cost.rows,
    "safety": safety.rows,
    "pareto": pareto.rows,
    "transfer": transfer.rows,
    "insight": insight.rows,
}


def main(words: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(words)
    if arguments.data:
        os.environ[data.ENVIRONMENT] = arguments.data
    if data.folder() is None:
        print(
            f"without benchmark data only the synthetic tasks run; --data or {data.ENVIRONMENT} "
            "names its folder",
            file=sys.stderr,
        )
    if arguments.medians:
        for name in tasks.runnable(tasks.OPEN):
            scoring.write_medians(scoring.measure_medians([name]))
        return 0
    if arguments.record:
        _record(arguments)
        return 0
    options = Options(seeds=arguments.seeds, jobs=arguments.jobs, live=not arguments.recorded)
    rows = [row for name in arguments.only or SUITES for row in SUITES[name](options)]
    if arguments.only or arguments.seeds:
        # A part is no table to keep in the place of the whole.
        print(table(rows))
    else:
        publish("engine", rows)
    return 0


def _record(arguments: argparse.Namespace) -> None:
    """Run a peer, and keep what was run after every seed."""
    peer = arguments.record
    names = tasks.runnable(tasks.OPEN if arguments.tasks == "open" else tasks.CORE)
    if arguments.tasks not in ("open", "core"):
        names = tuple(arguments.tasks.split(","))
    for seed in range(arguments.seeds or 3):
        runs = [
            Run(
                optimizer=peer,
                task=task,
                seed=seed,
                trials=arguments.trials,
                batch=arguments.batch,
            )
            for task in names
        ]
        made = traces(runs, arguments.jobs)
        field.record(peer, made.values(), drivers.version(peer), machine())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--data", metavar="DIR", help="folder with tables/, mltab/, surrogates/")
    parser.add_argument("--only", nargs="+", choices=list(SUITES), help="these suites only")
    parser.add_argument("--seeds", type=int, help="of every run; each figure has its own number")
    parser.add_argument("--jobs", type=int, default=1, help="runs at the same time (1)")
    parser.add_argument(
        "--recorded", action="store_true", help="take all peers' figures from the record"
    )
    parser.add_argument("--record", metavar="PEER", choices=list(drivers.PEERS))
    parser.add_argument(
        "--tasks", default="core", help="to record: core, open, or names with commas (core)"
    )
    parser.add_argument("--trials", type=int, default=100, help="of a recorded run (100)")
    parser.add_argument("--batch", type=int, default=1, help="of a recorded run (1)")
    parser.add_argument("--medians", action="store_true", help="measure random search again")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
